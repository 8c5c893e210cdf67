#include "basket/model/tick.hpp"

#include <doctest/doctest.h>

namespace basket_test::model_tick {

using namespace basket;

TEST_CASE("the fine grid begins below 0.04 and above 0.96") {
  const tick::cent_fine_at_ends rule;
  CHECK(rule.step(price::micros(39'999)) == price::micros(1'000));
  CHECK(rule.step(price::micros(40'000)) == price::micros(10'000));
  CHECK(rule.step(price::micros(500'000)) == price::micros(10'000));
  CHECK(rule.step(price::micros(960'000)) == price::micros(10'000));
  CHECK(rule.step(price::micros(960'001)) == price::micros(1'000));
  CHECK(rule.step(price{}) == price::micros(1'000));
  CHECK(rule.step(price::cents(100)) == price::micros(1'000));
}

TEST_CASE("a uniform grid is the same everywhere") {
  CHECK(tick::uniform{}.step(price::cents(1)) == price::cents(1));
  CHECK(tick::uniform{.size = price::micros(100)}.step(price::cents(50)) == price::micros(100));
}

struct in_cents {
  double step(price) const { return 0.01; }
};
static_assert(TickRule<tick::cent_fine_at_ends> && TickRule<tick::uniform> && !TickRule<in_cents>);

}  // namespace basket_test::model_tick
