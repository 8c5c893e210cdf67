// A strategy that does nothing: what everything else is compared with.
#pragma once

#include "basket/concepts/message_strategy.hpp"

namespace basket::strategy {

/// Looks at every message and never acts.
struct idle {
  void on(const message&, trading_context&) noexcept {}
};
static_assert(MessageStrategy<idle>);

}  // namespace basket::strategy
