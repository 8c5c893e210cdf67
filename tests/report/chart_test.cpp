// The NAV chart: its script says what is drawn, and gnuplot, where it is installed, draws it.
#include "basket/report/chart.hpp"

#include <doctest/doctest.h>

#include <string>

#include "gnuplot_is_there.hpp"
#include "hand_made_run.hpp"

namespace basket_test::report_chart {

using namespace basket;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

void check_has(const std::string& text, const std::string& part) {
  CAPTURE(part);
  CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("the script holds the days, the band, the drawdown and the rebalances") {
  const std::string script = report::nav_chart{.title = "By hand", .caption = "Bias: none"}.script(hand_made::run());
  check_has(script,
            "$nav << EOD\n"
            "2025-02-01 1000.000000 1000.000000 1000.000000 0.0000\n"
            "2025-02-02 986.677499 986.677499 986.677499 -1.3323\n"
            "2025-02-03 1157.233511 1157.233511 1157.233511 0.0000\n");
  check_has(script, "2025-02-06 1629.586011 1622.920011 1656.250011 0.0000\nEOD\n");
  check_has(script, "$rebalances << EOD\n2025-02-01 0.03\n2025-02-04 0.03\nEOD\n");
  check_has(script, "set ylabel 'Net asset value (US dollars)'");
  check_has(script, "set ylabel 'Drawdown (%)'");
  check_has(script, "set xlabel 'Date (UTC)'");
  check_has(script, "'By hand'");
  check_has(script, "'Bias: none'");
  check_has(script, "\"1 Feb\\n2025\" \"2025-02-01\"");
  check_has(script, "if stale positions pay 0 to 1");
  CHECK(report::nav_chart{}.script(hand_made::run()).find("\nset label 2") == std::string::npos);
}

TEST_CASE("a day without a value interrupts the lines") {
  backtest::result run = hand_made::run();
  run.nav.erase(run.nav.begin() + 3);
  const std::string script = report::nav_chart{}.script(run);
  check_has(script, "2025-02-03 1157.233511 1157.233511 1157.233511 0.0000\n\n2025-02-05");
  CHECK(count_of(report::nav_chart{}.script(hand_made::run()), "\n\n2025") == 0);
}

TEST_CASE("without stale positions there is no band, without a fall the panel below keeps a height") {
  backtest::result run = hand_made::run();
  run.nav.resize(1);
  run.nav.push_back(run.nav[0]);
  run.nav[1].day = run.nav[0].day + days(1);
  run.decisions.clear();
  const std::string script = report::nav_chart{}.script(run);
  CHECK(script.find("title 'if stale") == std::string::npos);
  CHECK(script.find("title 'rebalance'") == std::string::npos);
  check_has(script, "set yrange [-1:0]");
}

TEST_CASE("the unit follows the size of the amounts, the tics the length of the run") {
  backtest::result run{.capital = money::dollars(100'000)};
  const utc_day first = *utc_day::parse("2024-11-10");
  for (int i = 0; i < 476; ++i) {
    run.nav.push_back({.day = first + days(i), .nav = money::dollars(100'000 + i)});
  }
  const std::string script = report::nav_chart{}.script(run);
  check_has(script, "(thousand US dollars)");
  check_has(script, "2024-11-11 100.001000");
  check_has(script, "set xtics (\"Jan\\n2025\" \"2025-01-01\", \"Mar\\n2025\" \"2025-03-01\"");
  check_has(script, "set xtics add (\"\" \"2024-12-01\" 1");
  run.capital = money::dollars(50'000'000);
  check_has(report::nav_chart{}.script(run), "(million US dollars)");
}

TEST_CASE("nonsense is refused with a sentence") {
  backtest::result run = hand_made::run();
  run.nav.resize(1);
  CHECK_THROWS_WITH_AS((void)report::nav_chart{}.script(run), "a chart needs a run of at least 2 days; this one has 1",
                       precondition_error);
  run = hand_made::run();
  run.capital = {};
  CHECK_THROWS_WITH_AS((void)report::nav_chart{}.script(run), "a chart needs a run with a positive capital",
                       precondition_error);
}

TEST_CASE("gnuplot draws the chart, the same bytes twice") {
  if (!gnuplot_is_there()) return;
  const std::string script =
      report::nav_chart{.title = "By hand: it's `touch no`", .caption = "Bias: one line"}.script(hand_made::run());
  const std::string png = report::render(script);
  CHECK(png.starts_with("\x89PNG\r\n\x1a\n"));
  CHECK(png.size() > 10'000);
  CHECK(png == report::render(script));
  // Width and height stand in the header, big-endian, at byte 16.
  CHECK(static_cast<unsigned char>(png[18]) * 256 + static_cast<unsigned char>(png[19]) == 1600);
  const report::terminal svg{.kind = report::terminal::format::svg};
  const std::string drawing = report::render(script, svg);
  CHECK(drawing.ends_with("</svg>\n\n"));
  CHECK(drawing == report::render(script, svg));
  CHECK(drawing.find("By hand: it's `touch no`") != std::string::npos);
  CHECK(drawing.find("Net asset value (US dollars)") != std::string::npos);
  CHECK(drawing.find("Drawdown (%)") != std::string::npos);
  CHECK(drawing.find("Date (UTC)") != std::string::npos);
  CHECK(drawing.find("Feb") != std::string::npos);
}

}  // namespace basket_test::report_chart
