// Accounts of a run worked out by hand, and books that do not balance.
#include "basket/report/accounting.hpp"

#include <doctest/doctest.h>

#include "hand_made_run.hpp"

namespace basket_test::report_accounting {

using namespace basket;
using namespace basket::report;

TEST_CASE("pico-dollars as text") {
  CHECK(picos_text(0) == "0.000000000000");
  CHECK(picos_text(1) == "0.000000000001");
  CHECK(picos_text(-110'000) == "-0.000000110000");
  CHECK(picos_text(int128{12'345} * micro * micro + 67) == "12345.000000000067");
}

TEST_CASE("every amount is the one on paper") {
  const accounting a = account(hand_made::run());
  CHECK(a.capital == money::dollars(1000));
  CHECK(a.bought == money::micros(823'609'989));  // 505 + 307.5 + 33.33 * 0.333333 rounded up
  CHECK(a.sold == money::micros(147'500'000));
  CHECK(a.settled == money::dollars(1000));
  CHECK(a.fees == money::micros(970'000));
  CHECK(a.rebates == money{});
  CHECK(a.cash == money::micros(1'322'920'011));
  CHECK(a.positions == money::micros(306'666'000));
  CHECK(a.nav == money::micros(1'629'586'011));
  CHECK(a.gain() == money::micros(629'586'011));
  CHECK(a.conceded == money::dollars(15));  // half a cent on 1,000, 1,500 and 500 shares
  CHECK(a.residue == 110'000);              // 11.109989 less 11.10998889
  CHECK(a.balances());
  CHECK(account(hand_made::run()).ledger_difference == 0);
}

TEST_CASE("gains by contract sum to the whole") {
  const backtest::result run = hand_made::run();
  const auto gains = gain_by_contract(run);
  REQUIRE(gains.size() == 4);
  CHECK(gains[0] == money::micros(494'495'000));
  CHECK(gains[1] == money::micros(139'545'000));
  CHECK(gains[2] == money::micros(-4'453'989));
  CHECK(gains[3] == money{});
  CHECK(gains[0] + gains[1] + gains[2] == account(run).gain());
}

TEST_CASE("each identity notices what it watches, to the micro-dollar") {
  const money one = money::micros(1);
  backtest::result run = hand_made::run();
  SUBCASE("a NAV that is not cash and positions") {
    run.nav.back().nav += one;
    CHECK(account(run).nav_difference == -one);
  }
  SUBCASE("a trade that the journal does not have") {
    run.trades[0].cash += one;
    CHECK(account(run).trade_difference == -one);
    CHECK(account(run).cash_difference == money{});
  }
  SUBCASE("a payout that the journal does not have") {
    run.payouts[0].cash -= one;
    CHECK(account(run).trade_difference == one);
  }
  SUBCASE("a journal line that went missing") {
    run.journal.pop_back();
    CHECK(account(run).cash_difference == money::micros(-147'352'500));
  }
  SUBCASE("a journal line that was altered") {
    run.journal[1].cash -= one;
    CHECK(account(run).journal_difference == int128{micro});
    run.journal[2].cash += one;  // the two do not cancel
    CHECK(account(run).journal_difference == 2 * int128{micro});
  }
  SUBCASE("a theme that claims too much") {
    run.themes[1].sold += one;
    CHECK(account(run).theme_difference == -one);
  }
  CHECK_FALSE(account(run).balances());
}

TEST_CASE("minted pairs, rebates and locked cash are accounted for") {
  backtest::result run{.names = {"A"}, .capital = money::dollars(10)};
  const instant now = utc_day(20'000).close();
  run.journal = {run.books.deposit(now, money::dollars(10)), run.books.mint(now, contract_id(0), shares::whole(2)),
                 run.books.merge(now, contract_id(0), shares::whole(1)), run.books.rebate(now, money::cents(5)),
                 run.books.lock(now, money::dollars(3))};
  run.nav = {
      {.day = utc_day(20'000), .cash = money::cents(905), .positions = money::dollars(1), .nav = money::cents(1005)}};
  const accounting a = account(run);
  CHECK(a.bought == money::dollars(2));
  CHECK(a.sold == money::dollars(1));
  CHECK(a.rebates == money::cents(5));
  CHECK(a.locked == money::dollars(3));
  CHECK(a.cash == money::cents(605));
  CHECK(a.cash_difference == money{});
  CHECK(a.nav_difference == money{});
}

TEST_CASE("rebalances with their trades") {
  const auto list = rebalances(hand_made::run());
  REQUIRE(list.size() == 2);
  CHECK(to_string(list[0].day) == "2025-02-01");
  CHECK(list[0].live == 4);
  CHECK(list[0].chosen == 3);
  CHECK(list[0].weight == doctest::Approx(0.8125));
  CHECK(list[0].purchases == 3);
  CHECK(list[0].sales == 0);
  CHECK(list[0].not_done == 2);
  CHECK(list[0].bought == money::micros(823'609'989));
  CHECK(list[0].turnover() == doctest::Approx(0.4118049945));
  CHECK(list[1].sold == money::micros(147'500'000));
  CHECK(list[1].nav == money::micros(1'557'233'511));
}

TEST_CASE("a run without a day has no accounts; an unknown contract is named") {
  CHECK_THROWS_WITH_AS((void)account({}), "a run without a single day has no accounts to report", precondition_error);
  backtest::result run = hand_made::run();
  run.names.resize(2);
  CHECK_THROWS_WITH_AS((void)gain_by_contract(run), "a run that names 2 contracts traded number 2", precondition_error);
}

}  // namespace basket_test::report_accounting
