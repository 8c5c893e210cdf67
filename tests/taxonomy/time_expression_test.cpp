#include "basket/taxonomy/time_expression.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace basket_test::taxonomy_time_expression {

using namespace basket::taxonomy;

// What was read at the first token: "year-month-day, tokens", with '?' when it needs a word in front.
std::string read(std::string_view text) {
  std::string folded = fold(text);
  std::vector<title_token> tokens;
  cut(folded, tokens);
  const std::optional<time_reading> time = time_expression(tokens).read(0);
  if (!time) return "none";
  CHECK(time->end <= tokens.size());
  return std::to_string(time->year) + "-" + std::to_string(time->month) + "-" + std::to_string(time->day) + "," +
         (time->end == tokens.size() ? "all" : std::to_string(time->end)) + (time->certain ? "" : "?");
}

TEST_CASE("days") {
  CHECK(read("March 31") == "0-3-31,all");
  CHECK(read("March 31st, 2026") == "2026-3-31,all");
  CHECK(read("Mar. 31 2026") == "2026-3-31,all");
  CHECK(read("31 March 2026") == "2026-3-31,all");
  CHECK(read("31st of March") == "0-3-31,all");
  CHECK(read("7 May") == "0-5-7,all?");
  CHECK(read("Friday, March 6") == "0-3-6,all");
  CHECK(read("2026-02-22") == "2026-2-22,all");
  CHECK(read("2026/02/22") == "2026-2-22,all");
  CHECK(read("2/22/2026") == "2026-2-22,all");
  CHECK(read("22/2/2026") == "2026-2-22,all");
  CHECK(read("2/22/26") == "2026-2-22,all");
  CHECK(read("2/22") == "0-2-22,all?");
  CHECK(read("2025-09-01T14:00:00.000Z") == "2025-9-1,all");
  CHECK(read("26MAR31") == "2026-3-31,all");
  CHECK(read("26MAR") == "2026-3-0,all");
}

TEST_CASE("ranges give their last part") {
  CHECK(read("February 20-23, 2026") == "2026-2-23,all");
  CHECK(read("February 28 - March 3") == "0-3-3,all");
  CHECK(read("December 26 to January 2, 2026") == "2026-1-2,all");
  CHECK(read("December 2025 - January 2026") == "2026-1-0,all");
  CHECK(read("March to April 2026") == "2026-4-0,all");
  CHECK(read("Dec-Jan-Mar") == "0-3-0,all");
  CHECK(read("2024-2026") == "2026-0-0,all");
  CHECK(read("2025-26") == "2026-0-0,all");
  CHECK(read("2025/26") == "2026-0-0,all");
}

TEST_CASE("months, quarters, years and their parts") {
  CHECK(read("March 2026") == "2026-3-0,all");
  CHECK(read("2026 November") == "2026-11-0,all");
  CHECK(read("March") == "0-3-0,all?");
  CHECK(read("February's") == "0-2-0,all?");
  CHECK(read("Friday") == "0-0-0,all?");
  CHECK(read("Q1") == "0-3-0,all");
  CHECK(read("Q3 2026") == "2026-9-0,all");
  CHECK(read("2026 Q1") == "2026-3-0,all");
  CHECK(read("H1 2026") == "2026-6-0,all");
  CHECK(read("H1") == "0-6-0,all?");
  CHECK(read("first quarter of 2026") == "2026-3-0,all");
  CHECK(read("second half of 2026") == "2026-12-0,all");
  CHECK(read("2026") == "2026-0-0,all");
  CHECK(read("end of 2026") == "2026-0-0,all");
  CHECK(read("end of the year") == "0-0-0,all");
  CHECK(read("mid-2026") == "2026-0-0,all");
  CHECK(read("early March") == "0-3-0,all");
  CHECK(read("year-end 2026") == "2026-0-0,all");
  CHECK(read("final trading day of June 2026") == "2026-6-0,all");
  CHECK(read("week of March 3") == "0-3-3,all");
  CHECK(read("week ending March 3") == "0-3-3,all");
  CHECK(read("calendar year 2026") == "2026-0-0,all");
  CHECK(read("summer of 2026") == "2026-0-0,all");
  CHECK(read("this week") == "0-0-0,all");
  CHECK(read("next Friday") == "0-0-0,all");
  CHECK(read("EOY 2026") == "2026-0-0,all");
  CHECK(read("today?") == "0-0-0,1");
}

TEST_CASE("clocks") {
  for (const std::string_view clock :
       {"3PM", "3 p.m. ET", "3PM-4PM ET", "3:15-3:30PM", "8:00AM-12:00PM ET", "15:00 UTC", "noon ET"}) {
    CHECK_MESSAGE(read(clock) == "0-0-0,all", clock);
  }
  CHECK(read("noon") == "0-0-0,all?");
}

TEST_CASE("near misses are no time") {
  for (const std::string_view text : {"3:15",
                                      "25 bps",
                                      "0-4",
                                      "35-64",
                                      "2,026",
                                      "2026.5",
                                      "2026%",
                                      "2026+",
                                      "2026 seats",
                                      "1984",
                                      "2077",
                                      "2000",
                                      "13/45",
                                      "today show",
                                      "March Madness",
                                      "first round of 2026",
                                      "1H",
                                      "end the war",
                                      "end February 12",
                                      "summer olympics",
                                      "week 5",
                                      "this deal",
                                      "may the best win",
                                      "close above",
                                      "\"March 31\""}) {
    const std::string found = read(text);
    const bool none = found == "none" || found.ends_with("?");
    CHECK_MESSAGE(none, text, " -> ", found);
  }
  CHECK(read("March 25 bps") == "0-3-0,1?");  // the 25 is a quantity
  CHECK(read("March 5%") == "0-3-0,1?");
  CHECK(read("March 31-5") == "0-3-0,1?");  // no range backwards
}

}  // namespace basket_test::taxonomy_time_expression
