// The message engine with its pessimistic defaults: whoever names a strategy has the rest.
#pragma once

#include "basket/backtest/replay.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/bars.hpp"
#include "basket/execution/latency.hpp"
#include "basket/execution/queue.hpp"
#include "basket/execution/quotes.hpp"

namespace basket {

/// `backtest::replay` whose orders wait behind everybody, pay nothing, travel in no time, and are filled neither by
/// quotes without a size nor by candles, unless other parts are named.
template <MessageStrategy Strategy, QueueModel Queue = execution::back_of_queue, FeeSchedule Cost = cost::zero,
          LatencyModel Latency = execution::no_latency, QuoteSize Quotes = execution::quotes_fill_nothing,
          BarFill Bars = execution::bars_fill_nothing>
using replay_engine = backtest::replay<Strategy, Queue, Cost, Latency, Quotes, Bars>;

}  // namespace basket
