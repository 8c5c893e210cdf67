// A flat fee on the amount traded, and no fee at all.
#pragma once

#include "basket/concepts/fee_schedule.hpp"

namespace basket::cost {

/// The same share of the notional for every date, category and side, rounded up to a micro-dollar.
struct flat {
  basis_points rate = {};
  static constexpr std::string_view bias =
      "Fees are a flat share of the amount traded, on every date and in every category; no venue charges like that.";

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
    return fee_charge{.cash = fraction(match.amount, rate, rounding::up)};
  }
};

/// Nothing is charged.
struct zero {
  static constexpr std::string_view bias = "Trading is free of fees.";

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request&, fee_carry&) const { return fee_charge{}; }
};

static_assert(FeeSchedule<flat> && FeeSchedule<zero>);

}  // namespace basket::cost
