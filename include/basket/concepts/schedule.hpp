// When to rebalance.
#pragma once

#include <concepts>

#include "basket/core/time.hpp"

namespace basket {

/// Tells whether a decision is due on the close of a day. Law: the answer depends on the day alone.
template <class S>
concept Schedule = requires(const S& schedule, utc_day day) {
  { schedule.is_due(day) } -> std::same_as<bool>;
};

}  // namespace basket
