// The same weight for everybody.
#pragma once

#include "basket/concepts/weighting.hpp"

namespace basket::weight {

/// 1 / n each; serves contracts inside a basket and baskets alike.
struct equal {
  template <class Id>
  [[nodiscard]] weights<Id> weigh(const history&, members<Id> who) const {
    const double each = who.size() == 0 ? 0.0 : 1.0 / static_cast<double>(who.size());
    return {.members = {who.ids.begin(), who.ids.end()}, .values = std::vector<double>(who.size(), each)};
  }
};

static_assert(Weighting<equal, contract_id> && Weighting<equal, theme_id>);

}  // namespace basket::weight
