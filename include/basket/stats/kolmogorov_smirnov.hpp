// Kolmogorov-Smirnov: how far a sample of p-values is from uniform.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::stats {

/// The largest distance between two distribution functions and how often chance gives more.
struct kolmogorov_smirnov {
  double distance = missing;
  double p_value = missing;
};

/// P(sqrt(n) D >= x) as n grows, with the small-sample term of Stephens (1970).
[[nodiscard]] inline double kolmogorov_upper(double distance, std::size_t n) {
  const double root = std::sqrt(static_cast<double>(n));
  const double x = (root + 0.12 + 0.11 / root) * distance;
  if (x < 0.2) return 1.0;  // the series below is 1 to sixteen digits here
  double sum = 0.0;
  for (int j = 1; j <= 100; ++j) {
    const double term = std::exp(-2.0 * j * j * x * x);
    sum += (j % 2 == 1 ? 2.0 : -2.0) * term;
    if (term < 1e-18) break;
  }
  return std::clamp(sum, 0.0, 1.0);
}

/// Compares p-values with the uniform distribution. With `steps` > 0 they are taken as multiples of 1 / steps, as from
/// steps - 1 permutations, and only these points are compared: the test is then on the safe side.
///
/// Missing: missing values are left out; without any value the answer is missing.
/// Fails:   precondition_error when a value lies outside [0, 1].
/// Cost:    n log n.
/// Source:  Kolmogorov (1933); Stephens (1970).
[[nodiscard]] inline kolmogorov_smirnov against_uniform(std::span<const double> p_values, std::size_t steps = 0) {
  std::vector<double> sorted;
  for (const double p : p_values) {
    if (is_missing(p)) continue;
    if (!(p >= 0.0 && p <= 1.0)) {
      throw precondition_error("a p-value lies in [0, 1]; one is " + std::to_string(p));
    }
    sorted.push_back(p);
  }
  if (sorted.empty()) return {};
  std::sort(sorted.begin(), sorted.end());
  const double n = static_cast<double>(sorted.size());
  double distance = 0.0;
  if (steps > 0) {
    for (std::size_t s = 1; s <= steps; ++s) {
      const double at = static_cast<double>(s) / static_cast<double>(steps);
      const auto below = std::upper_bound(sorted.begin(), sorted.end(), at + 1e-12) - sorted.begin();
      distance = std::max(distance, std::abs(static_cast<double>(below) / n - at));
    }
  } else {
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      distance =
          std::max({distance, static_cast<double>(i + 1) / n - sorted[i], sorted[i] - static_cast<double>(i) / n});
    }
  }
  return {distance, kolmogorov_upper(distance, sorted.size())};
}

}  // namespace basket::stats
