#include "basket/files/daily_panel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "files/temporary_folder.hpp"
#include "files/universe_text.hpp"
#include "support/data_dir.hpp"
#include "support/universes.hpp"

namespace basket_test::files_daily_panel {

using namespace basket;
using files::on_bad_row;
using files::panel_venue;

/// A panel of nine invented markets that has each of the defects, and no two markets with the same set of them.
struct texts {
  std::string markets =
      "market_id,venue,source,also_in,native_id,title,event,event_from,tags,theme,start,stop,end,n_days,span_days,"
      "n_distinct,zero_change,payout,resolved_at,volume_total,volume_days\n"
      "pm:1,polymarket,s,,0x1,Will A "
      "win?,race,source,politics|race,us_politics,2025-03-01,2025-03-04,2025-03-05,4,4,4,0,"
      "1,2025-03-05,1000.5,4\n"
      "pm:2,polymarket,s,t,0x2,\"Will B, or C, "
      "win?\",race,inferred,,,2025-03-01,2025-03-05,2025-03-03,3,5,3,0,0,2025-03-05,,3\n"
      "pm:3,polymarket,s,,,,,,,,2025-03-02,2025-03-03,,2,2,1,1,0,2025-03-04,,2\n"
      "pm:4,polymarket,s,,0x4,,rain,source,weather,weather_climate,2025-03-02,2025-03-03,2025-02-01,2,2,2,0,,,7,2\n"
      "pm:5,polymarket,s,,0x5,Will D happen?,,,,other,2025-03-01,2025-03-02,2500-12-31,2,2,2,0,,,,2\n"
      "ks:6,kalshi,s,,ks:6,Fed cuts,FED-25,source,Economics,economics,2025-03-01,2025-03-02,,2,2,1,1,1,,,2\n"
      "pm:7,polymarket,s,,0x7,Settled too early,x,source,,,2025-03-02,2025-03-03,,2,2,1,1,0,2025-03-01,,2\n"
      "pm:8,polymarket,s,,0x8,Priced after it was settled,y,source,,,2025-03-02,2025-03-06,,9,4,3,0,0.5,2025-03-04,,4\n"
      "pm:9,polymarket,s,,0x9,Never priced,z,source,,,2025-03-01,2025-03-02,,0,0,0,0,1,2025-04-01,,0\n";
  std::string prices =
      "market_id,date,close,volume,volume_lower_bound\n"
      "ks:6,2025-03-01,0.5,100,\n"
      "ks:6,2025-03-02,0.5,,\n"
      "pm:1,2025-03-01,0.4,10,1\n"
      "pm:1,2025-03-02,0.405,10.25,\n"
      "pm:1,2025-03-03,0.97,,\n"
      "pm:1,2025-03-04,0.9995,,\n"
      "pm:2,2025-03-01,0.6,5,1\n"
      "pm:2,2025-03-04,0.033,,\n"
      "pm:2,2025-03-05,0,,\n"
      "pm:3,2025-03-02,0.5,,\n"
      "pm:3,2025-03-03,0.5,,\n"
      "pm:4,2025-03-02,0.21,,\n"
      "pm:4,2025-03-03,0.22,,\n"
      "pm:5,2025-03-01,1,,\n"
      "pm:5,2025-03-02,0.1234567,,\n"
      "pm:7,2025-03-02,0.5,,\n"
      "pm:7,2025-03-03,0.5,,\n"
      "pm:8,2025-03-02,0.5,,\n"
      "pm:8,2025-03-03,0.51,,\n"
      "pm:8,2025-03-05,0.52,,\n"
      "pm:8,2025-03-06,0.52,,\n";
};

files::daily_panel_data read(const texts& t, panel_venue venue = panel_venue::all,
                             on_bad_row policy = on_bad_row::raise) {
  const temporary_folder folder;
  folder.file("markets.csv", t.markets);
  folder.file("prices_daily.csv.gz", gzipped(t.prices));
  return files::daily_panel{.folder = folder.path(), .venue = venue, .bad_rows = policy}.read();
}

std::string refusal(const texts& t, on_bad_row policy = on_bad_row::raise) {
  const std::string said = sentence<data_error>([&] { (void)read(t, panel_venue::all, policy); });
  const std::size_t at = said.find("basket_test_");
  return at == std::string::npos ? said : said.substr(said.find('/', at) + 1);
}
std::string markets_refusal(std::string_view from, std::string_view to) {
  texts t;
  t.markets = with(t.markets, from, to);
  return refusal(t);
}
std::string prices_refusal(std::string_view from, std::string_view to) {
  texts t;
  t.prices = with(t.prices, from, to);
  return refusal(t);
}

using counts = std::map<std::string, std::pair<std::size_t, std::size_t>>;
counts defects_of(const files::daily_panel_data& got) {
  counts out;
  for (const files::panel_defect& d : got.defects) {
    CHECK_FALSE(d.action.empty());
    out[d.defect] = {d.in_files, d.in_universe};
  }
  CHECK(out.size() == got.defects.size());
  return out;
}

TEST_CASE("daily panel: the universe of the invented copy") {
  const files::daily_panel_data got = read({});
  check(got.data);
  CHECK(text_of(got.data) ==
        "2025-03-01 6 days\n"
        "ks:6 on kalshi\n"
        "  version 2025-03-02T00:00:00.000000000Z [Fed cuts] [] [FED-25] no end\n"
        "  life 2025-03-02T00:00:00.000000000Z open -\n"
        "  life 2025-03-07T00:00:00.000000001Z data_ended -\n"
        "  after - 2025-03-02 economics Economics\n"
        " 0.500000 0.500000 - - - -\n"
        "pm:1 on polymarket\n"
        "  version 2025-03-02T00:00:00.000000000Z [Will A win?] [race] [race] 2025-03-05\n"
        "  life 2025-03-02T00:00:00.000000000Z open -\n"
        "  life 2025-03-06T00:00:00.000000000Z settled 1.000000\n"
        "  after 1000.500000 2025-03-04 us_politics politics race\n"
        " 0.400000 0.405000 0.970000 0.999500 - -\n"
        "pm:2 on polymarket\n"
        "  version 2025-03-02T00:00:00.000000000Z [Will B, or C, win?] [race] [race] 2025-03-03\n"
        "  life 2025-03-02T00:00:00.000000000Z open -\n"
        "  life 2025-03-06T00:00:00.000000000Z settled 0.000000\n"
        "  after - 2025-03-05 \n"
        " 0.600000 - - 0.033000 0.000000 -\n"
        "pm:4 on polymarket\n"
        "  version 2025-03-03T00:00:00.000000000Z [] [rain] [rain] no end\n"
        "  life 2025-03-03T00:00:00.000000000Z open -\n"
        "  life 2025-03-07T00:00:00.000000001Z data_ended -\n"
        "  after 7.000000 2025-03-03 weather_climate weather\n"
        " - 0.210000 0.220000 - - -\n"
        "pm:5 on polymarket\n"
        "  version 2025-03-02T00:00:00.000000000Z [Will D happen?] [] [] 2500-12-31\n"
        "  life 2025-03-02T00:00:00.000000000Z open -\n"
        "  life 2025-03-07T00:00:00.000000001Z data_ended -\n"
        "  after - 2025-03-02 other\n"
        " 1.000000 0.123457 - - - -\n"
        "pm:8 on polymarket\n"
        "  version 2025-03-03T00:00:00.000000000Z [Priced after it was settled] [y] [y] no end\n"
        "  life 2025-03-03T00:00:00.000000000Z open -\n"
        "  life 2025-03-05T00:00:00.000000000Z settled 0.500000\n"
        "  after - 2025-03-06 \n"
        " - 0.500000 0.510000 - - -\n");
}

TEST_CASE("daily panel: every defect of the invented copy is counted, in the files and in the universe") {
  CHECK(defects_of(read({})) == counts{{"neither title nor event", {1, 0}},
                                       {"an event but no title", {1, 1}},
                                       {"a title but no event", {1, 1}},
                                       {"event inferred from neighbouring ids", {1, 1}},
                                       {"no id of the venue's own", {1, 0}},
                                       {"found in several sources", {1, 1}},
                                       {"no scheduled end", {5, 2}},
                                       {"end in the year 2100 or later", {1, 1}},
                                       {"end before the first close", {1, 1}},
                                       {"traded past the end", {2, 2}},
                                       {"no payout", {2, 2}},
                                       {"payout without resolved_at", {1, 1}},
                                       {"resolved on the last priced day", {1, 1}},
                                       {"resolved before the first close", {1, 0}},
                                       {"closes after resolved_at", {4, 2}},
                                       {"resolved after the last day of the panel", {1, 0}},
                                       {"no close at all", {1, 0}},
                                       {"start is not the first priced day", {0, 0}},
                                       {"stop is not the last priced day", {0, 0}},
                                       {"n_days is not the number of closes", {1, 1}},
                                       {"days missing between first and last close", {2, 2}},
                                       {"the same, with at least 30 closes", {0, 0}},
                                       {"missing days of these gaps", {3, 3}},
                                       {"close off the price grid (0.01; 0.001 at the ends)", {3, 3}},
                                       {"close with more decimals than 0.001", {2, 2}},
                                       {"close of exactly 0 or 1", {2, 2}},
                                       {"volume is a lower bound", {2, 2}},
                                       {"no lifetime volume", {7, 4}}});
  texts t;
  t.markets = with(t.markets, "us_politics,2025-03-01,2025-03-04", "us_politics,2025-03-02,2025-03-09");
  const counts shifted = defects_of(read(t));
  CHECK(shifted.at("start is not the first priced day") == std::pair<std::size_t, std::size_t>(1, 1));
  CHECK(shifted.at("stop is not the last priced day") == std::pair<std::size_t, std::size_t>(1, 1));
}

TEST_CASE("daily panel: the funnel, and venues") {
  const auto steps = [](panel_venue venue) {
    std::string out;
    for (const files::coverage_step& step : read({}, venue).coverage) {
      out += step.step + " " + std::to_string(step.markets) + " " + std::to_string(step.closes) + "\n";
    }
    return out;
  };
  CHECK(steps(panel_venue::polymarket) ==
        "rows in the files 9 21\n"
        "readable 9 21\n"
        "of the venue 8 19\n"
        "with a title or an event 7 17\n"
        "with a close 6 17\n"
        "in the universe 5 15\n");
  CHECK(steps(panel_venue::kalshi) ==
        "rows in the files 9 21\n"
        "readable 9 21\n"
        "of the venue 1 2\n"
        "with a title or an event 1 2\n"
        "with a close 1 2\n"
        "in the universe 1 2\n");
  const universe kalshi = read({}, panel_venue::kalshi).data;
  REQUIRE(kalshi.contracts.size() == 1);
  CHECK(kalshi.closes.days() == 6);  // the days of the whole file: the recording ended later than this series
  CHECK(files::panel_venue_called("kalshi") == panel_venue::kalshi);
  CHECK(files::panel_venue_called("all") == panel_venue::all);
  CHECK_FALSE(files::panel_venue_called("Kalshi"));
  CHECK_FALSE(files::panel_venue_called(""));
}

TEST_CASE("daily panel: a market resolved on its first priced day is settled as it is listed") {
  texts t;
  t.markets = with(t.markets, "1,1,0,2025-03-01", "1,1,0,2025-03-02");
  const universe u = read(t).data;
  check(u);
  const auto m =
      std::find_if(u.contracts.begin(), u.contracts.end(), [](const contract& c) { return c.name == "pm:7"; });
  REQUIRE(m != u.contracts.end());
  CHECK(m->life[0].known_at == m->life[1].known_at);
  const contract_id id(static_cast<std::size_t>(m - u.contracts.begin()));
  CHECK(backtest::engine_access::past(u, day("2025-03-02").close()).stage(id) == life_stage::settled);
}

TEST_CASE("daily panel: contract numbers do not depend on the order of rows") {
  const std::string expected = text_of(read({}).data);
  for (std::size_t turn = 0; turn < 5; ++turn) {
    texts t;
    t.markets = reordered(with_crlf(t.markets), turn);
    t.prices = reordered(t.prices, 4 * turn);
    CHECK(text_of(read(t).data) == expected);
  }
}

TEST_CASE("daily panel: each column has a rule, and a column without one is said to be left alone") {
  texts t;
  const files::csv_reader markets(t.markets, "m"), prices(t.prices, "p");
  CHECK(markets.header().size() == 21);
  std::vector<std::string> ruled_markets, ruled_prices;
  for (const files::column_rule& rule : read({}).columns) {
    (rule.file == "markets.csv" ? ruled_markets : ruled_prices).push_back(rule.column);
    CHECK_FALSE(rule.why.empty());
  }
  CHECK(ruled_markets == markets.header());
  CHECK(ruled_prices == prices.header());
  t.markets.insert(t.markets.find('\n'), ",mood");
  std::size_t line_end = t.markets.find('\n') + 1;
  while ((line_end = t.markets.find('\n', line_end)) != std::string::npos) {
    t.markets.insert(line_end, ",good");
    line_end += 6;
  }
  const auto columns = read(t).columns;
  CHECK(columns.back().column == "mood");
  CHECK(columns.back().when == files::known_from::not_read);
}

TEST_CASE("daily panel: broken copies have their sentence") {
  const std::string at2 = "markets.csv, line 2, field ";
  CHECK(markets_refusal("\npm:1,polymarket", "\n,polymarket") == at2 + "'market_id': empty: ''");
  CHECK(markets_refusal("\npm:1,polymarket", "\npm:1,predictit") ==
        at2 + "'venue': neither 'polymarket' nor 'kalshi': 'predictit'");
  CHECK(markets_refusal("\npm:1,polymarket", "\npm:1,all") ==
        at2 + "'venue': neither 'polymarket' nor 'kalshi': 'all'");
  CHECK(markets_refusal("us_politics,2025-03-01", "us_politics,") == at2 + "'start': empty: ''");
  CHECK(markets_refusal("us_politics,2025-03-01", "us_politics,March") ==
        at2 + "'start': not a calendar date YYYY-MM-DD: 'March'");
  CHECK(markets_refusal("2025-03-04,2025-03-05,4", "2025-03-04,2025-02-30,4") ==
        at2 + "'end': not a calendar date YYYY-MM-DD: '2025-02-30'");
  CHECK(markets_refusal("0,1,2025-03-05", "0,2,2025-03-05") ==
        at2 + "'payout': not a payout in [0, 1] with at most six decimals: '2'");
  CHECK(markets_refusal("0,1,2025-03-05", "0,,2025-03-05") ==
        at2 + "'resolved_at': resolved without a payout: '2025-03-05'");
  CHECK(markets_refusal("race,source", "race,guess") ==
        at2 + "'event_from': none of 'source', 'inferred' and empty: 'guess'");
  CHECK(markets_refusal("race,source", "race,") ==
        at2 + "'event_from': an event without its source, or the reverse: ''");
  CHECK(markets_refusal("1000.5", "-5") == at2 + "'volume_total': negative: '-5'");
  CHECK(markets_refusal("\npm:3,", "\npm:2,") ==
        "markets.csv, line 4, field 'market_id': a second row of one market: 'pm:2, first on line 3'");
  CHECK(markets_refusal(",zero_change,", ",zero,")
            .starts_with("markets.csv, line 1, field 'zero_change': there is no such column"));
  CHECK(markets_refusal(",resolved_at,", ",r,")
            .starts_with("markets.csv, line 1, field 'resolved_at': there is no such column"));

  CHECK(prices_refusal("ks:6,2025-03-01,0.5", "ks:6,2025-03-01,1.5") ==
        "prices_daily.csv.gz, line 2, field 'close': outside [0, 1]: '1.5'");
  CHECK(prices_refusal("ks:6,2025-03-01,0.5", "ks:7,2025-03-01,0.5") ==
        "prices_daily.csv.gz, line 2, field 'market_id': not a market of markets.csv: 'ks:7'");
  CHECK(prices_refusal("0.5,100,", "0.5,lots,") == "prices_daily.csv.gz, line 2, field 'volume': not a number: 'lots'");
  CHECK(prices_refusal("0.4,10,1", "0.4,10,yes") ==
        "prices_daily.csv.gz, line 4, field 'volume_lower_bound': neither '1' nor empty: 'yes'");
  CHECK(prices_refusal("pm:1,2025-03-02", "pm:1,2025-03-01") ==
        "prices_daily.csv.gz, line 5, field 'date': a second close of one market on one day: '2025-03-01, first on "
        "line 4'");
  CHECK(refusal({.markets = texts{}.markets, .prices = "market_id,date,close,volume,volume_lower_bound\n"}) ==
        "prices_daily.csv.gz: there is no close in it that can be used");
  CHECK(refusal({.markets = "market_id,date,close\n", .prices = texts{}.prices})
            .starts_with("markets.csv, line 1, field 'venue': there is no such column"));

  const temporary_folder folder;
  folder.file("markets.csv", texts{}.markets);
  CHECK(sentence<data_error>([&] { (void)files::daily_panel{.folder = folder.path()}.read(); }) ==
        folder.path().string() + ": holds neither prices_daily.csv nor prices_daily.csv.gz");
  const std::string packed = gzipped(texts{}.prices);
  folder.file("prices_daily.csv.gz", packed.substr(0, packed.size() - 20));
  CHECK(sentence<data_error>([&] {
          (void)files::daily_panel{.folder = folder.path(), .bad_rows = on_bad_row::skip_and_count}.read();
        }) == (folder.path() / "prices_daily.csv.gz").string() + ": the gzip data is cut off before its end");
}

TEST_CASE("daily panel: skipped rows are counted, and the funnel says how many were read") {
  texts t;
  t.markets = with(t.markets, "0,1,2025-03-05", "0,2,2025-03-05");  // pm:1 with its 4 closes
  t.markets = with(t.markets, "\npm:3,", "\npm:2,");                // pm:3 with its 2
  t.prices = with(t.prices, "ks:6,2025-03-01,0.5", "ks:6,2025-03-01,NaN");
  const files::daily_panel_data got = read(t, panel_venue::all, on_bad_row::skip_and_count);
  check(got.data);
  std::string table;
  for (const auto& e : got.refused.entries) table += std::to_string(e.rows) + " " + e.field + ": " + e.reason + "\n";
  CHECK(table ==
        "1 payout: not a payout in [0, 1] with at most six decimals\n"
        "1 market_id: a second row of one market\n"
        "1 close: not a finite number\n"
        "6 market_id: not a market of markets.csv\n");
  CHECK(got.coverage[0].markets == 9);
  CHECK(got.coverage[0].closes == 21);
  CHECK(got.coverage[1].markets == 7);
  CHECK(got.coverage[1].closes == 14);
  CHECK(got.data.contracts.size() == 5);
}

}  // namespace basket_test::files_daily_panel

TEST_SUITE("slow: the daily panel of real markets") {
  TEST_CASE("daily panel: real counts") {
    using namespace basket;
    using basket_test::files_daily_panel::counts;
    const auto data = basket_test::data_dir("the counts of the real daily panel");
    if (!data) return;
    const files::daily_panel_data got =
        files::daily_panel{.folder = *data / "daily-panel", .venue = files::panel_venue::all}.read();
    check(got.data);
    CHECK(got.refused.total() == 0);
    CHECK(got.coverage.front().markets == 5'490);
    CHECK(got.coverage.front().closes == 390'594);
    CHECK(got.coverage.back().markets == 5'490 - 1'907);
    CHECK(got.data.contracts.size() == 5'490 - 1'907);
    CHECK(got.data.closes.first_day() == basket_test::day("2022-11-17"));
    CHECK(got.data.closes.end_day() == basket_test::day("2026-06-13"));

    const counts defects = basket_test::files_daily_panel::defects_of(got);
    const auto in_files = [&](const char* defect) { return defects.at(defect).first; };
    CHECK(in_files("traded past the end") == 304);
    CHECK(in_files("end before the first close") == 31);
    CHECK(in_files("no payout") == 935);
    CHECK(in_files("neither title nor event") == 1'907);
    CHECK(defects.at("neither title nor event").second == 0);
    CHECK(in_files("payout without resolved_at") == 22);
    CHECK(in_files("event inferred from neighbouring ids") == 155);
    CHECK(in_files("volume is a lower bound") == 9'667);
    CHECK(in_files("resolved on the last priced day") == 106);
    CHECK(in_files("close of exactly 0 or 1") == 3);
    CHECK(in_files("close with more decimals than 0.001") == 156'143);  // 40 %
    CHECK(in_files("close off the price grid (0.01; 0.001 at the ends)") == 269'034);
    CHECK(in_files("days missing between first and last close") == 343);
    CHECK(in_files("the same, with at least 30 closes") == 187);
    CHECK(in_files("missing days of these gaps") == 4'373);
    CHECK(in_files("no scheduled end") == 3'562);
    CHECK(in_files("closes after resolved_at") == 0);
    CHECK(in_files("found in several sources") == 125);
    CHECK(in_files("start is not the first priced day") == 0);
    CHECK(in_files("stop is not the last priced day") == 0);
    CHECK(in_files("n_days is not the number of closes") == 0);

    const auto& names = got.data.contracts;
    CHECK(std::is_sorted(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.name < b.name; }));
    // Nobody learns before the last close of all that a recording has ended.
    const history last = backtest::engine_access::past(got.data, basket_test::day("2026-06-12").close());
    for (const contract_id id : last.live()) CHECK(last.stage(id) == life_stage::open);

    const auto of = [&](files::panel_venue venue) {
      return files::daily_panel{.folder = *data / "daily-panel", .venue = venue}.read().data.contracts.size();
    };
    CHECK(of(files::panel_venue::polymarket) == 3'235);
    CHECK(of(files::panel_venue::kalshi) == 348);
  }
}
