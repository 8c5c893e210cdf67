// k-means: greedy k-means++ starts, Lloyd's passes with Hamerly's bounds, many starts, the best one kept.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/cluster/lloyd.hpp"
#include "basket/cluster/points.hpp"
#include "basket/concepts/clusterer.hpp"
#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/core/status.hpp"
#include "basket/model/grouping.hpp"

namespace basket::cluster {

/// Centres and who belongs to them; groups are numbered by size (see `order_by_size`).
struct k_means_result {
  std::vector<group_label> labels = {};  ///< one a point
  Eigen::MatrixXd centres = {};          ///< groups x p, in the units of the points
  std::vector<std::size_t> sizes = {};   ///< points of each group; fewer groups than asked where points coincide
  double inertia = 0.0;                  ///< sum over points of |x - own centre|^2
  std::size_t passes = 0;                ///< assignment passes of the start that was kept
  std::size_t start = 0;                 ///< which start was kept
  status state = status::ok;             ///< not_converged when `max_passes` came first

  /// The nearest centre of each of m new points (m x p); a tie goes to the lower number.
  ///
  /// Missing: a point with a missing coordinate is unclassified.
  /// Fails:   precondition_error when the number of columns differs from that of the centres.
  /// Cost:    m k p.
  [[nodiscard]] std::vector<group_label> assign(const Eigen::Ref<const Eigen::MatrixXd>& x) const;
};

/// Splits n points into `clusters` groups so that the sum of squared distances to the group means is small: the best of
/// `starts` greedy k-means++ starts, each followed to the end. Start s draws from random_stream(seed, s).
/// Labels are those of Lloyd's plain method: two centres whose squared distances to a point differ by less than
/// 4 (p + 8) 2^-52 (|x|^2 + max |c|^2), with the mean of all points as origin, are told apart by direct differences,
/// and an exact tie goes to the centre drawn first.
///
/// Missing: refused.
/// Fails:   precondition_error without clusters, starts, or enough points; data_error naming a missing coordinate;
///          status::not_converged when the best start used up `max_passes`.
/// Cost:    at most n k p a pass, less as centres settle; 8 n (p + 4 + candidates) bytes.
/// Bias:    any number of clusters can be asked for; only a null tells whether they are there (see quality_null).
struct k_means {
  std::size_t clusters = 8;
  std::size_t starts = 10;
  std::uint64_t seed = 0;
  std::size_t max_passes = 300;
  double tolerance =
      0.0;  ///< also stops when the squared shift of all centres is at most this share of the mean variance
  std::size_t candidates = 0;  ///< draws for each k-means++ centre; 0 means 2 + ln(clusters)

  template <ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] k_means_result fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Policy& policy = {}) const {
    if (clusters == 0 || starts == 0 || max_passes == 0) {
      throw precondition_error("k_means: clusters, starts and max_passes must be at least 1");
    }
    if (!(tolerance >= 0.0)) throw precondition_error("k_means: tolerance must not be negative");
    if (static_cast<std::size_t>(x.rows()) < clusters) {
      throw precondition_error("k_means: " + std::to_string(x.rows()) + " points cannot make " +
                               std::to_string(clusters) + " clusters");
    }
    if (x.cols() == 0) throw precondition_error("k_means: points without coordinates cannot be clustered");
    const packed_points points(x);
    const std::size_t tries =
        candidates != 0 ? candidates : 2 + static_cast<std::size_t>(std::log(static_cast<double>(clusters)));
    double variance = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) variance += points.squared_norm(i);
    variance /= static_cast<double>(points.size() * points.dimensions());

    const auto from = [&](std::size_t start, const auto& inner) {
      random_stream random(seed, start);
      const std::vector<std::size_t> chosen = detail::draw_centres(points, clusters, tries, random, inner);
      detail::lloyd search(points, chosen, inner);
      return search.run(max_passes, tolerance == 0.0 ? -1.0 : tolerance * variance);
    };
    std::vector<detail::k_means_start> found(starts);
    std::size_t best = 0;
    if (starts == 1 || policy.concurrency() == 1) {
      for (std::size_t start = 0; start < starts; ++start) {
        found[start] = from(start, policy);
        if (found[start].inertia < found[best].inertia) best = start;
        // Labels of starts that lost are not kept: at a million points they would be the larger part of the memory.
        for (std::size_t lost = 0; lost <= start; ++lost) {
          if (lost != best) found[lost].labels = {};
        }
      }
    } else {
      policy.for_each_index(starts,
                            [&](std::size_t start) { found[start] = from(start, execution_policy::sequential{}); });
      for (std::size_t start = 1; start < starts; ++start) {
        if (found[start].inertia < found[best].inertia) best = start;
      }
    }
    return finish(points, found[best], best);
  }

 private:
  static k_means_result finish(const packed_points& points, const detail::k_means_start& found, std::size_t start) {
    const std::size_t p = points.dimensions();
    std::vector<group_label> raw;
    raw.reserve(points.size());
    for (const std::uint32_t label : found.labels) raw.emplace_back(label);
    const std::vector<std::size_t> order = order_by_size(raw);
    k_means_result out;
    out.labels = number_by_size(std::move(raw));
    out.sizes = group_sizes(out.labels);
    out.centres.resize(static_cast<Eigen::Index>(order.size()), static_cast<Eigen::Index>(p));
    for (std::size_t g = 0; g < order.size(); ++g) {
      for (std::size_t d = 0; d < p; ++d) {
        out.centres(static_cast<Eigen::Index>(g), static_cast<Eigen::Index>(d)) =
            points.original(found.centres[order[g] * p + d], d);
      }
    }
    out.inertia = points.original_squared(found.inertia);
    out.passes = found.passes;
    out.start = start;
    out.state = found.state;
    return out;
  }
};

inline std::vector<group_label> k_means_result::assign(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
  if (x.cols() != centres.cols()) {
    throw precondition_error("assign: points with " + std::to_string(x.cols()) + " coordinates and centres with " +
                             std::to_string(centres.cols()) + " do not fit");
  }
  const std::size_t p = static_cast<std::size_t>(x.cols());
  const std::size_t k = static_cast<std::size_t>(centres.rows());
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = centres;
  const double widest = centres.size() == 0 ? 0.0 : centres.cwiseAbs().maxCoeff();
  std::vector<group_label> out(static_cast<std::size_t>(x.rows()));
  std::vector<double> point(p);
  std::vector<double> scaled(k * p);
  for (std::size_t i = 0; i < out.size(); ++i) {
    bool complete = true;
    double most = widest;
    for (std::size_t d = 0; d < p; ++d) {
      point[d] = x(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(d));
      complete = complete && !is_missing(point[d]);
      most = std::max(most, std::abs(point[d]));
    }
    if (!complete || std::isinf(most)) continue;
    const double* from = rows.data();
    if (most > 0x1p400 || (most < 0x1p-400 && most > 0.0)) {
      const int exponent = std::ilogb(most);
      for (double& v : point) v = std::ldexp(v, -exponent);
      for (std::size_t c = 0; c < scaled.size(); ++c) scaled[c] = std::ldexp(rows.data()[c], -exponent);
      from = scaled.data();
    }
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < k; ++j) {
      const double value = detail::squared_distance(point.data(), from + j * p, p);
      if (value < least) {
        least = value;
        out[i] = group_label(j);
      }
    }
  }
  return out;
}

static_assert(PointClusterer<k_means>);

}  // namespace basket::cluster
