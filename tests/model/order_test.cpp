#include "basket/model/order.hpp"

#include <doctest/doctest.h>

namespace basket_test::model_order {

using namespace basket;

TEST_CASE("sides, outcomes and roles have words") {
  CHECK(to_string(outcome::yes) == "yes");
  CHECK(to_string(outcome::no) == "no");
  CHECK(to_string(side::buy) == "buy");
  CHECK(to_string(side::sell) == "sell");
  CHECK(to_string(liquidity::taker) == "taker");
  CHECK(to_string(liquidity::maker) == "maker");
}

TEST_CASE("a fill that says nothing buys nothing and costs nothing") {
  const fill f;
  CHECK(f.quantity == shares{});
  CHECK(f.fee == fee_charge{});
  CHECK(fee_charge{.cash = money::cents(1)} != fee_charge{});
  CHECK(fee_charge{.in_shares = shares::micros(1)} != fee_charge{});
}

}  // namespace basket_test::model_order
