// At which price an order trades against a candle, on data that has no book.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "basket/model/message.hpp"
#include "basket/model/order_entry.hpp"

namespace basket {

/// What a candle fills of an order.
struct bar_match {
  price at = {};  ///< in the words of the order's outcome
  shares quantity = {};
  liquidity role = liquidity::taker;
};

/// Matches an order that was sent before the candle with what the candle tells, both in the words of the order's
/// outcome; nothing when it is not filled.
/// Laws: never better than the limit; a buyer's price is not below the candle's low, a seller's not above its high;
/// `bias` states the assumption in a sentence.
template <class B>
concept BarFill = requires(const B& model, const order_request& order, shares open, const price_candle& candle) {
  { model.match(order, open, candle) } -> std::same_as<std::optional<bar_match>>;
  { B::bias } -> std::convertible_to<std::string_view>;
};

}  // namespace basket
