// The whole line on real prices: exact books, and no look-ahead at any decision.
#include <doctest/doctest.h>

#include "basket/backtest/daily.hpp"
#include "basket/backtest/lookahead.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/files/daily_panel.hpp"
#include "basket/files/taxonomy_yaml.hpp"
#include "basket/strategy/theme_baskets.hpp"
#include "basket/taxonomy/events.hpp"
#include "basket/taxonomy/themes.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"
#include "support/data_dir.hpp"
#include "support/universes.hpp"

namespace basket_test::backtest_real_panel {

using namespace basket;

auto engine_with(taxonomy::theme_rules rules) {
  return backtest::daily{
      .schedule = calendar::first_of_month{},
      .strategy = strategy::theme_baskets{.eligible = weight::eligibility{.min_price = 0.05, .max_price = 0.95},
                                          .events = taxonomy::events{},
                                          .themes = taxonomy::themes{.rules = std::move(rules)},
                                          .pick = weight::most_price_changes{},
                                          .within = weight::equal{},
                                          .across = weight::equal{},
                                          .min_events = 5},
      .execution = execution::half_tick{},
      .cost = cost::flat{.rate = basis_points{10}}};
}

TEST_SUITE("slow real panel") {
  TEST_CASE("noise after each rebalance leaves every earlier line as it was, and the books are exact") {
    const auto folder = data_dir("the look-ahead check on the daily panel");
    if (!folder) return;
    const universe u = files::daily_panel{.folder = *folder / "daily-panel"}.read().data;
    const auto engine = engine_with(taxonomy::theme_rules(
        files::read_theme_rules<taxonomy::theme_rule>(BASKET_SOURCE_DIR "/examples/taxonomy.yaml")));
    const utc_day first = day("2024-11-10"), last = day("2026-02-28");
    const auto run_on = [&](const universe& world) { return engine.run(world, first, last); };
    const backtest::result run = run_on(u);
    CHECK(run.decisions.size() == 15);
    CHECK(run.trades.size() > 500);
    CHECK(run.books.imbalance() == 0);
    CHECK(run.books.audit() == 0);
    for (const ledger_entry& e : run.journal) CHECK(e.imbalance() == 0);
    std::vector<instant> decisions;
    for (const decision& d : run.decisions) decisions.push_back(d.at);
    const auto found = backtest::look_ahead(u, decisions, run_on);
    CHECK(found.empty());
    for (const std::string& sentence : found) MESSAGE(sentence);
  }
}

}  // namespace basket_test::backtest_real_panel
