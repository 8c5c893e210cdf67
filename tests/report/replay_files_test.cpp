#include "basket/report/replay_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "basket/report/replay_chart.hpp"
#include "report/gnuplot_is_there.hpp"
#include "report/json_checker.hpp"
#include "support/stream.hpp"

namespace basket_test::report_replay_files {

using namespace basket;

/// Buys 10 YES at 45, mints 5 pairs, sells 5 NO into the bid of 55, and is paid 30 cents a share.
backtest::replay_result small_run() {
  stream_builder s;
  s.terms(0).name = "a, b";
  s.at(1).book({{40, 100}}, {{45, 100}}).tick();
  s.at(2).tick().at(3).tick().at(100).life(life_stage::closed).life(life_stage::settled, price::cents(30));
  scripted trader;
  trader.script[1] = [](trading_context& desk) {
    desk.place({.quantity = whole(10), .until = time_in_force::immediate_or_cancel});
  };
  trader.script[2] = [](trading_context& desk) { desk.mint(contract_id(0), whole(5)); };
  trader.script[3] = [](trading_context& desk) {
    desk.place({.of = outcome::no, .direction = side::sell, .quantity = whole(5)});
    desk.place({.of = outcome::no, .direction = side::sell, .quantity = whole(500)});
  };
  auto source = s.source();
  return replay_engine<scripted, execution::back_of_queue, cost::flat>{.strategy = trader,
                                                                       .cost = {.rate = basis_points{100}},
                                                                       .capital = money::dollars(100),
                                                                       .equity_every_ns = 1'000'000'000}
      .run(source);
}

TEST_CASE("the accounts of a run, on paper") {
  const auto a = report::account(small_run());
  CHECK(a.capital == money::dollars(100));
  CHECK(a.bought == money::micros(4'500'000));
  CHECK(a.minted == money::dollars(5));
  CHECK(a.sold == money::micros(2'750'000));  // 5 NO at 0.55: one less the ask of 45
  CHECK(a.fees == money::micros(45'000 + 27'500));
  CHECK(a.settled == money::micros(4'500'000));  // 15 YES at 0.30
  CHECK(a.equity() == money::micros(97'677'500));
  CHECK(a.balances());
}

TEST_CASE("a journal that was tampered with does not balance") {
  auto run = small_run();
  run.journal[1].cash += money::micros(1);
  CHECK_FALSE(report::account(run).balances());
  auto short_of_one = small_run();
  short_of_one.journal.pop_back();
  CHECK_FALSE(report::account(short_of_one).balances());
}

TEST_CASE("fills, orders, equity and journal, a row each") {
  const auto run = small_run();
  CHECK(report::fills_csv(run) ==
        "when,market,outcome,side,price,shares,role,order,fee,fee_shares\n"
        "1970-01-01T00:00:01.000000000Z,\"a, b\",yes,buy,0.450000,10.000000,taker,0,0.045000,0.000000\n"
        "1970-01-01T00:00:03.000000000Z,\"a, b\",no,sell,0.550000,5.000000,taker,2,0.027500,0.000000\n");
  const std::string orders = report::orders_csv(run);
  CHECK(orders.find("3,order,\"a, b\",no,sell,,500.000000,good_till_cancel,1970-01-01T00:00:03.000000000Z,"
                    "1970-01-01T00:00:03.000000000Z,1970-01-01T00:00:03.000000000Z,0.000000,rejected,holding\n") !=
        std::string::npos);
  const std::string equity = report::equity_csv(run);
  CHECK(equity.find("01.000000000Z,100.000000,0.000000,0.000000,100.000000\n") != std::string::npos);
  CHECK(equity.ends_with("97.677500,0.000000,0.000000,97.677500\n"));
  const std::string journal = report::ledger_jsonl(run);
  CHECK(static_cast<std::size_t>(std::count(journal.begin(), journal.end(), '\n')) == run.journal.size());
  CHECK(journal.find(
            "{\"when\":\"1970-01-01T00:00:02.000000000Z\",\"kind\":\"mint\",\"market\":\"a, b\",\"cash\":\"-5.000000\","
            "\"yes\":\"5.000000\",\"no\":\"5.000000\",\"invested\":\"5.000000000000\"}") != std::string::npos);
}

TEST_CASE("summary and report state assumptions, counts and identities") {
  const auto run = small_run();
  const report::replay_notes notes{.title = "Small", .bias = {"Made by hand."}, .settings = {{"cost", "flat"}}};
  const std::string summary = report::replay_summary_json(run, notes);
  CHECK(json_checker::read(summary).has_value());
  CHECK(summary.find("\"gain\": \"-2.322500\"") != std::string::npos);
  CHECK(summary.find("\"balances\": true") != std::string::npos);
  CHECK(summary.find("\"holding\": 1") != std::string::npos);
  const std::string text = report::replay_text(run, notes);
  CHECK(text.find("Bias: Made by hand.") < text.find("What was run"));
  CHECK(text.find("Every identity holds to the last unit over") != std::string::npos);
}

TEST_CASE("the mid of a market, a point for each span in which something was told; the chart's script is drawn") {
  stream_builder s;
  s.at(0).book({{40, 1}}, {{44, 1}}).at(3).level(side::buy, 42, 1).at(10).level(side::buy, 42, 0);
  s.at(25).news(market_change::gap);
  auto source = s.source();
  const auto mids = report::mids_of(source, contract_id(0), 10'000'000'000);
  REQUIRE(mids.size() == 3);
  CHECK(mids[0].when == at_second(10));
  CHECK(mids[0].mid == doctest::Approx(0.43));
  CHECK(mids[1].mid == doctest::Approx(0.42));
  CHECK_FALSE(mids[2].mid.has_value());
  const auto run = small_run();
  const report::replay_chart chart{.title = "it's", .caption = "Bias: 'none'"};
  const std::string script = chart.script(run, mids);
  CHECK(script.find("$up << EOD\n1.000 0.450000\n") != std::string::npos);
  if (gnuplot_is_there()) CHECK(report::render(script).size() > 1'000);
  CHECK_THROWS_AS((void)chart.script(run, {}), precondition_error);
}

}  // namespace basket_test::report_replay_files
