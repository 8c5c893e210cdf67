// The price grid of a venue.
#pragma once

#include <concepts>

#include "basket/core/units.hpp"

namespace basket {

/// A tick rule tells the grid step at a price.
template <class T>
concept TickRule = requires(const T& rule, price p) {
  { rule.step(p) } -> std::same_as<price>;
};

namespace tick {

/// One cent, and a tenth of a cent below 0.04 and above 0.96: the Polymarket grid.
struct cent_fine_at_ends {
  [[nodiscard]] constexpr price step(price p) const {
    const bool at_an_end = p < price::micros(40'000) || p > price::micros(960'000);
    return at_an_end ? price::micros(1'000) : price::micros(10'000);
  }
};

/// The same step everywhere.
struct uniform {
  price size = price::micros(10'000);
  [[nodiscard]] constexpr price step(price) const noexcept { return size; }
};

static_assert(TickRule<cent_fine_at_ends> && TickRule<uniform>);

}  // namespace tick
}  // namespace basket
