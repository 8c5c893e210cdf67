#include "basket/model/universe.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace basket_test::model_universe {

using namespace basket;

universe two() {
  universe u;
  u.closes = panel(utc_day(0), 4, 2);
  u.contracts.resize(2);
  u.contracts[0].name = "a";
  u.contracts[1].name = "b";
  for (contract& c : u.contracts) {
    c.versions = {{.known_at = utc_day(0).open()}, {.known_at = utc_day(2).open()}};
    c.life = {{.known_at = utc_day(0).open(), .stage = life_stage::open},
              {.known_at = utc_day(3).open(), .stage = life_stage::settled, .payout = price::cents(100)}};
  }
  u.closes.set_close(utc_day(0), contract_id(0), 0.0);
  u.closes.set_close(utc_day(1), contract_id(1), 1.0);
  return u;
}

TEST_CASE("a sound universe passes; so does an empty one") {
  CHECK_NOTHROW(check(two()));
  CHECK_NOTHROW(check(universe{}));
}

TEST_CASE("an unsound universe is refused with the contract's name") {
  auto u = two();
  u.contracts.pop_back();
  CHECK_THROWS_WITH_AS(check(u), "a universe of 1 contracts has a panel of 2 columns", precondition_error);
  u = two();
  u.contracts[1].name = "a";
  CHECK_THROWS_WITH_AS(check(u), "two contracts are called a", precondition_error);
  u = two();
  std::swap(u.contracts[1].versions[0], u.contracts[1].versions[1]);
  CHECK_THROWS_WITH_AS(check(u), "the metadata versions of b are not in the order they became known",
                       precondition_error);
  u = two();
  u.contracts[0].life[1].known_at = instant::earliest();
  CHECK_THROWS_WITH_AS(check(u), "the life of a is not in the order it became known", precondition_error);
  u = two();
  u.contracts[0].life.push_back({.known_at = instant::never(), .stage = life_stage::open});
  CHECK_THROWS_WITH_AS(check(u), "the life of a has no step from settled to open", precondition_error);
  u = two();
  u.contracts[0].life[1].payout.reset();
  CHECK_THROWS_WITH_AS(check(u), "the life of a has no step from open to settled", precondition_error);
  for (const double close : {-0.01, 1.01, std::numeric_limits<double>::infinity()}) {
    u = two();
    u.closes.set_close(utc_day(3), contract_id(1), close);
    CHECK_THROWS_WITH_AS(check(u), "a close of b lies outside [0, 1]", precondition_error);
  }
}

TEST_CASE("what a set of outcomes does not know is said to be unknown") {
  const outcome_set set;
  CHECK(set.exclusive == exclusivity::unknown);
  CHECK(set.exhaustive == exhaustiveness::unknown);
  CHECK(set.outcomes.empty());
}

}  // namespace basket_test::model_universe
