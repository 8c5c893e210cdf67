#include "basket/model/contract.hpp"

#include <doctest/doctest.h>

#include "basket/backtest/engine_access.hpp"

namespace basket_test::model_contract {

using namespace basket;

TEST_CASE("a contract that nothing is known of knows nothing") {
  const contract c;
  CHECK(c.name.empty());
  CHECK(c.versions.empty());
  CHECK(c.life.empty());
  const lifetime_facts& after = c.after.open(backtest::engine_access::key());
  CHECK_FALSE(after.volume.has_value());
  CHECK_FALSE(after.last_priced.has_value());
  CHECK(after.tags.empty());
  CHECK_FALSE(metadata_version{}.scheduled_end.has_value());
}

}  // namespace basket_test::model_contract
