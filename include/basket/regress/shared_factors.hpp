// Factors that many markets are regressed on, prepared once: complete rows, scaled, with the Gram of any window.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/numeric/windowed_gram.hpp"
#include "basket/regress/scaling.hpp"

namespace basket::regress {

namespace detail {

/// Factors without their incomplete rows, each column scaled by a power of two and shifted by its mean, next to a
/// column of ones: [1, (x - reference)] with entries of size one, so that squares neither overflow nor vanish.
struct shared_factors {
  std::vector<std::ptrdiff_t> rows = {};  ///< the rows of the panel that are kept; all of them when `dense`
  bool dense = true;
  std::ptrdiff_t factors = 0;
  Eigen::VectorXd scale = {};      ///< x' = x * scale - reference
  Eigen::VectorXd reference = {};  ///< in scaled units
  /// factors x rows: the first row since which the factor has had the value of this row.
  Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic> same_since = {};
  numeric::windowed_gram gram;
};

inline std::string label(std::span<const std::string> names, std::ptrdiff_t j) {
  return names.empty() ? "number " + std::to_string(j) : names[static_cast<std::size_t>(j)];
}

inline shared_factors prepare(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const std::string> names) {
  const std::ptrdiff_t days = x.rows(), k = x.cols();
  std::vector<std::ptrdiff_t> rows;
  rows.reserve(static_cast<std::size_t>(days));
  std::vector<char> complete(static_cast<std::size_t>(days), 1);
  Eigen::VectorXd scale = Eigen::VectorXd::Ones(k), reference = Eigen::VectorXd::Zero(k);
  for (std::ptrdiff_t j = 0; j < k; ++j) {
    for (std::ptrdiff_t t = 0; t < days; ++t) {
      if (is_missing(x(t, j))) {
        complete[static_cast<std::size_t>(t)] = 0;
      } else if (std::isinf(x(t, j))) {
        throw data_error("factor " + label(names, j), static_cast<std::size_t>(t) + 1, "value", "it is infinite");
      }
    }
  }
  for (std::ptrdiff_t t = 0; t < days; ++t) {
    if (complete[static_cast<std::size_t>(t)] != 0) rows.push_back(t);
  }
  const auto kept = static_cast<std::ptrdiff_t>(rows.size());
  using matrix = numeric::windowed_gram::row_major;
  matrix z = matrix::Zero(kept, numeric::padded(k + 1));
  if (kept > 0) z.col(0).setOnes();
  for (std::ptrdiff_t j = 0; j < k; ++j) {
    double largest = 0.0;
    for (const std::ptrdiff_t t : rows) largest = std::max(largest, std::abs(x(t, j)));
    int exponent = 0;
    (void)std::frexp(largest, &exponent);
    if (largest > 0.0) scale[j] = std::ldexp(1.0, std::min(-exponent, 1022));
    double sum = 0.0;
    for (const std::ptrdiff_t t : rows) sum += x(t, j) * scale[j];
    reference[j] = kept > 0 ? sum / static_cast<double>(kept) : 0.0;
  }
  for (std::ptrdiff_t i = 0; i < kept; ++i) {
    const std::ptrdiff_t t = rows[static_cast<std::size_t>(i)];
    for (std::ptrdiff_t j = 0; j < k; ++j) z(i, j + 1) = x(t, j) * scale[j] - reference[j];
  }
  Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic> since(k, kept);
  for (std::ptrdiff_t i = 0; i < kept; ++i) {
    const std::ptrdiff_t t = rows[static_cast<std::size_t>(i)];
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const bool same = i > 0 && x(t, j) == x(rows[static_cast<std::size_t>(i) - 1], j);
      since(j, i) = same ? since(j, i - 1) : static_cast<std::int32_t>(i);
    }
  }
  const bool dense = kept == days;
  return {std::move(rows),
          dense,
          k,
          std::move(scale),
          std::move(reference),
          std::move(since),
          numeric::windowed_gram(std::move(z))};
}

}  // namespace detail

}  // namespace basket::regress
