// A strategy without an idea: what an engine must make lose exactly its costs.
#pragma once

#include <cstdint>
#include <optional>

#include "basket/concepts/message_strategy.hpp"
#include "basket/core/random.hpp"

namespace basket::strategy {

/// At random messages buys or sells `size` YES or NO shares of the message's market at the market; what it cannot sell
/// it does not sell. Draws come from (seed, 0).
struct random_taker {
  std::uint64_t seed = 1;
  std::uint32_t one_in = 1'000;  ///< messages with a market per order on average; at least 1
  shares size = shares::whole(1);
  std::optional<random_stream> draws = std::nullopt;  ///< where the draws stand: set by the strategy itself

  void on(const message& m, trading_context& desk) {
    if (m.kind() == message_kind::own || m.kind() == message_kind::timer) return;
    if (!draws) draws.emplace(seed, 0);
    if (draws->below(one_in) != 0) return;
    const std::uint32_t what = draws->below(4);
    order_request order{.contract = m.contract,
                        .of = (what & 1U) != 0 ? outcome::yes : outcome::no,
                        .direction = (what & 2U) != 0 ? side::buy : side::sell,
                        .quantity = size};
    const holding held = desk.position(m.contract);
    if (order.direction == side::sell && (order.of == outcome::yes ? held.yes : held.no) < size) return;
    desk.place(order);
  }
};
static_assert(MessageStrategy<random_taker>);

}  // namespace basket::strategy
