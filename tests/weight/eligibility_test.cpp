#include "basket/weight/eligibility.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/eligibility.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::weight_eligibility {

using namespace basket;

TEST_CASE("each refusal has its sentence") {
  universe u = universe_builder("2025-02-01", 10)
                   .add("inside", "a", "A", {0.5, 0.5, 0.5, 0.5, 0.5, 0.5})
                   .add("stale", "b", "B", {0.5, 0.5})
                   .add("cheap", "c", "C", {0.5, 0.5, 0.5, 0.5, 0.5, 0.04})
                   .add("paid", "d", "D", {0.5, 0.5, 0.5, 0.5, 0.5, 0.5})
                   .settled("2025-02-06", 1'000'000)
                   .make();
  u.contracts[0].versions[0].scheduled_end = day("2025-02-16");
  const history past = backtest::engine_access::past(u, day("2025-02-06").close());
  const weight::eligibility rule{.min_price = 0.05, .max_price = 0.95, .max_age = days(3)};
  CHECK_FALSE(rule.refusal(past, contract_id(0)));
  CHECK(*rule.refusal(past, contract_id(1)) == "last close is 4 days old");
  CHECK(*rule.refusal(past, contract_id(2)) == "price 0.040000 outside the band");
  CHECK(*rule.refusal(past, contract_id(3)) == "not trading: settled");
  // A known end 10 days away, and an unknown one under both policies.
  const auto at_least = [](int n, weight::unknown policy) {
    return weight::eligibility{.max_age = days(9), .min_days_to_end = weight::days_to_end(days(n), policy)};
  };
  CHECK_FALSE(at_least(10, weight::unknown::refuse).refusal(past, contract_id(0)));
  CHECK(*at_least(11, weight::unknown::pass).refusal(past, contract_id(0)) == "scheduled to end in 10 days");
  CHECK(*at_least(1, weight::unknown::refuse).refusal(past, contract_id(1)) == "scheduled end unknown");
  CHECK_FALSE(at_least(1, weight::unknown::pass).refusal(past, contract_id(1)));
}

TEST_CASE("the bounds themselves are inside the band") {
  const universe u =
      universe_builder("2025-02-01", 1).add("low", "a", "A", {0.05}).add("high", "b", "B", {0.95}).make();
  const history past = backtest::engine_access::past(u, day("2025-02-01").close());
  const weight::eligibility rule{.min_price = 0.05, .max_price = 0.95};
  CHECK_FALSE(rule.refusal(past, contract_id(0)));
  CHECK_FALSE(rule.refusal(past, contract_id(1)));
}

TEST_CASE("keeps the laws of an eligibility") {
  const small_past world;
  const weight::eligibility rule{
      .min_price = 0.05, .max_price = 0.95, .min_days_to_end = weight::days_to_end(days(14), weight::unknown::refuse)};
  CHECK(laws::broken_laws(rule, world.past, world.another_future).empty());
}

}  // namespace basket_test::weight_eligibility
