// A fee of rate * price * (1 - price) a share, by date and category: the form that both venues' laws share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/fee_schedule.hpp"
#include "basket/core/int128.hpp"

namespace basket::cost {

/// rate * A (C - A) / C for a match of C shares and A dollars, which is rate * C * p (1 - p) at its average price p;
/// in pico-dollars, rounded to a multiple of `unit` of them. `rate` in millionths. Exact before the one rounding.
[[nodiscard]] constexpr int128 quadratic_fee(const fee_request& match, std::int64_t rate, int128 unit, rounding mode) {
  const int128 c = int128{match.quantity.micros()} * micro, a = match.amount.picos;
  if (c == 0) return 0;
  const int128 product = a * (c - a), whole = product / c, rest = product % c;
  return divide(whole * rate + divide(rest * rate, c, mode), unit * micro, mode) * unit;
}

/// One line of a fee law: what a category pays from one instant until another.
struct fee_line {
  std::string category = {};                                     ///< in the venue's own words; empty for every category
  instant from = instant::earliest(), until = instant::never();  ///< [from, until)
  std::int64_t taker = 0, maker = 0;                             ///< rates in millionths: 70'000 is 0.07
};

/// Charges `rate * p * (1 - p)` a share in cash, each match by itself, by the first line whose category and span it
/// falls into. A match that no line speaks of is not charged: its order is refused.
///
/// Fails: precondition_error when the unit is not positive.
/// Cost:  O(lines) a match.
struct quadratic {
  std::vector<fee_line> law = {};
  money unit = money::micros(1);      ///< fees are whole multiples of it
  rounding direction = rounding::up;  ///< up: to the next unit, against the trader
  static constexpr std::string_view bias =
      "Fees are a rate times price times one less the price, by a table of dates and categories, each match rounded by "
      "itself and paid in cash.";

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
    require(unit > money{}, "the unit of a fee must be positive");
    for (const fee_line& line : law) {
      if (!line.category.empty() && line.category != match.category) continue;
      if (match.when < line.from || match.when >= line.until) continue;
      const std::int64_t rate = match.role == liquidity::maker ? line.maker : line.taker;
      const int128 picos = quadratic_fee(match, rate, int128{unit.micros()} * micro, direction);
      return fee_charge{.cash = money::micros(narrow(picos / micro))};
    }
    return std::nullopt;
  }
};

static_assert(FeeSchedule<quadratic>);

}  // namespace basket::cost
