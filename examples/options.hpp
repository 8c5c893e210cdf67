// Command-line options of the example programs: `--name value` pairs, refused with one sentence.
#pragma once

#include <charconv>
#include <cstdio>
#include <exception>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/core/units.hpp"

namespace examples {

/// A wrong use of the program.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// What the user may say: a name, what stands for the value, and what it is for.
struct option {
  std::string name;
  std::string value;
  std::string help;
};

/// The options given, each at most once.
class options {
 public:
  options(int argc, char** argv, std::vector<option> known) : known_(std::move(known)) {
    for (int i = 1; i < argc; ++i) {
      std::string name = argv[i];
      if (name == "--help" || name == "-h") {
        help_ = true;
        continue;
      }
      const option* found = nullptr;
      for (const option& o : known_) {
        if (o.name == name) found = &o;
      }
      if (found == nullptr) throw usage_error("there is no option '" + name + "'; --help lists them");
      if (i + 1 >= argc) throw usage_error("option " + name + " needs a value: " + found->value);
      if (!given_.emplace(name, argv[++i]).second) throw usage_error("option " + name + " was given twice");
    }
  }

  [[nodiscard]] bool help() const noexcept { return help_; }
  [[nodiscard]] std::string usage(std::string_view program, std::string_view about) const {
    std::string text = std::string(program) + ": " + std::string(about) + "\n\n";
    for (const option& o : known_) {
      const std::string head = "  " + o.name + " " + o.value;
      text += head + std::string(head.size() < 34 ? 34 - head.size() : 1, ' ') + o.help + "\n";
    }
    return text;
  }

  [[nodiscard]] std::optional<std::string> text(const std::string& name) const {
    const auto at = given_.find(name);
    if (at == given_.end()) return std::nullopt;
    if (at->second.empty()) throw usage_error("option " + name + " is empty");
    return at->second;
  }
  [[nodiscard]] std::optional<basket::utc_day> day(const std::string& name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto parsed = basket::utc_day::parse(*value);
    if (!parsed) throw usage_error("option " + name + " takes a date such as 2025-03-01, not '" + *value + "'");
    return parsed;
  }
  [[nodiscard]] std::optional<basket::money> money(const std::string& name) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto parsed = basket::money::parse(*value);
    if (!parsed || *parsed <= basket::money{}) {
      throw usage_error("option " + name + " takes a positive amount of dollars, not '" + *value + "'");
    }
    return parsed;
  }
  /// A whole number from `least` to `most`.
  [[nodiscard]] std::optional<std::int64_t> whole(const std::string& name, std::int64_t least,
                                                  std::int64_t most) const {
    const auto value = text(name);
    if (!value) return std::nullopt;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), number);
    if (error != std::errc() || end != value->data() + value->size() || number < least || number > most) {
      throw usage_error("option " + name + " takes a whole number from " + std::to_string(least) + " to " +
                        std::to_string(most) + ", not '" + *value + "'");
    }
    return number;
  }
  [[nodiscard]] std::string one_of(const std::string& name, const std::vector<std::string>& choices) const {
    const auto value = text(name);
    if (!value) return choices.front();
    std::string list;
    for (const std::string& choice : choices) {
      if (choice == *value) return choice;
      list += (list.empty() ? "" : ", ") + choice;
    }
    throw usage_error("option " + name + " is one of " + list + ", not '" + *value + "'");
  }

 private:
  std::vector<option> known_;
  std::map<std::string, std::string> given_;
  bool help_ = false;
};

/// Runs a program's body; whatever is thrown becomes one sentence on stderr. Exit status 2 for a wrong use, 1
/// otherwise.
template <class Body>
int guarded(std::string_view program, Body&& body) {
  try {
    return body();
  } catch (const usage_error& e) {
    std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(program.size()), program.data(), e.what());
    return 2;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%.*s: %s\n", static_cast<int>(program.size()), program.data(), e.what());
    return 1;
  }
}

}  // namespace examples
