// Davies-Bouldin: how wide groups are against how far apart their means lie.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include "basket/cluster/centres.hpp"
#include "basket/concepts/cluster_quality.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// The mean over groups of the worst (s_i + s_j) / |m_i - m_j|, s the mean distance to the own mean m: smaller is
/// better, 0 when every group is one place.
///
/// Missing: points without a group are left out. Missing with fewer than two groups; infinite where two groups of some
///          width share their mean.
/// Fails:   as centres_of.
/// Cost:    n p + groups^2 p.
/// Bias:    as silhouette: read it beside its null.
/// Source:  Davies and Bouldin, A cluster separation measure (1979), q = 1, p = 2; scikit-learn leaves out pairs of
///          groups that share their mean.
struct davies_bouldin {
  static constexpr bool larger_is_better = false;

  [[nodiscard]] double figure(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const group_label> labels) const {
    const group_centres c = centres_of(x, labels);
    if (c.occupied < 2) return missing;
    const std::size_t p = c.overall.size();
    double sum = 0.0;
    for (std::size_t i = 0; i < c.sizes.size(); ++i) {
      if (c.sizes[i] == 0) continue;
      double worst = 0.0;
      for (std::size_t j = 0; j < c.sizes.size(); ++j) {
        if (j == i || c.sizes[j] == 0) continue;
        const double apart = std::sqrt(detail::squared_distance(c.means.data() + i * p, c.means.data() + j * p, p));
        const double width = c.mean_distance[i] + c.mean_distance[j];
        const double ratio = apart > 0.0 ? width / apart : width > 0.0 ? std::numeric_limits<double>::infinity() : 0.0;
        worst = std::max(worst, ratio);
      }
      sum += worst;
    }
    return sum / static_cast<double>(c.occupied);
  }
};

static_assert(ClusterQuality<davies_bouldin>);

}  // namespace basket::cluster
