// Silhouettes: how much nearer each point is to its own group than to the next one.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/cluster/points.hpp"
#include "basket/concepts/cluster_quality.hpp"
#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/core/status.hpp"

namespace basket::cluster {

/// Silhouettes of points, with their means. Value i is (b - a) / max(a, b): a the mean distance to the others of its
/// group, b the least mean distance to another group; 0 for a group of one.
///
/// Missing: a point without a group, or not in the sample, has a missing value and is left out of the means.
struct silhouette_score {
  double mean = missing;
  double standard_error = missing;       ///< of the mean, as of independent values; of the sample where it is one
  std::vector<double> values = {};       ///< one a point
  std::vector<double> group_means = {};  ///< one a group; missing where no point of it was looked at
  std::vector<std::size_t> sizes = {};   ///< of the groups
  std::size_t counted = 0;               ///< values behind the mean
  std::size_t ungrouped = 0;             ///< points without a group
  status state = status::ok;             ///< too_few_observations with fewer than two groups: every value is missing
};

namespace detail {

/// Turns sums of distances to each group into silhouettes. `sums` is n x groups, row by row.
inline silhouette_score silhouettes_from(std::span<const group_label> labels, const std::vector<std::size_t>& sizes,
                                         const std::vector<std::size_t>& rows, const std::vector<double>& sums) {
  const std::size_t groups = sizes.size();
  silhouette_score out;
  out.sizes = sizes;
  out.values.assign(labels.size(), missing);
  out.group_means.assign(groups, missing);
  for (const group_label label : labels) out.ungrouped += label.has_group() ? 0 : 1;
  const auto occupied =
      static_cast<std::size_t>(std::count_if(sizes.begin(), sizes.end(), [](std::size_t s) { return s > 0; }));
  if (occupied < 2) {
    out.state = status::too_few_observations;
    return out;
  }
  std::vector<double> total(groups, 0.0);
  std::vector<std::size_t> count(groups, 0);
  double sum = 0.0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::size_t own = labels[rows[r]].group();
    double value = 0.0;
    if (sizes[own] > 1) {
      const double a = sums[r * groups + own] / static_cast<double>(sizes[own] - 1);
      double b = std::numeric_limits<double>::infinity();
      for (std::size_t g = 0; g < groups; ++g) {
        if (g != own && sizes[g] > 0) b = std::min(b, sums[r * groups + g] / static_cast<double>(sizes[g]));
      }
      const double most = std::max(a, b);
      value = most > 0.0 ? (b - a) / most : 0.0;
    }
    out.values[rows[r]] = value;
    total[own] += value;
    ++count[own];
    sum += value;
  }
  out.counted = rows.size();
  if (out.counted == 0) {
    out.state = status::too_few_observations;
    return out;
  }
  const auto n = static_cast<double>(out.counted);
  out.mean = sum / n;
  double squares = 0.0;
  for (const std::size_t r : rows) squares += (out.values[r] - out.mean) * (out.values[r] - out.mean);
  if (out.counted > 1) out.standard_error = std::sqrt(squares / (n - 1.0) / n);
  for (std::size_t g = 0; g < groups; ++g) {
    if (count[g] > 0) out.group_means[g] = total[g] / static_cast<double>(count[g]);
  }
  return out;
}

/// Points sorted by group and laid side by side in blocks, no block with two groups.
struct grouped_blocks {
  std::vector<std::size_t> slot_point = {};  ///< the point in each slot; those past a group's end repeat its last
  std::vector<std::size_t> used = {};        ///< slots of each block that hold a point of their own
  std::vector<std::size_t> group = {};       ///< of each block
  aligned_doubles values = {};               ///< block b, dimension d, slot w: values[(b p + d) block_width + w]
  std::vector<double> norms = {};            ///< squared norm of each slot

  grouped_blocks(const packed_points& points, std::span<const group_label> labels,
                 const std::vector<std::size_t>& sizes) {
    std::vector<std::vector<std::size_t>> of(sizes.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i].has_group()) of[labels[i].group()].push_back(i);
    }
    for (std::size_t g = 0; g < of.size(); ++g) {
      for (std::size_t first = 0; first < of[g].size(); first += block_width) {
        const std::size_t count = std::min(block_width, of[g].size() - first);
        for (std::size_t w = 0; w < block_width; ++w) slot_point.push_back(of[g][first + std::min(w, count - 1)]);
        used.push_back(count);
        group.push_back(g);
      }
    }
    const std::size_t p = points.dimensions();
    values.resize(used.size() * p * block_width);
    norms.resize(slot_point.size());
    for (std::size_t b = 0; b < used.size(); ++b) {
      for (std::size_t w = 0; w < block_width; ++w) {
        const std::size_t i = slot_point[b * block_width + w];
        norms[b * block_width + w] = points.squared_norm(i);
        for (std::size_t d = 0; d < p; ++d) values[(b * p + d) * block_width + w] = points.row(i)[d];
      }
    }
  }
  [[nodiscard]] std::size_t count() const noexcept { return used.size(); }
};

/// Distances between four points and a block, in packed units; where the expanded square would lose digits, by direct
/// differences of the matrix given.
inline void distances_to_block(const packed_points& points, const grouped_blocks& blocks, const std::size_t* rows,
                               std::size_t b, double* out) {
  const std::size_t p = points.dimensions();
  const double* at[4];
  for (std::size_t r = 0; r < 4; ++r) at[r] = points.row(rows[r]);
  dot_tile<4>(at, blocks.values.data() + b * p * block_width, block_width, p, out);
  const double doubt = 1e5 * points.rounding();  // a square above this share of the norms has ten good digits
  const double* const norms = blocks.norms.data() + b * block_width;
  for (std::size_t r = 0; r < 4; ++r) {
    const lane own = spread(points.squared_norm(rows[r]));
    for (std::size_t half = 0; half < 2; ++half) {
      double* const to = out + r * block_width + half * lane_width;
      const lane both = own + load(norms + half * lane_width);
      const lane squared = both - 2.0 * load(to);
      store(to, square_root(larger(squared, lane{})));
      unsigned doubtful = bits_at_most(squared, doubt * both);
      for (; doubtful != 0; doubtful &= doubtful - 1) {
        const auto w = static_cast<std::size_t>(std::countr_zero(doubtful));
        to[w] = std::sqrt(points.exact_squared(rows[r], blocks.slot_point[b * block_width + half * lane_width + w]));
      }
    }
  }
}

/// Sums of distances of every point to every group, each pair measured once. Runs of blocks meet in the rounds of a
/// tournament, so that no two threads write to one place and every sum is formed in one order.
template <ExecutionPolicy Policy>
std::vector<double> sums_to_groups(const packed_points& points, const grouped_blocks& blocks, std::size_t groups,
                                   const Policy& policy) {
  const std::size_t count = blocks.count();
  std::vector<double> by_slot(count * block_width * groups, 0.0);  // slot-major: by_slot[slot * groups + g]
  // An even number of runs, fixed by the number of points alone.
  const std::size_t teams = std::min<std::size_t>(32, (count + 1) / 2 * 2);
  const auto begin = [&](std::size_t team) { return team * count / teams; };

  const auto meet = [&](std::size_t a0, std::size_t a1, std::size_t b0, std::size_t b1, bool same) {
    double tile[4 * block_width];
    std::vector<double> columns(block_width);
    for (std::size_t a = a0; a < a1; ++a) {
      const std::size_t group_a = blocks.group[a];
      for (std::size_t b = same ? a : b0; b < b1; ++b) {
        const std::size_t group_b = blocks.group[b];
        const bool within = same && a == b;
        std::fill(columns.begin(), columns.end(), 0.0);
        for (std::size_t first = 0; first < blocks.used[a]; first += 4) {
          const std::size_t valid = std::min<std::size_t>(4, blocks.used[a] - first);
          distances_to_block(points, blocks, blocks.slot_point.data() + a * block_width + first, b, tile);
          if (valid == 4 && blocks.used[b] == block_width) {
            lane low = load(columns.data()), high = load(columns.data() + lane_width);
            for (std::size_t r = 0; r < 4; ++r) {
              const lane l = load(tile + r * block_width), h = load(tile + r * block_width + lane_width);
              by_slot[(a * block_width + first + r) * groups + group_b] += total(l + h);
              low += l;
              high += h;
            }
            store(columns.data(), low);
            store(columns.data() + lane_width, high);
          } else {
            for (std::size_t r = 0; r < valid; ++r) {
              double sum = 0.0;
              for (std::size_t w = 0; w < blocks.used[b]; ++w) {
                sum += tile[r * block_width + w];
                columns[w] += tile[r * block_width + w];
              }
              by_slot[(a * block_width + first + r) * groups + group_b] += sum;
            }
          }
        }
        // A block against itself has measured each pair from both ends already.
        if (within) continue;
        for (std::size_t w = 0; w < blocks.used[b]; ++w)
          by_slot[(b * block_width + w) * groups + group_a] += columns[w];
      }
    }
  };

  if (teams < 2) {
    meet(0, count, 0, count, true);
  } else {
    policy.for_each_index(teams, [&](std::size_t t) { meet(begin(t), begin(t + 1), begin(t), begin(t + 1), true); });
    for (std::size_t round = 0; round + 1 < teams; ++round) {
      policy.for_each_index(teams / 2, [&](std::size_t table) {
        // The circle method: the last team stays, the others move on by a seat each round.
        std::size_t a = table == 0 ? teams - 1 : (round + table) % (teams - 1);
        std::size_t b = table == 0 ? round : (round + teams - 1 - table) % (teams - 1);
        if (a > b) std::swap(a, b);
        meet(begin(a), begin(a + 1), begin(b), begin(b + 1), false);
      });
    }
  }
  return by_slot;
}

}  // namespace detail

/// Silhouettes of points by Euclidean distance.
///
/// Missing: points without a group are left out of everything and counted; a missing coordinate is refused.
/// Fails:   precondition_error when there is not one label a point; data_error at a missing or infinite coordinate;
///          status::too_few_observations with fewer than two groups.
/// Cost:    exact: n^2 p / 2 and n (p + groups) doubles. Sampled: n p for each point of the sample.
/// Bias:    k-means and its like make groups that are round and apart even of noise: a silhouette says nothing without
///          its null (see quality_null).
/// Source:  Rousseeuw, Silhouettes: a graphical aid (1987).
struct silhouette {
  static constexpr bool larger_is_better = true;
  std::size_t sample = 0;  ///< points looked at, drawn without replacement; 0 means all
  std::uint64_t seed = 0;

  template <ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] silhouette_score score(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const group_label> labels,
                                       const Policy& policy = {}) const {
    if (static_cast<std::size_t>(x.rows()) != labels.size()) {
      throw precondition_error("silhouette: " + std::to_string(x.rows()) + " points and " +
                               std::to_string(labels.size()) + " labels do not fit");
    }
    const packed_points points(x);
    const std::vector<std::size_t> sizes = group_sizes(labels);
    const std::size_t groups = sizes.size();
    const detail::grouped_blocks blocks(points, labels, sizes);
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i].has_group()) rows.push_back(i);
    }
    std::vector<double> sums;
    if (sample == 0 || sample >= rows.size()) {
      const std::vector<double> by_slot = detail::sums_to_groups(points, blocks, groups, policy);
      sums.resize(labels.size() * groups);
      rows.clear();
      for (std::size_t b = 0; b < blocks.count(); ++b) {
        for (std::size_t w = 0; w < blocks.used[b]; ++w) {
          const std::size_t i = blocks.slot_point[b * block_width + w];
          std::copy_n(by_slot.data() + (b * block_width + w) * groups, groups, sums.data() + i * groups);
        }
      }
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!labels[i].has_group()) continue;
        if (rows.size() != i) std::copy_n(sums.data() + i * groups, groups, sums.data() + rows.size() * groups);
        rows.push_back(i);
      }
      return detail::silhouettes_from(labels, sizes, rows, sums);
    }
    random_stream random(seed, 0);
    for (std::size_t i = 0; i < sample; ++i) {
      std::swap(rows[i], rows[i + random.below(static_cast<std::uint32_t>(rows.size() - i))]);
    }
    rows.resize(sample);
    std::sort(rows.begin(), rows.end());
    sums.assign(sample * groups, 0.0);
    policy.for_each_index((sample + 3) / 4, [&](std::size_t four) {
      std::size_t at[4];
      for (std::size_t r = 0; r < 4; ++r) at[r] = rows[std::min(4 * four + r, sample - 1)];
      double tile[4 * block_width];
      for (std::size_t b = 0; b < blocks.count(); ++b) {
        detail::distances_to_block(points, blocks, at, b, tile);
        for (std::size_t r = 0; r < 4 && 4 * four + r < sample; ++r) {
          double sum = 0.0;
          for (std::size_t w = 0; w < blocks.used[b]; ++w) sum += tile[r * block_width + w];
          sums[(4 * four + r) * groups + blocks.group[b]] += sum;
        }
      }
    });
    return detail::silhouettes_from(labels, sizes, rows, sums);
  }

  /// The mean alone; missing with fewer than two groups.
  [[nodiscard]] double figure(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const group_label> labels) const {
    return score(x, labels).mean;
  }
};

static_assert(ClusterQuality<silhouette>);

/// Silhouettes from the complete distances of all pairs, in SciPy's condensed order.
///
/// Missing: refused; members without a group are left out of everything and counted.
/// Fails:   precondition_error when the length does not fit; data_error naming the pair that is missing, negative or
///          infinite; status::too_few_observations with fewer than two groups.
/// Cost:    one pass over the distances, n groups doubles.
[[nodiscard]] inline silhouette_score silhouette_of_distances(std::span<const double> condensed,
                                                              std::span<const group_label> labels) {
  const std::size_t n = labels.size();
  if (condensed.size() != (n == 0 ? 0 : n * (n - 1) / 2)) {
    throw precondition_error("silhouette_of_distances: " + std::to_string(n) + " members have " +
                             std::to_string(n == 0 ? 0 : n * (n - 1) / 2) + " distances, not " +
                             std::to_string(condensed.size()));
  }
  const std::vector<std::size_t> sizes = group_sizes(labels);
  const std::size_t groups = sizes.size();
  constexpr double most = std::numeric_limits<double>::max();
  // Sums of the largest doubles would overflow; a power of two changes no ratio.
  const double largest = condensed.empty() ? 0.0 : *std::max_element(condensed.begin(), condensed.end());
  const double scale = largest > 0x1p900 ? 0x1p-200 : 1.0;
  std::vector<double> all(n * groups, 0.0);
  std::size_t c = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool own = labels[i].has_group();
    for (std::size_t j = i + 1; j < n; ++j, ++c) {
      const double d = condensed[c];
      if (!(d >= 0.0 && d <= most)) {
        throw data_error("distances", 0, std::to_string(i) + ", " + std::to_string(j),
                         is_missing(d) ? "the distance is missing; choose a policy for missing pairs first"
                         : d < 0.0     ? "the distance is negative"
                                       : "the distance is infinite");
      }
      if (!own || !labels[j].has_group()) continue;
      all[i * groups + labels[j].group()] += d * scale;
      all[j * groups + labels[i].group()] += d * scale;
    }
  }
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < n; ++i) {
    if (!labels[i].has_group()) continue;
    if (rows.size() != i) std::copy_n(all.data() + i * groups, groups, all.data() + rows.size() * groups);
    rows.push_back(i);
  }
  return detail::silhouettes_from(labels, sizes, rows, all);
}

}  // namespace basket::cluster
