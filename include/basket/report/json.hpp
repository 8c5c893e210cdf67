// A small writer of JSON: the same values give the same bytes.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

#include "basket/core/int128.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/time.hpp"
#include "basket/core/units.hpp"
#include "basket/report/utf8.hpp"

namespace basket::report {

/// One JSON value on one line, or indented by two spaces a level.
enum class json_layout { one_line, indented };

/// Appends JSON to a text: `out.object([&] { out.field("nav", nav); })`. Members keep the order they are written in.
/// A `double` is its shortest decimal that reads back as the same value; money, shares and prices are strings with all
/// six decimals, so that no reader rounds them; days are ISO dates. Bytes that are not UTF-8 become U+FFFD.
///
/// Missing: null.
/// Fails:   precondition_error for an infinite number, a value without a key inside an object, a key outside of one.
class json_writer {
 public:
  explicit json_writer(json_layout layout = json_layout::one_line) : indented_(layout == json_layout::indented) {}

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

  template <std::invocable Body>
  void object(const Body& members) {
    nest('{', '}', members);
  }
  template <std::invocable Body>
  void array(const Body& values) {
    nest('[', ']', values);
  }

  json_writer& key(std::string_view name) {
    require(open_ == '{' && !keyed_, "a JSON key belongs into an object, before a value");
    separate();
    quote(name);
    text_ += indented_ ? ": " : ":";
    keyed_ = true;
    return *this;
  }

  void value(std::string_view x) {
    put([&] { quote(x); });
  }
  void value(const char* x) { value(std::string_view(x)); }
  void value(double x) {
    require(is_missing(x) || std::isfinite(x), "a number in JSON cannot be infinite");
    put([&] { text_ += is_missing(x) ? "null" : fmt::format("{}", x); });
  }
  void value(std::same_as<bool> auto x) {
    put([&] { text_ += x ? "true" : "false"; });
  }
  template <std::integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>)
  void value(T x) {
    put([&] { text_ += fmt::format("{}", x); });
  }
  void value(money x) { value(to_string(x)); }
  void value(shares x) { value(to_string(x)); }
  void value(price x) { value(to_string(x)); }
  void value(utc_day x) { value(to_string(x)); }
  void null() {
    put([&] { text_ += "null"; });
  }

  /// `key` and `value` in one.
  template <class T>
  void field(std::string_view name, const T& x) {
    key(name).value(x);
  }

  /// Ends a line of JSON lines; only between values of the outermost level.
  void end_line() {
    require(open_ == 0, "a line of JSON ends outside of every object");
    text_ += '\n';
    first_ = true;
  }

 private:
  template <class Write>
  void put(const Write& write) {
    require(open_ != '{' || keyed_, "a value inside a JSON object needs a key");
    if (!keyed_) separate();
    keyed_ = false;
    write();
  }

  template <class Body>
  void nest(char opening, char closing, const Body& body) {
    put([&] { text_ += opening; });
    const char outer = open_;
    open_ = opening;
    first_ = true;
    ++depth_;
    body();
    require(!keyed_, "a JSON key was left without a value");
    --depth_;
    if (!first_) new_line();
    text_ += closing;
    open_ = outer;
    first_ = false;
  }

  void separate() {
    if (!first_) text_ += open_ == 0 ? "\n" : ",";
    if (open_ != 0) new_line();
    first_ = false;
  }

  void new_line() {
    if (!indented_) return;
    text_ += '\n';
    text_.append(2 * depth_, ' ');
  }

  void quote(std::string_view x) {
    text_ += '"';
    while (!x.empty()) {
      const code_point c = first_code_point(x);
      x.remove_prefix(c.bytes);
      switch (c.value) {
        case U'"':
          text_ += "\\\"";
          break;
        case U'\\':
          text_ += "\\\\";
          break;
        case U'\n':
          text_ += "\\n";
          break;
        case U'\t':
          text_ += "\\t";
          break;
        default:
          // U+2028 and U+2029 end a line for some readers of JSON lines.
          if (c.value < 0x20 || c.value == 0x7F || c.value == 0x2028 || c.value == 0x2029) {
            text_ += fmt::format("\\u{:04x}", static_cast<unsigned>(c.value));
          } else {
            append_utf8(text_, c.value);
          }
      }
    }
    text_ += '"';
  }

  std::string text_;
  std::size_t depth_ = 0;
  char open_ = 0;  // the bracket we are in, 0 outside
  bool first_ = true;
  bool keyed_ = false;
  bool indented_;
};

}  // namespace basket::report
