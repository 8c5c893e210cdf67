// A field of a comma-separated file.
#pragma once

#include <string>
#include <string_view>

namespace basket {

/// The text, quoted where RFC 4180 asks for it.
[[nodiscard]] inline std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace basket
