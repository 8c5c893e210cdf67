// Calinski-Harabasz: variance between groups over variance within them.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <limits>
#include <span>

#include "basket/cluster/centres.hpp"
#include "basket/concepts/cluster_quality.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// [between / (groups - 1)] / [within / (n - groups)] of sums of squared distances: larger is better.
///
/// Missing: points without a group are left out. Missing with fewer than two groups, as many groups as points, or all
///          points in one place; infinite where every group is one place of its own.
/// Fails:   as centres_of.
/// Cost:    n p.
/// Bias:    as silhouette: read it beside its null.
/// Source:  Calinski and Harabasz, A dendrite method for cluster analysis (1974).
struct calinski_harabasz {
  static constexpr bool larger_is_better = true;

  [[nodiscard]] double figure(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const group_label> labels) const {
    const group_centres c = centres_of(x, labels);
    if (c.occupied < 2 || c.points <= c.occupied) return missing;
    const std::size_t p = c.overall.size();
    double between = 0.0;
    for (std::size_t g = 0; g < c.sizes.size(); ++g) {
      if (c.sizes[g] == 0) continue;
      between +=
          static_cast<double>(c.sizes[g]) * detail::squared_distance(c.means.data() + g * p, c.overall.data(), p);
    }
    if (c.within == 0.0) return between == 0.0 ? missing : std::numeric_limits<double>::infinity();
    return between / c.within * static_cast<double>(c.points - c.occupied) / static_cast<double>(c.occupied - 1);
  }
};

static_assert(ClusterQuality<calinski_harabasz>);

}  // namespace basket::cluster
