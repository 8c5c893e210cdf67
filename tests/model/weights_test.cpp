#include "basket/model/weights.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace basket_test::model_weights {

using namespace basket;

weights<contract_id> two(double a, double b) { return {.members = {contract_id(0), contract_id(1)}, .values = {a, b}}; }

TEST_CASE("weights sum to at most one; the rest is cash") {
  CHECK_NOTHROW(check(two(0.5, 0.5)));
  CHECK_NOTHROW(check(two(0.25, 0.25)));
  CHECK_NOTHROW(check(two(0.0, 0.0)));
  CHECK_NOTHROW(check(two(1.0, 1e-10)));  // rounding of a sum
  CHECK_NOTHROW(check(weights<contract_id>{}));
}

TEST_CASE("weights that cannot be are refused, and say why") {
  CHECK_THROWS_WITH_AS(check(two(0.7, 0.7)), "weights must sum to at most 1; these sum to 1.400000",
                       precondition_error);
  CHECK_THROWS_WITH_AS(check(two(0.5, -0.1)), "a weight must be finite and not negative; one is -0.100000",
                       precondition_error);
  CHECK_THROWS_AS(check(two(0.5, std::nan(""))), precondition_error);
  CHECK_THROWS_AS(check(two(0.5, std::numeric_limits<double>::infinity())), precondition_error);
  CHECK_THROWS_AS(check(two(1.0, 1e-8)), precondition_error);
  auto w = two(0.5, 0.5);
  w.values.pop_back();
  CHECK_THROWS_WITH_AS(check(w), "weights need one value a member", precondition_error);
}

TEST_CASE("members count their ids") {
  const std::vector<theme_id> ids = {theme_id(0), theme_id(2)};
  const std::vector<std::vector<contract_id>> held = {{contract_id(1)}, {}};
  const members<theme_id> who{.ids = ids, .holdings = held};
  CHECK(who.size() == 2);
  CHECK(members<contract_id>{}.size() == 0);
}

}  // namespace basket_test::model_weights
