// Questions that a grammar asks about the tokens of a title.
#pragma once

#include <cstddef>
#include <span>

#include "basket/taxonomy/title_token.hpp"

namespace basket::taxonomy {

/// The tokens of one title, asked by position; a position past the end or inside quotes answers no to everything.
class token_reader {
 public:
  explicit token_reader(std::span<const title_token> tokens) : tokens_(tokens) {}

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] const title_token& operator[](std::size_t i) const { return tokens_[i]; }

  /// There is a token, outside quotes.
  [[nodiscard]] bool has(std::size_t i) const { return i < tokens_.size() && !tokens_[i].quoted; }
  [[nodiscard]] bool is(std::size_t i, word_role role) const { return has(i) && tokens_[i].role == role; }
  [[nodiscard]] bool is_mark(std::size_t i, char mark) const { return has(i) && tokens_[i].mark == mark; }
  /// The mark with no blank before it.
  [[nodiscard]] bool glued_mark(std::size_t i, char mark) const { return is_mark(i, mark) && !tokens_[i].spaced; }
  [[nodiscard]] bool is_number(std::size_t i) const { return has(i) && tokens_[i].kind == token_kind::number; }
  /// Up to four digits and nothing hanging on them.
  [[nodiscard]] bool is_plain_number(std::size_t i) const {
    return is_number(i) && tokens_[i].value >= 0 && tokens_[i].suffix == number_suffix::none;
  }

  /// A quantity: the number's end at `next` shows a unit, a percent, a plus or a compound word.
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

  /// A number that can be a year: 2010 to 2049.
  [[nodiscard]] bool is_year_number(std::size_t i) const {
    return is_plain_number(i) && tokens_[i].digits == 4 && tokens_[i].value >= 2010 && tokens_[i].value < 2050;
  }

  /// A number behind a comparator, a sign or a glued mark is a threshold or part of a name.
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

  /// A number that can be a day of a month, also as 28th.
  [[nodiscard]] bool is_day(std::size_t i) const {
    return is_number(i) && tokens_[i].value >= 1 && tokens_[i].value <= 31 && tokens_[i].digits <= 2 &&
           (tokens_[i].suffix == number_suffix::none || tokens_[i].suffix == number_suffix::ordinal);
  }

  /// A word "end", which is a part of a period or a verb.
  [[nodiscard]] bool is_end_word(std::size_t i) const { return is(i, word_role::edge) && tokens_[i].value == 1; }

 private:
  std::span<const title_token> tokens_;
};

}  // namespace basket::taxonomy
