// How long orders and answers travel.
#pragma once

#include <concepts>
#include <cstdint>

#include "basket/core/time.hpp"

namespace basket {

/// Nanoseconds from the strategy to the venue, and from the venue back, for the `number`-th instruction or answer.
/// Laws: never negative; depends on the arguments alone. Nothing overtakes: the engine delivers in the order of
/// sending.
template <class L>
concept LatencyModel = requires(const L& model, instant sent, std::uint64_t number) {
  { model.to_venue(sent, number) } -> std::same_as<std::int64_t>;
  { model.to_strategy(sent, number) } -> std::same_as<std::int64_t>;
};

}  // namespace basket
