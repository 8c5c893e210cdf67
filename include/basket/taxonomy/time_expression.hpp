// The grammar of time in market titles: dates, months, quarters, years, clocks, ends of periods, and what leads them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "basket/taxonomy/title_token.hpp"

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
  /// What was read: tokens [from, end).
  struct reading {
    std::size_t end = 0;   ///< one past the last token
    bool certain = false;  ///< time with no word in front ("March 31", "2026"); else it needs one ("March", "Friday")
    bool month_only = false;
    int year = 0;  ///< 0 where not stated, as month and day
    int month = 0;
    int day = 0;
  };

  explicit time_expression(std::span<const title_token> tokens) : tokens_(tokens) {}

  /// The longest time expression that starts at token `i`.
  [[nodiscard]] std::optional<reading> read(std::size_t i) const { return read(i, 0); }

 private:
  using maybe = std::optional<reading>;

  [[nodiscard]] bool has(std::size_t i) const { return i < tokens_.size() && !tokens_[i].quoted; }
  [[nodiscard]] bool is(std::size_t i, word_role role) const { return has(i) && tokens_[i].role == role; }
  [[nodiscard]] bool is_mark(std::size_t i, char mark) const { return has(i) && tokens_[i].mark == mark; }
  [[nodiscard]] bool glued_mark(std::size_t i, char mark) const { return is_mark(i, mark) && !tokens_[i].spaced; }
  [[nodiscard]] bool is_number(std::size_t i) const { return has(i) && tokens_[i].kind == token_kind::number; }
  [[nodiscard]] bool is_plain_number(std::size_t i) const {
    return is_number(i) && tokens_[i].value >= 0 && tokens_[i].suffix == number_suffix::none;
  }

  // A quantity: the number's end at `next` shows a unit, a percent, a plus or a compound word.
  [[nodiscard]] bool is_quantity(std::size_t next) const {
    if (!has(next)) return false;
    const title_token& token = tokens_[next];
    if (token.role == word_role::unit || token.mark == '%') return true;
    if (token.mark == '+' && !token.spaced) return true;
    if (!token.spaced && (token.mark == '-' || token.mark == '/' || token.mark == '.' || token.mark == ':')) {
      return next + 1 < tokens_.size() && !tokens_[next + 1].spaced &&
             (tokens_[next + 1].kind == token_kind::word || tokens_[next + 1].kind == token_kind::number ||
              tokens_[next + 1].kind == token_kind::amount);
    }
    return false;
  }

  [[nodiscard]] bool is_year_number(std::size_t i) const {
    return is_plain_number(i) && tokens_[i].digits == 4 && tokens_[i].value >= 2010 && tokens_[i].value < 2050;
  }

  // A number behind a comparator, a sign or a glued mark is a threshold or part of a name.
  [[nodiscard]] bool is_threshold(std::size_t i) const {
    if (i == 0) return false;
    const title_token& before = tokens_[i - 1];
    if (before.role == word_role::comparator) return true;
    if (before.kind != token_kind::mark) return false;
    if (before.mark == '#' || before.mark == '>' || before.mark == '<' || before.mark == '+' || before.mark == '$') {
      return true;
    }
    return (before.mark == '-' || before.mark == '/' || before.mark == '.') && !tokens_[i].spaced;
  }

  // 2026, 2025-26, 2024-2026, 2025/26; one past it, or 0.
  [[nodiscard]] std::size_t read_year(std::size_t i, int& year) const {
    if (!is_year_number(i)) return 0;
    const int first = tokens_[i].value;
    const bool joined = (is_mark(i + 1, '-') || glued_mark(i + 1, '/')) && is_plain_number(i + 2) &&
                        tokens_[i + 1].spaced == tokens_[i + 2].spaced && !is_quantity(i + 3);
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
    if (is_quantity(i + 1)) return 0;
    year = first;
    return i + 1;
  }

  [[nodiscard]] bool is_day(std::size_t i) const {
    return is_number(i) && tokens_[i].value >= 1 && tokens_[i].value <= 31 && tokens_[i].digits <= 2 &&
           (tokens_[i].suffix == number_suffix::none || tokens_[i].suffix == number_suffix::ordinal);
  }

  // "-", "to", "through", "and", "/" between the ends of a range; one past it, or 0.
  [[nodiscard]] std::size_t read_range_mark(std::size_t i) const {
    if (!has(i)) return 0;
    const title_token& token = tokens_[i];
    if (token.mark == '-' || token.mark == '/' || token.mark == '&') return i + 1;
    if (token.role == word_role::joiner) return i + 1;
    return 0;
  }

  // A year behind a date: ", 2026", "2026", "of 2026"; `i` itself when there is none.
  [[nodiscard]] std::size_t read_year_behind(std::size_t i, int& year) const {
    std::size_t at = i;
    if (is_mark(at, ',') || is(at, word_role::of)) ++at;
    const std::size_t end = read_year(at, year);
    return end == 0 ? i : end;
  }

  // March, March 31, March 31st, 2026, March 30 - April 2, 2026, March 2026, March-May 2026, March/April.
  [[nodiscard]] maybe read_month(std::size_t i) const {
    if (!is(i, word_role::month)) return {};
    reading out;
    out.month = tokens_[i].value;
    if (tokens_[i].possessive) {
      out.end = i + 1;
      out.month_only = true;
      return out;
    }
    std::size_t at = i + 1;
    if (glued_mark(at, '.')) ++at;
    if (is(at, word_role::not_march)) return {};
    if (is_day(at)) {
      std::size_t end = at + 1;
      int month = out.month;
      int day = tokens_[at].value;
      std::size_t range = read_range_mark(end);
      if (range != 0 && is_day(range) && tokens_[range].value > day && !is_quantity(range + 1) &&
          !is(range + 1, word_role::month)) {
        day = tokens_[range].value;
        end = range + 1;
      } else if (range != 0 && is(range, word_role::month) && is_day(range + 1) && !is_quantity(range + 2)) {
        month = tokens_[range].value;
        day = tokens_[range + 1].value;
        end = range + 2;
      } else if (is_quantity(end) || is(end, word_role::meridiem)) {
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
    while ((is_mark(at, '-') || glued_mark(at, '/')) && is(at + 1, word_role::month) && !is_day(at + 2)) {
      out.month = tokens_[at + 1].value;
      at += 2;
      ++months;
    }
    bool worded = false;
    if (is(at, word_role::joiner) && is(at + 1, word_role::month) && !is_day(at + 2)) {  // from March to April
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
  void range_to_month_year(reading& out) const {
    const std::size_t range = read_range_mark(out.end);
    if (range == 0 || !is(range, word_role::month) || is_day(range + 1)) return;
    int year = 0;
    const std::size_t end = read_year_behind(range + 1, year);
    if (end == range + 1) return;
    out.month = tokens_[range].value;
    out.year = year;
    out.end = end;
  }

  // 28 February 2026, 31st of March, 7 May.
  [[nodiscard]] maybe read_day_month(std::size_t i) const {
    if (!is_day(i) || is_threshold(i)) return {};
    const bool ordinal = tokens_[i].suffix == number_suffix::ordinal;
    std::size_t at = i + 1;
    const bool of = is(at, word_role::of);
    if (of) ++at;
    if (!is(at, word_role::month) || is_day(at + 1)) return {};
    reading out;
    out.day = tokens_[i].value;
    out.month = tokens_[at].value;
    out.end = read_year_behind(at + 1, out.year);
    out.certain = (ordinal && of) || out.year != 0;
    return out;
  }

  // 2026-02-22, 2026/02/22, 2/22/2026, 22/2/2026, 2/22/26; with a word in front also 2/22.
  [[nodiscard]] maybe read_numeric_date(std::size_t i) const {
    if (!is_plain_number(i)) return {};
    const char mark = i + 1 < tokens_.size() ? tokens_[i + 1].mark : '\0';
    if ((mark != '-' && mark != '/') || !glued_mark(i + 1, mark)) return {};
    const auto part = [&](std::size_t k) {
      return is_number(k) && tokens_[k].value >= 0 && !tokens_[k].spaced &&
             (tokens_[k].suffix == number_suffix::none || tokens_[k].suffix == number_suffix::clock);
    };
    if (!part(i + 2)) return {};
    const int a = tokens_[i].value;
    const int b = tokens_[i + 2].value;
    reading out;
    if (glued_mark(i + 3, mark) && part(i + 4)) {
      out.end = i + 5;
      if (tokens_[i + 4].suffix == number_suffix::clock) {  // 2026-02-22T14:00:00.000Z
        while (glued_mark(out.end, ':') && is_number(out.end + 1)) out.end += 2;
      } else if (is_quantity(i + 5)) {
        return {};
      }
      const int c = tokens_[i + 4].value;
      out.certain = true;
      if (is_year_number(i) && is_month_day(b, c)) {
        out.year = a, out.month = b, out.day = c;
        return out;
      }
      const bool short_year = tokens_[i + 4].digits == 2 && c >= 10 && c < 50 && mark == '/';
      if (!is_year_number(i + 4) && !short_year) return {};
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
    if (mark != '/' || is_quantity(i + 3) || !is_month_day(a, b)) return {};
    out.end = i + 3;
    out.month = a, out.day = b;
    return out;
  }

  // 26MAR, 26MAR31: the value holds year, month and day, see `cut`.
  [[nodiscard]] maybe read_date_code(std::size_t i) const {
    if (tokens_[i].suffix != number_suffix::date_code || tokens_[i].value < 0) return {};
    reading out;
    out.year = 2000 + tokens_[i].value;
    out.month = tokens_[i].code_month;
    out.day = tokens_[i].code_day;
    out.end = i + 1;
    out.certain = true;
    return out;
  }

  static bool is_month_day(int month, int day) { return month >= 1 && month <= 12 && day >= 1 && day <= 31; }

  // 3pm, 3 p.m., 3:15, 15:00; one past it, or 0.
  [[nodiscard]] std::size_t read_clock_point(std::size_t i, bool& meridiem, bool& colon) const {
    if (!is_number(i) || tokens_[i].value < 0 || tokens_[i].digits > 2 || tokens_[i].value > 24) return 0;
    std::size_t at = i;
    if (tokens_[i].suffix == number_suffix::none && glued_mark(i + 1, ':') && is_number(i + 2) &&
        !tokens_[i + 2].spaced && tokens_[i + 2].digits == 2 && tokens_[i + 2].value < 60) {
      colon = true;
      at = i + 2;
    }
    if (tokens_[at].suffix == number_suffix::meridiem) {
      meridiem = true;
      return at + 1;
    }
    if (tokens_[at].suffix != number_suffix::none) return 0;
    if (is(at + 1, word_role::meridiem)) {
      meridiem = true;
      return at + 2;
    }
    return at + 1;
  }

  // 3PM ET, 3:15-3:30PM, 8:00AM-12:00PM ET, 15:00 UTC, noon ET; a colon without am, pm or zone is a score.
  [[nodiscard]] maybe read_clock(std::size_t i) const {
    reading out;
    out.certain = true;
    if (is(i, word_role::noon)) {
      out.end = i + 1;
      out.certain = is(i + 1, word_role::zone);
      if (out.certain) ++out.end;
      return out;
    }
    bool meridiem = false;
    bool colon = false;
    std::size_t end = read_clock_point(i, meridiem, colon);
    if (end == 0) return {};
    if (is_mark(end, '-') || is(end, word_role::joiner)) {
      bool second_colon = false;
      bool second_meridiem = false;
      const std::size_t second = read_clock_point(end + 1, second_meridiem, second_colon);
      if (second != 0 && (second_meridiem || (colon && second_colon))) {
        end = second;
        meridiem = meridiem || second_meridiem;
        colon = colon || second_colon;
      }
    }
    const bool zone = is(end, word_role::zone);
    if (zone) ++end;
    if (!meridiem && !(colon && zone)) return {};
    out.end = end;
    return out;
  }

  // Q1 2026, Q1, 2026 Q1, H1 2026, 1H 2026 (a bare 1H is a half of a match), the first quarter of 2026.
  [[nodiscard]] maybe read_quarter(std::size_t i) const {
    reading out;
    out.certain = true;
    if (is(i, word_role::quarter) || (is(i, word_role::half) && tokens_[i].value > 0)) {
      const bool quarter = tokens_[i].role == word_role::quarter;
      out.month = tokens_[i].value * (quarter ? 3 : 6);
      std::size_t at = i + 1;
      while (quarter && is_mark(at, '-') && is(at + 1, word_role::quarter)) {
        out.month = tokens_[at + 1].value * 3;
        at += 2;
      }
      out.end = read_year_behind(at, out.year);
      out.certain = quarter || out.year != 0;
      return out;
    }
    if (is(i, word_role::position) && tokens_[i].value > 0 && has(i + 1) && is(i + 2, word_role::of)) {
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
    reading out;
    out.end = read_year(i, out.year);
    if (out.end == 0) return {};
    out.certain = !is_threshold(i);
    if (is(out.end, word_role::quarter) || is(out.end, word_role::half)) {
      out.month = tokens_[out.end].value * (tokens_[out.end].role == word_role::quarter ? 3 : 6);
      ++out.end;
    } else if (is(out.end, word_role::month) && !is_day(out.end + 1)) {
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
    const bool full = is(i, word_role::weekday);
    if (!full && !is(i, word_role::weekday_abb)) return {};
    std::size_t at = i + 1;
    if (glued_mark(at, '.')) ++at;
    if (is_mark(at, ',')) ++at;
    for (maybe date : {read_month(at), read_day_month(at), read_numeric_date(at)}) {
      if (date && date->day != 0) {
        date->certain = true;
        return date;
      }
    }
    if (!full) return {};
    reading out;
    out.end = i + 1;
    return out;
  }

  // this week, next year's, this Friday, today at the end of the title, EOY.
  [[nodiscard]] maybe read_relative(std::size_t i) const {
    reading out;
    out.certain = true;
    if (is(i, word_role::close_of)) {
      out.end = read_year_behind(i + 1, out.year);
      return out;
    }
    if (is(i, word_role::today)) {
      std::size_t at = i + 1;
      while (has(at) && tokens_[at].kind == token_kind::mark) ++at;
      const bool named = i > 0 && (tokens_[i - 1].role == word_role::of || tokens_[i - 1].role == word_role::the);
      if (at != tokens_.size() || named) return {};
      out.end = i + 1;
      return out;
    }
    if (!is(i, word_role::relative) || !has(i + 1)) return {};
    const word_role what = tokens_[i + 1].role;
    const bool season = what == word_role::season || (what == word_role::event && tokens_[i + 1].value == 1);
    if (what == word_role::period || what == word_role::weekday || what == word_role::month ||
        (season && !is(i + 2, word_role::event))) {
      if (what == word_role::month && is_day(i + 2)) return {};
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
      if (glued_mark(at, mark)) ++at;
    };
    const auto inner = [&]() -> maybe {
      maybe date = depth < 4 ? read(at, depth + 1) : maybe{};
      if (date) {
        date->certain = true;
        date->month_only = false;
      }
      return date;
    };
    const bool edge = is(i, word_role::edge);
    const bool part = is(i, word_role::part);
    if (edge || part) {
      at = i + 1;
      skip('-');
      if (edge && is(at, word_role::of)) {
        ++at;
        skip('-');
        if (is(at, word_role::the)) ++at;
        if (is(at, word_role::day_kind)) ++at;
        if (maybe date = inner()) return date;
        if (is(at, word_role::period)) {
          reading out;
          out.end = at + 1;
          out.certain = true;
          return out;
        }
        return {};
      }
      if (!part && !is_end_word(i)) return {};
      if (is(at, word_role::month) || is_year_number(at) || is(at, word_role::quarter)) {
        const bool verb = !part && !glued_mark(i + 1, '-');  // a war may end February 12
        maybe date = inner();
        if (date && verb && date->day != 0) return {};
        if (date && verb) date->certain = false;
        return date;
      }
      return {};
    }
    if (is(i, word_role::position)) {  // first week of, final trading day of
      at = i + 1;
      if (is(at, word_role::day_kind)) ++at;
      if (!is(at, word_role::day_word) && !is(at, word_role::period)) return {};
      if (!is(at + 1, word_role::of)) return {};
      at += 2;
      if (is(at, word_role::the)) ++at;
      return inner();
    }
    if (is(i, word_role::period)) {  // week of March 3, month of March, year 2026, year-end 2026
      at = i + 1;
      if (is(at, word_role::of) || (is(at, word_role::lead) && tokens_[at].value == ending_lead)) {  // of, ending
        ++at;
        if (is(at, word_role::the)) ++at;
        return inner();
      }
      if (glued_mark(at, '-')) ++at;
      if (is_end_word(at)) {
        reading out;
        out.end = read_year_behind(at + 1, out.year);
        out.certain = true;
        return out;
      }
      if (at == i + 1 && tokens_[i].value == 5) {
        if (const maybe date = read_years(at)) return date;
      }
      return {};
    }
    if (is(i, word_role::day_kind) && is(i + 1, word_role::period)) {  // calendar year 2026
      maybe date = read_years(i + 2);
      return date;
    }
    if (is(i, word_role::season)) {
      reading out;
      out.end = read_year_behind(i + 1, out.year);
      if (out.end == i + 1 || is(out.end, word_role::event)) return {};
      out.certain = true;
      return out;
    }
    return {};
  }

  [[nodiscard]] bool is_end_word(std::size_t i) const { return is(i, word_role::edge) && tokens_[i].value == 1; }

  [[nodiscard]] maybe read(std::size_t i, int depth) const {
    if (!has(i)) return {};
    maybe best;
    const auto consider = [&](const maybe& candidate) {
      if (candidate && (!best || candidate->end > best->end)) best = candidate;
    };
    if (tokens_[i].kind == token_kind::number) {
      consider(read_date_code(i));
      consider(read_numeric_date(i));
      if (!best) {
        consider(read_clock(i));
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
        return read_clock(i);
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

  std::span<const title_token> tokens_;
};

}  // namespace basket::taxonomy
