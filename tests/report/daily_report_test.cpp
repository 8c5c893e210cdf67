// The text report and summary.json of a run worked out by hand.
#include "basket/report/daily_report.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "basket/report/summary.hpp"
#include "hand_made_run.hpp"
#include "json_checker.hpp"

namespace basket_test::report_daily_report {

using namespace basket;

report::run_notes notes() {
  report::run_notes out;
  out.title = "Theme baskets by hand";
  out.bias = {"This panel was chosen among resolved, high-volume markets afterwards."};
  out.settings = {{"venue", "somewhere"}, {"fee", "10 basis points"}};
  out.before = {{.title = "Data defects",
                 .sentences = {"Twenty columns."},
                 .rows = {.columns = {{"defect"}, {"rows", report::align::right}}, .rows = {{"no title", "1,907"}}}}};
  out.market_titles = {"Will the rate be cut?", "Jobs above 200k?", "Who wins?", "Never"};
  return out;
}

// Runs of spaces and of dashes as one: how wide a column came out is the table's own test.
std::string squeezed(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((c == ' ' || c == '-') && !out.empty() && out.back() == c) continue;
    out += c;
  }
  return out;
}

void check_has(const std::string& text, const std::string& part) {
  CAPTURE(part);
  CHECK(squeezed(text).find(squeezed(part)) != std::string::npos);
}

TEST_CASE("the report says it all, with the cents on paper") {
  const std::string text = report::report_text(hand_made::run(), notes());
  check_has(text,
            "Theme baskets by hand\n=====================\n\n"
            "Bias: This panel was chosen among resolved, high-volume markets afterwards.\n"
            "Bias: Every order of the hand-made run trades half a tick from the close.\n");
  check_has(text, "  days              2025-02-01 to 2025-02-06, 6 UTC days, each at its close\n");
  check_has(text, "  venue             somewhere\n");
  check_has(text, "Data defects\n============\n  Twenty columns.\n  defect     rows\n");
  check_has(text, "On calendar days: 5 returns, 365 a year; risk-free rate 0.00 % a year.");
  check_has(text, "total return                   62.96 %");
  check_has(text, "maximal drawdown               -1.33 %  2025-02-01 to 2025-02-02");
  check_has(text, "longest drawdown                2 days  2025-02-01 to 2025-02-03");
  check_has(text, "  - bought             823.609989  each purchase rounded up to 0.000001\n");
  check_has(text, "  = net asset value  1,629.586011\n");
  check_has(text, "0.000000110000  what rounding took");
  check_has(text, "Every identity holds to the last unit.\n");
  check_has(text, "  sum       823.609989  147.500000  1,000.000000  306.666000  0.970000  629.586011\n");
  check_has(text, "  2025-02-01     4       3  81.25 %          3      0         2  823.609989    0.000000   41.18 %");
  check_has(text, "  cash does not cover it   purchase       1   0.500000\n");
  check_has(text, "  settled at 1                1  1,000.000000  1,000.000000\n");
  check_has(
      text,
      "  stale on the last day                            1  6.666000  0.41 %      1,622.920011      1,656.250011\n");
  check_has(
      text,
      "  of all left: data ended without a payout         1  6.666000  0.41 %      1,622.920011      1,656.250011\n");
  check_has(text, "  Heaviest on 2025-02-06: 1 stale, 0.41 % of the net asset value.\n");
  check_has(text, "  2025-02-03  C-\xC3\xA9lection  Who wins?  33.330000    0.200000  6.666000\n");
  check_has(text,
            "Largest gains\n=============\n        gain  market\n  ----------  -----------  ---------------------\n"
            "  494.495000  rate, \"cut\"  Will the rate be cut?\n  139.545000  B            Jobs above 200k?\n");
  check_has(text,
            "Largest losses\n==============\n       gain  market\n  ---------  ----------  ---------\n"
            "  -4.453989  C-\xC3\xA9lection  Who wins?\n");
  CHECK(report::report_text(hand_made::run(), notes()) == text);
}

TEST_CASE("books that are off by one unit are shouted about") {
  backtest::result run = hand_made::run();
  run.themes[0].sold += money::micros(1);
  const std::string text = report::report_text(run, notes());
  check_has(text, "THE BOOKS DO NOT BALANCE.");
  check_has(text, "gain less the themes' gains");
  check_has(text, "-0.000001\n");
  CHECK(json_checker::read(report::summary_json(run))->at("accounts.balances") == "false");
}

TEST_CASE("a run of one day, without a trade, is reported with its figures missing") {
  backtest::result run{.names = {"A"}, .capital = money::dollars(5)};
  run.journal.push_back(run.books.deposit(utc_day(20'000).open(), run.capital));
  run.nav = {{.day = utc_day(20'000), .cash = money::dollars(5), .nav = money::dollars(5)}};
  const std::string text = report::report_text(run);
  check_has(text, "total return              missing");
  check_has(text, "Sharpe ratio              missing  not defined");
  check_has(text, "None was due.");
  check_has(text, "Nothing was traded.");
  check_has(text, "Every identity holds");
  const auto json = json_checker::read(report::summary_json(run));
  REQUIRE(json);
  CHECK(json->at("metrics.sharpe") == "null");
  CHECK(json->at("accounts.nav") == "5.000000");
  CHECK_THROWS_WITH_AS((void)report::report_text({}), "a run without a single day cannot be reported",
                       precondition_error);
  CHECK_THROWS_AS((void)report::summary_json({}), precondition_error);
}

TEST_CASE("everything lost") {
  backtest::result run{.names = {"A"}, .capital = money::dollars(5)};
  run.nav = {{.day = utc_day(20'000), .nav = money::dollars(5)}, {.day = utc_day(20'001)}, {.day = utc_day(20'002)}};
  const std::string text = report::report_text(run);
  check_has(text, "total return              -100.00 %");
  check_has(text, "annual volatility           missing");
  CHECK(json_checker::read(report::summary_json(run))->at("stale.weight") == "null");
}

TEST_CASE("summary.json is valid and has the figures of the text") {
  const std::string text = report::summary_json(hand_made::run(), notes());
  const auto json = json_checker::read(text);
  REQUIRE(json);
  CHECK(json->at("title") == "Theme baskets by hand");
  CHECK(json->at("bias.0") == "This panel was chosen among resolved, high-volume markets afterwards.");
  CHECK(json->at("bias.1") == "Every order of the hand-made run trades half a tick from the close.");
  CHECK(json->at("settings.venue") == "somewhere");
  CHECK(json->at("days") == "6");
  CHECK(json->at("metrics.periods_per_year") == "365");
  CHECK(std::stod(json->at("metrics.total_return")) == doctest::Approx(0.629586011).epsilon(1e-12));
  CHECK(std::stod(json->at("metrics.annual_return")) ==
        doctest::Approx(std::pow(1.629586011, 365.0 / 5.0) - 1.0).epsilon(1e-9));
  CHECK(json->at("accounts.nav") == "1629.586011");
  CHECK(json->at("accounts.conceded") == "15.000000");
  CHECK(json->at("accounts.residue") == "0.000000110000");
  CHECK(json->at("accounts.balances") == "true");
  CHECK(json->at("themes.0.gain") == "135.091011");
  CHECK(json->at("themes.1.gain") == "494.495000");
  CHECK(json->at("rebalances.1.sold") == "147.500000");
  CHECK(json->at("orders_not_executed.1.reason") == "the contract is settled");
  CHECK(json->at("settlements.0.paid") == "1000.000000");
  CHECK(json->at("data_ended.nav_if_win") == "1656.250011");
  CHECK(text.back() == '\n');
}

}  // namespace basket_test::report_daily_report
