#include "basket/weight/equal.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"
#include "basket/concepts/laws/weighting.hpp"
#include "concepts/small_past.hpp"
#include "support/universes.hpp"

namespace basket_test::weight_equal {

using namespace basket;

TEST_CASE("equal weights for contracts and for baskets, and none for nobody") {
  const universe u = universe_builder("2025-02-01", 1).add("A", "a", "A", {0.5}).make();
  const history past = backtest::engine_access::past(u, day("2025-02-01").close());
  const std::vector<contract_id> ids{contract_id(0), contract_id(7), contract_id(3)};
  const auto w = weight::equal{}.weigh(past, members<contract_id>{.ids = ids});
  CHECK(w.members == ids);
  CHECK(w.values == std::vector<double>{1.0 / 3, 1.0 / 3, 1.0 / 3});
  CHECK_NOTHROW(check(w));
  const std::vector<theme_id> themes{theme_id(1)};
  CHECK(weight::equal{}.weigh(past, members<theme_id>{.ids = themes}).values == std::vector<double>{1.0});
  CHECK(weight::equal{}.weigh(past, members<theme_id>{}).values.empty());
}

TEST_CASE("keeps the laws of a weighting") {
  const small_past world;
  const std::vector<contract_id> ids = world.past.live();
  CHECK(laws::broken_laws(weight::equal{}, world.past, members<contract_id>{.ids = ids}, world.another_future).empty());
}

}  // namespace basket_test::weight_equal
