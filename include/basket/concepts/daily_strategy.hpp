// A strategy on daily closes: from the past to target weights.
#pragma once

#include <concepts>

#include "basket/model/decision.hpp"
#include "basket/model/history.hpp"

namespace basket {

/// Decides target weights from what is known.
/// Laws: every live contract appears once, in id order; weights are not negative and sum to at most one; replacing
/// everything that became known after `past.now()` changes nothing.
template <class S>
concept DailyStrategy = requires(const S& strategy, const history& past) {
  { strategy.decide(past) } -> std::same_as<decision>;
};

}  // namespace basket
