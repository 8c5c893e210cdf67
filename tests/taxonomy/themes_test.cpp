#include "basket/taxonomy/themes.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/grouping_policy.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::taxonomy_themes {

using namespace basket;

TEST_CASE("labels follow the rules' order, carry their phrase, and leave the rest unclassified") {
  const taxonomy::themes policy{.rules = taxonomy::theme_rules({{.name = "crypto", .any = {"bitcoin", "eth"}},
                                                                {.name = "unused", .any = {"zebra"}},
                                                                {.name = "economics", .any = {"rate cut", "cpi"}}})};
  const universe u = universe_builder("2025-02-01", 1)
                         .add("a", "x", "Will CPI exceed 3%?", {0.5})
                         .add("b", "y", "Bitcoin above $100K?", {0.5})
                         .add("c", "z", "Whether it rains in Soho", {0.5})
                         .make();
  const history past = backtest::engine_access::past(u, day("2025-02-01").close());
  const std::vector<contract_id> ids = past.live();
  const grouping<contract_id> g = policy.group(past, std::span<const contract_id>(ids));
  CHECK_NOTHROW(check(g));
  CHECK(g.names == std::vector<std::string>{"crypto", "unused", "economics"});
  CHECK(g.labels[0] == group_label(2));
  CHECK(g.labels[1] == group_label(0));
  CHECK(g.labels[2] == group_label::unclassified());
  CHECK(g.reasons[0] == "phrase 'cpi'");
  CHECK(g.reasons[2] == "no phrase of any theme");
}

TEST_CASE("keeps the laws of a grouping policy") {
  const small_past world;
  const std::vector<contract_id> ids = world.past.live();
  const taxonomy::themes policy{.rules = taxonomy::theme_rules({{.name = "fed", .any = {"fed", "rates"}},
                                                                {.name = "politics", .any = {"election", "win"}}})};
  CHECK(laws::broken_laws(policy, world.past, std::span<const contract_id>(ids), world.another_future).empty());
}

}  // namespace basket_test::taxonomy_themes
