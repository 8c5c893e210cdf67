#include "basket/source/wording.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace basket_test::source_wording {

namespace wording = basket::source::wording;

TEST_CASE("texts are split, filled in, dated and turned into addresses") {
  CHECK(wording::split("a|b||c") == std::vector<std::string_view>{"a", "b", "", "c"});
  CHECK(wording::split("") == std::vector<std::string_view>{""});
  CHECK(wording::replaced("{x} and {x}, not {y}", "x", "{x}s") == "{x}s and {x}s, not {y}");
  CHECK(wording::dated("by {date}, in {month}", *basket::utc_day::parse("2025-03-09")) ==
        "by March 9, 2025, in March 2025");
  CHECK(wording::slug("Will US CPI be above 2.4%?") == "will-us-cpi-be-above-2-4");
  CHECK(wording::slug("?!") == "");
}

TEST_CASE("every brace of every form can be filled, and forms fit their shape") {
  std::set<std::string> themes;
  for (const wording::form& f : wording::forms) {
    std::string title(f.title), answers(f.answers);
    for (const auto& [word, choices] : wording::fillers) {
      for (const auto choice : wording::split(choices)) CHECK_FALSE(choice.empty());
      title = wording::replaced(title, word, "x");
      answers = wording::replaced(answers, word, "x");
    }
    title = wording::dated(title, basket::utc_day(0));
    const bool several = f.kind == wording::shape::exhaustive || f.kind == wording::shape::open_ended;
    CHECK_MESSAGE((title.find("{answer}") != title.npos) == several, f.title);
    CHECK_MESSAGE((wording::split(f.answers).size() >= 3) == several, f.title);
    CHECK_MESSAGE(wording::replaced(title, "answer", "x").find('{') == std::string::npos, f.title);
    CHECK_MESSAGE(answers.find('{') == std::string::npos, f.title);
    if (f.kind == wording::shape::ladder) CHECK_MESSAGE(f.title.find("by {date}") != f.title.npos, f.title);
    themes.insert(std::string(f.theme));
  }
  CHECK(themes.size() == 11);  // ten themes and the questions that belong to none
  CHECK(themes.contains(""));
}

}  // namespace basket_test::source_wording
