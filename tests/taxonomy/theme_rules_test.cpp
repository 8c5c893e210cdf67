#include "basket/taxonomy/theme_rules.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::taxonomy_theme_rules {

using namespace basket::taxonomy;

theme_rules three() {
  return theme_rules({{.name = "crypto", .any = {"bitcoin*", "ETH", "spot etf"}, .none = {"sol campbell"}},
                      {.name = "tech", .any = {"AI", "model", "best ai model"}, .none = {}},
                      {.name = "economics", .any = {"fed", "rate cut*", "tariff*"}, .none = {"fed ex"}}});
}

std::string theme(const theme_rules& rules, std::string_view title, std::string_view slug = {}) {
  const auto found = rules.match(title, slug);
  return found ? rules.name(found->theme) : "none";
}

TEST_CASE("words are whole, and a star lets the last one go on") {
  const theme_rules rules = three();
  CHECK(theme(rules, "Will ETH flip?") == "crypto");
  CHECK(theme(rules, "Whether it fails in Bethany") == "none");
  CHECK(theme(rules, "Will AI fail?") == "tech");
  CHECK(theme(rules, "Will it fail, said Aïda?") == "none");
  CHECK(theme(rules, "Bitcoin's price") == "crypto");
  CHECK(theme(rules, "Bitcoiners") == "crypto");
  CHECK(theme(rules, "Two rate cuts?") == "economics");
  CHECK(theme(rules, "A corporate cut?") == "none");
  CHECK(theme(rules, "federal holiday") == "none");
}

TEST_CASE("the slug counts as much as the title, one phrase once") {
  const theme_rules rules = three();
  CHECK(theme(rules, "", "what-price-will-bitcoin-hit") == "crypto");
  CHECK(theme(rules, "Yes", "fed-decision") == "economics");
  CHECK(rules.match("bitcoin bitcoin", "bitcoin")->score == 1);
  CHECK(theme(rules, "", "") == "none");
}

TEST_CASE("the most words of different phrases win, then the earlier rule") {
  const theme_rules rules = three();
  const auto best = rules.match("Fed chair on the best AI model");
  REQUIRE(best);
  CHECK(rules.name(best->theme) == "tech");
  CHECK(best->score == 5);  // best ai model 3, ai 1, model 1
  CHECK(best->runner_up == 1);
  CHECK(best->phrase == "best ai model");
  const auto tie = rules.match("Fed on bitcoin");
  REQUIRE(tie);
  CHECK(rules.name(tie->theme) == "crypto");
  CHECK(tie->runner_up == tie->score);
}

TEST_CASE("a phrase of none takes the theme out, and only that theme") {
  const theme_rules rules = three();
  CHECK(theme(rules, "Fed Ex cuts tariffs") == "none");
  CHECK(theme(rules, "Fed Ex buys bitcoin") == "crypto");
  CHECK(theme(rules, "Sol Campbell on bitcoin and AI") == "tech");
}

TEST_CASE("the phrase comes back as it was written") {
  const theme_rules rules({{.name = "a", .any = {"S&P 500", "Interest Rate*"}, .none = {}}});
  CHECK(rules.match("the s&p 500 index")->phrase == "S&P 500");
  CHECK(rules.match("interest rates")->phrase == "Interest Rate*");
  CHECK(rules.theme_of("s p 500") == std::optional<std::size_t>(0));
  CHECK(rules.theme_of("s p 5000") == std::nullopt);
}

TEST_CASE("no rules match nothing") {
  const theme_rules none;
  CHECK(none.size() == 0);
  CHECK(!none.match("bitcoin", "bitcoin"));
  CHECK(theme_rules(std::vector<theme_rule>{}).size() == 0);
  CHECK_THROWS_AS((void)none.name(0), basket::precondition_error);
}

std::string refusal(std::vector<theme_rule> rules) {
  try {
    const theme_rules made(std::move(rules));
    return "accepted";
  } catch (const basket::precondition_error& e) {
    return e.what();
  }
}

TEST_CASE("rules that do not fit are refused by name") {
  CHECK(refusal({{"x", {"a b"}, {}}, {"x", {"c d"}, {}}}) == "theme 'x' is given twice, as number 0 and number 1");
  CHECK(refusal({{"", {"a"}, {}}}) == "theme 0 has no name");
  CHECK(refusal({{"x", {}, {"a"}}}) == "theme 'x' has no phrase in any");
  CHECK(refusal({{"x", {"a", "?!"}, {}}}) == "theme 'x': phrase '?!' has no word");
  CHECK(refusal({{"x", {""}, {}}}) == "theme 'x': phrase '' has no word");
  CHECK(refusal({{"x", {"*"}, {}}}) == "theme 'x': phrase '*' has no word");
  CHECK(refusal({{"x", {"Rate Cut", "rate-cut"}, {}}}) == "theme 'x': phrase 'rate cut' is given twice");
  CHECK(refusal({{"x", {"a"}, {"A"}}}) == "theme 'x': phrase 'a' is given twice");
  CHECK(refusal({{"x", {"a"}, {}}, {"y", {"a"}, {}}}) == "accepted");
  CHECK(refusal({{"x", {"a", "a*"}, {}}}) == "accepted");
}

TEST_CASE("hostile texts") {
  const theme_rules rules = three();
  CHECK(theme(rules, std::string(10000, 'a')) == "none");
  CHECK(theme(rules, std::string("bit\0coin fed", 12)) == "economics");
  CHECK(theme(rules, "\xFF\xFE fed \xE2\x80") == "economics");
  std::string many;
  for (int i = 0; i < 2500; ++i) many += "fed ";
  CHECK(rules.match(many)->score == 1);
}

// The same by looking for every phrase in every text.
std::optional<std::size_t> naive(const std::vector<theme_rule>& rules, std::string_view title) {
  const std::string text = " " + words_of(title) + " ";
  const auto occurs = [&](std::string phrase) {
    const bool prefix = phrase.ends_with("*");
    const std::string needle = " " + words_of(phrase) + (prefix ? "" : " ");
    return text.find(needle) != std::string::npos;
  };
  std::optional<std::size_t> best;
  std::size_t best_score = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::size_t score = 0;
    bool out = false;
    for (const std::string& phrase : rules[i].any) {
      const std::string words = words_of(phrase);
      std::size_t count = 1;
      for (const char c : words) count += c == ' ' ? 1U : 0U;
      if (occurs(phrase)) score += count;
    }
    for (const std::string& phrase : rules[i].none) out = out || occurs(phrase);
    if (!out && score > best_score) {
      best_score = score;
      best = i;
    }
  }
  return best;
}

TEST_CASE("agrees with a naive search on random words") {
  const std::vector<std::string> vocabulary = {"a", "ab", "abc", "b", "ba", "c", "ca", "cab"};
  basket::random_stream random(11, 3);
  const auto words = [&](std::uint32_t most) {
    std::string out;
    for (std::uint32_t i = random.below(most) + 1; i > 0; --i) (out += vocabulary[random.below(8)]) += ' ';
    out.pop_back();
    return out;
  };
  for (int round = 0; round < 300; ++round) {
    std::vector<theme_rule> rules(3);
    for (std::size_t i = 0; i < rules.size(); ++i) {
      rules[i].name = "theme " + std::to_string(i);
      std::vector<std::string> used;
      for (int k = 0; k < 5; ++k) {
        std::string phrase = words(3) + (random.below(3) == 0 ? "*" : "");
        if (std::find(used.begin(), used.end(), phrase) != used.end()) continue;
        used.push_back(phrase);
        (k < 4 ? rules[i].any : rules[i].none).push_back(phrase);
      }
    }
    const theme_rules made(rules);
    for (int text = 0; text < 40; ++text) {
      const std::string title = words(6);
      REQUIRE_MESSAGE(made.theme_of(title) == naive(rules, title), title);
    }
  }
}

}  // namespace basket_test::taxonomy_theme_rules
