#include "basket/model/hindsight.hpp"

#include <doctest/doctest.h>

#include <string>
#include <type_traits>

#include "basket/backtest/engine_access.hpp"

namespace basket_test::model_hindsight {

using basket::hindsight;

TEST_CASE("hindsight keeps a value for whoever holds the key") {
  const auto key = basket::backtest::engine_access::key();
  CHECK(hindsight(std::string("final tags")).open(key) == "final tags");
  CHECK(hindsight<int>{}.open(key) == 0);
  hindsight<int> later(3);
  const hindsight<int> copy = later;
  later = hindsight(4);
  CHECK(copy.open(key) == 3);
  CHECK(later.open(key) == 4);
}

template <class T>
concept Readable = requires(const T& x) { *x; } || std::is_convertible_v<T, int> || requires(const T& x) { x.value(); };
static_assert(!Readable<hindsight<int>> && !std::equality_comparable<hindsight<int>>);

}  // namespace basket_test::model_hindsight
