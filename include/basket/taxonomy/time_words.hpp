// The words that can be part of a time expression in a title.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basket::taxonomy {

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
  lead,         ///< by 1, before 2, after 3, until 4, through 5, in 6, on 7, during 8, at 9, from 10, as 11, ending 12
  lead_start,   ///< no (later than), prior (to), ahead (of)
  the,          ///< the article
  of,           ///< of
  joiner,       ///< to, and, or
  function,     ///< be, will, is, ...: no noun
  comparator,   ///< above, over, than, ...: a number after it is a threshold
  relative,     ///< this, next, ...
  period,       ///< week 1, weekend 2, month 3, quarter 4, year 5, decade 6
  edge,         ///< end 1; start, middle, ... 2
  part,         ///< mid, early, late
  position,     ///< first-fourth, value 1-4; final, last, value 0
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

/// A word's role, and what its role's comment calls its value.
struct role_of_word {
  std::string_view word = {};
  word_role role = word_role::plain;
  std::int8_t value = 0;
};

namespace detail {

// Words of one role: those parted by '|' share a value, each blank starts the next value, `step` higher.
struct role_group {
  word_role role;
  std::int8_t first;
  std::int8_t step;
  std::string_view words;
};

inline constexpr auto role_groups = std::to_array<role_group>({
    {word_role::month, 1, 1,
     "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct "
     "november|nov december|dec"},
    {word_role::weekday, 1, 1, "monday tuesday wednesday thursday friday saturday sunday"},
    {word_role::weekday_abb, 1, 1, "mon tue|tues wed thu|thur|thurs fri sat sun"},
    {word_role::quarter, 1, 1, "q1 q2 q3 q4"},
    {word_role::half, 0, 1, "half h1 h2"},
    {word_role::zone, 0, 0, "et est edt utc gmt pt pst pdt ct cst cdt cet cest bst jst"},
    {word_role::meridiem, 0, 0, "am pm"},
    {word_role::noon, 0, 0, "noon midnight"},
    {word_role::lead, 1, 1,
     "by before after|following until|till|til through|thru in|within|for on during|throughout at from|between as "
     "ending"},
    {word_role::lead_start, 0, 0, "no prior ahead"},
    {word_role::the, 0, 0, "the"},
    {word_role::of, 0, 0, "of"},
    {word_role::joiner, 0, 0, "to and or"},
    {word_role::function, 0, 0, "be will is are was has have with that if not"},
    {word_role::comparator, 0, 0, "above over under below than least most exactly exceed hit reach vs since"},
    {word_role::relative, 0, 0, "this next current coming upcoming"},
    {word_role::period, 1, 1, "week weekend month quarter year decade"},
    {word_role::edge, 1, 1, "end start|beginning|middle|close|rest|remainder"},
    {word_role::part, 0, 0, "mid early late"},
    {word_role::position, 0, 1, "final|last first second third fourth"},
    {word_role::day_word, 0, 0, "day days"},
    {word_role::day_kind, 0, 0, "trading business calendar fiscal full"},
    {word_role::season, 0, 0, "spring summer fall autumn winter"},
    {word_role::event, 0, 1,
     "meeting|meetings|fomc|decision|decisions|cpi|election|elections|primary|primaries|midterm|midterms|olympics|"
     "paralympics|world|cup|nba|nfl|mlb|nhl|presidential|parliamentary|playoffs|jobs season"},
    {word_role::unit, 0, 0,
     "bps bp percent points seats votes cases tweets posts people thousand million billion trillion miles feet inches "
     "degrees goals times minutes hours measles delegates"},
    {word_role::today, 0, 0, "today tomorrow tonight"},
    {word_role::close_of, 0, 0, "eoy eom eoq"},
    {word_role::verb_s, 1, 1,
     "hits|wins|increases|decreases|strikes|dips|drops|falls|closes|announces|leaves|resigns reaches"},
    {word_role::not_march, 0, 0, "madness fools"},
});

constexpr std::size_t count_role_words() noexcept {
  std::size_t count = 0;
  for (const role_group& group : role_groups) {
    ++count;
    for (const char c : group.words) count += c == ' ' || c == '|' ? 1U : 0U;
  }
  return count;
}

inline constexpr auto role_list = [] {
  std::array<role_of_word, count_role_words()> list{};
  std::size_t at = 0;
  for (const role_group& group : role_groups) {
    std::int8_t value = group.first;
    std::string_view rest = group.words;
    for (;;) {
      const std::size_t end = rest.find_first_of(" |");
      list[at++] = {rest.substr(0, end), group.role, value};
      if (end == std::string_view::npos) break;
      if (rest[end] == ' ') value = static_cast<std::int8_t>(value + group.step);
      rest.remove_prefix(end + 1);
    }
  }
  return list;
}();

inline constexpr std::size_t longest_role_word = [] {
  std::size_t longest = 0;
  for (const role_of_word& entry : role_list) longest = entry.word.size() > longest ? entry.word.size() : longest;
  return longest;
}();

constexpr std::uint32_t word_hash(std::string_view word) noexcept {
  std::uint32_t hash = 2166136261U;
  for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash ^ (hash >> 15U);
}

inline constexpr std::size_t role_slots = 1024;

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

}  // namespace detail

/// The entry of a lower-case word; nothing in the pointer when it has no role.
///
/// Cost: one look-up in a table made at compile time.
[[nodiscard]] constexpr const role_of_word* find_role(std::string_view word) noexcept {
  using namespace detail;
  if (word.size() > longest_role_word || word.size() < 2) return nullptr;
  for (std::size_t slot = word_hash(word) % role_slots; role_table[slot] != 0; slot = (slot + 1) % role_slots) {
    if (const role_of_word& entry = role_list[role_table[slot] - 1U]; entry.word == word) return &entry;
  }
  return nullptr;
}

}  // namespace basket::taxonomy
