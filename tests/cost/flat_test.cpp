#include "basket/cost/flat.hpp"

#include <doctest/doctest.h>

#include "basket/concepts/laws/fee_schedule.hpp"
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

TEST_CASE("keeps the laws of a fee schedule") {
  std::vector<fee_request> matches;
  for (std::int64_t p = 0; p <= 1'000'000; p += 12'345) {
    for (const side direction : {side::buy, side::sell}) {
      const shares quantity = shares::micros(p * 7 + 1);
      matches.push_back({.direction = direction, .amount = price::micros(p) * quantity, .quantity = quantity});
    }
  }
  CHECK(laws::broken_laws(cost::flat{.rate = basis_points{25}}, matches).empty());
  CHECK(laws::broken_laws(cost::zero{}, matches).empty());
}

}  // namespace basket_test::cost_flat
