// Times written in numbers: numeric dates, venues' date codes, clocks.
#pragma once

#include <cstddef>
#include <optional>

#include "basket/taxonomy/title_token.hpp"
#include "basket/taxonomy/token_reader.hpp"

namespace basket::taxonomy {

/// A time expression that was read from some token on.
struct time_reading {
  std::size_t end = 0;   ///< one past the last token
  bool certain = false;  ///< time with no word in front ("March 31", "2026"); else it needs one ("March", "Friday")
  bool month_only = false;
  int year = 0;  ///< 0 where not stated, as month and day
  int month = 0;
  int day = 0;
};

namespace detail {

[[nodiscard]] constexpr bool is_month_day(int month, int day) {
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

// 2026-02-22, 2026/02/22, 2/22/2026, 22/2/2026, 2/22/26; with a word in front also 2/22.
[[nodiscard]] inline std::optional<time_reading> read_numeric_date(const token_reader& tokens, std::size_t i) {
  if (!tokens.is_plain_number(i)) return {};
  const char mark = i + 1 < tokens.size() ? tokens[i + 1].mark : '\0';
  if ((mark != '-' && mark != '/') || !tokens.glued_mark(i + 1, mark)) return {};
  const auto part = [&](std::size_t k) {
    return tokens.is_number(k) && tokens[k].value >= 0 && !tokens[k].spaced &&
           (tokens[k].suffix == number_suffix::none || tokens[k].suffix == number_suffix::clock);
  };
  if (!part(i + 2)) return {};
  const int a = tokens[i].value;
  const int b = tokens[i + 2].value;
  time_reading out;
  if (tokens.glued_mark(i + 3, mark) && part(i + 4)) {
    out.end = i + 5;
    if (tokens[i + 4].suffix == number_suffix::clock) {  // 2026-02-22T14:00:00.000Z
      while (tokens.glued_mark(out.end, ':') && tokens.is_number(out.end + 1)) out.end += 2;
    } else if (tokens.is_quantity(i + 5)) {
      return {};
    }
    const int c = tokens[i + 4].value;
    out.certain = true;
    if (tokens.is_year_number(i) && is_month_day(b, c)) {
      out.year = a, out.month = b, out.day = c;
      return out;
    }
    const bool short_year = tokens[i + 4].digits == 2 && c >= 10 && c < 50 && mark == '/';
    if (!tokens.is_year_number(i + 4) && !short_year) return {};
    out.year = short_year ? 2000 + c : c;
    if (is_month_day(a, b)) {
      out.month = a, out.day = b;
      return out;
    }
    if (is_month_day(b, a)) {
      out.month = b, out.day = a;
      return out;
    }
    return {};
  }
  if (mark != '/' || tokens.is_quantity(i + 3) || !is_month_day(a, b)) return {};
  out.end = i + 3;
  out.month = a, out.day = b;
  return out;
}

// 26MAR, 26MAR31: the value holds year, month and day, see `cut`.
[[nodiscard]] inline std::optional<time_reading> read_date_code(const token_reader& tokens, std::size_t i) {
  if (tokens[i].suffix != number_suffix::date_code || tokens[i].value < 0) return {};
  time_reading out;
  out.year = 2000 + tokens[i].value;
  out.month = tokens[i].code_month;
  out.day = tokens[i].code_day;
  out.end = i + 1;
  out.certain = true;
  return out;
}

// 3pm, 3 p.m., 3:15, 15:00; one past it, or 0.
[[nodiscard]] inline std::size_t read_clock_point(const token_reader& tokens, std::size_t i, bool& meridiem,
                                                  bool& colon) {
  if (!tokens.is_number(i) || tokens[i].value < 0 || tokens[i].digits > 2 || tokens[i].value > 24) return 0;
  std::size_t at = i;
  if (tokens[i].suffix == number_suffix::none && tokens.glued_mark(i + 1, ':') && tokens.is_number(i + 2) &&
      !tokens[i + 2].spaced && tokens[i + 2].digits == 2 && tokens[i + 2].value < 60) {
    colon = true;
    at = i + 2;
  }
  if (tokens[at].suffix == number_suffix::meridiem) {
    meridiem = true;
    return at + 1;
  }
  if (tokens[at].suffix != number_suffix::none) return 0;
  if (tokens.is(at + 1, word_role::meridiem)) {
    meridiem = true;
    return at + 2;
  }
  return at + 1;
}

// 3PM ET, 3:15-3:30PM, 8:00AM-12:00PM ET, 15:00 UTC, noon ET; a colon without am, pm or zone is a score.
[[nodiscard]] inline std::optional<time_reading> read_clock(const token_reader& tokens, std::size_t i) {
  time_reading out;
  out.certain = true;
  if (tokens.is(i, word_role::noon)) {
    out.end = i + 1;
    out.certain = tokens.is(i + 1, word_role::zone);
    if (out.certain) ++out.end;
    return out;
  }
  bool meridiem = false;
  bool colon = false;
  std::size_t end = read_clock_point(tokens, i, meridiem, colon);
  if (end == 0) return {};
  if (tokens.is_mark(end, '-') || tokens.is(end, word_role::joiner)) {
    bool second_colon = false;
    bool second_meridiem = false;
    const std::size_t second = read_clock_point(tokens, end + 1, second_meridiem, second_colon);
    if (second != 0 && (second_meridiem || (colon && second_colon))) {
      end = second;
      meridiem = meridiem || second_meridiem;
      colon = colon || second_colon;
    }
  }
  const bool zone = tokens.is(end, word_role::zone);
  if (zone) ++end;
  if (!meridiem && !(colon && zone)) return {};
  out.end = end;
  return out;
}

}  // namespace detail

}  // namespace basket::taxonomy
