// DBSCAN: groups are what dense places reach; the rest is noise.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/cluster/points.hpp"
#include "basket/concepts/clusterer.hpp"
#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// Dense groups, numbered by size, and noise.
struct dbscan_result {
  std::vector<group_label> labels = {};      ///< one a point; noise where nothing dense is near
  std::vector<std::size_t> core = {};        ///< points with enough neighbours, in order
  std::vector<std::size_t> neighbours = {};  ///< points within the radius of each, itself included
  std::size_t noise = 0;                     ///< points without a group
};

namespace detail {

using close_pair = std::pair<std::uint32_t, std::uint32_t>;

/// What is in reach of what -> groups. Core points in reach of each other share a group; another point joins the group
/// with the lowest first core point among those in its reach, as scikit-learn has it.
inline dbscan_result groups_of_pairs(const std::vector<std::vector<close_pair>>& parts, std::size_t n,
                                     std::size_t min_points) {
  dbscan_result out;
  out.neighbours.assign(n, 1);
  for (const auto& part : parts) {
    for (const auto& [i, j] : part) {
      ++out.neighbours[i];
      ++out.neighbours[j];
    }
  }
  std::vector<std::uint32_t> parent(n);
  std::iota(parent.begin(), parent.end(), std::uint32_t{0});
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  const auto dense = [&](std::uint32_t i) { return out.neighbours[i] >= min_points; };
  for (const auto& part : parts) {
    for (const auto& [i, j] : part) {
      if (!dense(i) || !dense(j)) continue;
      const std::uint32_t a = root(i), b = root(j);
      parent[std::max(a, b)] = std::min(a, b);  // a root is the lowest core point of its group
    }
  }
  constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> joins(n, nobody);
  for (std::uint32_t i = 0; i < n; ++i) {
    if (!dense(i)) continue;
    out.core.push_back(i);
    joins[i] = root(i);
  }
  for (const auto& part : parts) {
    for (const auto& [i, j] : part) {
      if (dense(i) && !dense(j)) joins[j] = std::min(joins[j], root(i));
      if (dense(j) && !dense(i)) joins[i] = std::min(joins[i], root(j));
    }
  }
  std::vector<std::size_t> number(n, n);
  std::size_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (joins[i] == nobody) {
      out.labels.push_back(group_label::noise());
      ++out.noise;
      continue;
    }
    std::size_t& group = number[joins[i]];
    if (group == n) group = next++;
    out.labels.emplace_back(group);
  }
  out.labels = number_by_size(std::move(out.labels));
  return out;
}

}  // namespace detail

/// Groups the points that dense places reach: a point is dense when at least `min_points`, itself included, lie within
/// `radius` of it. A point in reach of several groups joins the one whose first dense point comes first.
///
/// Missing: refused.
/// Fails:   precondition_error unless radius > 0 and min_points >= 1; data_error naming a coordinate, or a distance,
///          that is missing, negative or infinite.
/// Cost:    n^2 p / 2 at worst: points are sorted along their widest axis and stretches farther apart than the radius
///          are passed over; 8 bytes for each pair within the radius, and n p doubles.
/// Source:  Ester, Kriegel, Sander, Xu, A density-based algorithm for discovering clusters (1996).
struct dbscan {
  double radius = 0.5;
  std::size_t min_points = 5;

  template <ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] dbscan_result fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Policy& policy = {}) const {
    check();
    const packed_points points(x);
    const std::size_t n = points.size(), p = points.dimensions();
    if (n > std::numeric_limits<std::uint32_t>::max()) throw precondition_error("dbscan: more than 2^32 points");
    const std::size_t axis = widest(points);
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto along = [&](std::size_t i) { return p == 0 ? 0.0 : points.row(i)[axis]; };
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return along(a) != along(b) ? along(a) < along(b) : a < b; });
    const double reach = points.packed_distance(radius);
    const double limit = reach * reach;
    const std::size_t count = (n + block_width - 1) / block_width;
    aligned_doubles blocks(count * p * block_width);
    std::vector<double> norms(count * block_width, 0.0);
    for (std::size_t b = 0; b < count; ++b) {
      const std::size_t used = std::min(block_width, n - b * block_width);
      fill_block(points, order.data() + b * block_width, used, blocks.data() + b * p * block_width);
      for (std::size_t w = 0; w < used; ++w)
        norms[b * block_width + w] = points.squared_norm(order[b * block_width + w]);
    }
    const double margin = 4.0 * points.rounding();
    // A gap of coordinates wider than this cannot be within the radius, whatever was rounded when the mean was taken
    // off.
    const double widest_coordinate =
        n == 0 ? 0.0 : std::max(std::abs(along(order.front())), std::abs(along(order.back())));
    const double skip = reach * (1.0 + 1e-9) + 8.0 * std::numeric_limits<double>::epsilon() * widest_coordinate;
    std::vector<std::vector<detail::close_pair>> parts(count);
    policy.for_each_index(count, [&](std::size_t a) {
      std::vector<detail::close_pair>& found = parts[a];
      const std::size_t a_end = std::min(n, (a + 1) * block_width);
      double tile[4 * block_width];
      for (std::size_t b = a; b < count; ++b) {
        if (along(order[b * block_width]) - along(order[a_end - 1]) > skip) break;
        const std::size_t used = std::min(block_width, n - b * block_width);
        for (std::size_t first = a * block_width; first < a_end; first += 4) {
          const double* at[4];
          for (std::size_t r = 0; r < 4; ++r) at[r] = points.row(order[std::min(first + r, a_end - 1)]);
          detail::dot_tile<4>(at, blocks.data() + b * p * block_width, block_width, p, tile);
          for (std::size_t r = 0; r < 4 && first + r < a_end; ++r) {
            const std::size_t i = order[first + r];
            const lane own = detail::spread(points.squared_norm(i));
            for (std::size_t half = 0; half < 2; ++half) {
              const std::size_t from = half * lane_width;
              const lane both = own + detail::load(norms.data() + b * block_width + from);
              const lane squared = both - 2.0 * detail::load(tile + r * block_width + from);
              unsigned near = detail::bits_at_most(squared, limit + margin * both);
              for (; near != 0; near &= near - 1) {
                const auto w = static_cast<std::size_t>(std::countr_zero(near));
                const std::size_t slot = b * block_width + from + w;
                if (from + w >= used || slot <= first + r) continue;
                const std::size_t j = order[slot];
                // Too close to the edge for the expanded square: by direct differences of the matrix given.
                if (std::abs(squared[w] - limit) <= margin * both[w] &&
                    !(std::sqrt(points.exact_squared(i, j)) <= reach))
                  continue;
                found.emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
              }
            }
          }
        }
      }
    });
    return detail::groups_of_pairs(parts, n, min_points);
  }

  /// The same from complete distances of all pairs, in SciPy's condensed order.
  [[nodiscard]] dbscan_result fit(std::vector<double>&& distances, std::size_t members) const {
    check();
    const std::vector<double> own = std::move(distances);
    if (own.size() != (members == 0 ? 0 : members * (members - 1) / 2)) {
      throw precondition_error("dbscan: " + std::to_string(members) + " members have " +
                               std::to_string(members == 0 ? 0 : members * (members - 1) / 2) + " distances, not " +
                               std::to_string(own.size()));
    }
    std::vector<std::vector<detail::close_pair>> parts(1);
    std::size_t c = 0;
    for (std::size_t i = 0; i < members; ++i) {
      for (std::size_t j = i + 1; j < members; ++j, ++c) {
        if (!(own[c] >= 0.0 && own[c] <= std::numeric_limits<double>::max())) {
          throw data_error("distances", 0, std::to_string(i) + ", " + std::to_string(j),
                           is_missing(own[c]) ? "the distance is missing; choose a policy for missing pairs first"
                           : own[c] < 0.0     ? "the distance is negative"
                                              : "the distance is infinite");
        }
        if (own[c] <= radius) parts[0].emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j));
      }
    }
    return detail::groups_of_pairs(parts, members, min_points);
  }

  /// The groups of new points (m x p): that of the nearest dense point within the radius, of several the first; noise
  /// where there is none.
  ///
  /// Missing: a point with a missing or infinite coordinate is unclassified.
  /// Fails:   precondition_error when `learned` is not a result on the points `x`, or the columns differ.
  /// Cost:    m p for each dense point.
  [[nodiscard]] std::vector<group_label> assign(const dbscan_result& learned,
                                                const Eigen::Ref<const Eigen::MatrixXd>& x,
                                                const Eigen::Ref<const Eigen::MatrixXd>& fresh) const {
    check();
    if (learned.labels.size() != static_cast<std::size_t>(x.rows()) || fresh.cols() != x.cols()) {
      throw precondition_error("dbscan: the result has " + std::to_string(learned.labels.size()) + " labels, x has " +
                               std::to_string(x.rows()) + " points of " + std::to_string(x.cols()) +
                               " coordinates, the new points have " + std::to_string(fresh.cols()));
    }
    std::vector<group_label> out(static_cast<std::size_t>(fresh.rows()));
    for (Eigen::Index m = 0; m < fresh.rows(); ++m) {
      if (!fresh.row(m).allFinite()) continue;
      group_label& label = out[static_cast<std::size_t>(m)];
      label = group_label::noise();
      double least = std::numeric_limits<double>::infinity();
      for (const std::size_t i : learned.core) {
        const double distance = (fresh.row(m) - x.row(static_cast<Eigen::Index>(i))).stableNorm();
        if (distance <= radius && distance < least) {
          least = distance;
          label = learned.labels[i];
        }
      }
    }
    return out;
  }

 private:
  void check() const {
    if (!(radius > 0.0) || std::isinf(radius)) {
      throw precondition_error("dbscan: the radius must be positive and finite; it is " + std::to_string(radius));
    }
    if (min_points == 0) throw precondition_error("dbscan: min_points counts the point itself and is at least 1");
  }
  /// The axis along which the points spread most.
  static std::size_t widest(const packed_points& points) {
    std::size_t best = 0;
    double most = -1.0;
    for (std::size_t d = 0; d < points.dimensions(); ++d) {
      double sum = 0.0;
      for (std::size_t i = 0; i < points.size(); ++i) sum += points.row(i)[d] * points.row(i)[d];
      if (sum > most) {
        most = sum;
        best = d;
      }
    }
    return best;
  }
};

static_assert(PointClusterer<dbscan> && DistanceClusterer<dbscan>);

}  // namespace basket::cluster
