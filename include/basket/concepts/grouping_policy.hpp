// How things are put into groups.
#pragma once

#include <concepts>
#include <span>

#include "basket/model/grouping.hpp"
#include "basket/model/history.hpp"

namespace basket {

/// Puts each member into a group, as far as the history tells.
/// Laws: the result has the members given, in their order; it passes `check`; permuting the members permutes the labels
/// up to the numbering of groups.
template <class G, class Id = contract_id>
concept GroupingPolicy = requires(const G& policy, const history& past, std::span<const Id> ids) {
  { policy.group(past, ids) } -> std::same_as<grouping<Id>>;
};

}  // namespace basket
