#include "basket/model/grouping.hpp"

#include <doctest/doctest.h>

#include "basket/core/id.hpp"

namespace basket_test::model_grouping {

using namespace basket;

grouping<event_id> four() {
  return {.members = {event_id(3), event_id(1), event_id(7), event_id(2)},
          .labels = {group_label(1), group_label::unclassified(), group_label(0), group_label(1)},
          .names = {"sports", "crypto", "empty"}};
}

TEST_CASE("lists keep member order and leave out what has no group") {
  const auto g = four();
  CHECK_NOTHROW(check(g));
  CHECK(g.groups() == 3);
  const auto lists = g.lists();
  REQUIRE(lists.size() == 3);
  CHECK(lists[0] == std::vector{event_id(7)});
  CHECK(lists[1] == std::vector{event_id(3), event_id(2)});
  CHECK(lists[2].empty());
  CHECK(grouping<contract_id>{}.lists().empty());
  CHECK_NOTHROW(check(grouping<contract_id>{}));
}

TEST_CASE("a label is a group, noise or nothing, and these differ") {
  CHECK(group_label(4).has_group());
  CHECK(group_label(4).group() == 4);
  CHECK_FALSE(group_label::noise().has_group());
  CHECK(group_label::noise().is_noise());
  CHECK_FALSE(group_label::unclassified().is_noise());
  CHECK(group_label() == group_label::unclassified());
  CHECK(group_label::noise() != group_label::unclassified());
  CHECK_THROWS_WITH_AS((void)group_label::noise().group(), "a label without a group was asked for its group",
                       precondition_error);
  CHECK_THROWS_AS((void)group_label().group(), precondition_error);
  CHECK_THROWS_AS((void)group_label(std::size_t{1} << 31), precondition_error);
}

TEST_CASE("a grouping that does not fit together is refused, and says why") {
  auto g = four();
  g.labels.pop_back();
  CHECK_THROWS_WITH_AS(check(g), "a grouping needs one label a member", precondition_error);
  g = four();
  g.labels[0] = group_label(3);
  CHECK_THROWS_WITH_AS(check(g), "a label has no named group", precondition_error);
  g = four();
  g.confidence = {0.1, 0.2};
  CHECK_THROWS_WITH_AS(check(g), "a grouping needs no confidence or one a member", precondition_error);
  g.confidence = {0.1, missing, 1.0, 0.0};
  CHECK_NOTHROW(check(g));
  g.confidence[2] = 1.01;
  CHECK_THROWS_WITH_AS(check(g), "a confidence lies outside [0, 1]", precondition_error);
  g = four();
  g.second = {group_label(0)};
  CHECK_THROWS_WITH_AS(check(g), "a grouping needs no second label or one a member", precondition_error);
  g = four();
  g.reasons = {"why"};
  CHECK_THROWS_WITH_AS(check(g), "a grouping needs no reason or one a member", precondition_error);
}

}  // namespace basket_test::model_grouping
