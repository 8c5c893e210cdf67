#include "basket/model/book_audit.hpp"

#include <doctest/doctest.h>

#include "support/stream.hpp"

namespace basket_test::model_book_audit {

using namespace basket;

book_audit_result audited(const stream_builder& stream, std::int64_t gap_ns = 60'000'000'000) {
  book_audit audit(price::micros(1'000), gap_ns);
  const auto source = stream.source();
  for (const message& m : source.messages()) audit.add(m);
  return audit.finish();
}

TEST_CASE("a replayed book is held against the next snapshot, level by level, on paper") {
  // Bids 40x10 and 39x5, ask 45x7. A change sets 39 to 6; the next snapshot says 40x10, 39x5 and 45x7, 46x1: of four
  // levels that either holds, 40 and 45 agree.
  stream_builder s;
  s.at(1).book({{40, 10}, {39, 5}}, {{45, 7}}).at(2).level(side::buy, 39, 6);
  s.at(3).book({{40, 10}, {39, 5}}, {{45, 7}, {46, 1}});
  const auto found = audited(s);
  CHECK(found.token.agree == 2);
  CHECK(found.token.levels == 4);
  CHECK(found.joint.agree == 2);
  CHECK(found.joint.levels == 4);
  CHECK(found.snapshots == 2);
  CHECK(found.level_changes == 1);
  CHECK(found.token.share() == doctest::Approx(0.5));
}

TEST_CASE("the second token's snapshot at the same instant tests its own book and not the joint one again") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{45, 7}}).book({{55, 7}}, {{60, 10}}, outcome::no);
  s.at(2).book({{40, 10}}, {{45, 7}}).book({{55, 7}}, {{60, 9}}, outcome::no);
  const auto found = audited(s);
  CHECK(found.token.levels == 4);
  CHECK(found.token.agree == 3);  // NO's offer at 60 was 10 and is 9
  CHECK(found.joint.levels == 2);
  CHECK(found.joint.agree == 2);
  // At the second instant the tokens differ on one level: the bid at 40, an offer of NO at 60.
  CHECK(found.contradictions == 1);
}

TEST_CASE("levels that the two tokens tell otherwise are contradictions once the instant is over") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{45, 7}}).book({{55, 7}}, {{60, 10}}, outcome::no);
  s.at(2).level(side::buy, 40, 4).level(side::sell, 60, 4, outcome::no);  // both say the same
  s.at(3).level(side::buy, 40, 3);                                        // the other token follows a second later
  s.at(4).level(side::sell, 60, 3, outcome::no);
  const auto found = audited(s);
  CHECK(found.two_told == 5);  // two levels of the snapshots, one at each of three instants
  CHECK(found.contradictions == 1);
}

TEST_CASE("crossed spells last from the instant at which the book crosses until it no longer is; silences are gaps") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{45, 7}});
  s.at(2).level(side::buy, 46, 1);  // crossed
  s.at(4).level(side::buy, 47, 1);  // still
  s.at(7).level(side::buy, 46, 0).level(side::buy, 47, 0);
  s.at(100).level(side::sell, 39, 2);  // crossed until the recording ends
  s.at(103).level(side::buy, 38, 2);
  // In the middle of an instant a book may cross: nobody sees it.
  const auto found = audited(s);
  CHECK(found.crossed.spells == 2);
  CHECK(found.crossed.total_ns == 8'000'000'000);
  CHECK(found.crossed.longest_ns == 5'000'000'000);
  CHECK(found.crossed_instants == 4);
  CHECK(found.gaps.spells == 1);
  CHECK(found.gaps.longest_ns == 93'000'000'000);
  CHECK(found.instants == 6);
}

TEST_CASE("an empty recording has nothing to say") {
  book_audit audit;
  const auto found = audit.finish();
  CHECK_FALSE(found.token.share().has_value());
  CHECK(found.instants == 0);
  CHECK(found.gaps.spells == 0);
}

}  // namespace basket_test::model_book_audit
