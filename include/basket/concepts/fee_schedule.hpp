// What a venue charges, by date: the seam of every cost model in both engines.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "basket/model/order.hpp"

namespace basket {

/// One match of one order, as the venue sees it: the leg's totals, so that an average price off the grid is carried
/// exactly.
struct fee_request {
  instant when = {};
  std::string_view category = {};                ///< category or series in the venue's own words; empty when unknown
  std::optional<instant> listed = std::nullopt;  ///< when the market was made, where known: laws may bind by it
  side direction = side::buy;
  liquidity role = liquidity::taker;
  notional amount = {};  ///< price times quantity, exact
  shares quantity = {};
};

/// What an order carries from one of its fills to the next: Kalshi accumulates what rounding took and pays it back.
struct fee_carry {
  int128 rounding_picos = 0;
};

/// Charges a match. No answer means that the law of that day and category is not known, and the order must be refused:
/// unknown is never zero.
/// Laws: the answer depends on the request and the carry alone; a fee in shares comes with purchases only and never
/// exceeds the quantity; the cash movement of a fill is -(notional rounded up) - fee for a buyer and
/// +(notional rounded down) - fee for a seller, so a schedule that aligns balances to a grid puts the difference into
/// the fee.
template <class S>
concept FeeSchedule = requires(const S& schedule, const fee_request& match, fee_carry& carry) {
  { schedule.charge(match, carry) } -> std::same_as<std::optional<fee_charge>>;
};

}  // namespace basket
