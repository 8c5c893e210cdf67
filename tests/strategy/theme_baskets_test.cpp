#include "basket/strategy/theme_baskets.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/daily_strategy.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::strategy_theme_baskets {

using namespace basket;

// Groups by the text before the colon of a title, or by the event id; empty texts are unclassified.
struct by_text {
  bool event = false;
  [[nodiscard]] grouping<contract_id> group(const history& past, std::span<const contract_id> ids) const {
    grouping<contract_id> out;
    for (const contract_id id : ids) {
      const metadata_version& m = past.metadata(id);
      const std::string key = event ? m.event : m.title.substr(0, m.title.find(':'));
      out.members.push_back(id);
      if (key.empty()) {
        out.labels.push_back(group_label::unclassified());
        continue;
      }
      const auto at = static_cast<std::size_t>(std::find(out.names.begin(), out.names.end(), key) - out.names.begin());
      if (at == out.names.size()) out.names.push_back(key);
      out.labels.push_back(group_label(at));
    }
    return out;
  }
};

template <class Within = weight::equal>
auto strategy_with(Within within = {}, std::size_t min_events = 1) {
  return strategy::theme_baskets{.eligible = weight::eligibility{.min_price = 0.05, .max_price = 0.95},
                                 .events = by_text{.event = true},
                                 .themes = by_text{},
                                 .pick = weight::most_price_changes{},
                                 .within = within,
                                 .across = weight::equal{},
                                 .min_events = min_events};
}

universe six_contracts() {
  return universe_builder("2025-02-01", 3)
      .add("quiet", "fed", "econ: fed cuts", {0.5, 0.5, 0.5})
      .add("busy", "fed", "econ: fed holds", {0.5, 0.4, 0.5})
      .add("cpi", "cpi", "econ: cpi", {0.3, 0.3, 0.3})
      .add("cup", "cup", "sports: cup", {0.3, 0.3, 0.3})
      .add("sure", "sure", "sports: sure", {0.99, 0.99, 0.99})
      .add("lost", "lost", "", {0.3, 0.3, 0.3})
      .make();
}

TEST_CASE("one contract an event, equal inside a theme and across themes, with a reason for each") {
  const universe u = six_contracts();
  const history past = backtest::engine_access::past(u, day("2025-02-03").close());
  const decision d = strategy_with().decide(past);
  REQUIRE(d.contracts.size() == 6);
  const std::vector<double> expected{0.0, 0.25, 0.25, 0.5, 0.0, 0.0};
  for (std::size_t i = 0; i < 6; ++i) CHECK(d.contracts[i].weight == expected[i]);
  CHECK(d.contracts[0].reason == "its event is held through busy: 2 price changes in 30 days");
  CHECK(d.contracts[1].reason == "stands for its event: 2 price changes in 30 days");
  CHECK(d.contracts[4].reason == "not eligible: price 0.990000 outside the band");
  CHECK(d.contracts[5].reason == "its event has no theme");
  CHECK(d.contracts[1].theme == "econ");
}

TEST_CASE("a theme with too few events gets nothing, and the others share the capital") {
  const universe u = six_contracts();
  const history past = backtest::engine_access::past(u, day("2025-02-03").close());
  const decision d = strategy_with(weight::equal{}, 2).decide(past);
  CHECK(d.contracts[3].weight == 0.0);
  CHECK(d.contracts[3].reason == "its theme has 1 events, fewer than 2");
  CHECK(d.contracts[1].weight == 0.5);
}

struct too_much {
  template <class Id>
  [[nodiscard]] weights<Id> weigh(const history&, members<Id> who) const {
    return {.members = {who.ids.begin(), who.ids.end()}, .values = std::vector<double>(who.size(), 0.7)};
  }
};
struct shuffled {
  template <class Id>
  [[nodiscard]] weights<Id> weigh(const history&, members<Id> who) const {
    return {.members = {who.ids.rbegin(), who.ids.rend()}, .values = std::vector<double>(who.size(), 0.1)};
  }
};

TEST_CASE("a part that breaks its laws is refused") {
  const universe u = six_contracts();
  const history past = backtest::engine_access::past(u, day("2025-02-03").close());
  CHECK_THROWS_AS((void)strategy_with(too_much{}).decide(past), precondition_error);
  CHECK_THROWS_AS((void)strategy_with(shuffled{}).decide(past), precondition_error);
}

TEST_CASE("nothing live, nothing decided") {
  const universe u = six_contracts();
  const history past = backtest::engine_access::past(u, day("2025-01-01").close());
  CHECK(strategy_with().decide(past).contracts.empty());
}

TEST_CASE("keeps the laws of a daily strategy") {
  const small_past world;
  CHECK(laws::broken_laws(strategy_with(), world.past, world.another_future).empty());
}

}  // namespace basket_test::strategy_theme_baskets
