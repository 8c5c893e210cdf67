#include "basket/execution/half_tick.hpp"

#include <doctest/doctest.h>

#include "basket/concepts/laws/fill_price.hpp"
namespace basket_test::execution_half_tick {

using namespace basket;

TEST_CASE("half a cent in the middle, half a tenth of a cent at the ends, and never outside [0, 1]") {
  const execution::half_tick<> model;
  const auto at = [&](std::int64_t micros, side s) { return model.at(price::micros(micros), s).micros(); };
  CHECK(at(500'000, side::buy) == 505'000);
  CHECK(at(500'000, side::sell) == 495'000);
  CHECK(at(39'999, side::buy) == 40'499);
  CHECK(at(40'000, side::buy) == 45'000);  // the fine grid is below 0.04, not at it
  CHECK(at(960'000, side::sell) == 955'000);
  CHECK(at(960'001, side::sell) == 959'501);
  CHECK(at(999'900, side::buy) == 1'000'000);
  CHECK(at(100, side::sell) == 0);
}

TEST_CASE("never better than the close, on any price") {
  const execution::half_tick<> model;
  for (std::int64_t micros = 0; micros <= 1'000'000; micros += 500) {
    const price p = price::micros(micros);
    CHECK(model.at(p, side::buy) >= p);
    CHECK(model.at(p, side::sell) <= p);
  }
}

TEST_CASE("keeps the laws of a fill price") { CHECK(laws::broken_laws(execution::half_tick<>{}).empty()); }

}  // namespace basket_test::execution_half_tick
