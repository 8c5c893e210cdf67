// Plain-text tables and headings that line up, whatever script the words are in.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/units.hpp"
#include "basket/report/utf8.hpp"

namespace basket::report {

/// Columns that a text takes on a terminal.
[[nodiscard]] inline std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  while (!text.empty()) {
    const code_point c = first_code_point(text);
    text.remove_prefix(c.bytes);
    width += code_point_width(c.value);
  }
  return width;
}

/// One line of valid UTF-8: control characters become spaces, invalid bytes U+FFFD; beyond `max_width` columns the text
/// is cut and ends in an ellipsis.
[[nodiscard]] inline std::string one_line(std::string_view text, std::size_t max_width = std::string_view::npos) {
  std::string out;
  std::size_t width = 0, keep = 0;  // `keep` bytes leave room for the ellipsis
  while (!text.empty()) {
    const code_point c = first_code_point(text);
    text.remove_prefix(c.bytes);
    const bool control = c.value < 0x20 || (c.value >= 0x7F && c.value < 0xA0);
    const char32_t shown = control ? U' ' : c.value;
    width += code_point_width(shown);
    if (width > max_width) {
      out.resize(keep);
      if (max_width > 0) append_utf8(out, U'\u2026');
      return out;
    }
    append_utf8(out, shown);
    if (width < max_width) keep = out.size();
  }
  return out;
}

enum class align { left, right };

/// A column of a table: its heading, its side, and the width beyond which cells are cut (0 for never).
struct column {
  std::string title = {};
  align side = align::left;
  std::size_t max_width = 0;
};

/// Rows under headings. `text()` pads every cell to its column, two spaces apart, no space at a line's end.
///
/// Fails: precondition_error when a row has another number of cells than there are columns.
struct table {
  std::vector<column> columns = {};
  std::vector<std::vector<std::string>> rows = {};
  std::size_t indent = 2;

  [[nodiscard]] std::string text() const {
    std::vector<std::vector<std::string>> cells(1);
    for (const column& c : columns) cells[0].push_back(one_line(c.title));
    for (const auto& row : rows) {
      if (row.size() != columns.size()) {
        throw precondition_error("a table of " + std::to_string(columns.size()) + " columns was given a row of " +
                                 std::to_string(row.size()) + " cells");
      }
      auto& line = cells.emplace_back();
      for (std::size_t c = 0; c < row.size(); ++c) {
        line.push_back(one_line(row[c], columns[c].max_width == 0 ? std::string::npos : columns[c].max_width));
      }
    }
    std::vector<std::size_t> widths(columns.size(), 0);
    for (const auto& line : cells) {
      for (std::size_t c = 0; c < line.size(); ++c) widths[c] = std::max(widths[c], display_width(line[c]));
    }
    const bool headed = std::any_of(columns.begin(), columns.end(), [](const column& c) { return !c.title.empty(); });
    std::string out;
    for (std::size_t r = headed ? 0 : 1; r < cells.size(); ++r) {
      append_row(out, cells[r], widths);
      if (r == 0) {
        std::vector<std::string> rule;
        for (const std::size_t width : widths) rule.emplace_back(width, '-');
        append_row(out, rule, widths);
      }
    }
    return out;
  }

 private:
  void append_row(std::string& out, const std::vector<std::string>& line,
                  const std::vector<std::size_t>& widths) const {
    std::string row(indent, ' ');
    for (std::size_t c = 0; c < line.size(); ++c) {
      if (c > 0) row += "  ";
      const std::string padding(widths[c] - display_width(line[c]), ' ');
      row += columns[c].side == align::left ? line[c] + padding : padding + line[c];
    }
    row.erase(row.find_last_not_of(' ') + 1);
    out += row + '\n';
  }
};

/// A heading with a rule under it, and an empty line before.
[[nodiscard]] inline std::string heading(std::string_view title) {
  const std::string line = one_line(title);
  return "\n" + line + "\n" + std::string(display_width(line), '=') + "\n";
}

/// A text broken at spaces into lines of at most `width` columns; the second and later lines are indented by `hang`.
[[nodiscard]] inline std::string wrapped(std::string_view text, std::size_t width = 110, std::size_t hang = 2) {
  const std::string line = one_line(text);
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = std::min(line.find(' ', at), line.size());
    const std::string_view word = std::string_view(line).substr(at, end - at);
    at = end + 1;
    if (word.empty()) continue;
    const std::size_t columns = display_width(word);
    if (used > 0 && used + 1 + columns > width) {
      out += "\n" + std::string(hang, ' ');
      used = hang;
    } else if (used > 0) {
      out += ' ';
      ++used;
    }
    out += word;
    used += columns;
  }
  return out + "\n";
}

/// "1,234,567.123456": every unit, grouped by thousands.
[[nodiscard]] inline std::string grouped(std::string number) {
  const std::size_t first = !number.empty() && number[0] == '-' ? 1 : 0;
  std::size_t at = std::min(number.find('.'), number.size());
  while (at > first + 3) {
    at -= 3;
    number.insert(at, 1, ',');
  }
  return number;
}
[[nodiscard]] inline std::string grouped(money amount) { return grouped(to_string(amount)); }

/// A number with fixed decimals, or in powers of ten where it is too large to be read; "missing" when it is.
[[nodiscard]] inline std::string fixed(double x, int decimals) {
  if (is_missing(x)) return "missing";
  return std::abs(x) < 1e9 ? fmt::format("{:.{}f}", x, decimals) : fmt::format("{:.{}e}", x, decimals);
}
/// A share as a percentage; "missing" when it is.
[[nodiscard]] inline std::string percent(double x, int decimals = 2) {
  return is_missing(x) ? "missing" : fixed(100.0 * x, decimals) + " %";
}

/// A part of a report that the program knows and the run does not: a heading, sentences, and a table where it has rows.
struct section {
  std::string title = {};
  std::vector<std::string> sentences = {};
  table rows = {};

  [[nodiscard]] std::string text() const {
    std::string out = heading(title);
    for (const std::string& sentence : sentences) out += "  " + wrapped(sentence);
    if (!rows.rows.empty()) out += rows.text();
    return out;
  }
};

}  // namespace basket::report
