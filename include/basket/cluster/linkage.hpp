// Hierarchical clustering from complete distances: Ward, average, complete and single linkage in O(n^2).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/dendrogram.hpp"
#include "basket/cluster/neighbour_chain.hpp"
#include "basket/core/error.hpp"

namespace basket::cluster {

namespace detail {

/// How the distance of a third cluster (of `size` points) to the union of a and b follows from what is known.
struct ward_update {
  double a, b, both;
  double operator()(double to_a, double to_b, double size) const noexcept {
    return ((size + a) * to_a + (size + b) * to_b - size * both) / (size + a + b);
  }
};
struct average_update {
  double share_a, share_b;
  double operator()(double to_a, double to_b, double) const noexcept { return share_a * to_a + share_b * to_b; }
};
struct complete_update {
  double operator()(double to_a, double to_b, double) const noexcept { return to_a < to_b ? to_b : to_a; }
};

/// Ward's criterion works on squares: squared in place, and scaled by a power of two where squares leave the doubles.
inline dendrogram link_ward(std::vector<double> distances, std::size_t points, const char* who) {
  check_length(distances, points, who);
  // Four maxima at once: one after the other waits for itself.
  double high[4] = {0.0, 0.0, 0.0, 0.0};
  for (std::size_t c = 0; c < distances.size(); ++c) {
    double& most = high[c % 4];
    most = distances[c] > most ? distances[c] : most;
  }
  const double largest = std::max({high[0], high[1], high[2], high[3]});
  int exponent = 0;
  if (largest > 0.0 && std::isfinite(largest)) {
    const int size = std::ilogb(largest);
    if (size > 200 || size < -200) exponent = size;
  }
  if (exponent != 0) {
    for (double& value : distances) value = std::ldexp(value, -exponent);
  }
  std::vector<meeting> meetings = neighbour_chain(distances, points)
                                      .run([](double value) { return value * value; },
                                           [](double a, double b, double both) { return ward_update{a, b, both}; });
  for (meeting& m : meetings) m.height = std::ldexp(std::sqrt(std::max(m.height, 0.0)), exponent);
  return to_dendrogram(meetings, points);
}

}  // namespace detail

// Each linkage takes a condensed matrix (SciPy's pdist order) by move and works in it: the distances are the memory.
// Where distances tie, trees differ between implementations; cuts at a height that is not tied do not (except for
// average and Ward, where a tie may change later heights).

/// Ward's minimum variance; `distances` must be Euclidean, for correlations sqrt(2 (1 - rho)).
///
/// Missing: refused.
/// Fails:   precondition_error when length and `points` do not fit; data_error naming the pair that is missing,
///          negative or infinite.
/// Cost:    O(n^2) time; 8 n (n - 1) / 2 bytes, which are the distances given.
/// Source:  Ward (1963); Lance and Williams (1967).
struct ward {
  [[nodiscard]] dendrogram link(std::vector<double>&& distances, std::size_t points) const {
    return detail::link_ward(std::move(distances), points, "ward");
  }
};

/// Ward's formula on 1 - rho as if that were a distance.
///
/// Missing: refused.
/// Fails:   precondition_error when length and `points` do not fit; data_error naming the pair that is missing,
///          negative or above 2.
/// Cost:    as ward.
/// Bias:    1 - rho is half a squared Euclidean distance, so heights are no variances, and far clusters are kept apart
///          more than Ward's criterion says. For comparison with published results only.
struct ward_on_one_minus_correlation {
  [[nodiscard]] dendrogram link(std::vector<double>&& one_minus_correlation, std::size_t points) const {
    for (std::size_t c = 0; c < one_minus_correlation.size(); ++c) {
      if (!(one_minus_correlation[c] > 2.0 + 1e-9)) continue;
      throw data_error("distances", 0, "number " + std::to_string(c),
                       "1 - rho lies in [0, 2]; this one is " + std::to_string(one_minus_correlation[c]));
    }
    return detail::link_ward(std::move(one_minus_correlation), points, "ward_on_one_minus_correlation");
  }
};

/// The mean of all distances between two clusters (UPGMA).
///
/// Missing: refused.
/// Fails:   as ward.
/// Cost:    as ward.
/// Source:  Sokal and Michener (1958).
struct average {
  [[nodiscard]] dendrogram link(std::vector<double>&& distances, std::size_t points) const {
    std::vector<double> own = std::move(distances);
    check_length(own, points, "average");
    return to_dendrogram(
        neighbour_chain(own, points)
            .run([](double value) { return value; },
                 [](double a, double b, double) { return detail::average_update{a / (a + b), b / (a + b)}; }),
        points);
  }
};

/// The largest distance between two clusters.
///
/// Missing: refused.
/// Fails:   as ward.
/// Cost:    as ward.
struct complete {
  [[nodiscard]] dendrogram link(std::vector<double>&& distances, std::size_t points) const {
    std::vector<double> own = std::move(distances);
    check_length(own, points, "complete");
    return to_dendrogram(
        neighbour_chain(own, points)
            .run([](double value) { return value; }, [](double, double, double) { return detail::complete_update{}; }),
        points);
  }
};

/// The smallest distance between two clusters: the minimum spanning tree by rising edge.
///
/// Missing: refused.
/// Fails:   as ward.
/// Cost:    O(n^2) time in one sweep through the distances, 24 n bytes beside them.
/// Source:  Sibson, SLINK: an optimally efficient algorithm for the single-link cluster method (1973).
struct single {
  [[nodiscard]] dendrogram link(std::vector<double>&& distances, std::size_t points) const {
    const std::vector<double> own = std::move(distances);
    check_length(own, points, "single");
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::vector<std::uint32_t> joins(points);
    std::vector<double> height(points, infinity);
    std::vector<double> reach(points, infinity);
    // Points enter from the last to the first, because then what point i needs is one run of memory.
    for (std::size_t i = points; i-- > 0;) {
      joins[i] = static_cast<std::uint32_t>(i);
      const double* const row = own.data() + condensed_index(i, i + 1, points);
      for (std::size_t j = points - 1; j > i; --j) {
        const double value = row[j - i - 1];
        if (!(value >= 0.0 && value < infinity)) refuse_distance(value, i, j);
        reach[j] = std::min(reach[j], value);
        double& above = reach[joins[j]];
        if (height[j] >= reach[j]) {
          above = std::min(above, height[j]);
          height[j] = reach[j];
          joins[j] = static_cast<std::uint32_t>(i);
        } else {
          above = std::min(above, reach[j]);
        }
        reach[j] = infinity;
      }
      for (std::size_t j = points - 1; j > i; --j) {
        if (height[j] >= height[joins[j]]) joins[j] = static_cast<std::uint32_t>(i);
      }
    }
    std::vector<meeting> meetings;
    for (std::size_t j = 1; j < points; ++j) {
      meetings.push_back({joins[j], static_cast<std::uint32_t>(j), height[j]});
    }
    return to_dendrogram(meetings, points);
  }
};

static_assert(Linkage<ward> && Linkage<ward_on_one_minus_correlation> && Linkage<average> && Linkage<complete> &&
              Linkage<single>);

}  // namespace basket::cluster
