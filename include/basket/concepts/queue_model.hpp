// Where a resting order stands in its queue, and which events fill it.
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

#include "basket/core/units.hpp"
#include "basket/model/market_terms.hpp"

namespace basket {

/// The place of one order, moved by a QueueModel.
struct queue_place {
  shares ahead = {};   ///< what must trade or leave before it is its turn
  shares traded = {};  ///< traded at its price since the level was last told: that part of a decrease is no cancel
};

/// What an order sees of its level when the displayed size there is told anew.
struct level_move {
  shares before = {}, after = {};
};

/// Keeps the place of a resting order. `joined` gives the place at the back of what is displayed; `moved` follows a
/// change of the displayed size at its price and returns how much of it filled the order, which is nothing where trades
/// are recorded; `traded` follows a trade there and returns how much of it is left for the order. `fills_when_crossed`
/// tells whether an offer at or through its price fills it without a trade. Laws: nobody gains a place while nothing
/// happens at his price; `traded` leaves at most what was traded, `moved` at most what went; the place is never
/// negative; `bias` states in a sentence which events may fill an order.
template <class Q>
concept QueueModel = requires(const Q& model, queue_place& place, shares size, level_move change) {
  { model.joined(size) } -> std::same_as<queue_place>;
  { model.moved(place, change) } -> std::same_as<shares>;
  { model.traded(place, size) } -> std::same_as<shares>;
  { Q::fills_when_crossed } -> std::convertible_to<bool>;
  { Q::needs } -> std::convertible_to<recorded>;
  { Q::bias } -> std::convertible_to<std::string_view>;
};

}  // namespace basket
