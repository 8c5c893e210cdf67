// Daily execution: at the close, half a tick worse.
#pragma once

#include "basket/concepts/fill_price.hpp"
#include "basket/model/tick.hpp"

namespace basket::execution {

/// A buyer pays the close plus half a tick, a seller gets it less half a tick, never outside [0, 1].
template <TickRule Rule = tick::cent_fine_at_ends>
struct half_tick {
  Rule rule = {};
  static constexpr std::string_view bias =
      "Any quantity trades at the close plus or minus half a tick: depth, queue and impact are left out.";

  [[nodiscard]] price at(price close, side direction) const {
    const std::int64_t half = rule.step(close).micros() / 2;
    const std::int64_t moved = direction == side::buy ? close.micros() + half : close.micros() - half;
    return price::micros(moved < 0 ? 0 : (moved > micro ? micro : moved));
  }
};

static_assert(FillPrice<half_tick<>>);

}  // namespace basket::execution
