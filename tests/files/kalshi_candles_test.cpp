#include "basket/files/kalshi_candles.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "basket/execution/bars.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/any_source.hpp"
#include "basket/source/merge.hpp"
#include "files/temporary_folder.hpp"
#include "support/data_dir.hpp"

namespace basket_test::files_kalshi_candles {

using namespace basket;

const std::string hourly =
    "ticker,end_ts,yes_bid,yes_ask,price_open,price_high,price_low,price_close,price_mean,volume,open_interest\n";

TEST_CASE("hourly candles: rows in any order become quotes and candles by time, then market") {
  const temporary_folder folder;
  const auto file = folder.file("c.csv", hourly +
                                             "B,1752544800,72,73,73,74,72,73,73,5,98886\n"
                                             "B,1752541200,0,100,,,,,,0,98886\n"
                                             "A,1752544800,10,12,,,,,,0,1\n");
  const auto in = files::read_kalshi_candles(file);
  const auto& all = in.messages();
  REQUIRE(all.size() == 4);
  CHECK(in.markets()[0].name == "A");
  CHECK(all[0].contract == contract_id(1));
  CHECK_FALSE(all[0].quote().bid.has_value());
  CHECK_FALSE(all[0].quote().ask.has_value());
  CHECK(all[1].contract == contract_id(0));
  CHECK(all[2].quote().ask == price::cents(73));
  CHECK(all[3].candle().high == price::cents(74));
  CHECK(all[3].candle().volume == shares::whole(5));
  CHECK(in.provides() == recorded{.tops = true, .candles = true});
}

TEST_CASE("a candle whose close lies outside its range is refused") {
  const temporary_folder folder;
  const auto file = folder.file("c.csv", hourly + "B,1752544800,72,73,73,74,72,75,73,5,98886\n");
  CHECK(sentence<data_error>([&] {
          (void)files::read_kalshi_candles(file);
        }).find("a candle whose open or close lies outside low and high") != std::string::npos);
  files::refusals counted;
  CHECK(files::read_kalshi_candles(file, files::on_bad_row::skip_and_count, &counted).messages().empty());
  CHECK(counted.total() == 1);
}

TEST_CASE("trade candles are known when their span is over; payouts come as late as the caller says") {
  const temporary_folder folder;
  const auto candles =
      folder.file("c.csv", "ticker,start_ts,open_c,high_c,low_c,close_c,n_trades\nA,1752544800,7,8,3,5,5\n");
  const auto in = files::read_trade_candles(candles, 300);
  CHECK(in.messages()[0].known_at == instant::seconds(1'752'545'100));
  CHECK(in.messages()[0].candle().volume == shares{});
  const auto markets = folder.file("m.csv",
                                   "ticker,close_time,result\nA,2025-07-15T03:59:00Z,yes\n"
                                   "B,2025-07-15T03:59:00Z,\nC,2025-07-15T03:59:00Z,no\n");
  const auto paid = files::read_kalshi_payouts(markets, 3'600'000'000'000);
  const auto& all = paid.messages();
  REQUIRE(all.size() == 5);
  CHECK(all[0].life().stage == life_stage::closed);
  CHECK(all[0].known_at == instant::seconds(1'752'551'940));
  CHECK(all[3].life().payout == price::micros(micro));
  CHECK(all[3].known_at == instant::seconds(1'752'555'540));
  CHECK(all[4].life().payout == price{});
  CHECK(sentence<data_error>([&] {
          const auto bad = folder.file("b.csv", "ticker,close_time,result\nA,2025-07-15 03:59:00,yes\n");
          (void)files::read_kalshi_payouts(bad, 0);
        }).find("not a time YYYY-MM-DDTHH:MM:SSZ") != std::string::npos);
}

/// Buys ten shares of every market at its first candle and holds them.
struct buys_all {
  std::vector<bool> bought = {};
  void on(const message& m, trading_context& desk) {
    if (m.kind() != message_kind::candle) return;
    bought.resize(desk.markets(), false);
    if (bought[m.contract.index()]) return;
    bought[m.contract.index()] = true;
    desk.place({.contract = m.contract, .quantity = shares::whole(10)});
  }
};

TEST_SUITE("slow files") {
  TEST_CASE("the recorded candles, counted; a year's brackets bought, closed and paid") {
    const auto data = data_dir("recorded candles and payouts of Kalshi");
    if (!data) return;
    const auto hours = files::read_kalshi_candles(*data / "kalshi-hourly-2025-07" / "candles_hourly.csv.gz");
    std::size_t quotes = 0, candles = 0;
    for (const message& m : hours.messages()) {
      (m.kind() == message_kind::quote ? quotes : candles) += 1;
    }
    CHECK(quotes == 168'797);
    CHECK(std::abs(static_cast<double>(candles) / static_cast<double>(quotes) - 0.25) < 0.01);  // traded in 25 %
    CHECK(hours.markets().size() == 824);

    const auto weather = *data / "weather-nyc";
    std::vector<source::any_source> parts;
    parts.emplace_back(files::read_trade_candles(weather / "kalshi_kxhighny_candles_5m.csv.gz", 300));
    parts.emplace_back(files::read_kalshi_payouts(weather / "kalshi_kxhighny_markets.csv", 12 * 3'600'000'000'000));
    source::merge<source::any_source> both(std::move(parts));
    const replay_engine<buys_all, execution::back_of_queue, cost::zero, execution::no_latency,
                        execution::quotes_fill_nothing, execution::next_bar<execution::half_tick<>>>
        replay{.bars = {.without_volume = execution::unknown_volume::fills_any_size}};
    const auto run = replay.run(both);
    CHECK(run.books.audit() == 0);
    CHECK(run.totals.by_kind[static_cast<std::size_t>(message_kind::candle)] == 20'401);
    std::size_t settled = 0, paid_in_full = 0;
    for (const ledger_entry& e : run.journal) {
      if (e.kind != booking::settlement) continue;
      ++settled;
      CHECK((e.cash == money::dollars(10) || e.cash == money{}));
      paid_in_full += e.cash == money::dollars(10) ? 1 : 0;
    }
    CHECK(settled > 400);
    CHECK(paid_in_full > 70);
    CHECK(paid_in_full <= 98);
    for (const backtest::held_position& p : run.left) {
      CHECK((p.stage == life_stage::data_ended));
    }
  }
}

}  // namespace basket_test::files_kalshi_candles
