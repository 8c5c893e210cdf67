// The means of groups of points, which several figures of quality are made from.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/cluster/points.hpp"
#include "basket/core/error.hpp"

namespace basket::cluster {

/// Means of the groups of points and how the points lie around them, in units of `packed_points`, where no square
/// leaves the range of doubles.
struct group_centres {
  std::vector<std::size_t> sizes = {};
  std::vector<double> means = {};          ///< groups x p, row by row
  std::vector<double> overall = {};        ///< p, the mean of all grouped points
  std::vector<double> mean_distance = {};  ///< of each group's points to their mean
  double within = 0.0;                     ///< sum of squared distances to the own mean
  std::size_t points = 0;                  ///< with a group
  std::size_t occupied = 0;                ///< groups with a point
};

/// Fails: precondition_error when there is not one label a point; data_error at a missing or infinite coordinate.
/// Cost:  three passes over the points.
[[nodiscard]] inline group_centres centres_of(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                              std::span<const group_label> labels) {
  if (static_cast<std::size_t>(x.rows()) != labels.size()) {
    throw precondition_error(std::to_string(x.rows()) + " points and " + std::to_string(labels.size()) +
                             " labels do not fit");
  }
  const packed_points points(x);
  const std::size_t p = points.dimensions();
  group_centres out;
  out.sizes = group_sizes(labels);
  const std::size_t groups = out.sizes.size();
  out.means.assign(groups * p, 0.0);
  out.overall.assign(p, 0.0);
  out.mean_distance.assign(groups, 0.0);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i].has_group()) continue;
    double* const to = out.means.data() + labels[i].group() * p;
    for (std::size_t d = 0; d < p; ++d) to[d] += points.row(i)[d];
    ++out.points;
  }
  for (std::size_t g = 0; g < groups; ++g) {
    if (out.sizes[g] == 0) continue;
    ++out.occupied;
    for (std::size_t d = 0; d < p; ++d) {
      out.overall[d] += out.means[g * p + d];
      out.means[g * p + d] /= static_cast<double>(out.sizes[g]);
    }
  }
  for (double& v : out.overall) v /= static_cast<double>(out.points == 0 ? 1 : out.points);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i].has_group()) continue;
    const std::size_t g = labels[i].group();
    const double squared = detail::squared_distance(points.row(i), out.means.data() + g * p, p);
    out.within += squared;
    out.mean_distance[g] += std::sqrt(squared);
  }
  for (std::size_t g = 0; g < groups; ++g) {
    if (out.sizes[g] > 0) out.mean_distance[g] /= static_cast<double>(out.sizes[g]);
  }
  return out;
}

}  // namespace basket::cluster
