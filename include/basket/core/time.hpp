// Instants, UTC days and ISO texts. No clock is read anywhere in the library.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "basket/core/error.hpp"

namespace basket {

/// A whole number of calendar days; may be negative as a difference.
struct days {
  std::int32_t count = 0;
  constexpr days() = default;
  constexpr explicit days(std::int32_t n) noexcept : count(n) {}
  friend constexpr auto operator<=>(days, days) noexcept = default;
};

/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
class instant {
 public:
  constexpr instant() noexcept = default;
  [[nodiscard]] static constexpr instant nanoseconds(std::int64_t since_epoch) noexcept { return instant(since_epoch); }
  /// Fails: precondition_error outside the years 1678 to 2261, which is what a stamp in a wrong unit looks like.
  [[nodiscard]] static constexpr instant milliseconds(std::int64_t since_epoch) {
    return scaled(since_epoch, 1'000'000);
  }
  /// Fails: precondition_error outside the years 1678 to 2261.
  [[nodiscard]] static constexpr instant seconds(std::int64_t since_epoch) {
    return scaled(since_epoch, 1'000'000'000);
  }
  /// Before everything; what is known from here on was always known.
  [[nodiscard]] static constexpr instant earliest() noexcept { return instant(INT64_MIN); }
  /// After everything: never known.
  [[nodiscard]] static constexpr instant never() noexcept { return instant(INT64_MAX); }
  [[nodiscard]] constexpr std::int64_t nanoseconds() const noexcept { return since_epoch_; }
  friend constexpr auto operator<=>(instant, instant) noexcept = default;

 private:
  constexpr explicit instant(std::int64_t since_epoch) noexcept : since_epoch_(since_epoch) {}
  static constexpr instant scaled(std::int64_t count, std::int64_t unit) {
    if (count > INT64_MAX / unit || count < INT64_MIN / unit) {
      throw precondition_error("a time stamp lies outside the years 1678 to 2261: is its unit right?");
    }
    return instant(count * unit);
  }
  std::int64_t since_epoch_ = 0;
};

/// The instant so many nanoseconds behind another; never() where there is none.
[[nodiscard]] constexpr instant later(instant when, std::int64_t nanoseconds) noexcept {
  std::int64_t sum = 0;
  return __builtin_add_overflow(when.nanoseconds(), nanoseconds, &sum) ? instant::never() : instant::nanoseconds(sum);
}

inline constexpr std::int64_t nanoseconds_per_day = 86'400'000'000'000;

/// One calendar day in UTC.
class utc_day {
 public:
  constexpr utc_day() noexcept = default;
  constexpr explicit utc_day(std::int32_t since_epoch) noexcept : since_epoch_(since_epoch) {}
  constexpr explicit utc_day(std::chrono::year_month_day date)
      : since_epoch_(static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count())) {
    if (!date.ok()) throw precondition_error("there is no such calendar date");
  }
  /// The day of an ISO date "2025-03-01"; empty when it is not one or there is no such date.
  [[nodiscard]] static constexpr std::optional<utc_day> parse(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    int part[3] = {0, 0, 0};
    for (std::size_t i = 0, p = 0; i < 10; ++i) {
      if (i == 4 || i == 7) {
        ++p;
      } else if (text[i] < '0' || text[i] > '9') {
        return std::nullopt;
      } else {
        part[p] = part[p] * 10 + (text[i] - '0');
      }
    }
    const std::chrono::year_month_day date{std::chrono::year(part[0]),
                                           std::chrono::month(static_cast<unsigned>(part[1])),
                                           std::chrono::day(static_cast<unsigned>(part[2]))};
    if (!date.ok()) return std::nullopt;
    return utc_day(date);
  }
  [[nodiscard]] constexpr std::int32_t since_epoch() const noexcept { return since_epoch_; }
  [[nodiscard]] constexpr std::chrono::year_month_day date() const {
    return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(since_epoch_)));
  }
  /// 0 = Sunday .. 6 = Saturday.
  [[nodiscard]] constexpr unsigned weekday() const {
    return std::chrono::weekday(std::chrono::sys_days(std::chrono::days(since_epoch_))).c_encoding();
  }
  /// 00:00 UTC of this day; the earliest or last instant where the day lies outside the years 1678 to 2261.
  [[nodiscard]] constexpr instant open() const noexcept { return midnight(since_epoch_); }
  /// 24:00 UTC of this day: when its close is known.
  [[nodiscard]] constexpr instant close() const noexcept { return midnight(std::int64_t{since_epoch_} + 1); }
  constexpr utc_day& operator++() noexcept {
    ++since_epoch_;
    return *this;
  }
  friend constexpr auto operator<=>(utc_day, utc_day) noexcept = default;
  friend constexpr utc_day operator+(utc_day day, days n) noexcept { return utc_day(day.since_epoch_ + n.count); }
  friend constexpr utc_day operator-(utc_day day, days n) noexcept { return utc_day(day.since_epoch_ - n.count); }
  friend constexpr days operator-(utc_day a, utc_day b) noexcept { return days(a.since_epoch_ - b.since_epoch_); }
  friend std::string to_string(utc_day day) {
    const auto date = day.date();
    std::string text = std::to_string(static_cast<int>(date.year()));
    text.insert(0, text.size() < 4 ? 4 - text.size() : 0, '0');
    const auto two = [](unsigned n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return text + "-" + two(static_cast<unsigned>(date.month())) + "-" + two(static_cast<unsigned>(date.day()));
  }

 private:
  static constexpr instant midnight(std::int64_t day) noexcept {
    if (day > INT64_MAX / nanoseconds_per_day) return instant::never();
    if (day < INT64_MIN / nanoseconds_per_day) return instant::earliest();
    return instant::nanoseconds(day * nanoseconds_per_day);
  }
  std::int32_t since_epoch_ = 0;
};

/// The UTC day that an instant lies in; 24:00 belongs to the next day.
[[nodiscard]] constexpr utc_day day_of(instant when) noexcept {
  const std::int64_t n = when.nanoseconds();
  std::int64_t day = n / nanoseconds_per_day;
  if (n % nanoseconds_per_day < 0) --day;
  return utc_day(static_cast<std::int32_t>(day));
}

/// The last UTC day whose close is known at `now`.
[[nodiscard]] constexpr utc_day last_closed_day(instant now) noexcept { return day_of(now) - days(1); }

/// "2025-03-01T12:30:00.000000000Z".
[[nodiscard]] inline std::string to_string(instant when) {
  const utc_day day = day_of(when);
  std::int64_t rest = when.nanoseconds() % nanoseconds_per_day;
  if (rest < 0) rest += nanoseconds_per_day;
  const auto padded = [](std::int64_t n, std::size_t width) {
    std::string text = std::to_string(n);
    return std::string(width - text.size(), '0') + text;
  };
  const std::int64_t nanos = rest % 1'000'000'000;
  rest /= 1'000'000'000;
  return to_string(day) + "T" + padded(rest / 3600, 2) + ":" + padded(rest / 60 % 60, 2) + ":" + padded(rest % 60, 2) +
         "." + padded(nanos, 9) + "Z";
}

}  // namespace basket
