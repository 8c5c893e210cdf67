// A title cut into tokens, each word with the role it can play in a time expression.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basket/taxonomy/words.hpp"

namespace basket::taxonomy {

/// What a token is made of.
enum class token_kind : std::uint8_t { word, number, amount, mark };

/// The role of a word in a time expression; `plain` has none.
enum class word_role : std::uint8_t {
  plain,
  month,        ///< value 1-12
  weekday,      ///< full names
  weekday_abb,  ///< only beside a date: "sat" and "sun" are words too
  quarter,      ///< q1-q4, value 1-4
  half,         ///< h1, h2, value 1-2; the word half, 0
  zone,         ///< et, utc, ...
  meridiem,     ///< am, pm
  noon,         ///< noon, midnight
  lead,         ///< by, before, in, ...
  the,          ///< the article
  of,           ///< of
  joiner,       ///< to, and, or
  function,     ///< be, will, is, ...: no noun
  comparator,   ///< above, over, than, ...: a number after it is a threshold
  relative,     ///< this, next, ...
  period,       ///< week 1, weekend 2, month 3, quarter 4, year 5, decade 6
  edge,         ///< end 1; start, middle, ...
  part,         ///< mid, early, late
  position,     ///< first, second, final, last: value 1-4, or 0
  day_word,     ///< day, days
  day_kind,     ///< trading, business, calendar, fiscal, full
  season,       ///< spring, summer, fall, autumn, winter
  event,        ///< meeting, election, ..., season (1): a noun that a date in front of it only dates
  unit,         ///< bps, seats, ...: a number in front of it is a quantity
  today,        ///< today, tomorrow, tonight
  close_of,     ///< eoy, eom, eoq
  verb_s,       ///< third person; value = letters to drop for the base form
  not_march,    ///< madness, fools: what follows a month's name in another name
};

/// What hangs on a number: 28th, 3pm, 150k.
enum class number_suffix : std::uint8_t { none, ordinal, meridiem, other };

/// One token; its text is `size` bytes from `begin` in the string that it was cut from.
struct title_token {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  std::int16_t value = -1;  ///< month, quarter, ...; of a plain number below 10,000 its value
  std::uint8_t digits = 0;  ///< of a plain number
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

struct role_of_word {
  std::string_view word = {};
  word_role role = word_role::plain;
  std::int8_t value = 0;
};

inline constexpr auto role_list = std::to_array<role_of_word>({
    {"january", word_role::month, 1},
    {"jan", word_role::month, 1},
    {"february", word_role::month, 2},
    {"feb", word_role::month, 2},
    {"march", word_role::month, 3},
    {"mar", word_role::month, 3},
    {"april", word_role::month, 4},
    {"apr", word_role::month, 4},
    {"may", word_role::month, 5},
    {"june", word_role::month, 6},
    {"jun", word_role::month, 6},
    {"july", word_role::month, 7},
    {"jul", word_role::month, 7},
    {"august", word_role::month, 8},
    {"aug", word_role::month, 8},
    {"september", word_role::month, 9},
    {"sep", word_role::month, 9},
    {"sept", word_role::month, 9},
    {"october", word_role::month, 10},
    {"oct", word_role::month, 10},
    {"november", word_role::month, 11},
    {"nov", word_role::month, 11},
    {"december", word_role::month, 12},
    {"dec", word_role::month, 12},
    {"monday", word_role::weekday, 1},
    {"tuesday", word_role::weekday, 2},
    {"wednesday", word_role::weekday, 3},
    {"thursday", word_role::weekday, 4},
    {"friday", word_role::weekday, 5},
    {"saturday", word_role::weekday, 6},
    {"sunday", word_role::weekday, 7},
    {"mon", word_role::weekday_abb, 1},
    {"tue", word_role::weekday_abb, 2},
    {"tues", word_role::weekday_abb, 2},
    {"wed", word_role::weekday_abb, 3},
    {"thu", word_role::weekday_abb, 4},
    {"thur", word_role::weekday_abb, 4},
    {"thurs", word_role::weekday_abb, 4},
    {"fri", word_role::weekday_abb, 5},
    {"sat", word_role::weekday_abb, 6},
    {"sun", word_role::weekday_abb, 7},
    {"q1", word_role::quarter, 1},
    {"q2", word_role::quarter, 2},
    {"q3", word_role::quarter, 3},
    {"q4", word_role::quarter, 4},
    {"h1", word_role::half, 1},
    {"h2", word_role::half, 2},
    {"half", word_role::half, 0},
    {"et", word_role::zone},
    {"est", word_role::zone},
    {"edt", word_role::zone},
    {"utc", word_role::zone},
    {"gmt", word_role::zone},
    {"pt", word_role::zone},
    {"pst", word_role::zone},
    {"pdt", word_role::zone},
    {"ct", word_role::zone},
    {"cst", word_role::zone},
    {"cdt", word_role::zone},
    {"cet", word_role::zone},
    {"cest", word_role::zone},
    {"bst", word_role::zone},
    {"jst", word_role::zone},
    {"am", word_role::meridiem},
    {"pm", word_role::meridiem},
    {"noon", word_role::noon},
    {"midnight", word_role::noon},
    {"by", word_role::lead},
    {"before", word_role::lead},
    {"after", word_role::lead},
    {"following", word_role::lead},
    {"until", word_role::lead},
    {"till", word_role::lead},
    {"til", word_role::lead},
    {"through", word_role::lead},
    {"thru", word_role::lead},
    {"throughout", word_role::lead},
    {"on", word_role::lead},
    {"in", word_role::lead},
    {"during", word_role::lead},
    {"within", word_role::lead},
    {"at", word_role::lead},
    {"for", word_role::lead},
    {"from", word_role::lead},
    {"between", word_role::lead},
    {"as", word_role::lead},
    {"ending", word_role::lead},
    {"the", word_role::the},
    {"of", word_role::of},
    {"to", word_role::joiner},
    {"and", word_role::joiner},
    {"or", word_role::joiner},
    {"be", word_role::function},
    {"will", word_role::function},
    {"is", word_role::function},
    {"are", word_role::function},
    {"was", word_role::function},
    {"has", word_role::function},
    {"have", word_role::function},
    {"with", word_role::function},
    {"that", word_role::function},
    {"if", word_role::function},
    {"not", word_role::function},
    {"above", word_role::comparator},
    {"over", word_role::comparator},
    {"under", word_role::comparator},
    {"below", word_role::comparator},
    {"than", word_role::comparator},
    {"least", word_role::comparator},
    {"most", word_role::comparator},
    {"exactly", word_role::comparator},
    {"exceed", word_role::comparator},
    {"hit", word_role::comparator},
    {"reach", word_role::comparator},
    {"versus", word_role::comparator},
    {"vs", word_role::comparator},
    {"since", word_role::comparator},
    {"this", word_role::relative},
    {"next", word_role::relative},
    {"current", word_role::relative},
    {"coming", word_role::relative},
    {"upcoming", word_role::relative},
    {"week", word_role::period, 1},
    {"weekend", word_role::period, 2},
    {"month", word_role::period, 3},
    {"quarter", word_role::period, 4},
    {"year", word_role::period, 5},
    {"decade", word_role::period, 6},
    {"end", word_role::edge, 1},
    {"start", word_role::edge},
    {"beginning", word_role::edge},
    {"middle", word_role::edge},
    {"close", word_role::edge},
    {"rest", word_role::edge},
    {"remainder", word_role::edge},
    {"mid", word_role::part},
    {"early", word_role::part},
    {"late", word_role::part},
    {"first", word_role::position, 1},
    {"second", word_role::position, 2},
    {"third", word_role::position, 3},
    {"fourth", word_role::position, 4},
    {"final", word_role::position, 0},
    {"last", word_role::position, 0},
    {"day", word_role::day_word},
    {"days", word_role::day_word},
    {"trading", word_role::day_kind},
    {"business", word_role::day_kind},
    {"calendar", word_role::day_kind},
    {"fiscal", word_role::day_kind},
    {"full", word_role::day_kind},
    {"spring", word_role::season},
    {"summer", word_role::season},
    {"fall", word_role::season},
    {"autumn", word_role::season},
    {"winter", word_role::season},
    {"meeting", word_role::event},
    {"meetings", word_role::event},
    {"fomc", word_role::event},
    {"decision", word_role::event},
    {"decisions", word_role::event},
    {"cpi", word_role::event},
    {"election", word_role::event},
    {"elections", word_role::event},
    {"primary", word_role::event},
    {"primaries", word_role::event},
    {"midterm", word_role::event},
    {"midterms", word_role::event},
    {"olympics", word_role::event},
    {"paralympics", word_role::event},
    {"world", word_role::event},
    {"nba", word_role::event},
    {"nfl", word_role::event},
    {"mlb", word_role::event},
    {"nhl", word_role::event},
    {"presidential", word_role::event},
    {"parliamentary", word_role::event},
    {"season", word_role::event, 1},
    {"playoffs", word_role::event},
    {"jobs", word_role::event},
    {"cup", word_role::event},
    {"bps", word_role::unit},
    {"bp", word_role::unit},
    {"percent", word_role::unit},
    {"points", word_role::unit},
    {"seats", word_role::unit},
    {"votes", word_role::unit},
    {"cases", word_role::unit},
    {"tweets", word_role::unit},
    {"posts", word_role::unit},
    {"people", word_role::unit},
    {"thousand", word_role::unit},
    {"million", word_role::unit},
    {"billion", word_role::unit},
    {"trillion", word_role::unit},
    {"miles", word_role::unit},
    {"feet", word_role::unit},
    {"inches", word_role::unit},
    {"degrees", word_role::unit},
    {"goals", word_role::unit},
    {"times", word_role::unit},
    {"minutes", word_role::unit},
    {"hours", word_role::unit},
    {"measles", word_role::unit},
    {"delegates", word_role::unit},
    {"today", word_role::today},
    {"tomorrow", word_role::today},
    {"tonight", word_role::today},
    {"eoy", word_role::close_of},
    {"eom", word_role::close_of},
    {"eoq", word_role::close_of},
    {"hits", word_role::verb_s, 1},
    {"reaches", word_role::verb_s, 2},
    {"wins", word_role::verb_s, 1},
    {"increases", word_role::verb_s, 1},
    {"decreases", word_role::verb_s, 1},
    {"strikes", word_role::verb_s, 1},
    {"dips", word_role::verb_s, 1},
    {"drops", word_role::verb_s, 1},
    {"falls", word_role::verb_s, 1},
    {"closes", word_role::verb_s, 1},
    {"announces", word_role::verb_s, 1},
    {"leaves", word_role::verb_s, 1},
    {"resigns", word_role::verb_s, 1},
    {"exceeds", word_role::verb_s, 1},
    {"madness", word_role::not_march},
    {"fools", word_role::not_march},
});

constexpr std::uint32_t word_hash(std::string_view word) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash ^ (hash >> 15U);
}

inline constexpr std::size_t role_slots = 1024;
inline constexpr std::size_t longest_role_word = 13;

// Open addressing; 0 is an empty slot, n + 1 the n-th word of the list.
inline constexpr auto role_table = [] {
  std::array<std::uint16_t, role_slots> table{};
  for (std::size_t i = 0; i < role_list.size(); ++i) {
    std::size_t slot = word_hash(role_list[i].word) % role_slots;
    while (table[slot] != 0) slot = (slot + 1) % role_slots;
    table[slot] = static_cast<std::uint16_t>(i + 1);
  }
  return table;
}();

constexpr const role_of_word* find_role(std::string_view word) noexcept {
  if (word.size() > longest_role_word || word.size() < 2) return nullptr;
  for (std::size_t slot = word_hash(word) % role_slots; role_table[slot] != 0; slot = (slot + 1) % role_slots) {
    if (const role_of_word& entry = role_list[role_table[slot] - 1U]; entry.word == word) return &entry;
  }
  return nullptr;
}

constexpr bool is_word_byte(char c) noexcept { return is_letter(c) || is_digit(c) || is_high(c); }

inline number_suffix suffix_of(std::string_view letters) noexcept {
  if (letters.empty()) return number_suffix::none;
  if (letters == "st" || letters == "nd" || letters == "rd" || letters == "th") return number_suffix::ordinal;
  if (letters == "am" || letters == "pm") return number_suffix::meridiem;
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

}  // namespace detail

/// Cuts `text`, which must be folded, into `tokens` (cleared first). Amounts get one spelling, appended to `text`:
/// $150k, $150K and $150000 are $150,000, $1.5 million is $1,500,000, 150k without a sign is 150,000.
///
/// Cost: one pass.
inline void cut(std::string& text, std::vector<title_token>& tokens) {
  using namespace detail;
  tokens.clear();
  const std::size_t size = text.size();
  bool spaced = false;
  const auto number_end = [&](std::size_t i) {
    for (;;) {
      while (i < size && is_digit(text[i])) ++i;
      if (i + 1 >= size || !is_digit(text[i + 1])) return i;
      if (text[i] == '.') {
        ++i;
        continue;
      }
      const bool group = text[i] == ',' && i + 3 < size && is_digit(text[i + 2]) && is_digit(text[i + 3]) &&
                         (i + 4 == size || !is_digit(text[i + 4]));
      if (!group) return i;
      ++i;
    }
  };
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
    const bool dollar = c == '$' && i + 1 < size && is_digit(text[i + 1]);
    if (dollar || is_digit(c)) {
      const std::size_t first = dollar ? i + 1 : i;
      const std::size_t digits_end = number_end(first);
      end = digits_end;
      while (end < size && is_word_byte(text[end])) ++end;
      const std::string_view digits(text.data() + first, digits_end - first);
      const std::string_view letters(text.data() + digits_end, end - digits_end);
      token.kind = dollar ? token_kind::amount : token_kind::number;
      token.suffix = suffix_of(letters);
      int exponent = amount_exponent(letters);
      if (!dollar && exponent > 0 && letters != "k") exponent = -1;
      if (!dollar && exponent == 0 && digits.size() <= 4 && digits.find_first_of(",.") == std::string_view::npos) {
        exponent = -1;
      }
      std::size_t after = end;
      if (dollar && exponent == 0 && end < size && text[end] == ' ') {  // $1.5 million
        std::size_t word_end = end + 1;
        while (word_end < size && is_letter(text[word_end])) ++word_end;
        const std::string_view word(text.data() + end + 1, word_end - end - 1);
        if (word.size() > 2 && amount_exponent(word) > 0) {
          exponent = amount_exponent(word);
          after = word_end;
        }
      }
      // One end of a range like $10-20k borrows the other's unit: left alone.
      const bool range = (after + 1 < size && text[after] == '-' && is_digit(text[after + 1])) ||
                         (!token.spaced && i >= 2 && text[i - 1] == '-' && is_digit(text[i - 2]));
      const bool one_number = digits.find('.') == digits.rfind('.') && digits.size() <= 24;
      if (dollar ? exponent >= 0 && !range && one_number : exponent == 3 && !range && one_number) {
        const std::string copy(digits);
        token.begin = static_cast<std::uint32_t>(text.size());
        if (dollar) text.push_back('$');
        append_amount(copy, exponent, text);
        token.size = static_cast<std::uint32_t>(text.size() - token.begin);
        token.kind = token_kind::amount;
        end = after;
      } else if (!dollar && digits.size() <= 4 && digits.find_first_of(",.") == std::string_view::npos) {
        int value = 0;
        for (const char digit : digits) value = value * 10 + (digit - '0');
        token.value = static_cast<std::int16_t>(value);
        token.digits = static_cast<std::uint8_t>(digits.size());
      }
    } else if (is_word_byte(c)) {
      while (end < size &&
             (is_word_byte(text[end]) || (text[end] == '\'' && end + 1 < size && is_word_byte(text[end + 1])))) {
        ++end;
      }
      token.kind = token_kind::word;
      std::string_view word(text.data() + i, end - i);
      token.possessive = word.size() > 2 && word.substr(word.size() - 2) == "'s";
      if (token.possessive) word.remove_suffix(2);
      if (const role_of_word* const entry = find_role(word); entry != nullptr) {
        token.role = entry->role;
        token.value = entry->value;
      }
    } else {
      token.mark = c;
    }
    if (token.size == 0) token.size = static_cast<std::uint32_t>(end - i);
    tokens.push_back(token);
    i = end;
  }
  std::size_t quotes = 0;
  for (const title_token& token : tokens) quotes += token.mark == '"' ? 1U : 0U;
  if (quotes == 0 || quotes % 2 != 0) return;
  bool inside = false;
  for (title_token& token : tokens) {
    if (token.mark == '"') inside = !inside;
    token.quoted = inside || token.mark == '"';
  }
}

}  // namespace basket::taxonomy
