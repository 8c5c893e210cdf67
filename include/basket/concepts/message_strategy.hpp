// A strategy on messages.
#pragma once

#include <concepts>

#include "basket/model/message.hpp"
#include "basket/model/trading_context.hpp"

namespace basket {

/// Is told of each message and answers with instructions through the context.
/// Laws: what it does depends on the messages so far, its context and its own options and seed alone; a copy made
/// before a run does the same in another run.
template <class S>
concept MessageStrategy = std::copy_constructible<S> &&
                          requires(S& strategy, const message& m, trading_context& desk) { strategy.on(m, desk); };

}  // namespace basket
