// Queue models: who is ahead of a resting order, and what fills it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "basket/concepts/queue_model.hpp"
#include "basket/core/int128.hpp"

namespace basket::execution {

/// Behind everything that stood there when it came, and everybody who cancels stood behind it: only trades bring it
/// forward, and a level that shrinks below what was ahead. The pessimistic default.
struct back_of_queue {
  static constexpr bool fills_when_crossed = true;
  static constexpr recorded needs = {.tops = true, .sizes = true, .trades = true};
  static constexpr std::string_view bias =
      "A resting order waits behind everything displayed when it arrived; cancels come from behind it; it is filled by "
      "trades at its price once that is gone, by trades through its price, and by an offer that crosses it.";

  [[nodiscard]] queue_place joined(shares displayed) const { return {.ahead = displayed}; }
  shares moved(queue_place& place, level_move change) const {
    place.ahead = std::min(place.ahead, change.after);
    return {};
  }
  [[nodiscard]] shares traded(queue_place& place, shares size) const {
    const shares passed = std::min(place.ahead, size);
    place.ahead -= passed;
    return size - passed;
  }
};

/// As back_of_queue, but cancels are spread evenly over the queue: of a decrease that no trade explains, the part that
/// stood ahead leaves ahead of it.
/// Source: the probability queue models of market-making simulators, with the share ahead as the probability.
struct even_cancels {
  static constexpr bool fills_when_crossed = true;
  static constexpr recorded needs = {.tops = true, .sizes = true, .trades = true};
  static constexpr std::string_view bias =
      "Cancels are spread evenly over the queue, before and behind a resting order; otherwise it waits behind "
      "everything "
      "displayed when it arrived and is filled by trades at or through its price and by an offer that crosses it.";

  [[nodiscard]] queue_place joined(shares displayed) const { return {.ahead = displayed}; }
  shares moved(queue_place& place, level_move change) const {
    const shares explained = std::min(place.traded, std::max(change.before - change.after, shares{}));
    const shares from = change.before - explained;
    place.traded = {};
    if (change.after < from && from > shares{}) {
      // Rounded up: what cannot be told apart stays ahead.
      const int128 kept = int128{place.ahead.micros()} * change.after.micros();
      place.ahead = shares::micros(narrow(divide(kept, int128{from.micros()}, rounding::up)));
    }
    place.ahead = std::min(place.ahead, change.after);
    return {};
  }
  [[nodiscard]] shares traded(queue_place& place, shares size) const {
    constexpr shares most = shares::micros(std::numeric_limits<std::int64_t>::max());
    place.traded = size < most - place.traded ? place.traded + size : most;
    const shares passed = std::min(place.ahead, size);
    place.ahead -= passed;
    return size - passed;
  }
};

/// For recordings without trades: only an offer that stands strictly through, or at, its price fills a resting order.
struct crossed_only {
  static constexpr bool fills_when_crossed = true;
  static constexpr recorded needs = {.tops = true};
  static constexpr std::string_view bias =
      "The recording has no trades: a resting order is filled only when somebody offers at its price or better, up to "
      "what is offered; every fill that came by trades alone is missed, and those that happen are adversely selected.";

  [[nodiscard]] queue_place joined(shares displayed) const { return {.ahead = displayed}; }
  shares moved(queue_place& place, level_move change) const {
    place.ahead = std::min(place.ahead, change.after);
    return {};
  }
  [[nodiscard]] shares traded(queue_place&, shares) const { return {}; }
};

/// For recordings without trades: what leaves a level is taken to have traded, the queue's front first.
struct decreases_trade {
  static constexpr bool fills_when_crossed = true;
  static constexpr recorded needs = {.depth = true, .tops = true, .sizes = true};
  static constexpr std::string_view bias =
      "The recording has no trades: every decrease of the displayed size at a resting order's price is taken for a "
      "trade, of what was ahead first and then of the order; most decreases are cancels, so it is filled too often.";

  [[nodiscard]] queue_place joined(shares displayed) const { return {.ahead = displayed}; }
  shares moved(queue_place& place, level_move change) const {
    const shares gone = std::max(change.before - change.after, shares{}), passed = std::min(place.ahead, gone);
    place.ahead -= passed;
    return gone - passed;
  }
  [[nodiscard]] shares traded(queue_place&, shares) const { return {}; }
};

/// As decreases_trade, but nobody is ahead: the best that can be hoped for, to measure what the queue costs.
struct first_in_queue {
  static constexpr bool fills_when_crossed = true;
  static constexpr recorded needs = {.depth = true, .tops = true, .sizes = true};
  static constexpr std::string_view bias =
      "A resting order is first in its queue, and every decrease of the displayed size at its price is taken for a "
      "trade that fills it; nobody is that lucky.";

  [[nodiscard]] queue_place joined(shares) const { return {}; }
  shares moved(queue_place&, level_move change) const { return std::max(change.before - change.after, shares{}); }
  [[nodiscard]] shares traded(queue_place&, shares) const { return {}; }
};

static_assert(QueueModel<decreases_trade> && QueueModel<first_in_queue> && QueueModel<back_of_queue> &&
              QueueModel<even_cancels> && QueueModel<crossed_only>);

}  // namespace basket::execution
