// What becomes of a bad row: raised at once, or skipped and counted by field and reason.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"

namespace basket::files {

/// What a reader does with a row that it must refuse. Damage to the file as a whole is always raised.
enum class on_bad_row {
  raise,           ///< the first bad row ends the reading
  skip_and_count,  ///< the row is left out and counted in `refusals`
};

namespace detail {

/// The value as it may stand in a one-line message: at most 60 bytes, control characters as '?'.
inline std::string quoted(std::string_view value) {
  constexpr std::size_t limit = 60;
  std::string text = "'";
  for (const char c : value.substr(0, limit)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return text + (value.size() > limit ? "...'" : "'");
}

}  // namespace detail

/// A data_error that concerns one row only: its reader stands behind that row and may go on.
class refused_row : public data_error {
 public:
  /// `kind` is the reason without the value, so that equal reasons can be counted; the message shows both.
  refused_row(std::string source, std::size_t line, std::string field, std::string kind)
      : data_error(std::move(source), line, std::move(field), kind), kind_(std::move(kind)) {}
  refused_row(std::string source, std::size_t line, std::string field, std::string kind, std::string_view value)
      : data_error(std::move(source), line, std::move(field), kind + ": " + detail::quoted(value)),
        kind_(std::move(kind)) {}

  [[nodiscard]] const std::string& kind() const noexcept { return kind_; }

 private:
  std::string kind_;
};

/// Refused rows counted by source, field and reason, in order of first appearance.
struct refusals {
  /// One reason: how many rows it hit, and the first of them in full.
  struct entry {
    std::string source = {};
    std::string field = {};
    std::string reason = {};
    std::size_t rows = 0;
    std::size_t first_line = 0;
    std::string example = {};  ///< the whole sentence of the first
  };

  std::vector<entry> entries = {};

  /// Counts one refused row. O(different reasons).
  void add(const refused_row& row) {
    for (entry& known : entries) {
      if (known.reason == row.kind() && known.field == row.field() && known.source == row.source()) {
        ++known.rows;
        return;
      }
    }
    entries.push_back({row.source(), row.field(), row.kind(), 1, row.line(), row.what()});
  }

  [[nodiscard]] std::size_t total() const noexcept {
    std::size_t rows = 0;
    for (const entry& e : entries) rows += e.rows;
    return rows;
  }
};

/// Runs `body` and does with a refused row what the policy says; true when nothing was refused.
///
/// Fails: whatever `body` throws, except a refused_row under skip_and_count.
template <class Body>
bool accept(on_bad_row policy, refusals& counted, const Body& body) {
  if (policy == on_bad_row::raise) {
    body();
    return true;
  }
  try {
    body();
    return true;
  } catch (const refused_row& row) {
    counted.add(row);
    return false;
  }
}

}  // namespace basket::files
