#include "basket/model/decision.hpp"

#include <doctest/doctest.h>

namespace basket_test::model_decision {

TEST_CASE("a contract that was looked at is out until a weight says otherwise") {
  const basket::considered looked_at{.contract = basket::contract_id(4), .reason = "too young"};
  CHECK(looked_at.weight == 0.0);
  CHECK(looked_at.theme.empty());
  CHECK(basket::decision{}.contracts.empty());
}

}  // namespace basket_test::model_decision
