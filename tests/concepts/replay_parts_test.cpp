#include <doctest/doctest.h>

#include <algorithm>

#include "basket/concepts/laws/bar_fill.hpp"
#include "basket/concepts/laws/latency.hpp"
#include "basket/concepts/laws/queue_model.hpp"
#include "basket/execution/bars.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/execution/latency.hpp"
#include "basket/execution/queue.hpp"
#include "basket/execution/quotes.hpp"

namespace basket_test::concepts_replay_parts {

using namespace basket;

struct jumps_the_queue : execution::back_of_queue {
  shares moved(queue_place& place, level_move change) const {
    place.ahead = std::max(place.ahead - shares::micros(1), shares{});  // a place for every word of the level
    return execution::back_of_queue::moved(place, change);
  }
};
struct fills_twice : execution::back_of_queue {
  shares traded(queue_place& place, shares size) const { return execution::back_of_queue::traded(place, size) + size; }
};
struct silent : execution::back_of_queue {
  static constexpr std::string_view bias = "";
};

TEST_CASE("queue models keep their laws, and the laws catch what breaks them") {
  CHECK(laws::broken_laws(laws::queue_model_archetype{}).empty());
  CHECK(laws::broken_laws(execution::back_of_queue{}).empty());
  CHECK(laws::broken_laws(execution::even_cancels{}).empty());
  CHECK(laws::broken_laws(execution::crossed_only{}).empty());
  CHECK(laws::broken_laws(execution::decreases_trade{}).empty());
  CHECK(laws::broken_laws(execution::first_in_queue{}).empty());
  CHECK(laws::broken_laws(jumps_the_queue{}).front() == "an order gains or loses a place while nothing happens");
  const auto twice = laws::broken_laws(fills_twice{});
  CHECK(std::find(twice.begin(), twice.end(), "an event fills an order with more than it moved") != twice.end());
  CHECK(laws::broken_laws(silent{}) == std::vector<std::string>{"the assumption is not stated"});
}

struct goes_back {
  std::int64_t to_venue(instant, std::uint64_t number) const { return 5 - static_cast<std::int64_t>(number); }
  std::int64_t to_strategy(instant, std::uint64_t) const { return 0; }
};

TEST_CASE("latency models keep their laws, and the laws catch what breaks them") {
  CHECK(laws::broken_laws(laws::latency_archetype{}).empty());
  CHECK(laws::broken_laws(execution::no_latency{}).empty());
  CHECK(laws::broken_laws(execution::constant_latency{}).empty());
  CHECK(laws::broken_laws(execution::uniform_latency{}).empty());
  CHECK(laws::broken_laws(goes_back{}).front() == "travel 6: it takes less than no time");
}

struct buys_at_the_low_less_a_cent {
  static constexpr std::string_view bias = "Too good.";
  std::optional<bar_match> match(const order_request& order, shares open, const price_candle& c) const {
    if (order.direction == side::sell || order.limit) return std::nullopt;
    return bar_match{.at = price::micros(c.low.micros() - 10'000), .quantity = open};
  }
};
struct ignores_limits {
  static constexpr std::string_view bias = "Ignores limits.";
  std::optional<bar_match> match(const order_request&, shares open, const price_candle& c) const {
    return bar_match{.at = c.close, .quantity = open};
  }
};
struct owes {
  static constexpr std::string_view bias = "Owes shares.";
  std::optional<shares> size(price) const { return shares::whole(-1); }
};

TEST_CASE("fills on candles and sizes of quotes keep their laws, and the laws catch what breaks them") {
  CHECK(laws::broken_laws(laws::bar_fill_archetype{}).empty());
  CHECK(laws::broken_laws(execution::bars_fill_nothing{}).empty());
  CHECK(laws::broken_laws(execution::next_bar<execution::half_tick<>>{}).empty());
  CHECK(laws::broken_laws(
            execution::next_bar<execution::half_tick<>>{.without_volume = execution::unknown_volume::fills_any_size})
            .empty());
  CHECK(laws::broken_laws(buys_at_the_low_less_a_cent{}).front() == "a fill better than anything in the candle");
  CHECK(laws::broken_laws(ignores_limits{}).front() == "a fill beyond its limit");
  CHECK(laws::broken_laws(laws::quote_size_archetype{}).empty());
  CHECK(laws::broken_laws(execution::quotes_fill_nothing{}).empty());
  CHECK(laws::broken_laws(execution::assumed_quote_size{}).empty());
  CHECK(laws::broken_laws(owes{}).front() == "a quote offers less than nothing");
}

}  // namespace basket_test::concepts_replay_parts
