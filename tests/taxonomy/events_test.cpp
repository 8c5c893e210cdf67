#include "basket/taxonomy/events.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/grouping_policy.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::taxonomy_events {

using namespace basket;

TEST_CASE("the venue's event id decides where it is known, else the ticker") {
  universe u = universe_builder("2025-02-01", 1)
                   .add("a", "fed-march", "Will the Fed cut rates in March 2025?", {0.5})
                   .add("b", "fed-march", "Will the Fed hold rates in March 2025?", {0.5})
                   .add("c", "", "Will Bitcoin reach $150K by March 31, 2025?", {0.5})
                   .add("d", "", "Will Bitcoin reach $150,000 by June 30?", {0.5})
                   .add("e", "", "Will Bitcoin reach $200K by June 30?", {0.5})
                   .add("f", "", "", {0.5})
                   .make();
  const history past = backtest::engine_access::past(u, day("2025-02-01").close());
  const std::vector<contract_id> ids = past.live();
  const grouping<contract_id> g = taxonomy::events{}.group(past, std::span<const contract_id>(ids));
  CHECK_NOTHROW(check(g));
  CHECK(g.members == ids);
  CHECK(g.labels[0] == g.labels[1]);
  CHECK(g.labels[2] == g.labels[3]);
  CHECK_FALSE(g.labels[3] == g.labels[4]);
  CHECK_FALSE(g.labels[5].has_group());
  CHECK(g.groups() == 3);
  CHECK(g.names[0] == "test: fed-march");
  const grouping<contract_id> t = taxonomy::tickers{}.group(past, std::span<const contract_id>(ids));
  CHECK_FALSE(t.labels[0] == t.labels[1]);
  CHECK(t.labels[2] == t.labels[3]);
  u.contracts[3].venue = "elsewhere";  // equal titles on two venues are two questions until somebody says otherwise
  const grouping<contract_id> apart = taxonomy::tickers{}.group(past, std::span<const contract_id>(ids));
  CHECK_FALSE(apart.labels[2] == apart.labels[3]);
}

TEST_CASE("the groups do not depend on the order of the members") {
  const universe u = universe_builder("2025-02-01", 1)
                         .add("a", "x", "A", {0.5})
                         .add("b", "y", "B", {0.5})
                         .add("c", "x", "C", {0.5})
                         .make();
  const history past = backtest::engine_access::past(u, day("2025-02-01").close());
  const std::vector<contract_id> forward{contract_id(0), contract_id(1), contract_id(2)};
  const std::vector<contract_id> backward{contract_id(2), contract_id(1), contract_id(0)};
  const auto f = taxonomy::events{}.group(past, std::span<const contract_id>(forward));
  const auto b = taxonomy::events{}.group(past, std::span<const contract_id>(backward));
  for (std::size_t i = 0; i < 3; ++i) {
    for (std::size_t j = 0; j < 3; ++j) CHECK((f.labels[i] == f.labels[j]) == (b.labels[2 - i] == b.labels[2 - j]));
  }
}

TEST_CASE("both keep the laws of a grouping policy") {
  const small_past world;
  const std::vector<contract_id> ids = world.past.live();
  CHECK(laws::broken_laws(taxonomy::events{}, world.past, std::span<const contract_id>(ids), world.another_future)
            .empty());
  CHECK(laws::broken_laws(taxonomy::tickers{}, world.past, std::span<const contract_id>(ids), world.another_future)
            .empty());
}

}  // namespace basket_test::taxonomy_events
