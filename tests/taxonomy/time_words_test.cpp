#include "basket/taxonomy/time_words.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string_view>

namespace basket_test::taxonomy_time_words {

using namespace basket::taxonomy;

TEST_CASE("find_role: spellings of one month share its number") {
  for (const std::string_view word : {"september", "sep", "sept"}) {
    const role_of_word* const entry = find_role(word);
    REQUIRE(entry != nullptr);
    CHECK(entry->role == word_role::month);
    CHECK(entry->value == 9);
  }
  CHECK(find_role("december")->value == 12);
  CHECK(find_role("q4")->value == 4);
  CHECK(find_role("end")->value == 1);
  CHECK(find_role("start")->value == 2);
  CHECK(find_role("reaches")->value == 2);
}

TEST_CASE("find_role: near misses have none") {
  for (const std::string_view word :
       {"", "m", "marc", "marchs", "Marc", "March", "mayor", "q5", "bitcoin", "a-word-longer-than-all-of-them"}) {
    CHECK_MESSAGE(find_role(word) == nullptr, word);
  }
}

TEST_CASE("every word of the list finds itself, and none stands there twice") {
  std::set<std::string_view> seen;
  for (const role_of_word& entry : detail::role_list) {
    CHECK(find_role(entry.word) == &entry);
    CHECK_MESSAGE(seen.insert(entry.word).second, entry.word);
    CHECK(entry.role != word_role::plain);
  }
}

}  // namespace basket_test::taxonomy_time_words
