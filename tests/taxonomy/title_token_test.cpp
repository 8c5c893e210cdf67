#include "basket/taxonomy/title_token.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace basket_test::taxonomy_title_token {

using namespace basket::taxonomy;

struct tokens_of {
  explicit tokens_of(std::string_view title) : text(fold(title)) { cut(text, tokens); }
  [[nodiscard]] std::string word(std::size_t i) const { return text.substr(tokens[i].begin, tokens[i].size); }
  [[nodiscard]] std::vector<std::string> words() const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < tokens.size(); ++i) out.push_back(word(i));
    return out;
  }
  std::string text;
  std::vector<title_token> tokens;
};

TEST_CASE("cut: words, numbers and marks") {
  using list = std::vector<std::string>;
  CHECK(tokens_of("It's 3:15PM, Feb 20,2026!").words() ==
        list{"it's", "3", ":", "15pm", ",", "feb", "20", ",", "2026", "!"});
  CHECK(tokens_of("1,000 1,00 2.5% O/U").words() == list{"1,000", "1", ",", "00", "2.5", "%", "o", "/", "u"});
  CHECK(tokens_of("").words() == list{});
  const tokens_of spaced("a - b-c");
  CHECK(spaced.tokens[1].spaced);
  CHECK(!spaced.tokens[3].spaced);
}

TEST_CASE("cut: an amount has one spelling") {
  for (const std::string_view title : {"$150k", "$150K", "$150,000", "$150000", "$150,000.00", "$0.15 million"}) {
    CHECK_MESSAGE(tokens_of(title).word(0) == "$150,000", title);
  }
  CHECK(tokens_of("$1.5 million").words() == std::vector<std::string>{"$1,500,000"});
  CHECK(tokens_of("$1.5B").word(0) == "$1,500,000,000");
  CHECK(tokens_of("$2T").word(0) == "$2,000,000,000,000");
  CHECK(tokens_of("$1.50").word(0) == "$1.5");
  CHECK(tokens_of("$0.05").word(0) == "$0.05");
  CHECK(tokens_of("$0").word(0) == "$0");
  CHECK(tokens_of("100k").word(0) == "100,000");
}

TEST_CASE("cut: what is no amount stays as it is") {
  CHECK(tokens_of("25").word(0) == "25");
  CHECK(tokens_of("5m").word(0) == "5m");
  CHECK(tokens_of("$5 more").words() == std::vector<std::string>{"$5", "more"});
  CHECK(tokens_of("$1.2.3k").word(0) == "$1.2.3k");
  CHECK(tokens_of("$10-20k").words() == std::vector<std::string>{"$10", "-", "20k"});
  CHECK(tokens_of("$150k.5m").word(0) == "$150k");
  CHECK(tokens_of("$5 millionaires").words() == std::vector<std::string>{"$5", "millionaires"});
}

TEST_CASE("cut: suffixes of numbers") {
  CHECK(tokens_of("28th").tokens[0].suffix == number_suffix::ordinal);
  CHECK(tokens_of("3pm").tokens[0].suffix == number_suffix::meridiem);
  CHECK(tokens_of("01T14").tokens[0].suffix == number_suffix::clock);
  CHECK(tokens_of("49ers").tokens[0].suffix == number_suffix::other);
  const tokens_of code("26MAR31");
  CHECK(code.tokens[0].suffix == number_suffix::date_code);
  CHECK(code.tokens[0].value == 26);
  CHECK(code.tokens[0].code_month == 3);
  CHECK(code.tokens[0].code_day == 31);
  CHECK(tokens_of("5MAR").tokens[0].suffix == number_suffix::other);
  CHECK(tokens_of("99MAR").tokens[0].suffix == number_suffix::other);
}

TEST_CASE("cut: double quotes count only in pairs") {
  const tokens_of paired("say \"March 31\" twice");
  CHECK(!paired.tokens[0].quoted);
  CHECK(paired.tokens[2].quoted);
  CHECK(!paired.tokens[5].quoted);
  for (const title_token& token : tokens_of("5\" of snow in March").tokens) CHECK(!token.quoted);
}

}  // namespace basket_test::taxonomy_title_token
