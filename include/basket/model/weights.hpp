// Portfolio weights over members of any kind, and what a weighting scheme is given.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/id.hpp"

namespace basket {

/// Shares of capital, one a member; what is missing to one stays in cash.
template <class Id>
struct weights {
  std::vector<Id> members = {};
  std::vector<double> values = {};
};

/// Checks weights: one a member, finite, not negative, summing to at most one (to 1e-9).
///
/// Fails: precondition_error naming what does not fit.
template <class Id>
void check(const weights<Id>& w) {
  if (w.values.size() != w.members.size()) throw precondition_error("weights need one value a member");
  double sum = 0.0;
  for (const double value : w.values) {
    if (!(value >= 0.0) || !std::isfinite(value)) {
      throw precondition_error("a weight must be finite and not negative; one is " + std::to_string(value));
    }
    sum += value;
  }
  if (sum > 1.0 + 1e-9) {
    throw precondition_error("weights must sum to at most 1; these sum to " + std::to_string(sum));
  }
}

/// What a weighting scheme distributes over: ids, and for ids that are baskets the contracts inside each.
template <class Id>
struct members {
  std::span<const Id> ids = {};
  std::span<const std::vector<contract_id>> holdings = {};  ///< empty when the ids are contracts

  [[nodiscard]] std::size_t size() const noexcept { return ids.size(); }
};

}  // namespace basket
