// How much stands behind a quote that tells no size.
#pragma once

#include <concepts>
#include <optional>
#include <string_view>

#include "basket/core/units.hpp"

namespace basket {

/// The shares that a quote without a size is taken to offer; nothing when it fills nobody.
/// Law: depends on the price alone; `bias` states the assumption in a sentence.
template <class P>
concept QuoteSize = requires(const P& policy, price at) {
  { policy.size(at) } -> std::same_as<std::optional<shares>>;
  { P::bias } -> std::convertible_to<std::string_view>;
};

}  // namespace basket
