#include "basket/core/missing.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

namespace basket_test::core_missing {

TEST_CASE("missing is missing, and nothing else is") {
  CHECK(basket::is_missing(basket::missing));
  CHECK(basket::is_missing(std::nan("1")));
  CHECK(basket::is_missing(basket::missing + 1.0));
  for (const double x :
       {0.0, -0.0, -1.0, 1e308, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::denorm_min()}) {
    CHECK_FALSE(basket::is_missing(x));
  }
}

}  // namespace basket_test::core_missing
