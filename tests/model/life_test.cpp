#include "basket/model/life.hpp"

#include <doctest/doctest.h>

#include <string>

namespace basket_test::model_life {

using namespace basket;
using enum life_stage;

constexpr life_stage stages[] = {unlisted, open, closed, pending, settled, voided, data_ended};

// One row for each stage left, one column for each entered, in the order above.
constexpr const char* steps[] = {
    ".o.....",  // unlisted: only listed
    "..ooooo",  // open: anything but what it is
    ".o.oooo",  // closed: may reopen
    ".o..ooo",  // pending: a refused proposal reopens
    ".......",  // settled is final
    ".......",  // voided is final
    "....oo.",  // data_ended: a later recording may bring the end
};

/// A life that stands at a stage.
life standing_at(life_stage at) {
  life walk;
  if (at == unlisted) return walk;
  REQUIRE(walk.apply({.stage = open}));
  if (at == open) return walk;
  const bool pays = at == settled || at == voided;
  REQUIRE(walk.apply({.stage = at, .payout = pays ? std::optional(price::cents(30)) : std::nullopt}));
  return walk;
}

TEST_CASE("the machine has these steps and no others") {
  for (std::size_t from = 0; from < 7; ++from) {
    for (std::size_t to = 0; to < 7; ++to) {
      CAPTURE(to_string(stages[from]));
      CAPTURE(to_string(stages[to]));
      const bool expected = steps[from][to] == 'o';
      CHECK(life::allows(stages[from], stages[to]) == expected);
      const bool pays = stages[to] == settled || stages[to] == voided;
      life walk = standing_at(stages[from]);
      const life before = walk;
      const life_event event{.stage = stages[to], .payout = pays ? std::optional(price::cents(50)) : std::nullopt};
      CHECK(walk.apply(event) == expected);
      CHECK(walk.stage() == (expected ? stages[to] : stages[from]));
      CHECK(walk.payout() == (expected ? event.payout : before.payout()));
    }
  }
}

TEST_CASE("a payout belongs to settled and voided, and to no other stage") {
  for (const life_stage to : stages) {
    const bool pays = to == settled || to == voided;
    life walk = standing_at(open);
    const life_event event{.stage = to, .payout = pays ? std::nullopt : std::optional(price::cents(50))};
    CHECK_FALSE(walk.apply(event));
    CHECK(walk.stage() == open);
    CHECK_FALSE(walk.payout().has_value());
  }
}

TEST_CASE("payouts lie in [0, 1], not in {0, 1}") {
  for (const std::int64_t cents : {0, 24, 50, 100}) {
    life walk = standing_at(pending);
    CHECK(walk.apply({.stage = settled, .payout = price::cents(cents)}));
    CHECK(walk.payout() == price::cents(cents));
    CHECK(walk.is_final());
    CHECK_FALSE(walk.can_trade());
  }
}

TEST_CASE("what can trade, and what is final") {
  for (const life_stage at : stages) {
    CHECK(standing_at(at).can_trade() == (at == open));
    CHECK(standing_at(at).is_final() == (at == settled || at == voided));
    CHECK(to_string(at) != "unknown");
  }
}

TEST_CASE("a full life: listed, closed, reopened, closed, disputed, late, paid") {
  life walk;
  for (const life_stage to : {open, closed, open, closed, pending}) CHECK(walk.apply({.stage = to}));
  CHECK(walk.apply({.stage = voided, .payout = price::cents(50)}));
  CHECK_FALSE(walk.apply({.stage = settled, .payout = price::cents(100)}));
  CHECK(walk.payout() == price::cents(50));
}

}  // namespace basket_test::model_life
