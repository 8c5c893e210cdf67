// What readers of recordings share: rows become messages in bounded memory, in an order that the engine accepts.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/core/units.hpp"
#include "basket/files/csv.hpp"
#include "basket/files/refusal.hpp"
#include "basket/model/message.hpp"

namespace basket::files {

/// A whole number. Fails: refused_row.
[[nodiscard]] inline std::int64_t whole_in(const csv_row& row, csv_column column) {
  const std::string_view text = row[column];
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size())
    row.refuse(column, "not a whole number");
  return value;
}
/// A time stamp in whole units of `unit_ns` nanoseconds. Fails: refused_row, also outside the years 2000 to 2099.
[[nodiscard]] inline instant stamp_in(const csv_row& row, csv_column column, std::int64_t unit_ns) {
  constexpr std::int64_t first = 946'684'800, last = 4'102'444'800;  // 2000-01-01 and 2100-01-01 in seconds
  const std::int64_t value = whole_in(row, column);
  const std::int64_t units_per_second = 1'000'000'000 / unit_ns;
  if (value < first * units_per_second || value >= last * units_per_second) {
    row.refuse(column, "a time stamp outside the years 2000 to 2099: is its unit right?");
  }
  return instant::nanoseconds(value * unit_ns);
}
/// "2025-04-28T03:59:00Z". Fails: refused_row, also outside the years 2000 to 2099.
[[nodiscard]] inline instant utc_stamp_in(const csv_row& row, csv_column column) {
  const std::string_view text = row[column];
  const auto digits = [&](std::size_t at, std::int64_t below) {
    const bool two = text[at] >= '0' && text[at] <= '9' && text[at + 1] >= '0' && text[at + 1] <= '9';
    const std::int64_t value = two ? (text[at] - '0') * 10 + (text[at + 1] - '0') : below;
    if (value >= below) row.refuse(column, "not a time YYYY-MM-DDTHH:MM:SSZ");
    return value;
  };
  const std::optional<utc_day> day = text.size() == 20 ? utc_day::parse(text.substr(0, 10)) : std::nullopt;
  if (!day || text[10] != 'T' || text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
    row.refuse(column, "not a time YYYY-MM-DDTHH:MM:SSZ");
  }
  const int year = static_cast<int>(day->date().year());
  if (year < 2000 || year > 2099) row.refuse(column, "a time stamp outside the years 2000 to 2099");
  const std::int64_t seconds = (digits(11, 24) * 60 + digits(14, 60)) * 60 + digits(17, 60);
  return instant::nanoseconds(day->open().nanoseconds() + seconds * 1'000'000'000);
}
/// Dollars a share in [0, 1] with at most six decimals. Fails: refused_row.
[[nodiscard]] inline price price_in(const csv_row& row, csv_column column) {
  const std::optional<price> value = price::parse(row[column]);
  if (!value) row.refuse(column, "not a price in [0, 1] with at most six decimals");
  return *value;
}
/// Whole cents from 0 to 100. Fails: refused_row.
[[nodiscard]] inline price cents_in(const csv_row& row, csv_column column) {
  const std::int64_t value = whole_in(row, column);
  if (value < 0 || value > 100) row.refuse(column, "not a price of 0 to 100 cents");
  return price::cents(value);
}
/// A number of shares, not negative, with at most six decimals. Fails: refused_row.
[[nodiscard]] inline shares size_in(const csv_row& row, csv_column column) {
  const std::optional<shares> value = shares::parse(row[column]);
  if (!value || *value < shares{}) row.refuse(column, "not a number of shares with at most six decimals");
  return *value;
}

/// The queue between the rows of a file and the room of whoever reads messages. A row that is stamped earlier than one
/// before it was known no earlier than that one: it is delivered at that instant, and counted.
class message_queue {
 public:
  /// To be called by the parser, in the order of the file.
  void add(message m) {
    if (m.known_at < last_) {
      m.known_at = last_;
    } else {
      last_ = m.known_at;
    }
    waiting_.push_back(m);
  }
  /// A row that lies before the one in front of it.
  void note_stamp(instant stamp) {
    if (stamp < last_stamp_) ++rows_back_;
    last_stamp_ = stamp;
  }
  [[nodiscard]] std::size_t rows_back() const noexcept { return rows_back_; }

  /// Fills `room`; `parse_more()` adds the messages of the next rows and returns false at the end of the file.
  template <class ParseMore>
  std::size_t fill(std::span<message> room, const ParseMore& parse_more) {
    std::size_t filled = 0;
    while (filled < room.size()) {
      if (at_ == waiting_.size()) {
        waiting_.clear();
        at_ = 0;
        if (!parse_more() && waiting_.empty()) break;
        continue;
      }
      for (; filled < room.size() && at_ < waiting_.size(); ++filled) {
        room[filled] = waiting_[at_++];
        room[filled].row = row_++;
      }
    }
    return filled;
  }

 private:
  std::vector<message> waiting_ = {};
  std::size_t at_ = 0, rows_back_ = 0;
  std::uint32_t row_ = 0;
  instant last_ = instant::earliest();
  instant last_stamp_ = instant::earliest();
};

}  // namespace basket::files
