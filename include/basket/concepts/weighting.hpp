// How capital is shared out: the same verb inside a basket and across baskets.
#pragma once

#include <concepts>

#include "basket/model/history.hpp"
#include "basket/model/weights.hpp"

namespace basket {

/// Gives each member a share of the capital of one.
/// Laws: the result has the members given, in their order, and passes `check`; nothing but the history is looked at.
template <class W, class Id = contract_id>
concept Weighting = requires(const W& scheme, const history& past, members<Id> who) {
  { scheme.weigh(past, who) } -> std::same_as<weights<Id>>;
};

}  // namespace basket
