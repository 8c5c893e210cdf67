#include "basket/cost/quadratic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <memory>

#include "basket/concepts/laws/fee_schedule.hpp"
#include "basket/core/random.hpp"

namespace basket_test::cost_quadratic {

using namespace basket;

instant at(const char* day) { return utc_day::parse(day)->open(); }

// Crypto pays 0.072 in April 2026 and 0.07 from May on, sports 0.03 and makers nothing; before there is no law.
const cost::quadratic law{
    .law = {{.category = "crypto", .from = at("2026-04-01"), .until = at("2026-05-01"), .taker = 72'000},
            {.category = "crypto", .from = at("2026-05-01"), .taker = 70'000},
            {.category = "sports", .from = at("2026-04-01"), .taker = 30'000, .maker = 1'000}},
    .unit = money::micros(10),
    .direction = rounding::down};

std::optional<money> charged(const char* day, const char* category, liquidity role, price p, shares n) {
  fee_carry carry;
  const auto fee =
      law.charge({.when = at(day), .category = category, .role = role, .amount = p * n, .quantity = n}, carry);
  CHECK(carry.rounding_picos == 0);
  return fee ? std::optional(fee->cash) : std::nullopt;
}

TEST_CASE("the law of the day and category is charged, rounded as stated, on paper") {
  const shares hundred = shares::whole(100);
  CHECK(charged("2026-04-30", "crypto", liquidity::taker, price::cents(50), hundred) == money::cents(180));
  CHECK(charged("2026-05-01", "crypto", liquidity::taker, price::cents(50), hundred) == money::cents(175));
  CHECK(charged("2026-05-01", "crypto", liquidity::maker, price::cents(50), hundred) == money{});
  CHECK(charged("2026-05-01", "sports", liquidity::maker, price::cents(50), hundred) == money::micros(25'000));
  // 0.5 @ 0.37: 0.07 * 0.5 * 0.37 * 0.63 = 0.0081585, down to 0.00815
  CHECK(charged("2026-05-01", "crypto", liquidity::taker, price::cents(37), shares::micros(500'000)) ==
        money::micros(8'150));
  fee_carry carry;
  cost::quadratic up = law;
  up.direction = rounding::up;
  CHECK(up.charge({.when = at("2026-05-01"),
                   .category = "crypto",
                   .amount = price::cents(37) * shares::micros(500'000),
                   .quantity = shares::micros(500'000)},
                  carry)
            ->cash == money::micros(8'160));
}

TEST_CASE("a date before the law, or a category without one, has no answer: unknown is never zero") {
  CHECK_FALSE(charged("2026-03-31", "crypto", liquidity::taker, price::cents(50), shares::whole(1)).has_value());
  CHECK_FALSE(charged("2026-05-01", "politics", liquidity::taker, price::cents(50), shares::whole(1)).has_value());
  CHECK_FALSE(charged("2026-05-01", "", liquidity::taker, price::cents(50), shares::whole(1)).has_value());
}

TEST_CASE("the exact product agrees with long doubles before it is rounded") {
  random_stream random(3);
  for (int i = 0; i < 20'000; ++i) {
    const shares n = shares::micros(1 + static_cast<std::int64_t>(random.uniform() * 1e12));
    const price p = price::micros(static_cast<std::int64_t>(random.uniform() * 1e6));
    const auto rate = static_cast<std::int64_t>(random.below(250'000));
    const int128 exact = cost::quadratic_fee({.amount = p * n, .quantity = n}, rate, 1, rounding::down);
    const long double q = static_cast<long double>(p.micros()) / micro;
    const long double naive =
        static_cast<long double>(rate) / micro * static_cast<long double>(n.micros()) * micro * q * (1 - q);
    CHECK(std::abs(static_cast<long double>(exact) - naive) <= 1 + naive * 1e-15L);
  }
}

TEST_CASE("keeps the laws of a fee schedule") {
  std::vector<fee_request> matches;
  for (std::int64_t p = 0; p <= 1'000'000; p += 12'345) {
    for (const liquidity role : {liquidity::taker, liquidity::maker}) {
      const shares quantity = shares::micros(p * 7 + 1);
      matches.push_back({.when = at("2026-06-01"),
                         .category = p % 2 == 0 ? "sports" : "unknown",
                         .role = role,
                         .amount = price::micros(p) * quantity,
                         .quantity = quantity});
    }
  }
  CHECK(laws::broken_laws(law, matches).empty());
  CHECK_THROWS_AS((void)cost::quadratic{.unit = money{}}.charge({}, *std::make_unique<fee_carry>()),
                  precondition_error);
}

}  // namespace basket_test::cost_quadratic
