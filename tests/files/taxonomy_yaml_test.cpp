#include "basket/files/taxonomy_yaml.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "files/temporary_folder.hpp"

namespace basket_test::files_taxonomy_yaml {

using namespace basket;

struct rule {
  std::string name = {};
  std::vector<std::string> any = {};
  std::vector<std::string> none = {};
};
static_assert(files::NamedRule<rule>);
struct nameless {
  std::vector<std::string> any = {}, none = {};
};
static_assert(!files::NamedRule<nameless>);

const std::string good =
    "# a comment\n"
    "themes:\n"
    "  - name: economy\n"
    "    any: [inflation, interest rate, \"tariff*\"]\n"
    "    none: [video game]\n"
    "  - name: crypto\n"
    "    any:\n"
    "      - bitcoin\n"
    "      - '7'\n";

std::string refusal(const std::string& text) {
  const temporary_folder folder;
  const auto path = folder.file("t.yaml", text);
  std::string said = sentence<data_error>([&] { (void)files::read_theme_rules<rule>(path); });
  if (said.starts_with(path.string())) said.replace(0, path.string().size(), "t.yaml");
  return said;
}

TEST_CASE("taxonomy yaml: themes in the order of the file") {
  const temporary_folder folder;
  const auto rules = files::read_theme_rules<rule>(folder.file("t.yaml", good));
  REQUIRE(rules.size() == 2);
  CHECK(rules[0].name == "economy");
  CHECK(rules[0].any == std::vector<std::string>{"inflation", "interest rate", "tariff*"});
  CHECK(rules[0].none == std::vector<std::string>{"video game"});
  CHECK(rules[1].name == "crypto");
  CHECK(rules[1].any == std::vector<std::string>{"bitcoin", "7"});
  CHECK(rules[1].none.empty());
}

TEST_CASE("taxonomy yaml: what does not fit is refused with its line") {
  CHECK(refusal(with(good, "none:", "nun:")) ==
        "t.yaml, line 5, field 'nun': there is no such key here; the keys are name, any, none");
  CHECK(refusal(with(good, "themes:", "theme:")) ==
        "t.yaml, line 2, field 'theme': there is no such key here; the keys are themes");
  CHECK(refusal(with(good, "    none: [video game]", "    any: [x]")) == "t.yaml, line 5, field 'any': is given twice");
  CHECK(refusal(good + "themes: []\n") == "t.yaml, line 10, field 'themes': is given twice");
  CHECK(refusal(with(good, "name: crypto", "name: economy")) ==
        "t.yaml, line 6, field 'name': two themes are called 'economy'");
  CHECK(refusal(with(good, "'7'", "bitcoin")) == "t.yaml, line 9, field 'any': lists 'bitcoin' twice");
  CHECK(refusal(with(good, "[video game]", "[]")) == "t.yaml, line 5, field 'none': is an empty list");
  CHECK(refusal(with(good, "[video game]", "video game")) == "t.yaml, line 5, field 'none': must be a list of texts");
  CHECK(refusal(with(good, "[video game]", "[video game, [x]]")) == "t.yaml, line 5, field 'none': must be a text");
  CHECK(refusal(with(good, "[video game]", "[video game, ' ']")) == "t.yaml, line 5, field 'none': is empty");
  CHECK(refusal(with(good, "[video game]", "[~]")) == "t.yaml, line 5, field 'none': must be a text");
  CHECK(refusal(with(good, "name: economy", "name: ''")) == "t.yaml, line 3, field 'name': is empty");
  CHECK(refusal(with(good, "name: economy", "name: [a]")) == "t.yaml, line 3, field 'name': must be a text");
  CHECK(refusal("themes:\n  - any: [x]\n") == "t.yaml, line 2, field 'name': a theme without a name");
  CHECK(refusal("themes:\n  - name: x\n") == "t.yaml, line 2, field 'any': the theme 'x' has no phrases");
  CHECK(refusal("themes:\n  - x\n") == "t.yaml, line 2, field 'themes': each theme must be a map with name and any");
  CHECK(refusal("themes:\n") == "t.yaml, line 2, field 'themes': must be a list of themes");
  CHECK(refusal("themes: []\n") == "t.yaml, line 1, field 'themes': must be a list of themes");
  CHECK(refusal("{}\n") == "t.yaml, field 'themes': is not given");
  CHECK(refusal("- a\n") == "t.yaml, field 'themes': the file must be one map with the key themes");
  CHECK(refusal("# nothing\n") == "t.yaml, field 'themes': the file must be one map with the key themes");
  CHECK(refusal(good + "---\n" + good) == "t.yaml, field 'themes': the file must be one map with the key themes");
  for (const char* open : {"'7", "\"7", "' 7'", "'7 '"}) {
    CHECK(refusal(with(good, "'7'", open)) ==
          "t.yaml, line 9, field 'any': has a blank at its beginning or end; is a quote not closed?");
  }
  CHECK(refusal("themes: [{name: a, any: ['x]}]").starts_with("t.yaml, line "));
  CHECK(refusal("themes:\n  - name: a\n    any:\n      - 'x\n  - name: b") ==
        "t.yaml, line 4, field 'any': has a blank at its beginning or end; is a quote not closed?");
  CHECK(refusal("") == "t.yaml: the file is empty");
  CHECK(refusal(with(good, "video", "vid\xff")) == "t.yaml: the text is not UTF-8");
  for (const std::string& broken :
       {with(good, "[video game]", "[video game"), with(good, "- name: economy", "\t- name: economy"),
        with(good, "video game", "*nobody"), std::string(100'000, '['), with(good, "'7'", "- - }")}) {
    const std::string said = refusal(broken);
    CHECK_MESSAGE((said.starts_with("t.yaml, line ") && said.find(": not YAML: ") != std::string::npos),
                  said << " " << broken.substr(0, 300));
  }
  CHECK(sentence<data_error>([] { (void)files::read_theme_rules<rule>("/no/such.yaml"); }) ==
        "/no/such.yaml: there is no such file");
}

}  // namespace basket_test::files_taxonomy_yaml
