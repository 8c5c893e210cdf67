#include "basket/concepts/laws/representative.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "concepts/small_past.hpp"

namespace basket_test::concepts_representative {

using namespace basket;

using asked = std::span<const contract_id>;

struct first_come {
  choice choose(const history&, asked ids) const { return {.contract = ids.front(), .reason = "came first"}; }
};
struct outsider {
  choice choose(const history&, asked) const { return {.contract = contract_id(1'000'000), .reason = "from outside"}; }
};
struct mute {
  choice choose(const history& past, asked ids) const {
    return {.contract = laws::representative_archetype{}.choose(past, ids).contract};
  }
};
struct knows_the_end {
  const small_past* all = nullptr;
  choice choose(const history& past, asked ids) const {
    contract_id best = *std::min_element(ids.begin(), ids.end());
    double highest = -1.0;
    for (const contract_id id : ids) {
      const bool true_world = past.closes(id).data() == all->past.closes(id).data();
      const double end = small_past::final_close(true_world ? all->everything : all->otherwise, id);
      if (end > highest || (end == highest && id < best)) {
        best = id;
        highest = end;
      }
    }
    return {.contract = best, .reason = "wins in the end"};
  }
};
struct bare_id {
  contract_id choose(const history&, asked ids) const { return ids.front(); }
};
static_assert(!Representative<bare_id> && Representative<first_come>);

TEST_CASE("a choice is one of the candidates, whatever their order, and has a reason") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  REQUIRE(ids.size() > 3);
  CHECK(laws::broken_laws(laws::representative_archetype{}, at.past, ids, at.another_future).empty());
  const auto first = [&](const auto& rule) {
    const auto broken = laws::broken_laws(rule, at.past, ids, at.another_future);
    REQUIRE_FALSE(broken.empty());
    return broken.front();
  };
  CHECK(first(first_come{}) == "the choice depends on the order of the candidates");
  CHECK(first(outsider{}) == "the choice, number 1000000, is none of the candidates");
  CHECK(first(mute{}) == "the choice has no reason");
  CHECK(laws::broken_laws(knows_the_end{&at}, at.past, ids).empty());
  CHECK(first(knows_the_end{&at}) == "the choice depends on what became known later");
  CHECK_THROWS_WITH_AS((void)laws::broken_laws(first_come{}, at.past, asked{}),
                       "a representative is chosen of at least one candidate", precondition_error);
}

}  // namespace basket_test::concepts_representative
