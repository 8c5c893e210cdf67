// Sides, orders' fills and fees: what an engine books.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "basket/core/id.hpp"
#include "basket/core/time.hpp"
#include "basket/core/units.hpp"

namespace basket {

enum class outcome : std::uint8_t { yes, no };
enum class side : std::uint8_t { buy, sell };
enum class liquidity : std::uint8_t { taker, maker };

[[nodiscard]] constexpr std::string_view to_string(outcome o) noexcept { return o == outcome::yes ? "yes" : "no"; }
[[nodiscard]] constexpr std::string_view to_string(side s) noexcept { return s == side::buy ? "buy" : "sell"; }
[[nodiscard]] constexpr std::string_view to_string(liquidity l) noexcept {
  return l == liquidity::taker ? "taker" : "maker";
}

/// What a venue takes for a match: in collateral (negative is a rebate), or in shares of what was bought.
struct fee_charge {
  money cash = {};
  shares in_shares = {};
  friend constexpr bool operator==(fee_charge, fee_charge) noexcept = default;
};

/// An executed trade. `amount` is its exact notional where the average price lies off the 1e-6 grid of `at`; without it
/// the notional is `at` times `quantity`.
struct fill {
  instant when = {};
  contract_id contract = {};
  outcome of = outcome::yes;
  side direction = side::buy;
  price at = {};
  shares quantity = {};
  fee_charge fee = {};
  liquidity role = liquidity::taker;
  order_id order = {};
  std::optional<notional> amount = std::nullopt;

  [[nodiscard]] constexpr notional exact() const noexcept { return amount ? *amount : at * quantity; }
};

}  // namespace basket
