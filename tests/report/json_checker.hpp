// A strict and slow reader of JSON (RFC 8259) for the tests: valid or not, and what stands where.
#pragma once

#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace basket_test {

/// The scalars of a JSON text by their path ("themes.0.gain"), strings without their quotes; nothing when the text is
/// not one valid value or names a member twice.
class json_checker {
 public:
  static std::optional<std::map<std::string, std::string>> read(std::string_view text) {
    json_checker c(text);
    c.space();
    if (!c.value("")) return std::nullopt;
    c.space();
    if (!c.rest_.empty()) return std::nullopt;
    return c.found_;
  }

 private:
  explicit json_checker(std::string_view text) : rest_(text) {}

  bool take(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void space() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t' || rest_[0] == '\r')) {
      rest_.remove_prefix(1);
    }
  }
  bool keep(const std::string& path, std::string text) { return found_.emplace(path, std::move(text)).second; }

  bool value(const std::string& path) {
    if (take('{')) return members(path, '}', true);
    if (take('[')) return members(path, ']', false);
    if (!rest_.empty() && rest_[0] == '"') {
      const auto text = string();
      return text && keep(path, *text);
    }
    for (const std::string_view word : {"true", "false", "null"}) {
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return keep(path, std::string(word));
      }
    }
    return number(path);
  }

  bool members(const std::string& path, char end, bool named) {
    space();
    if (take(end)) return true;
    for (std::size_t i = 0;; ++i) {
      space();
      std::string name = std::to_string(i);
      if (named) {
        const auto key = string();
        space();
        if (!key || !take(':')) return false;
        name = *key;
        space();
      }
      if (!value(path.empty() ? name : path + "." + name)) return false;
      space();
      if (take(end)) return true;
      if (!take(',')) return false;
    }
  }

  std::optional<std::string> string() {
    if (!take('"')) return std::nullopt;
    std::string out;
    while (!rest_.empty()) {
      const char c = rest_[0];
      rest_.remove_prefix(1);
      if (c == '"') return out;
      if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
      if (c != '\\') {
        out += c;
        continue;
      }
      if (rest_.empty()) return std::nullopt;
      const char escape = rest_[0];
      rest_.remove_prefix(1);
      if (escape == 'u') {
        if (rest_.size() < 4) return std::nullopt;
        for (std::size_t i = 0; i < 4; ++i) {
          if (std::isxdigit(static_cast<unsigned char>(rest_[i])) == 0) return std::nullopt;
        }
        out += "\\u" + std::string(rest_.substr(0, 4));
        rest_.remove_prefix(4);
      } else if (const auto at = std::string_view("\"\\/bfnrt").find(escape); at != std::string_view::npos) {
        out += "\"\\/\b\f\n\r\t"[at];
      } else {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  std::size_t digits() {
    std::size_t n = 0;
    while (n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9') ++n;
    rest_.remove_prefix(n);
    return n;
  }

  bool number(const std::string& path) {
    const std::string_view from = rest_;
    take('-');
    const bool zero = !rest_.empty() && rest_[0] == '0';
    const std::size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (take('.') && digits() == 0) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (digits() == 0) return false;
    }
    return keep(path, std::string(from.substr(0, from.size() - rest_.size())));
  }

  std::string_view rest_;
  std::map<std::string, std::string> found_;
};

}  // namespace basket_test
