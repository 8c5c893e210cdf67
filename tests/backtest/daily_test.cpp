#include "basket/backtest/daily.hpp"

#include <doctest/doctest.h>

#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "support/universes.hpp"

namespace basket_test::backtest_daily {

using namespace basket;

// Holds fixed weights by contract name; whatever is not named gets nothing.
struct fixed_weights {
  std::vector<std::pair<std::string, double>> targets = {};
  [[nodiscard]] decision decide(const history& past) const {
    decision out{.at = past.now()};
    for (const contract_id id : past.live()) {
      considered line{.contract = id, .theme = "all"};
      for (const auto& [name, weight] : targets) {
        if (past.name(id) == name) line.weight = weight;
      }
      out.contracts.push_back(line);
    }
    return out;
  }
};
static_assert(DailyStrategy<fixed_weights>);

const double gap = missing;

auto engine(fixed_weights strategy, money capital = money::dollars(1000)) {
  return backtest::daily{.schedule = calendar::first_of_month{},
                         .strategy = std::move(strategy),
                         .execution = execution::half_tick{},
                         .cost = cost::flat{.rate = basis_points{10}},
                         .capital = capital};
}

void check_books(const backtest::result& run) {
  CHECK(run.books.imbalance() == 0);
  CHECK(run.books.audit() == 0);
  ledger_entry sum;
  for (const ledger_entry& e : run.journal) {
    CHECK(e.imbalance() == 0);
    sum.cash += e.cash;
    sum.fees += e.fees;
    sum.residue += e.residue;
    sum.invested += e.invested;
  }
  CHECK(sum.cash == run.books.cash());
  CHECK(sum.fees == run.books.fees());
  CHECK(sum.residue == run.books.residue());
  CHECK(sum.invested == run.books.invested());
  CHECK(run.nav.back().cash == run.books.cash());
  money gain;
  for (const auto& t : run.themes) gain += t.gain();
  CHECK(gain == run.nav.back().nav - run.capital);
}

TEST_CASE("a month on paper: two purchases, the second cut to the cash, one settlement, one void") {
  // Decision on the close of 1 February: A at 0.50, B at 0.20, 500 dollars each: 1,000 A and 2,500 B.
  const universe u = universe_builder("2025-01-31", 8)
                         .add("A", "a", "A?", {0.50, 0.50, 0.50, 0.60, gap, gap, gap, gap})
                         .settled("2025-02-04", 1'000'000)
                         .add("B", "b", "B?", {0.20, 0.20, gap, 0.25, 0.25, 0.30, gap, gap})
                         .settled("2025-02-06", 500'000, life_stage::voided)
                         .make();
  const auto run = engine({{{"A", 0.5}, {"B", 0.5}}}).run(u, day("2025-01-31"), day("2025-02-07"));
  REQUIRE(run.trades.size() == 2);
  // 2 February: 1,000 A at 0.505 and a fee of 0.505. B has no close and waits.
  CHECK(run.trades[0].filled == day("2025-02-02"));
  CHECK(run.trades[0].quantity == shares::whole(1000));
  CHECK(run.trades[0].paid == price::micros(505'000));
  CHECK(run.trades[0].fee == money::micros(505'000));
  CHECK(run.trades[0].cash == -money::micros(505'505'000));
  // 3 February: 2,500 B at 0.255 with the fee would cost 638.1375; 494.495 are there:
  // 2,500 * 494.495 / 638.1375 = 1,937.25 in hundredths of a share, for 493.99875 + 0.493999.
  CHECK(run.trades[1].filled == day("2025-02-03"));
  CHECK(run.trades[1].quantity == shares::micros(1'937'250'000));
  CHECK(run.trades[1].cash == -money::micros(494'492'749));
  REQUIRE(run.not_done.size() == 1);
  CHECK(run.not_done[0].quantity == shares::micros(562'750'000));
  CHECK(run.not_done[0].reason == "cash does not cover it");
  // 4 February: A pays a dollar a share. 6 February: B is void at one half.
  REQUIRE(run.payouts.size() == 2);
  CHECK(run.payouts[0].day == day("2025-02-04"));
  CHECK(run.payouts[0].cash == money::dollars(1000));
  CHECK(run.payouts[1].voided);
  CHECK(run.payouts[1].cash == money::micros(968'625'000));
  // NAV: 3 February = 0.002251 + 1,000 * 0.60 + 1,937.25 * 0.25; the end = 0.002251 + 1,000 + 968.625.
  CHECK(run.nav[0].nav == money::dollars(1000));
  CHECK(run.nav[3].nav == money::micros(2'251 + 600'000'000 + 484'312'500));
  CHECK(run.nav.back().nav == money::micros(2'251 + 1'000'000'000 + 968'625'000));
  CHECK(run.nav.back().held == 0);
  check_books(run);
}

TEST_CASE("an order that meets the settlement of its market never trades") {
  const universe u = universe_builder("2025-02-01", 4)
                         .add("A", "a", "A?", {0.50, 0.90, gap, gap})
                         .settled("2025-02-02", 1'000'000)
                         .make();
  const auto run = engine({{{"A", 1.0}}}).run(u, day("2025-02-01"), day("2025-02-04"));
  CHECK(run.trades.empty());
  REQUIRE(run.not_done.size() == 1);
  CHECK(run.not_done[0].reason == "the contract is settled");
  CHECK(run.nav.back().nav == money::dollars(1000));
  check_books(run);
}

TEST_CASE("a late settlement leaves the capital locked and the last mark standing until its day") {
  const universe u = universe_builder("2025-02-01", 20)
                         .add("A", "a", "A?", {0.50, 0.50, 0.96})
                         .settled("2025-02-18", 1'000'000)
                         .make();
  const auto run = engine({{{"A", 0.5}}}).run(u, day("2025-02-01"), day("2025-02-20"));
  CHECK(run.nav[10].held == 1);
  CHECK(run.nav[9].stale == 0);   // 10 February: the last close, of the 3rd, is 7 days old
  CHECK(run.nav[10].stale == 1);  // 11 February: 8 days
  CHECK(run.nav[10].stale_value == money::dollars(960));
  CHECK(run.nav[10].nav_if_stale_lose == run.nav[10].cash);
  CHECK(run.nav[10].nav_if_stale_win == run.nav[10].cash + money::dollars(1000));
  CHECK(run.nav[16].held == 1);
  CHECK(run.nav[17].held == 0);
  CHECK(run.nav[17].nav == run.nav[17].cash);
  check_books(run);
}

TEST_CASE("data that ends is no settlement: the last price stands and is flagged") {
  const universe u = universe_builder("2025-02-01", 12)
                         .add("A", "a", "A?", {0.50, 0.50, 0.40})
                         .add("B", "b", "B?", {0.50, 0.50, 0.40})
                         .settled("2025-02-12", 0)
                         .make();
  const auto run = engine({{{"A", 0.4}, {"B", 0.4}}}).run(u, day("2025-02-01"), day("2025-02-11"));
  REQUIRE(run.left.size() == 2);
  CHECK(run.left[0].data_ended);
  CHECK_FALSE(run.left[1].data_ended);  // its payout comes the day after the run
  CHECK(run.left[0].last_close == price::micros(400'000));
  CHECK(run.payouts.empty());
  check_books(run);
}

TEST_CASE("the same close, when asked for, trades on the day of the decision and says so") {
  const universe u = universe_builder("2025-02-01", 3).add("A", "a", "A?", {0.50, 0.70, 0.70}).make();
  const backtest::daily same{.schedule = calendar::first_of_month{},
                             .strategy = fixed_weights{{{"A", 0.5}}},
                             .execution = execution::half_tick{},
                             .cost = cost::zero{},
                             .timing = backtest::same_close{}};
  const auto run = same.run(u, day("2025-02-01"), day("2025-02-03"));
  REQUIRE(run.trades.size() == 1);
  CHECK(run.trades[0].filled == day("2025-02-01"));
  CHECK(std::count(run.bias.begin(), run.bias.end(), std::string(backtest::same_close::bias)) == 1);
  check_books(run);
}

struct no_law {
  [[nodiscard]] std::optional<fee_charge> charge(const fee_request&, fee_carry&) const { return std::nullopt; }
};

TEST_CASE("a fee that nobody knows refuses the order") {
  const universe u = universe_builder("2025-02-01", 3).add("A", "a", "A?", {0.50, 0.50, 0.50}).make();
  const backtest::daily refused{.schedule = calendar::first_of_month{},
                                .strategy = fixed_weights{{{"A", 0.5}}},
                                .execution = execution::half_tick{},
                                .cost = no_law{}};
  const auto run = refused.run(u, day("2025-02-01"), day("2025-02-03"));
  CHECK(run.trades.empty());
  REQUIRE(run.not_done.size() == 1);
  CHECK(run.not_done[0].reason == "no fee is known for it on that day");
  check_books(run);
}

TEST_CASE("a second decision sells what it does not want and sells before it buys") {
  std::vector<double> a(40, 0.50), b(40, 0.25);
  const universe u = universe_builder("2025-02-01", 40).add("A", "a", "A?", a).add("B", "b", "B?", b).make();
  // Wants A in February and B in March, everything each time: the purchase of B is paid by the sale of A.
  struct switcher {
    [[nodiscard]] decision decide(const history& past) const {
      const bool march = past.today() >= day("2025-03-01");
      return fixed_weights{{{march ? "B" : "A", 0.9}}}.decide(past);
    }
  };
  const backtest::daily engine_of_switcher{.schedule = calendar::first_of_month{},
                                           .strategy = switcher{},
                                           .execution = execution::half_tick{},
                                           .cost = cost::zero{},
                                           .capital = money::dollars(1000)};
  const auto run = engine_of_switcher.run(u, day("2025-02-01"), day("2025-03-12"));
  REQUIRE(run.trades.size() == 3);
  CHECK(run.trades[1].direction == side::sell);
  CHECK(run.trades[1].paid == price::micros(495'000));
  CHECK(run.trades[2].direction == side::buy);
  CHECK(run.trades[2].filled == run.trades[1].filled);
  CHECK(run.not_done.empty());
  check_books(run);
}

TEST_CASE("an order that is still open when the run ends is listed") {
  const universe u = universe_builder("2025-02-01", 3).add("A", "a", "A?", {0.50}).make();
  const auto run = engine({{{"A", 0.5}}}).run(u, day("2025-02-01"), day("2025-02-03"));
  REQUIRE(run.not_done.size() == 1);
  CHECK(run.not_done[0].quantity == shares::whole(1000));
  CHECK(run.not_done[0].given_up == day("2025-02-03"));
  CHECK(run.not_done[0].reason == "the run ended before it could trade");
  check_books(run);
}

TEST_CASE("nonsense is refused with a sentence") {
  const universe u = universe_builder("2025-02-01", 3).add("A", "a", "A?", {0.5, 0.5, 0.5}).make();
  const auto sane = engine({});
  CHECK_THROWS_WITH_AS((void)sane.run(u, day("2025-02-03"), day("2025-02-01")),
                       "the last day, 2025-02-01, lies before the first", precondition_error);
  CHECK_THROWS_WITH_AS((void)sane.run(u, day("2025-01-01"), day("2025-02-02")),
                       "the panel covers 2025-02-01 to 2025-02-03, not all of 2025-01-01 to 2025-02-02",
                       precondition_error);
  CHECK_THROWS_AS((void)engine({}, money{}).run(u, day("2025-02-01"), day("2025-02-02")), precondition_error);
  universe broken = u;
  broken.closes.set_close(day("2025-02-02"), contract_id(0), 1.5);
  CHECK_THROWS_WITH_AS((void)sane.run(broken, day("2025-02-01"), day("2025-02-02")), "a close of A lies outside [0, 1]",
                       precondition_error);
}

TEST_CASE("an empty universe leaves the capital alone") {
  const universe u = universe_builder("2025-02-01", 3).make();
  const auto run = engine({}).run(u, day("2025-02-01"), day("2025-02-03"));
  CHECK(run.nav.size() == 3);
  CHECK(run.nav.back().nav == money::dollars(1000));
  check_books(run);
}

}  // namespace basket_test::backtest_daily
