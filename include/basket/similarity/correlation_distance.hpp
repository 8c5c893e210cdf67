// Correlations turned into distances, with a named answer to the pairs that have none.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/numeric/correlation.hpp"
#include "basket/similarity/distances.hpp"
#include "basket/similarity/missing_pairs.hpp"

namespace basket::similarity {

/// Turns a correlation in [-1, 1] into a distance that falls as the correlation rises, or as its size does.
/// Laws: distance(1) = 0; 0 <= distance(rho) <= maximum().
template <class M>
concept CorrelationMeasure = requires(const M& measure, double rho) {
  { measure.distance(rho) } -> std::same_as<double>;
  { measure.maximum() } -> std::same_as<double>;
};

/// sqrt(2 (1 - rho)): the Euclidean distance of the standardised series over the square root of their length, so Ward's
/// method may be used on it. In [0, 2].
/// Source: Mantegna (1999).
struct euclidean {
  [[nodiscard]] double distance(double rho) const noexcept { return std::sqrt(2.0 * std::max(0.0, 1.0 - rho)); }
  [[nodiscard]] double maximum() const noexcept { return 2.0; }
};

/// 1 - rho, half the square of `euclidean`. In [0, 2].
/// Bias: not a metric; Ward's method on it is not Ward's.
struct one_minus {
  [[nodiscard]] double distance(double rho) const noexcept { return 1.0 - rho; }
  [[nodiscard]] double maximum() const noexcept { return 2.0; }
};

/// 1 - |rho|: what moves against each other is as near as what moves together. In [0, 1].
/// Bias: not a metric; a group holds both sides of a bet.
struct one_minus_absolute {
  [[nodiscard]] double distance(double rho) const noexcept { return 1.0 - std::abs(rho); }
  [[nodiscard]] double maximum() const noexcept { return 1.0; }
};

static_assert(CorrelationMeasure<euclidean> && CorrelationMeasure<one_minus> && CorrelationMeasure<one_minus_absolute>);

/// Distances from correlations. Neither field has a default: which distance, and what becomes of the pairs that have no
/// correlation, are to be said.
///
/// Missing: none in the result; see the policies in missing_pairs.hpp.
/// Fails:   as the policy does; precondition_error when there is not one id a column.
/// Cost:    8 bytes a pair, beside the policy's.
template <CorrelationMeasure Measure, MissingPairs Policy>
struct correlation_distance {
  Measure measure;
  Policy missing_pairs;

  /// The distances of the columns of `c`, which the ids name in order.
  template <class Id>
  [[nodiscard]] distances<Id> between(const numeric::correlations& c, std::span<const Id> ids) const {
    if (ids.size() != c.columns()) {
      throw precondition_error("the correlations have " + std::to_string(c.columns()) + " columns and there are " +
                               std::to_string(ids.size()) + " ids");
    }
    const selection chosen = missing_pairs.select(c);
    distances<Id> out;
    for (const std::size_t j : chosen.kept) out.members.push_back(ids[j]);
    for (const auto& gone : chosen.dropped) out.dropped.push_back({.id = ids[gone.column], .reason = gone.reason});
    const std::size_t n = chosen.kept.size();
    out.condensed.reserve(n < 2 ? 0 : n * (n - 1) / 2);
    for (std::size_t i = 0; i < n; ++i) {
      const auto column = static_cast<Eigen::Index>(chosen.kept[i]);
      for (std::size_t j = i + 1; j < n; ++j) {
        const double rho = c.rho(static_cast<Eigen::Index>(chosen.kept[j]), column);
        out.replaced_pairs += is_missing(rho);
        out.condensed.push_back(is_missing(rho) ? missing_pairs.stand_in(measure.maximum()) : measure.distance(rho));
      }
    }
    return out;
  }
  template <class Id>
  [[nodiscard]] distances<Id> between(const numeric::correlations& c, const std::vector<Id>& ids) const {
    return between(c, std::span<const Id>(ids));
  }
};

}  // namespace basket::similarity
