// Calendars: which days count, when to rebalance, and by how many days a year a series is annualised.
#pragma once

#include <chrono>
#include <concepts>

#include "basket/core/time.hpp"

namespace basket::calendar {

/// Every UTC day: prediction markets, crypto. A year has 365 periods.
struct every_day {
  static constexpr double periods_per_year = 365.0;
  [[nodiscard]] constexpr bool is_open(utc_day) const noexcept { return true; }
};

namespace detail {

/// The day of Easter Sunday in the Gregorian calendar.
/// Source: the anonymous algorithm in Meeus, Astronomical Algorithms (1991), chapter 8.
constexpr utc_day easter(int year) {
  const int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
  const int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
  const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
  const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
  return utc_day(std::chrono::year_month_day{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                             std::chrono::day(static_cast<unsigned>(day))});
}

}  // namespace detail

/// Full trading days of the New York Stock Exchange by its holiday rules of 1998 and later, with the unscheduled
/// closures of 2001 to 2025. A year has 252 periods by convention.
///
/// Source: NYSE Rule 7.2; closures: September 2001, 2004-06-11, 2007-01-02, 2012-10-29/30, 2018-12-05, 2025-01-09.
struct nyse {
  static constexpr double periods_per_year = 252.0;

  [[nodiscard]] constexpr bool is_open(utc_day day) const {
    const unsigned weekday = day.weekday();
    if (weekday == 0 || weekday == 6) return false;
    const auto date = day.date();
    const int year = static_cast<int>(date.year());
    const unsigned month = static_cast<unsigned>(date.month()), of_month = static_cast<unsigned>(date.day());
    const auto nth = [&](unsigned m, unsigned which_weekday, unsigned n) {  // the n-th such weekday of month m
      return month == m && weekday == which_weekday && (of_month - 1) / 7 + 1 == n;
    };
    // A holiday on a Sunday moves to Monday, on a Saturday to Friday (but New Year's Day never to the year before).
    const auto fixed = [&](unsigned m, unsigned d, bool back_to_friday) {
      return month == m && (of_month == d || (weekday == 1 && of_month == d + 1) ||
                            (back_to_friday && weekday == 5 && of_month + 1 == d));
    };
    if (fixed(1, 1, false) || fixed(7, 4, true) || fixed(12, 25, true)) return false;
    if (year >= 2022 && fixed(6, 19, true)) return false;
    if (nth(1, 1, 3) || nth(2, 1, 3) || nth(9, 1, 1) || nth(11, 4, 4)) return false;  // King, Washington, Labor, Thanks
    if (month == 5 && weekday == 1 && of_month > 24) return false;                    // Memorial Day
    if (day == detail::easter(year) - days(2)) return false;                          // Good Friday
    const int stamp = year * 10000 + static_cast<int>(month * 100 + of_month);
    for (const int closed :
         {20010911, 20010912, 20010913, 20010914, 20040611, 20070102, 20121029, 20121030, 20181205, 20250109}) {
      if (stamp == closed) return false;
    }
    return true;
  }
};

/// A calendar tells which days count and how many of them make a year.
template <class C>
concept Calendar = requires(const C& c, utc_day day) {
  { c.is_open(day) } -> std::same_as<bool>;
  { C::periods_per_year } -> std::convertible_to<double>;
};

/// Rebalance on the first UTC day of each month.
struct first_of_month {
  [[nodiscard]] constexpr bool is_due(utc_day day) const { return day.date().day() == std::chrono::day(1); }
};

static_assert(Calendar<every_day> && Calendar<nyse>);

}  // namespace basket::calendar
