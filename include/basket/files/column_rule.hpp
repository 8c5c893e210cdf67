// When the values of a column became known: the rule that a reader states for every column it reads.
#pragma once

#include <string>
#include <string_view>

namespace basket::files {

/// From when on a strategy may know what stands in a column.
enum class known_from {
  listing,    ///< from the moment the market was listed
  date,       ///< from a day that the data states
  hindsight,  ///< only after the market's whole life: nothing that decides may read it
  not_read,   ///< left where it is
};

[[nodiscard]] constexpr std::string_view to_string(known_from when) noexcept {
  switch (when) {
    case known_from::listing:
      return "known at listing";
    case known_from::date:
      return "known from a date";
    case known_from::hindsight:
      return "hindsight";
    case known_from::not_read:
      return "not read";
  }
  return "unknown";
}

/// One column: when it is taken to be known, and why.
struct column_rule {
  std::string file = {};
  std::string column = {};
  known_from when = known_from::not_read;
  std::string why = {};
};

}  // namespace basket::files
