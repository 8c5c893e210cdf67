#include "basket/core/time.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace basket_test::core_time {

using namespace basket;

TEST_CASE("every day from 1970 to 2100 prints, parses and has the weekday of std::chrono") {
  using namespace std::chrono;
  int wrong = 0;
  std::int32_t n = 0;
  for (sys_days day = sys_days(year(1970) / 1 / 1); day < sys_days(year(2101) / 1 / 1);
       day += std::chrono::days(1), ++n) {
    const year_month_day date(day);
    const auto two = [](unsigned x) { return std::string(x < 10 ? "0" : "") + std::to_string(x); };
    const std::string text = std::to_string(static_cast<int>(date.year())) + "-" +
                             two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
    const utc_day ours(n);
    wrong += to_string(ours) != text || utc_day::parse(text) != ours || ours.date() != date || utc_day(date) != ours ||
             ours.weekday() != weekday(day).c_encoding() || day_of(ours.open()) != ours ||
             day_of(ours.close()) != ours + basket::days(1) || last_closed_day(ours.close()) != ours;
  }
  CHECK(n == 47'847);
  CHECK(wrong == 0);
}

TEST_CASE("what is no ISO date is not parsed") {
  for (const char* text : {"", "2025-3-01", "2025-03-1", "2025/03/01", "2025-03-01 ", " 2025-03-01", "2025-13-01",
                           "2025-00-10", "2025-02-29", "2025-04-31", "2025-01-00", "20250301", "2025-03-0a",
                           "-025-03-01", "2025-03-01T00:00:00Z", "1900-02-29"}) {
    CAPTURE(text);
    CHECK_FALSE(utc_day::parse(text).has_value());
  }
  CHECK(to_string(*utc_day::parse("2024-02-29")) == "2024-02-29");
  CHECK(to_string(*utc_day::parse("0001-01-01")) == "0001-01-01");
  CHECK_THROWS_WITH_AS((void)utc_day(std::chrono::year(2025) / 2 / 30), "there is no such calendar date",
                       precondition_error);
}

TEST_CASE("arithmetic of days") {
  const utc_day day = *utc_day::parse("2024-12-31");
  CHECK(to_string(day + days(1)) == "2025-01-01");
  CHECK(to_string(day - days(366)) == "2023-12-31");
  CHECK(day + days(5) - day == days(5));
  CHECK((day - (day + days(5))).count == -5);
  utc_day next = day;
  CHECK(++next == day + days(1));
  CHECK(day < next);
}

TEST_CASE("24:00 belongs to the next day; before 1970 too") {
  CHECK(day_of(instant::nanoseconds(0)) == utc_day(0));
  CHECK(day_of(instant::nanoseconds(-1)) == utc_day(-1));
  CHECK(day_of(instant::nanoseconds(-nanoseconds_per_day)) == utc_day(-1));
  CHECK(day_of(instant::nanoseconds(-nanoseconds_per_day - 1)) == utc_day(-2));
  CHECK(last_closed_day(utc_day(10).open()) == utc_day(9));
  CHECK(last_closed_day(instant::nanoseconds(utc_day(10).close().nanoseconds() - 1)) == utc_day(9));
  CHECK(last_closed_day(utc_day(10).close()) == utc_day(10));
}

TEST_CASE("instants print in full and are ordered") {
  CHECK(to_string(instant::seconds(1'740'832'200)) == "2025-03-01T12:30:00.000000000Z");
  CHECK(to_string(instant::milliseconds(1'740'832'200'007)) == "2025-03-01T12:30:00.007000000Z");
  CHECK(to_string(instant::nanoseconds(-1)) == "1969-12-31T23:59:59.999999999Z");
  CHECK(to_string(instant::never()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(instant::earliest() < instant::nanoseconds(0));
  CHECK(instant::nanoseconds(0) < instant::never());
  CHECK(instant::seconds(2) == instant::milliseconds(2'000));
  CHECK(utc_day(3).close() == utc_day(4).open());
}

TEST_CASE("a stamp in a wrong unit is refused, and the ends of time neither wrap nor overflow") {
  CHECK(instant::seconds(1'735'689'600) == utc_day(20'089).open());
  CHECK(instant::milliseconds(1'735'689'600'000) == utc_day(20'089).open());
  CHECK_THROWS_WITH_AS((void)instant::seconds(1'735'689'600'000),
                       "a time stamp lies outside the years 1678 to 2261: is its unit right?", precondition_error);
  CHECK_THROWS_AS((void)instant::milliseconds(-1'735'689'600'000'000), precondition_error);
  CHECK(to_string(instant::earliest()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(to_string(instant::never()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(utc_day(200'000).close() == instant::never());
  CHECK(utc_day(-200'000).open() == instant::earliest());
  CHECK(to_string(instant::nanoseconds(-1)) == "1969-12-31T23:59:59.999999999Z");
  CHECK(later(instant::nanoseconds(5), 7) == instant::nanoseconds(12));
  CHECK(later(instant::earliest(), INT64_MAX) == instant::nanoseconds(-1));
  CHECK(later(instant::nanoseconds(INT64_MAX - 1), 1) == instant::never());
  CHECK(later(instant::nanoseconds(INT64_MAX - 1), 2) == instant::never());
}

}  // namespace basket_test::core_time
