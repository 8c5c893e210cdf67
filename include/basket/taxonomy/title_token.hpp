// A title cut into tokens.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basket/taxonomy/time_words.hpp"
#include "basket/taxonomy/words.hpp"

namespace basket::taxonomy {

/// What a token is made of.
enum class token_kind : std::uint8_t { word, number, amount, mark };

/// What hangs on a number: 28th, 3pm, the 01T14 of an ISO time, the 26MAR31 of a venue's own code, 150k.
enum class number_suffix : std::uint8_t { none, ordinal, meridiem, clock, date_code, other };

/// One token; its text is `size` bytes from `begin` in the string that it was cut from.
struct title_token {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  std::int16_t value = -1;      ///< month, quarter, ...; of a plain number below 10,000 its value
  std::uint8_t digits = 0;      ///< of a plain number
  std::uint8_t code_month = 0;  ///< of a date code, whose value is the year of the century
  std::uint8_t code_day = 0;    ///< of a date code that has one
  token_kind kind = token_kind::mark;
  word_role role = word_role::plain;
  number_suffix suffix = number_suffix::none;
  char mark = '\0';         ///< of a mark, its character
  bool spaced = false;      ///< a blank stands before it
  bool quoted = false;      ///< inside double quotes: a name or a saying, never time
  bool possessive = false;  ///< a month or a period with 's
  bool removed = false;
};

namespace detail {

constexpr bool is_word_byte(char c) noexcept { return is_letter(c) || is_digit(c) || is_high(c); }

inline number_suffix suffix_of(std::string_view letters) noexcept {
  if (letters.empty()) return number_suffix::none;
  if (letters == "st" || letters == "nd" || letters == "rd" || letters == "th") return number_suffix::ordinal;
  if (letters == "am" || letters == "pm") return number_suffix::meridiem;
  if (letters.size() >= 2 && letters[0] == 't' && is_digit(letters[1])) return number_suffix::clock;
  if (letters.size() == 3 || letters.size() == 5) {
    const role_of_word* const month = find_role(letters.substr(0, 3));
    const bool day = letters.size() == 3 || (is_digit(letters[3]) && is_digit(letters[4]));
    if (month != nullptr && month->role == word_role::month && day) return number_suffix::date_code;
  }
  return number_suffix::other;
}

// Powers of ten that an amount's suffix or following word stands for; 0 for none, -1 for letters that are no amount's.
inline int amount_exponent(std::string_view letters) noexcept {
  if (letters.empty()) return 0;
  if (letters == "k" || letters == "thousand") return 3;
  if (letters == "m" || letters == "mn" || letters == "mm" || letters == "million") return 6;
  if (letters == "b" || letters == "bn" || letters == "billion") return 9;
  if (letters == "t" || letters == "tn" || letters == "trillion") return 12;
  return -1;
}

// Appends digits x 10^exponent in full, grouped by thousands, without needless decimals: 1.50 x 10^3 is 1,500.
inline void append_amount(std::string_view digits, int exponent, std::string& out) {
  std::string whole;
  std::string fraction;
  bool after_point = false;
  for (const char c : digits) {
    if (c == '.') {
      after_point = true;
    } else if (c != ',') {
      (after_point ? fraction : whole).push_back(c);
    }
  }
  for (; exponent > 0; --exponent) {
    whole.push_back(fraction.empty() ? '0' : fraction.front());
    if (!fraction.empty()) fraction.erase(0, 1);
  }
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  const std::size_t first = whole.find_first_not_of('0');
  whole.erase(0, first == std::string::npos ? whole.size() - 1 : first);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    if (i > 0 && (whole.size() - i) % 3 == 0) out.push_back(',');
    out.push_back(whole[i]);
  }
  if (!fraction.empty()) (out += '.') += fraction;
}

// One past the number at `i`: digits, decimals, thousands in groups of three.
inline std::size_t number_end(std::string_view text, std::size_t i) noexcept {
  for (;;) {
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i + 1 >= text.size() || !is_digit(text[i + 1])) return i;
    if (text[i] == '.') {
      ++i;
      continue;
    }
    const bool group = text[i] == ',' && i + 3 < text.size() && is_digit(text[i + 2]) && is_digit(text[i + 3]) &&
                       (i + 4 == text.size() || !is_digit(text[i + 4]));
    if (!group) return i;
    ++i;
  }
}

// A blank and "million" and its like behind a dollar amount that ends at `at`: one past the word, which sets
// `exponent`; else `at`.
inline std::size_t read_unit_word(std::string_view text, std::size_t at, int& exponent) noexcept {
  if (at >= text.size() || text[at] != ' ') return at;
  std::size_t end = at + 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  const auto is_digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  const bool glued = end < text.size() &&
                     (is_word_byte(text[end]) || ((text[end] == '.' || text[end] == ',') && is_digit_at(end + 1)));
  const std::string_view word = text.substr(at + 1, end - at - 1);
  if (glued || word.size() <= 2 || amount_exponent(word) <= 0) return at;
  exponent = amount_exponent(word);
  return end;
}

// Cuts the number or amount at the token's begin; one past what it takes of the text.
inline std::size_t cut_number(std::string& text, std::size_t size, title_token& token) {
  const std::string_view whole(text.data(), size);
  const std::size_t begin = token.begin;
  const bool dollar = whole[begin] == '$';
  const std::size_t first = dollar ? begin + 1 : begin;
  const std::size_t digits_end = number_end(whole, first);
  std::size_t end = digits_end;
  while (end < size && is_word_byte(whole[end])) ++end;
  const std::string_view digits = whole.substr(first, digits_end - first);
  const std::string_view letters = whole.substr(digits_end, end - digits_end);
  token.kind = dollar ? token_kind::amount : token_kind::number;
  token.suffix = suffix_of(letters);

  int exponent = dollar || letters == "k" ? amount_exponent(letters) : -1;
  const std::size_t after = dollar && exponent == 0 ? read_unit_word(whole, end, exponent) : end;
  // One end of a range like $10-20k borrows the other's unit: left alone.
  const bool range = (after + 1 < size && whole[after] == '-' && is_digit(whole[after + 1])) ||
                     (!token.spaced && begin >= 2 && whole[begin - 1] == '-' && is_digit(whole[begin - 2]));
  const bool glued = after + 1 < size && (whole[after] == '.' || whole[after] == ',') && is_digit(whole[after + 1]);
  const bool one_number = digits.find('.') == digits.rfind('.') && digits.size() <= 24;
  if (exponent >= 0 && !range && !glued && one_number) {
    const std::string copy(digits);
    token.begin = static_cast<std::uint32_t>(text.size());
    if (dollar) text.push_back('$');
    append_amount(copy, exponent, text);
    token.size = static_cast<std::uint32_t>(text.size() - token.begin);
    token.kind = token_kind::amount;
    return after;
  }
  if (dollar || digits.size() > 4 || digits.find_first_of(",.") != std::string_view::npos) return end;
  for (const char digit : digits)
    token.value = static_cast<std::int16_t>(std::max<int>(token.value, 0) * 10 + (digit - '0'));
  token.digits = static_cast<std::uint8_t>(digits.size());
  if (token.suffix == number_suffix::date_code) {
    if (digits.size() != 2 || token.value < 20 || token.value > 49) token.suffix = number_suffix::other;
    token.code_month = static_cast<std::uint8_t>(find_role(letters.substr(0, 3))->value);
    if (letters.size() == 5) token.code_day = static_cast<std::uint8_t>((letters[3] - '0') * 10 + (letters[4] - '0'));
  }
  return end;
}

// Cuts the word at the token's begin; one past it.
inline std::size_t cut_word(std::string_view text, title_token& token) {
  std::size_t end = token.begin + 1;
  while (end < text.size() &&
         (is_word_byte(text[end]) || (text[end] == '\'' && end + 1 < text.size() && is_word_byte(text[end + 1])))) {
    ++end;
  }
  token.kind = token_kind::word;
  std::string_view word = text.substr(token.begin, end - token.begin);
  token.possessive = word.size() > 2 && word.ends_with("'s");
  if (token.possessive) word.remove_suffix(2);
  if (const role_of_word* const entry = find_role(word); entry != nullptr) {
    token.role = entry->role;
    token.value = entry->value;
  }
  return end;
}

// Marks what stands between double quotes, when they come in pairs.
inline void mark_quoted(std::vector<title_token>& tokens) {
  std::size_t quotes = 0;
  for (const title_token& token : tokens) quotes += token.mark == '"' ? 1U : 0U;
  if (quotes == 0 || quotes % 2 != 0) return;
  bool inside = false;
  for (title_token& token : tokens) {
    if (token.mark == '"') inside = !inside;
    token.quoted = inside || token.mark == '"';
  }
}

}  // namespace detail

/// Cuts `text`, which must be folded, into `tokens` (cleared first). Amounts get one spelling, appended to `text`:
/// $150k, $150K and $150000 are $150,000, $1.5 million is $1,500,000, 150k without a sign is 150,000.
///
/// Cost: one pass.
inline void cut(std::string& text, std::vector<title_token>& tokens) {
  tokens.clear();
  tokens.reserve(text.size() / 4 + 8);
  const std::size_t size = text.size();
  bool spaced = false;
  for (std::size_t i = 0; i < size;) {
    const char c = text[i];
    if (c == ' ') {
      spaced = true;
      ++i;
      continue;
    }
    title_token token;
    token.begin = static_cast<std::uint32_t>(i);
    token.spaced = spaced;
    spaced = false;
    std::size_t end = i + 1;
    if (detail::is_digit(c) || (c == '$' && end < size && detail::is_digit(text[end]))) {
      end = detail::cut_number(text, size, token);
    } else if (detail::is_word_byte(c)) {
      end = detail::cut_word(std::string_view(text.data(), size), token);
    } else {
      token.mark = c;
    }
    if (token.size == 0) token.size = static_cast<std::uint32_t>(end - i);
    tokens.push_back(token);
    i = end;
  }
  detail::mark_quoted(tokens);
}

}  // namespace basket::taxonomy
