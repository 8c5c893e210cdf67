// A market maker at its simplest: a bid and an offer around the mid, moved when the mid moves.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "basket/concepts/message_strategy.hpp"

namespace basket::strategy {

/// Quotes one market: buys YES `half_spread_ticks` below the mid and, as the offer of YES, buys NO as far on the other
/// side, so that no share is ever sold short; pairs that come together are merged back into dollars. When the mid moves
/// both orders are cancelled and placed anew; a filled one is placed anew with the next move. A side whose holding has
/// reached `most` rests.
/// Bias: knows nothing of who trades with it; on a fair stream it earns the spread and loses to those who know more.
struct two_sided_quoter {
  contract_id market = {};
  std::int64_t half_spread_ticks = 1;
  shares size = shares::whole(10);
  shares most = shares::whole(1'000);
  std::int64_t last_mid =
      std::numeric_limits<std::int64_t>::min();  ///< twice the mid quoted last: kept by the strategy

  void on(const message& m, trading_context& desk) {
    if (m.contract != market || m.kind() == message_kind::own) return;
    const order_book& book = desk.book(market);
    const std::optional<std::int64_t> mid = book.ready() ? book.double_mid() : std::nullopt;
    if (!mid || *mid == last_mid) return;
    last_mid = *mid;
    desk.cancel_all(market);
    const holding held = desk.position(market);
    const shares pairs = std::min(held.yes, held.no);
    if (pairs >= size) desk.merge(market, pairs);
    const std::int64_t tick = desk.tick(market).micros();
    // The bid is rounded down to the grid and the offer up: the spread is never narrower than asked for.
    const std::int64_t bid = (*mid / 2 - half_spread_ticks * tick) / tick * tick;
    const std::int64_t ask = (*mid - *mid / 2 + half_spread_ticks * tick + tick - 1) / tick * tick;
    if (bid >= tick && held.yes - pairs < most) buy(desk, outcome::yes, price::micros(bid));
    if (ask <= micro - tick && held.no - pairs < most) buy(desk, outcome::no, price::micros(micro - ask));
  }

  /// Places one of the two orders.
  void buy(trading_context& desk, outcome of, price at) const {
    desk.place({.contract = market,
                .of = of,
                .direction = side::buy,
                .limit = at,
                .quantity = size,
                .until = time_in_force::post_only});
  }
};
static_assert(MessageStrategy<two_sided_quoter>);

}  // namespace basket::strategy
