// Fields of a row as values: ids, texts, dates, amounts, prices. What does not fit is refused with its reason.
#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/core/units.hpp"
#include "basket/files/csv.hpp"

namespace basket::files {

/// True when `text` is UTF-8: no stray or missing continuation bytes, no overlong forms, no surrogates.
/// Source: The Unicode Standard, table 3-7.
[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i <= more) return false;
    const unsigned least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    const unsigned most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (byte(i + 1) < least || byte(i + 1) > most) return false;
    for (std::size_t k = 2; k <= more; ++k) {
      if (byte(i + k) < 0x80 || byte(i + k) > 0xbf) return false;
    }
    i += more + 1;
  }
  return true;
}

/// A text, which may be empty.
[[nodiscard]] inline std::string text_in(const csv_row& row, csv_column column) {
  if (!is_utf8(row[column])) row.refuse(column, "not UTF-8");
  return std::string(row[column]);
}

/// A name that other tables refer to: not empty, no control characters, no blanks at its ends.
[[nodiscard]] inline std::string id_in(const csv_row& row, csv_column column) {
  const std::string_view text = row[column];
  if (text.empty()) row.refuse(column, "empty");
  if (text.front() == ' ' || text.back() == ' ') row.refuse(column, "a blank at the beginning or the end");
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) row.refuse(column, "a control character");
  }
  return text_in(row, column);
}

/// The parts of a text between '|', without empty ones.
[[nodiscard]] inline std::vector<std::string> list_in(const csv_row& row, csv_column column) {
  const std::string text = text_in(row, column);
  std::vector<std::string> parts;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('|', from), text.size());
    if (to != from) parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

/// A UTC day "2025-03-01".
[[nodiscard]] inline utc_day date_in(const csv_row& row, csv_column column) {
  if (row[column].empty()) row.refuse(column, "empty");
  const std::optional<utc_day> day = utc_day::parse(row[column]);
  if (!day) row.refuse(column, "not a calendar date YYYY-MM-DD");
  return *day;
}
/// A UTC day of the years 2000 to 2099, for rows of a panel: a mistyped year must not make one of a million days.
[[nodiscard]] inline utc_day panel_day_in(const csv_row& row, csv_column column) {
  const utc_day day = date_in(row, column);
  const int year = static_cast<int>(day.date().year());
  if (year < 2000 || year > 2099) row.refuse(column, "a date outside the years 2000 to 2099");
  return day;
}
[[nodiscard]] inline std::optional<utc_day> optional_date_in(const csv_row& row, csv_column column) {
  return row[column].empty() ? std::nullopt : std::optional(date_in(row, column));
}

/// A finite decimal number.
[[nodiscard]] inline double number_in(const csv_row& row, csv_column column) {
  const std::string_view text = row[column];
  if (text.empty()) row.refuse(column, "empty");
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) row.refuse(column, "a number out of range");
  if (error != std::errc() || end != text.data() + text.size()) row.refuse(column, "not a number");
  if (!std::isfinite(value)) row.refuse(column, "not a finite number");
  return value;
}

/// A probability in [0, 1].
[[nodiscard]] inline double close_in(const csv_row& row, csv_column column) {
  const double value = number_in(row, column);
  if (!(value >= 0.0 && value <= 1.0)) row.refuse(column, "outside [0, 1]");
  return value == 0.0 ? 0.0 : value;  // "-0" is zero
}

/// A finite number that is not negative; empty is unknown.
[[nodiscard]] inline std::optional<double> amount_in(const csv_row& row, csv_column column) {
  if (row[column].empty()) return std::nullopt;
  const double value = number_in(row, column);
  if (value < 0.0) row.refuse(column, "negative");
  return value;
}

/// Dollars a share in [0, 1], exact to 1e-6; empty is unknown.
[[nodiscard]] inline std::optional<price> payout_in(const csv_row& row, csv_column column) {
  if (row[column].empty()) return std::nullopt;
  const std::optional<price> value = price::parse(row[column]);
  if (!value) row.refuse(column, "not a payout in [0, 1] with at most six decimals");
  return value;
}

}  // namespace basket::files
