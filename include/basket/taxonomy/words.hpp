// Text as the taxonomy compares it: lower case, no accents, one dash, one quote, one blank, valid UTF-8.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace basket::taxonomy {

namespace detail {

// The base letter of each code point of Latin-1 letters to Latin Extended-B (U+00C0 up) and of Latin Extended
// Additional (U+1E00 up); '.' where there is none. From the canonical decompositions of the Unicode standard.
inline constexpr char32_t latin_first = 0x00C0;
inline constexpr std::string_view latin_letters =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiii..jjkkkllllll..llnnnnnn.nnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
    "...............e..f.............oo.............uu............................aaiioouuuuuuuuuu.aa"
    "aa....ggkkoooo..j...gg..nnaa....aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy............"
    "................";
inline constexpr char32_t latin_additional_first = 0x1E00;
inline constexpr std::string_view latin_additional_letters =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
    "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

struct code_point {
  char32_t value;
  std::size_t bytes;  ///< 0 when the bytes are not UTF-8
};

inline code_point decode(std::string_view text, std::size_t at) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at);
  std::size_t bytes = 0;
  char32_t value = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    bytes = 2;
    value = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    bytes = 3;
    value = lead & 0x0FU;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    bytes = 4;
    value = lead & 0x07U;
  }
  if (bytes == 0 || at + bytes > text.size()) return {0, 0};
  for (std::size_t i = at + 1; i < at + bytes; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {0, 0};
    value = (value << 6U) | (byte(i) & 0x3FU);
  }
  const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {0, 0};
  return {value, bytes};
}

// What stands for a code point outside ASCII; nothing in the pointer means that the point stays as it is.
inline const char* folded(char32_t value) noexcept {
  switch (value) {
    case 0x00C6:
    case 0x00E6:
      return "ae";
    case 0x0152:
    case 0x0153:
      return "oe";
    case 0x00DF:
      return "ss";
    case 0x00DE:
    case 0x00FE:
      return "th";
    case 0x00AD:  // soft hyphen
    case 0x200B:  // zero-width blank and joiners
    case 0x200C:
    case 0x200D:
    case 0xFE0E:  // variation selectors
    case 0xFE0F:
    case 0xFEFF:
      return "";
    case 0x00A0:
    case 0x1680:
    case 0x202F:
    case 0x205F:
    case 0x3000:
      return " ";
    case 0x2018:
    case 0x2019:
    case 0x201B:
    case 0x02BC:
    case 0x00B4:
      return "'";
    case 0x201C:
    case 0x201D:
    case 0x201E:
    case 0x201F:
      return "\"";
    case 0x2026:
      return "...";
    case 0x2212:
      return "-";
    default:
      break;
  }
  if (value >= 0x2010 && value <= 0x2015) return "-";
  if (value >= 0x2000 && value <= 0x200A) return " ";
  if (value >= 0x0300 && value <= 0x036F) return "";  // a combining accent
  return nullptr;
}

inline char latin_base(char32_t value) noexcept {
  char base = '.';
  if (value >= latin_first && value - latin_first < latin_letters.size()) {
    base = latin_letters[value - latin_first];
  } else if (value >= latin_additional_first && value - latin_additional_first < latin_additional_letters.size()) {
    base = latin_additional_letters[value - latin_additional_first];
  }
  return base == '.' ? '\0' : base;
}

constexpr bool is_letter(char c) noexcept { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
constexpr bool is_high(char c) noexcept { return (static_cast<unsigned char>(c) & 0x80U) != 0; }

// Lower case, blanks as ' ', other controls as ' ', all else as it is.
inline constexpr std::array<char, 128> ascii_fold = [] {
  std::array<char, 128> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const char c = static_cast<char>(i);
    table[i] = i < 32 || i == 127 ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return table;
}();

// Takes the stops out of initials from `start` on: "u.s. ", "j.d. ", "6 a.m.".
inline void drop_initial_stops(std::string& text, std::size_t start) {
  constexpr char dropped = '\x01';  // no control survives folding
  const auto is_stop = [&](std::size_t i) { return text[i] == '.' || text[i] == dropped; };
  // One letter that no other letter or digit touches on its left.
  const auto is_single = [&](std::size_t i) {
    if (!is_letter(text[i])) return false;
    return i == start || !(is_letter(text[i - 1]) || is_digit(text[i - 1]) || is_high(text[i - 1]));
  };
  for (std::size_t i = start + 1; i < text.size(); ++i) {
    if (text[i] != '.' || !is_single(i - 1)) continue;
    const bool continued = i + 2 < text.size() && is_letter(text[i + 1]) && text[i + 2] == '.';
    const bool ended = i >= start + 3 && is_stop(i - 2) && is_single(i - 3);
    if (continued || ended) text[i] = dropped;
  }
  text.erase(std::remove(text.begin() + static_cast<std::ptrdiff_t>(start), text.end(), dropped), text.end());
}

}  // namespace detail

/// Appends `text` to `out` as the taxonomy compares it: lower case, Latin letters without accents, every dash a '-',
/// every apostrophe a ', every double quote a ", every blank or control a single ' ' (none at the ends), no stops in
/// initials ("u.s." is "us"). Other scripts stay as they are; a byte that is not UTF-8 becomes U+FFFD, so the result
/// is valid UTF-8. Folding twice is folding once.
///
/// Cost: one pass.
inline void fold(std::string_view text, std::string& out) {
  const std::size_t start = out.size();
  out.resize(start + text.size() + 4);
  std::size_t to = start;
  bool blank = false;
  bool stop = false;
  // Writes one character; a blank waits until something follows it.
  const auto put = [&](char c) {
    if (c == ' ') {
      blank = true;
      return;
    }
    if (blank && to > start) out[to++] = ' ';
    blank = false;
    out[to++] = c;
  };
  for (std::size_t i = 0; i < text.size();) {
    if (!detail::is_high(text[i])) {
      const char c = detail::ascii_fold[static_cast<unsigned char>(text[i++])];
      stop = stop || c == '.';
      put(c);
      continue;
    }
    out.resize(to + 8 + (text.size() - i));  // a byte that is no UTF-8 grows to three
    const detail::code_point point = detail::decode(text, i);
    if (point.bytes == 0) {
      for (const char part : {'\xEF', '\xBF', '\xBD'}) put(part);
      ++i;
      continue;
    }
    if (const char base = detail::latin_base(point.value); base != '\0') {
      put(base);
    } else if (const char* const word = detail::folded(point.value); word != nullptr) {
      for (const char* p = word; *p != '\0'; ++p) {
        stop = stop || *p == '.';
        put(*p);
      }
    } else {
      for (std::size_t k = 0; k < point.bytes; ++k) put(text[i + k]);
    }
    i += point.bytes;
  }
  out.resize(to);
  if (stop) detail::drop_initial_stops(out, start);
}

/// `text` folded; see the other `fold`.
[[nodiscard]] inline std::string fold(std::string_view text) {
  std::string out;
  fold(text, out);
  return out;
}

/// Appends the words of `text` to `out`, one blank between them: runs of letters and digits of the folded text, a
/// possessive 's and other apostrophes dropped, so that "Trump's" is "trump" and a slug's dashes part words.
///
/// Cost: one pass over the folded text.
inline void append_words(std::string_view text, std::string& out) {
  std::string folded;
  fold(text, folded);
  const std::size_t start = out.size();
  bool blank = false;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    const char c = folded[i];
    if (detail::is_letter(c) || detail::is_digit(c) || detail::is_high(c)) {
      if (blank && out.size() > start) out.push_back(' ');
      blank = false;
      out.push_back(c);
    } else if (c == '\'') {
      const bool possessive =
          i + 1 < folded.size() && folded[i + 1] == 's' &&
          (i + 2 == folded.size() || !(detail::is_letter(folded[i + 2]) || detail::is_digit(folded[i + 2])));
      if (possessive) {
        ++i;
        blank = true;
      }
    } else {
      blank = true;
    }
  }
}

/// The words of `text`; see `append_words`.
[[nodiscard]] inline std::string words_of(std::string_view text) {
  std::string out;
  append_words(text, out);
  return out;
}

}  // namespace basket::taxonomy
