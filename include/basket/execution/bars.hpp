// How orders trade on candles.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>

#include "basket/concepts/bar_fill.hpp"
#include "basket/concepts/fill_price.hpp"

namespace basket::execution {

/// Candles fill nobody.
struct bars_fill_nothing {
  static constexpr std::string_view bias = "Candles fill no order.";
  [[nodiscard]] std::optional<bar_match> match(const order_request&, shares, const price_candle&) const {
    return std::nullopt;
  }
};

/// What a candle without volume does: daily closes tell none.
enum class unknown_volume { fills_nothing, fills_any_size };

/// A market order trades at the next candle's close, made worse by `Price`; a limit order at its limit once the candle
/// has traded strictly through it. At most `share` of the candle's volume, where that is told.
template <FillPrice Price>
struct next_bar {
  Price price_of = {};
  basis_points share = {1'000};  ///< of the candle's volume that one order may have
  unknown_volume without_volume = unknown_volume::fills_nothing;
  static constexpr std::string_view bias =
      "On candles a market order trades at the next candle's close plus a concession and a limit order at its limit "
      "once the candle traded strictly through it, for a share of the candle's volume; where no volume is told, for "
      "nothing or, if so asked, for any size.";

  [[nodiscard]] std::optional<bar_match> match(const order_request& order, shares open, const price_candle& c) const {
    shares most = shares::micros(narrow(int128{c.volume.micros()} * share.value / 10'000));
    if (c.volume == shares{}) {
      if (without_volume == unknown_volume::fills_nothing) return std::nullopt;
      most = open;
    }
    bar_match out{.quantity = std::min(open, most)};
    if (out.quantity <= shares{}) return std::nullopt;
    const bool buys = order.direction == side::buy;
    if (order.limit) {
      if (buys ? c.low >= *order.limit : c.high <= *order.limit) return std::nullopt;
      out.at = *order.limit;
      out.role = liquidity::maker;
    } else {
      out.at = price_of.at(c.close, order.direction);
    }
    return out;
  }
};

static_assert(BarFill<bars_fill_nothing>);

}  // namespace basket::execution
