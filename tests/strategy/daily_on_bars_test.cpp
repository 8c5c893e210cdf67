#include "basket/strategy/daily_on_bars.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/daily.hpp"
#include "basket/concepts/laws/message_source.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/panel_bars.hpp"
#include "basket/source/synthetic.hpp"
#include "basket/strategy/theme_baskets.hpp"
#include "basket/taxonomy/events.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"
#include "support/universes.hpp"

namespace basket_test::strategy_daily_on_bars {

using namespace basket;

struct one_theme {
  [[nodiscard]] grouping<contract_id> group(const history&, std::span<const contract_id> ids) const {
    return {.members = {ids.begin(), ids.end()},
            .labels = std::vector<group_label>(ids.size(), group_label(0)),
            .names = {"all"}};
  }
};
const strategy::theme_baskets baskets{.eligible = weight::eligibility{.min_price = 0.05, .max_price = 0.95},
                                      .events = taxonomy::events{},
                                      .themes = one_theme{},
                                      .pick = weight::most_price_changes{},
                                      .within = weight::equal{},
                                      .across = weight::equal{}};

/// The same decisions by both engines: every fill, the cash, what is held, the fees and the net asset value are equal.
template <class Decision>
std::size_t compare(const universe& u, utc_day first, utc_day last, const Decision& decision, money capital) {
  const backtest::daily daily{.schedule = calendar::first_of_month{},
                              .strategy = decision,
                              .execution = execution::half_tick{},
                              .cost = cost::flat{.rate = basis_points{10}},
                              .capital = capital};
  const backtest::result by_day = daily.run(u, first, last);

  using wrapped = strategy::daily_on_bars<calendar::first_of_month, Decision>;
  const replay_engine<wrapped, execution::back_of_queue, cost::flat, execution::no_latency,
                      execution::quotes_fill_nothing, execution::next_bar<execution::half_tick<>>>
      engine{.strategy = {.decision = decision, .first = first, .last = last},
             .cost = {.rate = basis_points{10}},
             .bars = {.without_volume = execution::unknown_volume::fills_any_size},
             .capital = capital};
  source::panel_bars bars(u, first, last);
  const backtest::replay_result by_message = engine.run(bars, &u);

  CHECK(by_message.books.audit() == 0);
  CHECK(by_message.books.cash() == by_day.books.cash());
  CHECK(by_message.books.fees() == by_day.books.fees());
  CHECK(by_message.books.residue() == by_day.books.residue());
  CHECK(by_message.books.locked() == money{});
  money nav = by_message.books.cash();
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    const contract_id c(i);
    const shares held = by_message.books.position(c).yes;
    CHECK(held == by_day.books.position(c).yes);
    if (held == shares{}) continue;
    const auto past = backtest::engine_access::past(u, last.close());
    nav += (held * price::nearest(past.last_close(c)->close)).to_money(rounding::down);
  }
  CHECK(nav == by_day.nav.back().nav);
  REQUIRE(by_message.fills.size() == by_day.trades.size());
  for (std::size_t i = 0; i < by_message.fills.size(); ++i) {
    const fill& f = by_message.fills[i];
    const backtest::trade& t = by_day.trades[i];
    CHECK(f.when == t.filled.close());
    CHECK(f.contract == t.contract);
    CHECK(f.direction == t.direction);
    CHECK(f.quantity == t.quantity);
    CHECK(f.at == t.paid);
    CHECK(f.fee.cash == t.fee);
  }
  return by_day.trades.size();
}

TEST_CASE("the daily engine's decision runs as a message strategy on bars and ends at the same cents") {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    CAPTURE(seed);
    const source::synthetic made{.seed = seed};
    const universe u = made.make();
    CHECK(compare(u, made.first, made.last, baskets, money::dollars(100'000)) > 100);
    CHECK(compare(u, made.first, made.last, baskets, money::dollars(37)) > 50);
    // A part of the panel: nothing of the days in front of it is traded.
    CHECK(compare(u, made.first + days(45), made.last - days(20), baskets, money::dollars(100'000)) > 50);
  }
}

TEST_CASE("orders without a close wait for the next one, and a settlement in between cancels them") {
  const double none = missing;
  universe_builder b("2025-01-31", 6);
  // Decided on the close of 1 February: a trades on the 2nd, b waits until the 4th, c is settled before it trades.
  b.add("a", "1", "a", {0.5, 0.5, 0.4, 0.4, 0.4, 0.4});
  b.add("b", "2", "b", {0.5, 0.5, none, none, 0.6, 0.6});
  b.add("c", "3", "c", {0.5, 0.5, none, none, none, 0.7}).settled("2025-02-04", 300'000);
  const universe u = b.make();
  CHECK(compare(u, day("2025-01-31"), day("2025-02-05"), baskets, money::dollars(100)) == 2);
}

TEST_CASE("a panel as a source keeps the laws, tells holes as nothing, and lives when they became known") {
  const source::synthetic made{.seed = 4};
  const universe u = made.make();
  CHECK(laws::broken_laws([&] { return source::panel_bars(u); }).empty());
  universe_builder b("2025-01-01", 3);
  b.add("a", "1", "a", {0.5, missing, 0.25}).settled("2025-01-02", 1'000'000);
  const universe small = b.make();
  source::panel_bars bars(small);
  std::vector<message> room(10);
  REQUIRE(bars.next(room) == 3);
  CHECK(room[0].known_at == day("2025-01-01").close());
  CHECK(room[0].candle().close == price::cents(50));
  CHECK(room[1].life().stage == life_stage::settled);
  CHECK(room[1].known_at == day("2025-01-02").close());
  CHECK(room[2].candle().close == price::cents(25));
  CHECK_THROWS_AS(source::panel_bars(small, day("2025-01-01"), day("2025-01-04")), precondition_error);
}

}  // namespace basket_test::strategy_daily_on_bars
