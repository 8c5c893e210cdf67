#include "basket/taxonomy/words.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "basket/core/random.hpp"

namespace basket_test::taxonomy_words {

using basket::taxonomy::fold;
using basket::taxonomy::words_of;

TEST_CASE("fold: one spelling of letters, dashes, quotes and blanks") {
  CHECK(fold("Will BTC Rise?") == "will btc rise?");
  CHECK(fold("Nicolás Ötzi ŁÓDŹ İzmir Nguyễn Straße Æsir") == "nicolas otzi lodz izmir nguyen strasse aesir");
  CHECK(fold("Nicola\u0301s") == "nicolas");  // the accent as a character of its own
  CHECK(fold("2025–26 — “so” it’s…") == "2025-26 - \"so\" it's...");
  CHECK(fold("\t a \u00a0 b\u200b c \n") == "a b c");
  CHECK(fold("Москва 東京") == "Москва 東京");
  CHECK(fold("") == "");
  CHECK(fold("  \n") == "");
}

TEST_CASE("fold: stops of initials go, other stops stay") {
  CHECK(fold("the U.S. and J.D. Vance at 6 a.m.") == "the us and jd vance at 6 am");
  CHECK(fold("Jr. vs. No. 5.5 U. of X") == "jr. vs. no. 5.5 u. of x");
  CHECK(fold("pump.fun") == "pump.fun");
}

TEST_CASE("fold: bytes that are no UTF-8 become U+FFFD") {
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(fold("a\xFF"
             "b") == "a" + replaced + "b");
  CHECK(fold("\xE2\x80") == replaced + replaced);                 // cut off
  CHECK(fold("\xC0\xAF") == replaced + replaced);                 // overlong
  CHECK(fold("\xED\xA0\x80") == replaced + replaced + replaced);  // half of a surrogate pair
}

TEST_CASE("fold: twice is once, on random bytes") {
  basket::random_stream random(7, 1);
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const auto size = random.below(24);
    for (std::uint64_t i = 0; i < size; ++i) {
      text.push_back(random.below(3) == 0 ? static_cast<char>(random.below(256)) : "aB.u 's-"[random.below(8)]);
    }
    const std::string once = fold(text);
    REQUIRE_MESSAGE(fold(once) == once, text);
  }
}

TEST_CASE("words: runs of letters and digits, possessives dropped") {
  CHECK(words_of("Trump's \"Deal\" - 50.5% (GTA VI)?") == "trump deal 50 5 gta vi");
  CHECK(words_of("will-trump-win-2026") == "will trump win 2026");
  CHECK(words_of("Ballon d'Or, O'Neill, 'tis, Men's") == "ballon dor oneill tis men");
  CHECK(words_of("U.S. House") == "us house");
  CHECK(words_of("?! -") == "");
}

}  // namespace basket_test::taxonomy_words
