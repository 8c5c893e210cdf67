#include "basket/weight/most_price_changes.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/representative.hpp"
#include "basket/core/random.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::weight_most_price_changes {

using namespace basket;

TEST_CASE("counts days on which the observed close differs from the observed one before") {
  const double gap = missing;
  const universe u = universe_builder("2025-02-01", 6)
                         .add("b", "e", "B", {0.1, 0.2, gap, 0.2, 0.3, 0.3})  // 2nd, 5th
                         .add("a", "e", "A", {gap, 0.2, gap, 0.3, 0.2, 0.2})  // 4th, 5th: a tie
                         .add("c", "e", "C", {0.5, 0.5, 0.5, 0.5, 0.5, 0.6})
                         .make();
  const history past = backtest::engine_access::past(u, day("2025-02-06").close());
  const weight::most_price_changes rule{};
  CHECK(rule.count(past, contract_id(0)) == 2);
  CHECK(rule.count(past, contract_id(1)) == 2);
  CHECK(rule.count(past, contract_id(2)) == 1);
  // A change counts on its later day: the close before the window is what the first one in it is compared with.
  CHECK(weight::most_price_changes{.window = days(2)}.count(past, contract_id(0)) == 1);
  CHECK(weight::most_price_changes{.window = days(1)}.count(past, contract_id(2)) == 1);
  CHECK(weight::most_price_changes{.window = days(0)}.count(past, contract_id(2)) == 0);
  const std::vector<contract_id> order{contract_id(0), contract_id(1), contract_id(2)};
  const std::vector<contract_id> reversed{contract_id(2), contract_id(1), contract_id(0)};
  CHECK(rule.choose(past, order).contract == contract_id(1));  // "a" before "b"
  CHECK(rule.choose(past, reversed).contract == contract_id(1));
  CHECK(rule.choose(past, order).reason == "2 price changes in 30 days");
  CHECK_THROWS_AS((void)rule.choose(past, std::span<const contract_id>()), precondition_error);
}

TEST_CASE("equals a naive twin on random gappy series") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    random_stream bits(seed);
    std::vector<double> closes(60, missing);
    closes[0] = 0.5;
    for (double& x : closes) {
      if (bits.below(3) != 0) x = bits.below(4) / 10.0;
    }
    const universe u = universe_builder("2025-01-01", 60).add("x", "e", "X", closes).make();
    const history past = backtest::engine_access::past(u, day("2025-03-01").close());
    std::vector<std::pair<std::size_t, double>> seen;
    for (std::size_t d = 0; d < 60; ++d) {
      if (!is_missing(closes[d])) seen.emplace_back(d, closes[d]);
    }
    int expected = 0;
    for (std::size_t i = 1; i < seen.size(); ++i) {
      if (seen[i].first >= 30 && seen[i].second != seen[i - 1].second) ++expected;
    }
    CHECK(weight::most_price_changes{}.count(past, contract_id(0)) == expected);
  }
}

TEST_CASE("keeps the laws of a representative") {
  const small_past world;
  const std::vector<contract_id> ids = world.past.live();
  CHECK(laws::broken_laws(weight::most_price_changes{}, world.past, std::span<const contract_id>(ids),
                          world.another_future)
            .empty());
}

}  // namespace basket_test::weight_most_price_changes
