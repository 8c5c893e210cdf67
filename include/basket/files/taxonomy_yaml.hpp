// Theme rules from a YAML file.
#pragma once

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/gzip.hpp"

namespace basket::files {

/// What a rule of a theme has: its name, phrases of which one is enough, and phrases that rule it out.
template <class R>
concept NamedRule = std::default_initializable<R> && requires(R rule) {
  { rule.name } -> std::same_as<std::string&>;
  { rule.any } -> std::same_as<std::vector<std::string>&>;
  { rule.none } -> std::same_as<std::vector<std::string>&>;
};

namespace detail {

/// The checks that a YAML file of rules needs, each refusal with its line.
struct yaml_rules {
  std::string source = {};

  [[noreturn]] void refuse(const YAML::Mark& at, const std::string& field, std::string reason) const {
    throw data_error(source, at.line < 0 ? 0 : static_cast<std::size_t>(at.line) + 1, field, std::move(reason));
  }

  [[nodiscard]] std::string text(const YAML::Node& node, const std::string& field) const {
    if (!node.IsScalar()) refuse(node.Mark(), field, "must be a text");
    const std::string& given = node.Scalar();
    if (given.find_first_not_of(" \t\r\n") == std::string::npos) refuse(node.Mark(), field, "is empty");
    // yaml-cpp reads a quote that is never closed to the end of the file, whose line end becomes a blank.
    if (given.front() == ' ' || given.back() == ' ' || given.back() == '\n') {
      refuse(node.Mark(), field, "has a blank at its beginning or end; is a quote not closed?");
    }
    return given;
  }

  [[nodiscard]] std::vector<std::string> texts(const YAML::Node& node, const std::string& field) const {
    if (!node.IsSequence()) refuse(node.Mark(), field, "must be a list of texts");
    if (node.size() == 0) refuse(node.Mark(), field, "is an empty list");
    std::vector<std::string> out;
    for (const YAML::Node& item : node) {
      std::string one = text(item, field);
      if (std::find(out.begin(), out.end(), one) != out.end()) refuse(item.Mark(), field, "lists '" + one + "' twice");
      out.push_back(std::move(one));
    }
    return out;
  }

  /// Gives each entry of a map to `take(key, value)`, which says whether it knows the key.
  template <class Take>
  void entries(const YAML::Node& map, const char* keys, const Take& take) const {
    std::vector<std::string> seen;
    for (const auto& entry : map) {
      const std::string key = text(entry.first, "");
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) refuse(entry.first.Mark(), key, "is given twice");
      seen.push_back(key);
      if (!take(key, entry.second)) {
        refuse(entry.first.Mark(), key, std::string("there is no such key here; the keys are ") + keys);
      }
    }
  }

  template <class Rule>
  [[nodiscard]] Rule rule(const YAML::Node& node) const {
    if (!node.IsMap()) refuse(node.Mark(), "themes", "each theme must be a map with name and any");
    Rule out{};
    entries(node, "name, any, none", [&](const std::string& key, const YAML::Node& value) {
      if (key == "name") {
        out.name = text(value, key);
      } else if (key == "any") {
        out.any = texts(value, key);
      } else if (key == "none") {
        out.none = texts(value, key);
      } else {
        return false;
      }
      return true;
    });
    if (out.name.empty()) refuse(node.Mark(), "name", "a theme without a name");
    if (out.any.empty()) refuse(node.Mark(), "any", "the theme '" + out.name + "' has no phrases");
    return out;
  }
};

}  // namespace detail

/// Reads the rules of themes in the order of the file, which has one key, `themes`: a list of maps with `name`, `any`
/// (a list of phrases) and, where needed, `none`.
///
///     themes:
///       - name: economy
///         any: [inflation, interest rate]
///         none: [video game]
///
/// Fails: data_error(file, line, key, reason) for a file that cannot be read, is not YAML or not UTF-8, an unknown or
///        repeated key, a value of the wrong kind, an empty list or text, and two themes of one name.
template <NamedRule Rule>
[[nodiscard]] std::vector<Rule> read_theme_rules(const std::filesystem::path& file) {
  constexpr std::size_t max_bytes = std::size_t{1} << 24;
  const detail::yaml_rules check{file.string()};
  std::string text = read_file(file, max_bytes);
  if (text.back() != '\n') text += '\n';
  if (!is_utf8(text)) throw data_error(check.source, 0, "", "the text is not UTF-8");
  std::vector<Rule> rules;
  try {
    const std::vector<YAML::Node> documents = YAML::LoadAll(text);
    if (documents.size() != 1 || !documents[0].IsMap()) {
      throw data_error(check.source, 0, "themes", "the file must be one map with the key themes");
    }
    check.entries(documents[0], "themes", [&](const std::string& key, const YAML::Node& value) {
      if (key != "themes") return false;
      if (!value.IsSequence() || value.size() == 0) check.refuse(value.Mark(), key, "must be a list of themes");
      for (const YAML::Node& node : value) {
        Rule rule = check.rule<Rule>(node);
        for (const Rule& other : rules) {
          if (other.name == rule.name) check.refuse(node.Mark(), "name", "two themes are called '" + rule.name + "'");
        }
        rules.push_back(std::move(rule));
      }
      return true;
    });
  } catch (const YAML::Exception& broken) {
    check.refuse(broken.mark, "", "not YAML: " + broken.msg);
  }
  if (rules.empty()) throw data_error(check.source, 0, "themes", "is not given");
  return rules;
}

}  // namespace basket::files
