// At which price a daily order is taken to have traded.
#pragma once

#include <concepts>
#include <string_view>

#include "basket/model/order.hpp"

namespace basket {

/// Turns an observed close into the price paid or received, never better than the close.
/// Law: a buyer's price is not below the close, a seller's not above it; `bias` states the assumption in a sentence.
template <class F>
concept FillPrice = requires(const F& model, price close, side direction) {
  { model.at(close, direction) } -> std::same_as<price>;
  { F::bias } -> std::convertible_to<std::string_view>;
};

}  // namespace basket
