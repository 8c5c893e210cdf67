// Reading UTF-8 without trusting it: whatever the bytes, out come code points and their width on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace basket::report {

/// One code point taken from a text: U+FFFD for a byte that belongs to no valid sequence.
struct code_point {
  char32_t value = 0;
  std::size_t bytes = 0;  ///< how many bytes of the text it took
};

/// The code point at the start of a text that is not empty. Overlong forms, surrogates and what lies beyond U+10FFFF
/// are not valid and cost one byte each.
[[nodiscard]] constexpr code_point first_code_point(std::string_view text) noexcept {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {static_cast<char32_t>(lead), 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead > 0xF4 || text.size() < length) return {U'\uFFFD', 1};
  char32_t value = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return {U'\uFFFD', 1};
    value = (value << 6) | (byte(i) & 0x3FU);
  }
  const char32_t least = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {U'\uFFFD', 1};
  return {value, length};
}

/// Appends a code point to a text.
inline void append_utf8(std::string& text, char32_t c) {
  const auto put = [&](char32_t bits) { text.push_back(static_cast<char>(static_cast<unsigned char>(bits))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6)), put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18)), put(0x80 | ((c >> 12) & 0x3F)), put(0x80 | ((c >> 6) & 0x3F)), put(0x80 | (c & 0x3F));
  }
}

/// Columns of a terminal that a code point takes: 0 for combining marks and joiners, 2 for East Asian wide and emoji.
///
/// Source: Unicode Standard Annex 11; blocks only, not every exception inside them.
[[nodiscard]] constexpr std::size_t code_point_width(char32_t c) noexcept {
  struct range {
    char32_t from, to;
  };
  constexpr range zero[] = {{0x300, 0x36F},   {0x483, 0x489},     {0x591, 0x5BD},    {0x610, 0x61A},
                            {0x64B, 0x65F},   {0x200B, 0x200F},   {0x202A, 0x202E},  {0x2060, 0x2069},
                            {0x20D0, 0x20F0}, {0x1AB0, 0x1AFF},   {0xFE00, 0xFE0F},  {0xFE20, 0xFE2F},
                            {0xFEFF, 0xFEFF}, {0x1F3FB, 0x1F3FF}, {0xE0000, 0xE01EF}};
  constexpr range wide[] = {{0x1100, 0x115F},   {0x231A, 0x231B},   {0x23E9, 0x23EC},   {0x2E80, 0x303E},
                            {0x3041, 0x33FF},   {0x3400, 0x4DBF},   {0x4E00, 0xA4CF},   {0xA960, 0xA97F},
                            {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                            {0xFFE0, 0xFFE6},   {0x1F1E6, 0x1F1FF}, {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
                            {0x1F900, 0x1F9FF}, {0x1FA70, 0x1FAFF}, {0x20000, 0x3FFFD}};
  for (const range& r : zero) {
    if (c >= r.from && c <= r.to) return 0;
  }
  for (const range& r : wide) {
    if (c >= r.from && c <= r.to) return 2;
  }
  return 1;
}

}  // namespace basket::report
