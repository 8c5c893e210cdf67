#include "basket/concepts/laws/schedule.hpp"

#include <doctest/doctest.h>

#include "basket/core/calendar.hpp"

namespace basket_test::concepts_schedule {

using namespace basket;

struct by_mood {  // answers by how often it was asked
  mutable int asked = 0;
  bool is_due(utc_day) const { return ++asked <= 5; }
};
struct says_maybe {
  int is_due(utc_day) const { return 1; }
};
struct asks_an_instant {
  bool is_due(instant) const { return true; }
};
static_assert(!Schedule<says_maybe> && !Schedule<asks_an_instant> && !Schedule<calendar::nyse>);
static_assert(Schedule<calendar::first_of_month> && Schedule<by_mood>);

TEST_CASE("a schedule answers by the day alone") {
  const utc_day first(20'000), end(20'400);
  CHECK(laws::broken_laws(laws::schedule_archetype{}, first, end).empty());
  CHECK(laws::broken_laws(calendar::first_of_month{}, first, end).empty());
  const auto broken = laws::broken_laws(by_mood{}, first, end);
  REQUIRE_FALSE(broken.empty());
  CHECK(broken.front().find("depends on more than the day") != std::string::npos);
}

}  // namespace basket_test::concepts_schedule
