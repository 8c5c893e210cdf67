// The message engine: replays a stream, holds the books, and matches a strategy's orders against them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "basket/backtest/replay_result.hpp"
#include "basket/backtest/trading_desk.hpp"
#include "basket/backtest/venue.hpp"
#include "basket/concepts/bar_fill.hpp"
#include "basket/concepts/bias.hpp"
#include "basket/concepts/fee_schedule.hpp"
#include "basket/concepts/latency.hpp"
#include "basket/concepts/message_source.hpp"
#include "basket/concepts/message_strategy.hpp"
#include "basket/concepts/queue_model.hpp"
#include "basket/concepts/quote_size.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/bars.hpp"
#include "basket/execution/latency.hpp"
#include "basket/execution/queue.hpp"
#include "basket/execution/quotes.hpp"
#include "basket/model/trading_context.hpp"

namespace basket::backtest {
}
