#include "basket/core/id.hpp"

#include <doctest/doctest.h>

#include <set>
#include <type_traits>
#include <unordered_set>

namespace basket_test::core_id {

using namespace basket;

TEST_CASE("an id is its index, and ids are ordered by it") {
  CHECK(contract_id().index() == 0);
  CHECK(contract_id(7).index() == 7);
  CHECK(contract_id(7) == contract_id(7));
  CHECK(contract_id(7) != contract_id(8));
  CHECK(contract_id(7) < contract_id(8));
  CHECK(std::set<contract_id>{contract_id(3), contract_id(1), contract_id(3)}.size() == 2);
  CHECK(std::unordered_set<event_id>{event_id(3), event_id(1), event_id(3)}.size() == 2);
}

TEST_CASE("an index of more than 32 bits is refused, not cut") {
  CHECK(contract_id(4'294'967'295u).index() == 4'294'967'295u);
  CHECK_THROWS_WITH_AS((void)contract_id(std::size_t{1} << 32), "an id does not fit into 32 bits", precondition_error);
}

static_assert(sizeof(contract_id) == 4);
static_assert(!std::is_convertible_v<contract_id, event_id> && !std::is_constructible_v<event_id, contract_id>);
static_assert(!std::is_convertible_v<std::size_t, contract_id> && !std::is_convertible_v<contract_id, std::size_t>);
static_assert(!std::equality_comparable_with<contract_id, event_id>);

}  // namespace basket_test::core_id
