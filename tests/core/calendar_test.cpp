#include "basket/core/calendar.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <set>
#include <string>

#include "support/data_dir.hpp"

namespace basket_test::core_calendar {

using namespace basket;

utc_day on(const char* text) { return *utc_day::parse(text); }

int sessions(int year) {
  const calendar::nyse nyse;
  int open = 0;
  const utc_day end = on((std::to_string(year + 1) + "-01-01").c_str());
  for (utc_day day = on((std::to_string(year) + "-01-01").c_str()); day < end; ++day) open += nyse.is_open(day);
  return open;
}

TEST_CASE("the exchange was open as many days a year as it says it was") {
  const std::pair<int, int> known[] = {{1999, 252}, {2000, 252}, {2001, 248}, {2002, 252}, {2004, 252},
                                       {2007, 251}, {2012, 250}, {2018, 251}, {2019, 252}, {2020, 253},
                                       {2021, 252}, {2022, 251}, {2023, 250}, {2024, 252}, {2025, 250}};
  for (const auto& [year, count] : known) {
    CAPTURE(year);
    CHECK(sessions(year) == count);
  }
}

TEST_CASE("single days of the exchange") {
  const calendar::nyse nyse;
  for (const char* closed :
       {"2024-01-01", "2024-01-15", "2024-02-19", "2024-03-29", "2024-05-27", "2024-06-19", "2024-07-04",
        "2024-09-02", "2024-11-28", "2024-12-25", "2025-01-09", "2021-07-05", "2021-12-24", "2022-12-26",
        "2023-01-02", "2022-06-20", "2012-10-29", "2001-09-14", "2024-03-30", "2024-03-31"}) {
    CAPTURE(closed);
    CHECK_FALSE(nyse.is_open(on(closed)));
  }
  for (const char* open : {"2021-12-31", "2021-06-18", "2010-12-31", "2024-07-05", "2024-11-29", "2024-04-01",
                           "2024-05-20", "2001-09-17", "2025-01-10"}) {
    CAPTURE(open);
    CHECK(nyse.is_open(on(open)));
  }
}

TEST_CASE("Easter falls where the tables have it") {
  for (const char* sunday : {"1998-04-12", "2000-04-23", "2008-03-23", "2011-04-24", "2019-04-21", "2024-03-31",
                             "2025-04-20", "2026-04-05", "2038-04-25", "2049-04-18"}) {
    CAPTURE(sunday);
    CHECK(calendar::detail::easter(static_cast<int>(on(sunday).date().year())) == on(sunday));
  }
}

TEST_CASE("every day counts, and months begin once a month") {
  int due = 0;
  for (utc_day day = on("2024-01-01"); day < on("2026-01-01"); ++day) {
    CHECK(calendar::every_day{}.is_open(day));
    due += calendar::first_of_month{}.is_due(day);
  }
  CHECK(due == 24);
  CHECK(calendar::first_of_month{}.is_due(on("2024-02-01")));
  CHECK_FALSE(calendar::first_of_month{}.is_due(on("2024-02-29")));
  CHECK(calendar::every_day::periods_per_year == 365.0);
  CHECK(calendar::nyse::periods_per_year == 252.0);
}

struct without_year {
  bool is_open(utc_day) const { return true; }
};
struct with_the_wrong_answer {
  static constexpr double periods_per_year = 1.0;
  int is_open(utc_day) const { return 1; }
};
static_assert(!calendar::Calendar<without_year> && !calendar::Calendar<with_the_wrong_answer>);
static_assert(!calendar::Calendar<calendar::first_of_month>);

TEST_SUITE("slow core.calendar") {
  TEST_CASE("the exchange's days are those on which SPY closed") {
    const auto data = basket_test::data_dir("the SPY days against the calendar");
    if (!data) return;
    const std::string command = "gzip -dc '" + (*data / "factors" / "factors_daily.csv.gz").string() + "'";
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::set<utc_day> traded;
    char line[512];
    while (std::fgets(line, sizeof line, pipe) != nullptr) {
      const std::string_view text(line);
      if (text.substr(10, 5) == ",SPY,") traded.insert(on(std::string(text.substr(0, 10)).c_str()));
    }
    CHECK(::pclose(pipe) == 0);
    REQUIRE(traded.size() > 1300);
    const calendar::nyse nyse;
    for (utc_day day = *traded.begin(); day <= *traded.rbegin(); ++day) {
      CAPTURE(to_string(day));
      CHECK(nyse.is_open(day) == traded.contains(day));
    }
  }
}

}  // namespace basket_test::core_calendar
