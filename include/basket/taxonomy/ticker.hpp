// Contract -> ticker: the recurring question that is left when a title's time is taken out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/taxonomy/time_expression.hpp"
#include "basket/taxonomy/title_token.hpp"
#include "basket/taxonomy/words.hpp"

namespace basket::taxonomy {

/// A title without its time, and the time.
///
/// Missing: `when` when the title names no time.
struct ticker_name {
  std::string text = {};  ///< canonical, lower case, valid UTF-8: equal texts are one ticker
  std::optional<deadline> when = {};
};

namespace detail {

struct time_lead {
  std::size_t end = 0;  ///< one past the leading words; 0 when there are none
  time_relation relation = time_relation::none;
};

class time_stripper {
 public:
  explicit time_stripper(std::string_view title) {
    fold(title, text_);
    cut(text_, tokens_);
  }

  /// One reading; `settled` says that another would change nothing.
  ticker_name run(bool& settled) {
    unify_questions();
    trim_ends();
    while (pass()) {
      compact();
      trim_ends();
    }
    trim_prefix();
    settled = !when_ && !unsettled_;
    return {render(), when_};
  }

  /// The same without taking time out, for a title that is nothing else.
  std::string canonical() {
    unify_questions();
    trim_ends();
    trim_prefix();
    return render();
  }

 private:
  [[nodiscard]] bool has(std::size_t i) const { return i < tokens_.size() && !tokens_[i].quoted; }
  [[nodiscard]] bool is(std::size_t i, word_role role) const { return has(i) && tokens_[i].role == role; }
  [[nodiscard]] bool is_mark(std::size_t i, char mark) const { return has(i) && tokens_[i].mark == mark; }
  [[nodiscard]] std::string_view word(std::size_t i) const {
    return std::string_view(text_).substr(tokens_[i].begin, tokens_[i].size);
  }
  [[nodiscard]] bool is_word(std::size_t i, std::string_view text) const { return has(i) && word(i) == text; }

  static bool closes(char mark) { return std::string_view(",.!:;)]").find(mark) != std::string_view::npos; }

  // Question marks go, but it is kept in mind that there was one at the end; verbs lose their third person.
  void unify_questions() {
    asked_ = !tokens_.empty() && tokens_.back().mark == '?';
    std::size_t kept = 0;
    bool dropped = false;
    for (title_token token : tokens_) {
      if (token.mark == '?' && !token.quoted) {
        dropped = true;
        continue;
      }
      if (dropped && (token.mark == '\0' || !closes(token.mark))) token.spaced = true;  // not to grow together
      dropped = false;
      tokens_[kept++] = token;
    }
    tokens_.resize(kept);
    for (title_token& token : tokens_) {
      if (token.role != word_role::verb_s || token.quoted || token.possessive) continue;
      token.size -= static_cast<std::uint32_t>(token.value);
    }
  }

  // "Will X ...?" and "X ..." are one question; "Will Shipley: ..." without a question mark is a man.
  void trim_prefix() {
    const auto named = [&](std::size_t i) {
      return !asked_ && (is_mark(i + 1, ':') || is_mark(i + 2, ':') || is_mark(i + 3, ':'));
    };
    for (;;) {
      std::size_t first = 0;
      while (is_word(first, "will") && first + 1 < tokens_.size() && !named(first)) ++first;
      while (is(first, word_role::the) && first + 1 < tokens_.size() && !is_word(first + 1, "will")) {
        ++first;
        unsettled_ = true;
      }
      if (first == 0) return;
      tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(first));
      const std::size_t size = tokens_.size();
      trim_ends();
      if (tokens_.size() == size) return;
      unsettled_ = true;  // what a mark was glued to stands alone now
    }
  }

  static bool is_edge_mark(char mark) {
    return mark == ',' || mark == '.' || mark == '!' || mark == '?' || mark == '-' || mark == ':' || mark == ';' ||
           mark == '|' || mark == '/';
  }

  void trim_ends() {
    while (!tokens_.empty() && is_edge_mark(tokens_.back().mark) && !tokens_.back().quoted) tokens_.pop_back();
    std::size_t first = 0;
    while (first < tokens_.size() && is_edge_mark(tokens_[first].mark) && !tokens_[first].quoted) {
      const bool sign = tokens_[first].mark == '-' || tokens_[first].mark == '.';
      if (sign && first + 1 < tokens_.size() && !tokens_[first + 1].spaced) break;  // -1.5
      ++first;
    }
    tokens_.erase(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(first));
  }

  [[nodiscard]] time_lead read_lead(std::size_t i) const {
    if (!has(i)) return {};
    if (is(i, word_role::of)) return {i + 1, time_relation::in};
    if (is(i, word_role::lead_start)) {
      if (is_word(i, "no") && is_word(i + 1, "later") && is_word(i + 2, "than")) return {i + 3, time_relation::by};
      if (is_word(i, "prior") && is_word(i + 1, "to")) return {i + 2, time_relation::before};
      if (is_word(i, "ahead") && is(i + 1, word_role::of)) return {i + 2, time_relation::before};
      return {};
    }
    if (!is(i, word_role::lead)) return {};
    if (is_word(i + 1, "or") && is(i + 2, word_role::lead)) {  // on or before, on or after
      const time_lead second = read_lead(i + 2);
      return {second.end, second.relation == time_relation::before ? time_relation::by : second.relation};
    }
    const int lead = tokens_[i].value;
    if (lead == as_lead) return is(i + 1, word_role::of) ? time_lead{i + 2, time_relation::at} : time_lead{};
    if (lead == ending_lead) return {i + 1, time_relation::by};
    return {i + 1, static_cast<time_relation>(lead)};
  }

  // A bare month or weekday behind this lead is time: "in March", "on Friday"; not "for March", "of May", "on March".
  [[nodiscard]] bool takes_uncertain(std::size_t lead_at, const time_lead& lead, const time_reading& time) const {
    if (is(lead_at, word_role::of) || is_word(lead_at, "at")) return false;
    if (!time.month_only) return true;
    if (lead.relation == time_relation::on || lead.relation == time_relation::between) return false;
    return !is_word(lead_at, "for");
  }

  // A noun that the time in front of it only dates: "the 2026 [state] of the union".
  [[nodiscard]] bool is_noun(std::size_t i) const {
    if (!has(i) || tokens_[i].kind != token_kind::word) return false;
    switch (tokens_[i].role) {
      case word_role::function:
      case word_role::lead:
      case word_role::of:
      case word_role::joiner:
      case word_role::comparator:
      case word_role::the:
        return false;
      default:
        return true;
    }
  }

  // Keeps the time that says the most; `later` prefers the second of two that say as much: "2025 or 2026".
  void note(time_relation relation, const time_reading& time, bool later = false) {
    deadline found;
    found.relation = relation;
    if (time.year != 0) found.year = time.year;
    if (time.month != 0) found.month = time.month;
    if (time.day != 0) found.day = time.day;
    if (!when_) {
      when_ = found;
      return;
    }
    const auto detail = [](const deadline& d) {
      return (d.day ? 4 : 0) + (d.month ? 2 : 0) + (d.relation != time_relation::none ? 1 : 0);
    };
    if (detail(found) + (later ? 1 : 0) > detail(*when_)) {
      if (!found.year) found.year = when_->year;
      when_ = found;
    } else if (!when_->year) {
      when_->year = found.year;
    }
  }

  void remove(std::size_t from, std::size_t end) {
    for (std::size_t i = from; i < end; ++i) tokens_[i].removed = true;
  }

  // Further times behind one: "February 21, 8:00AM-12:00PM ET", "2025 or 2026", "to February 24", "(ET)".
  [[nodiscard]] std::size_t read_more(std::size_t end, const time_expression& grammar, time_relation relation) {
    for (;;) {
      std::size_t at = end;
      bool joined = false;
      if (is_mark(at, '(') && is(at + 1, word_role::zone) && is_mark(at + 2, ')')) {
        end = at + 3;
        continue;
      }
      if (is(at, word_role::zone)) {
        ++end;
        continue;
      }
      if (is_mark(at, ',') || is_mark(at, '-') || is_mark(at, '/') || is_mark(at, '&')) {
        ++at;
      } else if (is(at, word_role::joiner)) {
        joined = true;
        ++at;
      }
      const time_lead lead = read_lead(at);
      const std::size_t first = lead.end != 0 ? lead.end : at;
      const auto time = grammar.read(first);
      if (!time) return end;
      const bool sure = time->certain || (lead.end != 0 && takes_uncertain(at, lead, *time)) ||
                        (joined && lead.end == 0 && relation != time_relation::none);
      if (!sure || (at == end && lead.end == 0 && !is_beside(first))) return end;
      if (lead.end != 0 && is(time->end, word_role::event)) return end;
      note(lead.end != 0 ? lead.relation : relation, *time, joined);
      end = time->end;
    }
  }

  // A clock or a year straight behind a date, without a comma; anything else starts its own expression.
  [[nodiscard]] bool is_beside(std::size_t i) const { return tokens_[i].kind == token_kind::number; }

  // Takes out the time expressions of one left-to-right reading; whether there were any.
  bool pass() {
    const time_expression grammar(tokens_);
    bool any = false;
    for (std::size_t i = 0; i < tokens_.size();) {
      const std::size_t next = take_at(i, grammar);
      any = any || next != 0;
      i = next != 0 ? next : i + 1;
    }
    return any;
  }

  // Takes out the time expression that starts at `i`; one past it, or 0 when there is none.
  std::size_t take_at(std::size_t i, const time_expression& grammar) {
    if (tokens_[i].quoted || (tokens_[i].role == word_role::plain && tokens_[i].kind != token_kind::number)) return 0;
    const time_lead lead = read_lead(i);
    if (lead.end != 0) {
      const std::size_t article = is(lead.end, word_role::the) ? 1 : 0;
      const std::size_t at = lead.end + article;
      const auto time = grammar.read(at);
      if (time && accepts(i, lead, article != 0, *time)) {
        note(lead.relation, *time);
        const bool governs = tokens_[time->end - 1].possessive || (article != 0 && is_noun(time->end)) ||
                             is(time->end, word_role::event);
        if (governs) {  // the noun behind keeps its preposition: "in the 2026 World Cup", "after March meeting"
          remove(at, time->end);
          if (article == 0) put_article(at);
          return time->end;
        }
        const std::size_t end = read_more(time->end, grammar, lead.relation);
        remove(i, end);
        return end;
      }
      return 0;
    }
    const auto time = grammar.read(i);
    if (!time) return 0;
    const bool dates_event = time->month_only && is_scheduled(time->end);
    if (!time->certain && !dates_event && !stands_alone(i, *time)) return 0;
    if (is_named_day(i, *time)) return 0;
    note(time_relation::none, *time);
    std::size_t end = time->end;
    if (!dates_event && !tokens_[end - 1].possessive) end = read_more(end, grammar, time_relation::none);
    remove(i, end);
    if (!is_noun(end)) remove_article_before(i);
    return end;
  }

  [[nodiscard]] bool accepts(std::size_t lead_at, const time_lead& lead, bool article, const time_reading& time) const {
    if (is_named_day(lead.end, time)) return false;
    if (time.certain) return true;
    if (is_year_behind_comparator(lead_at)) return false;
    if (article && time.month_only) return is_scheduled(time.end);
    if (time.month_only && is_word(time.end, "for") && time.month == 3) return false;  // the March for ...
    return takes_uncertain(lead_at, lead, time);
  }

  [[nodiscard]] bool is_year_behind_comparator(std::size_t lead_at) const {
    return lead_at > 0 && tokens_[lead_at - 1].role == word_role::comparator;
  }

  // "March meeting", "the March Fed decision", "March's winner".
  [[nodiscard]] bool is_scheduled(std::size_t i) const {
    if (tokens_[i - 1].possessive || is(i, word_role::event)) return true;
    if (i < 2 || !is(i - 2, word_role::the) || !is_noun(i)) return false;
    const bool verb_too = tokens_[i - 1].value == 3 || tokens_[i - 1].value == 5;  // march, may
    return !verb_too || is(i + 1, word_role::event);
  }

  // "Rate cut: March", "Rate cut - March": a bare month between a colon or dash and the end.
  [[nodiscard]] bool stands_alone(std::size_t i, const time_reading& time) const {
    return time.month_only && time.end == tokens_.size() && i >= 2 && (is_mark(i - 1, ':') || is_mark(i - 1, '-')) &&
           tokens_[i].spaced;
  }

  // January 6 rioters, May 4th fans: a day that names something else is no deadline.
  [[nodiscard]] bool is_named_day(std::size_t i, const time_reading& time) const {
    if (time.day == 0 || time.year != 0 || i >= tokens_.size() || tokens_[i].role != word_role::month) return false;
    if (!has(time.end)) return false;
    const std::string_view next = word(time.end);
    for (const std::string_view name : {"rioters", "rioter", "protestors", "protesters", "defendants", "defendant",
                                        "committee", "hearing", "hearings", "pardons", "insurrection", "riot"}) {
      if (next == name) return true;
    }
    return false;
  }

  void put_article(std::size_t at) {
    title_token& token = tokens_[at];
    token = title_token{.begin = static_cast<std::uint32_t>(text_.size()),
                        .size = 3,
                        .kind = token_kind::word,
                        .role = word_role::the,
                        .spaced = true};
    text_ += "the";
  }

  void remove_article_before(std::size_t i) {
    if (i > 0 && is(i - 1, word_role::the)) tokens_[i - 1].removed = true;
  }

  // Closes the gaps: parentheses that became empty, commas and dashes that parted the time from the rest.
  void compact() {
    std::vector<title_token> kept;
    kept.reserve(tokens_.size());
    bool gap = false;
    for (const title_token& token : tokens_) {
      if (token.removed) {
        gap = true;
        continue;
      }
      title_token next = token;
      if (gap && !kept.empty()) {
        const char before = kept.back().mark;
        const bool emptied = (before == '(' && next.mark == ')') || (before == '[' && next.mark == ']');
        if (emptied) {
          kept.pop_back();
          continue;
        }
        const bool parting = next.mark == ',' || next.mark == '-' || next.mark == ':';
        if (before == ',' || (before == '-' && (parting || next.mark == ')')) || (before == ':' && parting)) {
          kept.pop_back();
        }
        if (next.mark == ',') continue;
        if (next.mark == '\0' || next.mark == '(' || next.mark == '-') next.spaced = true;
        if (!kept.empty() && kept.back().mark == '(' && next.mark != '(') next.spaced = false;
      }
      gap = false;
      kept.push_back(next);
    }
    if (gap) {
      while (!kept.empty() && (kept.back().mark == '(' || kept.back().mark == ',')) kept.pop_back();
    }
    tokens_ = std::move(kept);
  }

  [[nodiscard]] std::string render() const {
    std::string out;
    out.reserve(text_.size());
    for (const title_token& token : tokens_) {
      if (token.spaced && !out.empty()) out.push_back(' ');
      out.append(text_, token.begin, token.size);
    }
    return out;
  }

  std::string text_;
  std::vector<title_token> tokens_;
  std::optional<deadline> when_;
  bool asked_ = false;
  bool unsettled_ = false;
};

}  // namespace detail

/// The recurring question of `title`: deadlines, dates, months, quarters, years, clocks and "end of ..." taken out
/// with the words that lead them, "Will ...?" and "..." alike, amounts in one spelling ($150k is $150,000), lower
/// case. Thresholds, amounts, percentages, directions, scores, quoted text and the numbers of games, rounds, seasons
/// and weeks stay. What is taken out comes back in `when`.
///
/// Stripping a stripped text changes nothing. A title of nothing but time keeps its words; an empty one is empty.
/// Cost:    under a microsecond for a usual title; no state is shared.
[[nodiscard]] inline ticker_name strip_time(std::string_view title) {
  bool settled = false;
  ticker_name out = detail::time_stripper(title).run(settled);
  if (out.text.empty()) out.text = detail::time_stripper(title).canonical();
  // What closes up around a removed date may read as time again: once more, until nothing is left to take.
  while (!settled) {
    ticker_name again = detail::time_stripper(out.text).run(settled);
    if (again.text.empty()) again.text = detail::time_stripper(out.text).canonical();
    if (again.text == out.text) break;
    out.text = std::move(again.text);
  }
  return out;
}

}  // namespace basket::taxonomy
