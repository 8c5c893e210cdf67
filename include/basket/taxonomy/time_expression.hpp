// The grammar of time in market titles: dates, months, quarters, years, clocks, ends of periods, and what leads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "basket/taxonomy/numeric_time.hpp"
#include "basket/taxonomy/title_token.hpp"
#include "basket/taxonomy/token_reader.hpp"

namespace basket::taxonomy {

/// The word that ties a title to its time, in the order of the values of `word_role::lead`; `none` when the date stands
/// alone ("2026 World Cup").
enum class time_relation : std::uint8_t { none, by, before, after, until, through, in, on, during, at, between };

/// The values of "as" and "ending" among the leads, which are no relations.
inline constexpr int as_lead = 11;
inline constexpr int ending_lead = 12;

/// When a contract is about, as far as its title says; of a range its last part, of a quarter or half its last month.
///
/// Missing: each field that the title does not state.
struct deadline {
  time_relation relation = time_relation::none;
  std::optional<int> year = {};
  std::optional<int> month = {};  ///< 1-12
  std::optional<int> day = {};    ///< 1-31, not checked against the month

  friend bool operator==(const deadline&, const deadline&) = default;
};

/// Reads time expressions in the tokens of one title. Every optional part is optional; what could be no time (a bare
/// month, a weekday) counts only behind a word that makes it one.
class time_expression {
 public:
  explicit time_expression(std::span<const title_token> tokens) : tokens_(tokens) {}

  /// The longest time expression that starts at token `i`.
  [[nodiscard]] std::optional<time_reading> read(std::size_t i) const { return read(i, 0); }

 private:
  using maybe = std::optional<time_reading>;

  // 2026, 2025-26, 2024-2026, 2025/26; one past it, or 0.
  [[nodiscard]] std::size_t read_year(std::size_t i, int& year) const {
    if (!tokens_.is_year_number(i)) return 0;
    const int first = tokens_[i].value;
    const bool joined = (tokens_.is_mark(i + 1, '-') || tokens_.glued_mark(i + 1, '/')) &&
                        tokens_.is_plain_number(i + 2) && tokens_[i + 1].spaced == tokens_[i + 2].spaced &&
                        !tokens_.is_quantity(i + 3);
    if (joined) {
      const title_token& second = tokens_[i + 2];
      if (second.digits == 4 && second.value > first && second.value <= first + 10) {
        year = second.value;
        return i + 3;
      }
      if (second.digits == 2 && !second.spaced) {
        const int gap = second.value - first % 100;
        if (gap >= 1 && gap <= 4) {
          year = first + gap;
          return i + 3;
        }
      }
    }
    if (tokens_.is_quantity(i + 1)) return 0;
    year = first;
    return i + 1;
  }

  // "-", "to", "through", "and", "/" between the ends of a range; one past it, or 0.
  [[nodiscard]] std::size_t read_range_mark(std::size_t i) const {
    if (!tokens_.has(i)) return 0;
    const title_token& token = tokens_[i];
    if (token.mark == '-' || token.mark == '/' || token.mark == '&') return i + 1;
    if (token.role == word_role::joiner) return i + 1;
    return 0;
  }

  // A year behind a date: ", 2026", "2026", "of 2026"; `i` itself when there is none.
  [[nodiscard]] std::size_t read_year_behind(std::size_t i, int& year) const {
    std::size_t at = i;
    if (tokens_.is_mark(at, ',') || tokens_.is(at, word_role::of)) ++at;
    const std::size_t end = read_year(at, year);
    return end == 0 ? i : end;
  }

  // March, March 31, March 31st, 2026, March 30 - April 2, 2026, March 2026, March-May 2026, March/April.
  [[nodiscard]] maybe read_month(std::size_t i) const {
    if (!tokens_.is(i, word_role::month)) return {};
    time_reading out;
    out.month = tokens_[i].value;
    if (tokens_[i].possessive) {
      out.end = i + 1;
      out.month_only = true;
      return out;
    }
    std::size_t at = i + 1;
    if (tokens_.glued_mark(at, '.')) ++at;
    if (tokens_.is(at, word_role::not_march)) return {};
    if (tokens_.is_day(at)) {
      std::size_t end = at + 1;
      int month = out.month;
      int day = tokens_[at].value;
      std::size_t range = read_range_mark(end);
      if (range != 0 && tokens_.is_day(range) && tokens_[range].value > day && !tokens_.is_quantity(range + 1) &&
          !tokens_.is(range + 1, word_role::month)) {
        day = tokens_[range].value;
        end = range + 1;
      } else if (range != 0 && tokens_.is(range, word_role::month) && tokens_.is_day(range + 1) &&
                 !tokens_.is_quantity(range + 2)) {
        month = tokens_[range].value;
        day = tokens_[range + 1].value;
        end = range + 2;
      } else if (tokens_.is_quantity(end) || tokens_.is(end, word_role::meridiem)) {
        end = 0;
      }
      if (end != 0) {
        out.month = month;
        out.day = day;
        out.end = read_year_behind(end, out.year);
        out.certain = true;
        return out;
      }
    }
    if (const std::size_t end = read_year_behind(at, out.year); end != at) {
      out.end = end;
      out.certain = true;
      range_to_month_year(out);
      return out;
    }
    at = i + 1;
    std::size_t months = 1;
    while ((tokens_.is_mark(at, '-') || tokens_.glued_mark(at, '/')) && tokens_.is(at + 1, word_role::month) &&
           !tokens_.is_day(at + 2)) {
      out.month = tokens_[at + 1].value;
      at += 2;
      ++months;
    }
    bool worded = false;
    if (tokens_.is(at, word_role::joiner) && tokens_.is(at + 1, word_role::month) &&
        !tokens_.is_day(at + 2)) {  // from March to April
      out.month = tokens_[at + 1].value;
      at += 2;
      worded = true;
    }
    out.end = read_year_behind(at, out.year);
    out.certain = months > 1 || out.year != 0;
    out.month_only = !out.certain && !worded;
    return out;
  }

  // "December 2025 - January 2026": the second month and year are the deadline.
  void range_to_month_year(time_reading& out) const {
    const std::size_t range = read_range_mark(out.end);
    if (range == 0 || !tokens_.is(range, word_role::month) || tokens_.is_day(range + 1)) return;
    int year = 0;
    const std::size_t end = read_year_behind(range + 1, year);
    if (end == range + 1) return;
    out.month = tokens_[range].value;
    out.year = year;
    out.end = end;
  }

  // 28 February 2026, 31st of March, 7 May.
  [[nodiscard]] maybe read_day_month(std::size_t i) const {
    if (!tokens_.is_day(i) || tokens_.is_threshold(i)) return {};
    const bool ordinal = tokens_[i].suffix == number_suffix::ordinal;
    std::size_t at = i + 1;
    const bool of = tokens_.is(at, word_role::of);
    if (of) ++at;
    if (!tokens_.is(at, word_role::month) || tokens_.is_day(at + 1)) return {};
    time_reading out;
    out.day = tokens_[i].value;
    out.month = tokens_[at].value;
    out.end = read_year_behind(at + 1, out.year);
    out.certain = (ordinal && of) || out.year != 0;
    return out;
  }

  // Q1 2026, Q1, 2026 Q1, H1 2026, 1H 2026 (a bare 1H is a half of a match), the first quarter of 2026.
  [[nodiscard]] maybe read_quarter(std::size_t i) const {
    time_reading out;
    out.certain = true;
    if (tokens_.is(i, word_role::quarter) || (tokens_.is(i, word_role::half) && tokens_[i].value > 0)) {
      const bool quarter = tokens_[i].role == word_role::quarter;
      out.month = tokens_[i].value * (quarter ? 3 : 6);
      std::size_t at = i + 1;
      while (quarter && tokens_.is_mark(at, '-') && tokens_.is(at + 1, word_role::quarter)) {
        out.month = tokens_[at + 1].value * 3;
        at += 2;
      }
      out.end = read_year_behind(at, out.year);
      out.certain = quarter || out.year != 0;
      return out;
    }
    if (tokens_.is(i, word_role::position) && tokens_[i].value > 0 && tokens_.has(i + 1) &&
        tokens_.is(i + 2, word_role::of)) {
      const bool quarter = tokens_[i + 1].role == word_role::period && tokens_[i + 1].value == 4;
      const bool half = tokens_[i + 1].role == word_role::half && tokens_[i + 1].value == 0 && tokens_[i].value < 3;
      if (quarter || half) {
        out.end = read_year(i + 3, out.year);
        out.month = tokens_[i].value * (quarter ? 3 : 6);
        if (out.end != 0) return out;
      }
    }
    return {};
  }

  // 2026, 2025-26 season's years, 2026 November, 2026 Q1.
  [[nodiscard]] maybe read_years(std::size_t i) const {
    time_reading out;
    out.end = read_year(i, out.year);
    if (out.end == 0) return {};
    out.certain = !tokens_.is_threshold(i);
    if (tokens_.is(out.end, word_role::quarter) || tokens_.is(out.end, word_role::half)) {
      out.month = tokens_[out.end].value * (tokens_[out.end].role == word_role::quarter ? 3 : 6);
      ++out.end;
    } else if (tokens_.is(out.end, word_role::month) && !tokens_.is_day(out.end + 1)) {
      int other = 0;
      if (read_year(out.end + 1, other) == 0) {
        out.month = tokens_[out.end].value;
        ++out.end;
      }
    }
    return out;
  }

  // Friday; Friday, March 6; this Friday is read by `read_relative`.
  [[nodiscard]] maybe read_weekday(std::size_t i) const {
    const bool full = tokens_.is(i, word_role::weekday);
    if (!full && !tokens_.is(i, word_role::weekday_abb)) return {};
    std::size_t at = i + 1;
    if (tokens_.glued_mark(at, '.')) ++at;
    if (tokens_.is_mark(at, ',')) ++at;
    for (maybe date : {read_month(at), read_day_month(at), detail::read_numeric_date(tokens_, at)}) {
      if (date && date->day != 0) {
        date->certain = true;
        return date;
      }
    }
    if (!full) return {};
    time_reading out;
    out.end = i + 1;
    return out;
  }

  // this week, next year's, this Friday, today at the end of the title, EOY.
  [[nodiscard]] maybe read_relative(std::size_t i) const {
    time_reading out;
    out.certain = true;
    if (tokens_.is(i, word_role::close_of)) {
      out.end = read_year_behind(i + 1, out.year);
      return out;
    }
    if (tokens_.is(i, word_role::today)) {
      std::size_t at = i + 1;
      while (tokens_.has(at) && tokens_[at].kind == token_kind::mark) ++at;
      const bool named = i > 0 && (tokens_[i - 1].role == word_role::of || tokens_[i - 1].role == word_role::the);
      if (at != tokens_.size() || named) return {};
      out.end = i + 1;
      return out;
    }
    if (!tokens_.is(i, word_role::relative) || !tokens_.has(i + 1)) return {};
    const word_role what = tokens_[i + 1].role;
    const bool season = what == word_role::season || (what == word_role::event && tokens_[i + 1].value == 1);
    if (what == word_role::period || what == word_role::weekday || what == word_role::month ||
        (season && !tokens_.is(i + 2, word_role::event))) {
      if (what == word_role::month && tokens_.is_day(i + 2)) return {};
      out.end = i + 2;
      return out;
    }
    return {};
  }

  // end of 2026, the end of March, end February, mid-2026, end of the year, year-end, the final trading day of June,
  // the week of March 3, calendar year 2026, summer of 2026.
  [[nodiscard]] maybe read_part(std::size_t i, int depth) const {
    std::size_t at = i;
    const auto skip = [&](char mark) {
      if (tokens_.glued_mark(at, mark)) ++at;
    };
    const auto inner = [&]() -> maybe {
      maybe date = depth < 4 ? read(at, depth + 1) : maybe{};
      if (date) {
        date->certain = true;
        date->month_only = false;
      }
      return date;
    };
    const bool edge = tokens_.is(i, word_role::edge);
    const bool part = tokens_.is(i, word_role::part);
    if (edge || part) {
      at = i + 1;
      skip('-');
      if (edge && tokens_.is(at, word_role::of)) {
        ++at;
        skip('-');
        if (tokens_.is(at, word_role::the)) ++at;
        if (tokens_.is(at, word_role::day_kind)) ++at;
        if (maybe date = inner()) return date;
        if (tokens_.is(at, word_role::period)) {
          time_reading out;
          out.end = at + 1;
          out.certain = true;
          return out;
        }
        return {};
      }
      if (!part && !tokens_.is_end_word(i)) return {};
      if (tokens_.is(at, word_role::month) || tokens_.is_year_number(at) || tokens_.is(at, word_role::quarter)) {
        const bool verb = !part && !tokens_.glued_mark(i + 1, '-');  // a war may end February 12
        maybe date = inner();
        if (date && verb && date->day != 0) return {};
        if (date && verb) date->certain = false;
        return date;
      }
      return {};
    }
    if (tokens_.is(i, word_role::position)) {  // first week of, final trading day of
      at = i + 1;
      if (tokens_.is(at, word_role::day_kind)) ++at;
      if (!tokens_.is(at, word_role::day_word) && !tokens_.is(at, word_role::period)) return {};
      if (!tokens_.is(at + 1, word_role::of)) return {};
      at += 2;
      if (tokens_.is(at, word_role::the)) ++at;
      return inner();
    }
    if (tokens_.is(i, word_role::period)) {  // week of March 3, month of March, year 2026, year-end 2026
      at = i + 1;
      if (tokens_.is(at, word_role::of) ||
          (tokens_.is(at, word_role::lead) && tokens_[at].value == ending_lead)) {  // of, ending
        ++at;
        if (tokens_.is(at, word_role::the)) ++at;
        return inner();
      }
      if (tokens_.glued_mark(at, '-')) ++at;
      if (tokens_.is_end_word(at)) {
        time_reading out;
        out.end = read_year_behind(at + 1, out.year);
        out.certain = true;
        return out;
      }
      if (at == i + 1 && tokens_[i].value == 5) {
        if (const maybe date = read_years(at)) return date;
      }
      return {};
    }
    if (tokens_.is(i, word_role::day_kind) && tokens_.is(i + 1, word_role::period)) {  // calendar year 2026
      maybe date = read_years(i + 2);
      return date;
    }
    if (tokens_.is(i, word_role::season)) {
      time_reading out;
      out.end = read_year_behind(i + 1, out.year);
      if (out.end == i + 1 || tokens_.is(out.end, word_role::event)) return {};
      out.certain = true;
      return out;
    }
    return {};
  }

  [[nodiscard]] maybe read(std::size_t i, int depth) const {
    if (!tokens_.has(i)) return {};
    maybe best;
    const auto consider = [&](const maybe& candidate) {
      if (candidate && (!best || candidate->end > best->end)) best = candidate;
    };
    if (tokens_[i].kind == token_kind::number) {
      consider(detail::read_date_code(tokens_, i));
      consider(detail::read_numeric_date(tokens_, i));
      if (!best) {
        consider(detail::read_clock(tokens_, i));
        consider(read_day_month(i));
        consider(read_years(i));
      }
      return best;
    }
    switch (tokens_[i].role) {
      case word_role::month:
        return read_month(i);
      case word_role::weekday:
      case word_role::weekday_abb:
        return read_weekday(i);
      case word_role::quarter:
      case word_role::half:
        return read_quarter(i);
      case word_role::noon:
        return detail::read_clock(tokens_, i);
      case word_role::relative:
      case word_role::close_of:
      case word_role::today:
        return read_relative(i);
      case word_role::position:
        consider(read_quarter(i));
        [[fallthrough]];
      case word_role::edge:
      case word_role::part:
      case word_role::period:
      case word_role::day_kind:
      case word_role::season:
        consider(read_part(i, depth));
        return best;
      default:
        return {};
    }
  }

  token_reader tokens_;
};

}  // namespace basket::taxonomy
