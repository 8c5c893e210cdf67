// What a strategy can ask a venue for, and what it knows of its open orders.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "basket/core/id.hpp"
#include "basket/core/time.hpp"
#include "basket/core/units.hpp"
#include "basket/model/order.hpp"

namespace basket {

/// How long an order lives and whether it may take.
enum class time_in_force : std::uint8_t {
  good_till_cancel,     ///< takes what its limit reaches, and the rest waits
  immediate_or_cancel,  ///< takes what its limit reaches, and the rest is cancelled
  fill_or_kill,         ///< takes all of it at once, or nothing
  post_only,            ///< waits; rejected when it would take
};

[[nodiscard]] constexpr std::string_view to_string(time_in_force t) noexcept {
  constexpr std::string_view words[] = {"good_till_cancel", "immediate_or_cancel", "fill_or_kill", "post_only"};
  return words[static_cast<std::size_t>(t)];
}

/// An order in the words of its outcome: buying NO at 0.40 is `{.of = outcome::no, .limit = price::cents(40)}`.
/// Without a limit it is a market order: it takes at any price, and what nobody offers is cancelled.
struct order_request {
  contract_id contract = {};
  outcome of = outcome::yes;
  side direction = side::buy;
  std::optional<price> limit = std::nullopt;
  shares quantity = {};
  time_in_force until = time_in_force::good_till_cancel;
};

/// `to = from`, field by field: a copy of what was just written in pieces would wait for the pieces.
constexpr void assign(order_request& to, const order_request& from) noexcept {
  to.contract = from.contract;
  to.of = from.of;
  to.direction = from.direction;
  to.limit = from.limit;
  to.quantity = from.quantity;
  to.until = from.until;
}

/// An order that is not known to have ended.
struct open_order {
  order_id id = {};
  order_request request = {};
  shares open = {};  ///< not known to be filled
  instant placed = {};
  bool accepted = false;    ///< the venue's word has arrived
  bool cancelling = false;  ///< a cancel is on its way
};

/// What travels from the strategy to the venue.
struct instruction {
  enum class what : std::uint8_t { place, cancel, mint, merge };
  what kind = what::place;
  order_id order = {};
  order_request request = {};  ///< of an order; of mint and merge only the contract and the quantity
  instant sent = {};
};

}  // namespace basket
