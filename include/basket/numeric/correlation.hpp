// What a pairwise correlation returns: the coefficient and what it stands on.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>

#include "basket/numeric/overlap.hpp"

namespace basket::numeric {

/// Correlations between the columns of a ragged panel, each over the rows that its pair has in common.
///
/// Missing: `rho` is missing where a pair has fewer common rows than `min_overlap`, or where one of the two is constant
///          on the common rows; `overlap` tells the two apart.
struct correlations {
  overlap_rows min_overlap;
  Eigen::MatrixXd rho = {};  ///< columns x columns, symmetric, in [-1, 1]; 1 on the diagonal where it exists
  Eigen::MatrixX<std::int32_t> overlap = {};  ///< columns x columns, common rows; a column's own count on the diagonal

  [[nodiscard]] std::size_t columns() const noexcept { return static_cast<std::size_t>(rho.cols()); }

  /// Pairs of different columns whose coefficient is missing. O(columns^2).
  [[nodiscard]] std::size_t missing_pairs() const noexcept {
    std::size_t n = 0;
    for (Eigen::Index j = 1; j < rho.cols(); ++j) {
      for (Eigen::Index i = 0; i < j; ++i) n += is_missing(rho(i, j));
    }
    return n;
  }
};

}  // namespace basket::numeric
