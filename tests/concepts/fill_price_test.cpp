#include "basket/concepts/laws/fill_price.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace basket_test::concepts_fill_price {

using namespace basket;

struct a_cent_worse {
  static constexpr std::string_view bias = "A cent of slippage, whatever the size.";
  price at(price close, side direction) const {
    const std::int64_t moved = close.micros() + (direction == side::buy ? 10'000 : -10'000);
    return price::micros(std::clamp<std::int64_t>(moved, 0, micro));
  }
};
struct nearest_cent {  // half of the time better than the close
  static constexpr std::string_view bias = "Trades on whole cents.";
  price at(price close, side) const { return price::micros((close.micros() + 5'000) / 10'000 * 10'000); }
};
struct sells_high {
  static constexpr std::string_view bias = "Sells a cent above the close.";
  price at(price close, side direction) const {
    return direction == side::sell ? price::micros(std::min(close.micros() + 10'000, micro)) : close;
  }
};
struct says_nothing {
  static constexpr std::string_view bias = "";
  price at(price close, side) const { return close; }
};
struct without_bias {
  price at(price close, side) const { return close; }
};
struct in_doubles {
  static constexpr std::string_view bias = "In doubles.";
  double at(price close, side) const { return close.to_double(); }
};
static_assert(!FillPrice<without_bias> && !FillPrice<in_doubles> && FillPrice<a_cent_worse>);

TEST_CASE("a fill is never better than the close, and says what it assumes") {
  CHECK(laws::broken_laws(laws::fill_price_archetype{}).empty());
  CHECK(laws::broken_laws(a_cent_worse{}).empty());
  const auto lucky = laws::broken_laws(nearest_cent{});
  REQUIRE_FALSE(lucky.empty());
  CHECK(lucky.front() == "a buyer gets 0.000000, which is better than the close of 0.000001");
  CHECK(laws::broken_laws(sells_high{}).front().find("a seller gets") == 0);
  CHECK(laws::broken_laws(says_nothing{}) == std::vector<std::string>{"the assumption is not stated"});
}

}  // namespace basket_test::concepts_fill_price
