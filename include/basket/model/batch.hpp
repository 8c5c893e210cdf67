// Purchases that are made at once and share the cash there is.
#pragma once

#include <algorithm>
#include <cstdint>

#include "basket/core/int128.hpp"
#include "basket/core/units.hpp"

namespace basket {

/// Orders that are sized or cut by an engine are in hundredths of a share.
inline constexpr std::int64_t lot_micros = 10'000;

/// What is bought of `quantity` when all purchases of a batch cost `wanted` micro-dollars together, `available` of them
/// were there before the first, and `cash` is left now: all of it, or the part that the same factor leaves of every
/// purchase, in whole lots, and as many lots fewer as rounding asks for. `cash_out(q)` is what q shares cost, fee
/// included. Never costs more than `cash`.
template <class CashOut>
[[nodiscard]] shares cut_to_cash(shares quantity, int128 wanted, int128 available, money cash,
                                 const CashOut& cash_out) {
  if (wanted > available) {
    quantity = shares::micros(narrow(int128{quantity.micros()} * available / wanted));
    quantity = quantity - shares::micros(quantity.micros() % lot_micros);
  }
  while (quantity > shares{} && cash_out(quantity) > cash) {
    quantity = quantity - std::min(quantity, shares::micros(lot_micros));
  }
  return quantity;
}

}  // namespace basket
