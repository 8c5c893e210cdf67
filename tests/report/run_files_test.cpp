// nav.csv, trades.csv and the audit trail: exact, in time order, readable again, and without a word of the future.
#include "basket/report/run_files.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "basket/backtest/daily.hpp"
#include "basket/backtest/lookahead.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "hand_made_run.hpp"
#include "json_checker.hpp"
#include "support/universes.hpp"

namespace basket_test::report_run_files {

using namespace basket;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    REQUIRE(end != std::string::npos);  // every line ends
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

// A naive reader of one CSV line, quotes included.
std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> out(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      out.back() += line[i++];
    } else if (line[i] == '"') {
      quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      out.emplace_back();
    } else {
      out.back() += line[i];
    }
  }
  return out;
}

TEST_CASE("nav.csv reads back to the same amounts") {
  const backtest::result run = hand_made::run();
  const auto lines = lines_of(report::nav_csv(run));
  REQUIRE(lines.size() == 7);
  CHECK(lines[0] == "day,nav,cash,positions,held,stale,stale_value,nav_if_stale_lose,nav_if_stale_win");
  CHECK(lines[6] == "2025-02-06,1629.586011,1322.920011,306.666000,2,1,6.666000,1622.920011,1656.250011");
  for (std::size_t i = 0; i < run.nav.size(); ++i) {
    const auto f = fields_of(lines[i + 1]);
    REQUIRE(f.size() == 9);
    CHECK(utc_day::parse(f[0]) == run.nav[i].day);
    CHECK(money::parse(f[1]) == run.nav[i].nav);
    CHECK(money::parse(f[2]) == run.nav[i].cash);
    CHECK(money::parse(f[3]) == run.nav[i].positions);
    CHECK(std::stoi(f[4]) == run.nav[i].held);
    CHECK(money::parse(f[7]) == run.nav[i].nav_if_stale_lose);
    CHECK(money::parse(f[8]) == run.nav[i].nav_if_stale_win);
  }
}

TEST_CASE("trades.csv reads back, names with commas and quotes too") {
  const backtest::result run = hand_made::run();
  const auto lines = lines_of(report::trades_csv(run));
  REQUIRE(lines.size() == 5);
  CHECK(lines[1] ==
        "2025-02-01,2025-02-02,\"rate, \"\"cut\"\"\",buy,1000.000000,0.500000,0.505000,-505.505000,0.505000");
  for (std::size_t i = 0; i < run.trades.size(); ++i) {
    const auto f = fields_of(lines[i + 1]);
    REQUIRE(f.size() == 9);
    CHECK(f[2] == run.names[run.trades[i].contract.index()]);
    CHECK(shares::parse(f[4]) == run.trades[i].quantity);
    CHECK(price::parse(f[6]) == run.trades[i].paid);
    CHECK(money::parse(f[7]) == run.trades[i].cash);
  }
  CHECK(csv_field("line\nbreak") == "\"line\nbreak\"");
  CHECK(csv_field("plain text") == "plain text");
}

TEST_CASE("the audit trail, line by line") {
  const auto lines = lines_of(report::audit_jsonl(hand_made::run()));
  std::vector<std::string> seen;
  for (const std::string& line : lines) {
    const auto read = json_checker::read(line);
    REQUIRE(read);
    seen.push_back(read->at("day").substr(8) + " " + read->at("line") + " " + read->at("market").substr(0, 1));
  }
  CHECK(seen == std::vector<std::string>{"01 decision r", "01 decision B", "01 decision C", "01 decision D",  //
                                         "01 order r", "01 order B", "01 order C",                            //
                                         "02 fill r", "02 fill B", "02 fill C", "02 given_up C",              //
                                         "04 settlement r", "04 given_up r",                                  //
                                         "04 decision B", "04 decision C", "04 decision D", "04 order B",     //
                                         "05 fill B"});
  CHECK(lines[0] ==
        R"({"day":"2025-02-01","line":"decision","market":"rate, \"cut\"","event":"rates","theme":"politics",)"
        R"("weight":0.5,"reason":"stands for rates"})");
  // The order is what was filled and what was given up: 1,000 and 10.
  CHECK(lines[4] ==
        R"({"day":"2025-02-01","line":"order","market":"rate, \"cut\"","side":"buy","shares":"1010.000000"})");
  CHECK(lines[11] ==
        R"({"day":"2025-02-04","line":"settlement","market":"rate, \"cut\"","kind":"settled","shares":"1000.000000",)"
        R"("payout":"1.000000","cash":"1000.000000"})");
  CHECK(report::audit_jsonl(hand_made::run()) == report::audit_jsonl(hand_made::run()));
}

TEST_CASE("trades at the close that decided them come after their orders") {
  backtest::result run = hand_made::run();
  run.trades.resize(1);
  run.trades[0].filled = run.trades[0].decided;
  run.not_done.clear();
  run.payouts.clear();
  run.decisions.resize(1);
  const auto lines = lines_of(report::audit_jsonl(run));
  REQUIRE(lines.size() == 6);
  CHECK(lines[4].find("\"order\"") != std::string::npos);
  CHECK(lines[5].find("\"fill\"") != std::string::npos);
}

TEST_CASE("a contract without a name is refused") {
  backtest::result run = hand_made::run();
  run.names.resize(1);
  CHECK_THROWS_WITH_AS((void)report::trades_csv(run), "a run that names 1 contracts speaks of number 1",
                       precondition_error);
}

// Half of the NAV in every live contract that has a price below one half, shared equally.
struct cheap_half {
  [[nodiscard]] decision decide(const history& past) const {
    decision out{.at = past.now()};
    double chosen = 0.0;
    for (const contract_id id : past.live()) {
      const auto last = past.last_close(id);
      const bool in = last && last->close < 0.5;
      out.contracts.push_back({.contract = id,
                               .event = past.metadata(id).event,
                               .theme = "all",
                               .weight = in ? 1.0 : 0.0,
                               .reason = in ? "below one half" : "not below one half"});
      chosen += in ? 1.0 : 0.0;
    }
    for (considered& c : out.contracts) c.weight = chosen > 0.0 ? 0.9 * c.weight / chosen : 0.0;
    return out;
  }
};

TEST_CASE("what becomes known after an instant changes no earlier line of the audit trail") {
  const auto walk = [](double from, std::size_t n, std::uint64_t seed) {
    random_stream draw(seed);
    std::vector<double> closes;
    for (std::size_t i = 0; i < n; ++i) {
      from = std::clamp(from + 0.08 * (draw.uniform() - 0.5), 0.05, 0.95);
      closes.push_back(draw.below(4) == 0 ? missing : std::round(100.0 * from) / 100.0);
    }
    return closes;
  };
  universe_builder build("2025-01-20", 110);
  for (int i = 0; i < 8; ++i) {
    const std::size_t length = static_cast<std::size_t>(40 + 12 * i);
    build.add("M" + std::to_string(i), "e" + std::to_string(i), "M?",
              walk(0.2 + 0.07 * i, std::min<std::size_t>(length, 110), static_cast<std::uint64_t>(i)));
    if (i % 3 != 2) build.settled(to_string(day("2025-01-20") + days(40 + 12 * i)).c_str(), i % 2 == 0 ? 1'000'000 : 0);
  }
  const universe source = build.make();
  const auto audit = [](const universe& u) {
    const backtest::daily engine{.schedule = calendar::first_of_month{},
                                 .strategy = cheap_half{},
                                 .execution = execution::half_tick{},
                                 .cost = cost::flat{.rate = basis_points{10}},
                                 .capital = money::dollars(1000)};
    return lines_of(report::audit_jsonl(engine.run(u, day("2025-01-25"), day("2025-05-05"))));
  };
  const auto until = [](const std::vector<std::string>& lines, utc_day last) {
    std::vector<std::string> out;
    for (const std::string& line : lines) {
      if (json_checker::read(line)->at("day") <= to_string(last)) out.push_back(line);
    }
    return out;
  };
  const auto truth = audit(source);
  CHECK(truth.size() > 30);
  std::size_t orders = 0;
  for (const std::string& line : truth) orders += line.find("\"line\":\"order\"") != std::string::npos ? 1 : 0;
  CHECK(orders > 10);
  for (const char* date : {"2025-02-01", "2025-02-02", "2025-03-01", "2025-03-02", "2025-04-01", "2025-05-01"}) {
    CAPTURE(date);
    const auto noisy = audit(backtest::noise_after(source, day(date).close(), 4));
    CHECK(noisy != truth);
    CHECK(until(noisy, day(date)) == until(truth, day(date)));
  }
}

}  // namespace basket_test::report_run_files
