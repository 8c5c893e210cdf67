// What a venue says of a market before anybody trades it, and what a recording of it holds.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/core/units.hpp"

namespace basket {

/// The terms of one binary market; contract i of a source is entry i of its list.
///
/// Missing: an unknown category is empty; the instant of listing may be unknown.
struct market_terms {
  std::string name = {};  ///< the venue's id, unique in a run: sources that speak of one market agree on it
  std::string venue = {};
  std::string category = {};  ///< category or series in the venue's own words, which fee laws go by
  std::optional<instant> listed = std::nullopt;
  price tick = price::cents(1);       ///< orders are priced in whole steps of it, until a message says otherwise
  price grid = price::micros(1'000);  ///< the finest step that a price of its book or of an order can have
  shares minimum_size = {};           ///< orders of fewer shares are rejected
};

/// What a recording tells. An assumption that needs what is missing refuses to run on it.
struct recorded {
  bool depth = false;        ///< more than the best level of each side
  bool tops = false;         ///< the best bid and ask
  bool sizes = false;        ///< how many shares stand there
  bool trades = false;       ///< trades of others
  bool candles = false;      ///< open, high, low, close of trades
  bool settlements = false;  ///< payouts
  friend constexpr bool operator==(recorded, recorded) noexcept = default;
  /// What both tell together.
  friend constexpr recorded operator|(recorded a, recorded b) noexcept {
    return {.depth = a.depth || b.depth,
            .tops = a.tops || b.tops,
            .sizes = a.sizes || b.sizes,
            .trades = a.trades || b.trades,
            .candles = a.candles || b.candles,
            .settlements = a.settlements || b.settlements};
  }
  /// What each of them tells.
  friend constexpr recorded operator&(recorded a, recorded b) noexcept {
    return {.depth = a.depth && b.depth,
            .tops = a.tops && b.tops,
            .sizes = a.sizes && b.sizes,
            .trades = a.trades && b.trades,
            .candles = a.candles && b.candles,
            .settlements = a.settlements && b.settlements};
  }
};

/// What of `needed` is not in `told`, in words: "trades, sizes"; empty when nothing is missing.
[[nodiscard]] inline std::string missing_from(recorded told, recorded needed) {
  std::string out;
  const auto ask = [&out](bool need, bool has, std::string_view word) {
    if (!need || has) return;
    if (!out.empty()) out += ", ";
    out += word;
  };
  ask(needed.depth, told.depth, "depth");
  ask(needed.tops, told.tops, "best bids and asks");
  ask(needed.sizes, told.sizes, "sizes");
  ask(needed.trades, told.trades, "trades");
  ask(needed.candles, told.candles, "candles");
  ask(needed.settlements, told.settlements, "settlements");
  return out;
}

}  // namespace basket
