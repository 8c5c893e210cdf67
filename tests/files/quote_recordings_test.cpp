#include "basket/files/quote_recordings.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "basket/concepts/laws/message_source.hpp"
#include "basket/replay_engine.hpp"
#include "basket/strategy/mean_reversion.hpp"
#include "files/temporary_folder.hpp"
#include "support/data_dir.hpp"

namespace basket_test::files_quote_recordings {

using namespace basket;

template <class Source>
std::vector<message> all_of(Source& in) {
  std::vector<message> all, room(7);
  for (std::size_t n = in.next(room); n > 0; n = in.next(room)) {
    all.insert(all.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return all;
}

TEST_CASE("up or down: the second token is told where it says something else; a window closes when its time is over") {
  const temporary_folder folder;
  const auto file = folder.file("btc.csv",
                                "window_start_ts,ts_ms,up_bid,up_ask,down_bid,down_ask,sec_to_expiry\n"
                                "1770029100,1770029334839,0.31,0.32,0.68,0.69,665.2\n"
                                "1770029100,1770029335839,0.31,0.32,0.67,0.69,664.2\n"
                                "1770029100,1770029336839,,0.005,0.995,1,663.2\n"
                                "1770030000,1770030000100,0.5,0.51,0.49,0.5,899.9\n");
  files::updown_recording in(file);
  REQUIRE(in.markets().size() == 2);
  CHECK(in.markets()[0].name == "btc-1770029100");
  CHECK(missing_from(in.provides(), {.tops = true, .sizes = true, .trades = true}) == "sizes, trades");
  const auto all = all_of(in);
  REQUIRE(all.size() == 6);
  CHECK(all[0].quote().bid == price::cents(31));
  CHECK_FALSE(all[0].quote().bid_size.has_value());
  CHECK(all[2].of == outcome::no);
  CHECK(all[2].quote().bid == price::cents(67));
  CHECK_FALSE(all[3].quote().bid.has_value());
  CHECK(all[4].life().stage == life_stage::closed);
  CHECK(all[4].contract == contract_id(0));
  CHECK(all[4].known_at == instant::seconds(1'770'030'000));
  CHECK(all[5].contract == contract_id(1));
  CHECK(in.contradictions() == 1);
  CHECK(laws::broken_laws([&] { return files::updown_recording(file); }).empty());
}

TEST_CASE("Kalshi: the ask of YES is what the best bid of NO leaves of a dollar; 0 is nobody") {
  const temporary_folder folder;
  const auto file = folder.file("day.csv",
                                "ts_us,ticker,yes_bid_c,no_bid_c\n"
                                "1764880036079996,KXHIGHNY-25DEC05-T37,1,96\n"
                                "1764880036080242,KXHIGHNY-25DEC05-B32.5,45,0\n");
  files::kalshi_quotes in(file);
  REQUIRE(in.markets().size() == 2);
  CHECK(in.markets()[0].name == "KXHIGHNY-25DEC05-B32.5");
  CHECK(in.markets()[0].category == "KXHIGHNY");
  const auto all = all_of(in);
  REQUIRE(all.size() == 2);
  CHECK(all[0].contract == contract_id(1));
  CHECK(all[0].quote().ask == price::cents(4));
  CHECK(all[1].quote().bid == price::cents(45));
  CHECK_FALSE(all[1].quote().ask.has_value());
  CHECK(laws::broken_laws([&] { return files::kalshi_quotes(file); }).empty());
}

TEST_CASE("what is no stamp, price or ticker is refused; skipped and counted where that is asked for") {
  const temporary_folder folder;
  const auto refusal = [&](const std::string& row) {
    const auto file = folder.file("day.csv", "ts_us,ticker,yes_bid_c,no_bid_c\n" + row);
    return sentence<data_error>([&] {
      files::kalshi_quotes in(file);
      (void)all_of(in);
    });
  };
  CHECK(refusal("1764880036,T,1,96\n").find("a time stamp outside the years 2000 to 2099") != std::string::npos);
  CHECK(refusal("1764880036079996,T,101,96\n").find("not a price of 0 to 100 cents: '101'") != std::string::npos);
  CHECK(refusal("1764880036079996,T,1.5,96\n").find("not a whole number: '1.5'") != std::string::npos);
  CHECK(refusal("1764880036079996,,1,96\n").find("field 'ticker': empty") != std::string::npos);
  const auto file = folder.file("day.csv", "ts_us,ticker,yes_bid_c,no_bid_c\nx,T,1,96\n1764880036079996,T,1,96\n");
  files::kalshi_quotes in(file, files::on_bad_row::skip_and_count);
  CHECK(all_of(in).size() == 1);
  CHECK(in.refused().total() == 1);
}

TEST_CASE("quotes without sizes fill nothing unless a policy says how much") {
  const temporary_folder folder;
  std::string rows = "ts_us,ticker,yes_bid_c,no_bid_c\n";
  for (int i = 0; i < 200; ++i) {  // a mid that rests at 40 and then falls out of its range
    const int bid = i < 150 ? 39 + i % 2 : 20;
    rows += std::to_string(1'764'880'036'000'000 + 1'000'000LL * i) + ",T," + std::to_string(bid) + "," +
            std::to_string(98 - bid) + "\n";
  }
  const auto file = folder.file("day.csv", rows);
  files::kalshi_quotes first(file);
  const auto none = replay_engine<strategy::mean_reversion, execution::crossed_only>{}.run(first);
  CHECK(none.totals.orders > 0);
  CHECK(none.totals.taker_fills == 0);
  files::kalshi_quotes second(file);
  const auto some = replay_engine<strategy::mean_reversion, execution::crossed_only, cost::zero, execution::no_latency,
                                  execution::assumed_quote_size>{.quotes = {.each = shares::whole(5)}}
                        .run(second);
  CHECK(some.totals.taker_fills > 0);
  // A queue model that needs trades refuses to run on it, with a sentence.
  files::kalshi_quotes third(file);
  CHECK(sentence<precondition_error>([&] {
          (void)replay_engine<strategy::mean_reversion, execution::back_of_queue>{}.run(third);
        }).starts_with("the source day does not record sizes, trades, which the queue model needs"));
}

TEST_SUITE("slow files") {
  TEST_CASE("the recorded quotes, counted") {
    const auto data = data_dir("recorded quotes of Polymarket and Kalshi");
    if (!data) return;
    files::updown_recording btc(*data / "polymarket-updown-quotes" / "btc15m_quotes_1s.csv.gz");
    CHECK(btc.markets().size() == 27);
    std::size_t rows = 0, crossed = 0, closes = 0;
    for (const message& m : all_of(btc)) {
      if (m.kind() == message_kind::life) ++closes;
      if (m.kind() != message_kind::quote) continue;
      rows += m.of == outcome::yes ? 1 : 0;
      const top_quote q = m.quote();
      crossed += q.bid && q.ask && *q.bid > *q.ask ? 1 : 0;
    }
    CHECK(rows == 23'431);
    CHECK(closes == 26);    // the last window is not recorded to its end
    CHECK(crossed == 152);  // 86 of "up", 66 of "down", never both
    CHECK(btc.contradictions() == 4'129);

    std::size_t quotes = 0, files_read = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*data / "weather-nyc" / "kalshi_kxhighny_quotes")) {
      files::kalshi_quotes in(entry.path());
      CHECK(in.markets().size() == 6);
      quotes += all_of(in).size();
      CHECK(in.rows_back() == 0);
      ++files_read;
    }
    CHECK(files_read == 18);
    CHECK(quotes == 735'280);
  }
}

}  // namespace basket_test::files_quote_recordings
