#include "basket/cost/flat.hpp"

#include <doctest/doctest.h>

namespace basket_test::cost_flat {

using namespace basket;

TEST_CASE("ten basis points of 505 dollars are 50.5 cents; a fraction of a micro-dollar is rounded up") {
  fee_carry carry;
  const auto charged = [&](price p, shares n) {
    return cost::flat{.rate = basis_points{10}}.charge({.amount = p * n, .quantity = n}, carry)->cash;
  };
  CHECK(charged(price::micros(505'000), shares::whole(1000)) == money::micros(505'000));
  CHECK(charged(price::micros(1), shares::micros(1)) == money::micros(1));
  CHECK(charged(price{}, shares::whole(5)) == money{});
  CHECK(cost::zero{}.charge({.amount = price::cents(50) * shares::whole(9)}, carry) == fee_charge{});
}

}  // namespace basket_test::cost_flat
