// Greedy k-means++: where Lloyd's passes start, and the product kernel that both share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "basket/cluster/points.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/random.hpp"

namespace basket::cluster::detail {

/// Centres side by side, so that the products of a point with all of them come out of one sweep over the dimensions.
class centre_lanes {
 public:
  centre_lanes(std::size_t centres, std::size_t dimensions)
      : dimensions_(dimensions),
        width_((centres + small_width - 1) / small_width * small_width),
        values_(width_ * dimensions, 0.0),
        half_norms_(width_ + lane_width, std::numeric_limits<double>::infinity()) {}

  void set(std::size_t j, const double* centre) {
    double sum = 0.0;
    for (std::size_t d = 0; d < dimensions_; ++d) {
      values_[d * width_ + j] = centre[d];
      sum += centre[d] * centre[d];
    }
    half_norms_[j] = 0.5 * sum;
  }
  /// No point is ever nearest to it.
  void retire(std::size_t j) { half_norms_[j] = std::numeric_limits<double>::infinity(); }
  [[nodiscard]] bool retired(std::size_t j) const { return std::isinf(half_norms_[j]); }
  [[nodiscard]] std::size_t width() const noexcept { return width_; }
  /// Doubles to set aside for the products of eight points; the last lane may reach past the last centre.
  [[nodiscard]] std::size_t room() const noexcept { return rows * width_ + lane_width; }
  [[nodiscard]] const double* half_norms() const noexcept { return half_norms_.data(); }

  static constexpr std::size_t rows = 8;

  /// out[r * width + j] = points[r] . c_j for eight points.
  void products(const double* const* points, double* out) const noexcept {
    std::size_t j = 0;
    for (; j + block_width <= width_; j += block_width) {
      dot_tile<4>(points, values_.data() + j, width_, dimensions_, out + j, width_);
      dot_tile<4>(points + 4, values_.data() + j, width_, dimensions_, out + 4 * width_ + j, width_);
    }
    if (j + lane_width <= width_) {
      dot_half_tile<rows>(points, values_.data() + j, width_, dimensions_, out + j, width_);
      j += lane_width;
    }
    if (j < width_) dot_quarter_tile<rows>(points, values_.data() + j, width_, dimensions_, out + j, width_);
  }

 private:
  std::size_t dimensions_;
  std::size_t width_;
  aligned_doubles values_;
  std::vector<double> half_norms_;
};

/// Points in runs of fixed length, whatever the number of threads: sums are formed run by run and added in order.
struct point_runs {
  std::size_t points;
  std::size_t length;
  explicit point_runs(std::size_t n) : points(n), length(std::max<std::size_t>(512, (n + 255) / 256)) {}
  [[nodiscard]] std::size_t count() const noexcept { return (points + length - 1) / length; }
  [[nodiscard]] std::size_t begin(std::size_t run) const noexcept { return run * length; }
  [[nodiscard]] std::size_t end(std::size_t run) const noexcept { return std::min(points, (run + 1) * length); }
};

/// Draws centres one after another with probability proportional to the squared distance from those drawn before; of
/// `candidates` draws the one that leaves the smallest sum of squared distances stays. Stops early when no distance is
/// left. Returns the rows drawn.
///
/// Source: Arthur and Vassilvitskii, k-means++: the advantages of careful seeding (2007), with its greedy variant.
template <ExecutionPolicy Policy>
std::vector<std::size_t> draw_centres(const packed_points& points, std::size_t clusters, std::size_t candidates,
                                      random_stream& random, const Policy& policy) {
  const std::size_t n = points.size();
  const std::size_t p = points.dimensions();
  const point_runs runs(n);
  std::vector<std::size_t> chosen{random.below(static_cast<std::uint32_t>(n))};
  std::vector<double> nearest(n, std::numeric_limits<double>::max());
  std::vector<std::size_t> trial{chosen.front()};
  const std::size_t most = std::max<std::size_t>(candidates, 1);
  const std::size_t width = (most + small_width - 1) / small_width * small_width;
  const auto squared = std::make_unique_for_overwrite<double[]>(n * width);
  std::vector<double> potential(runs.count() * width);
  std::vector<double> totals(runs.count());

  const double doubt = 4.0 * points.rounding();
  const auto measure = [&](const std::vector<std::size_t>& picks) {
    centre_lanes lanes(most, p);
    for (std::size_t c = 0; c < most; ++c) lanes.set(c, points.row(picks[c < picks.size() ? c : 0]));
    policy.for_each_index(runs.count(), [&](std::size_t run) {
      std::vector<double> products(lanes.room());
      double* sums = potential.data() + run * width;
      std::fill(sums, sums + width, 0.0);
      for (std::size_t i = runs.begin(run); i < runs.end(run); i += centre_lanes::rows) {
        const std::size_t count = std::min(centre_lanes::rows, runs.end(run) - i);
        const double* rows[centre_lanes::rows];
        for (std::size_t r = 0; r < centre_lanes::rows; ++r) rows[r] = points.row(i + std::min(r, count - 1));
        lanes.products(rows, products.data());
        double* out = squared.get() + i * width;
        for (std::size_t c = 0; c < width; c += small_width) {
          const small_lane candidate_norm = 2.0 * load_small(lanes.half_norms() + c);
          small_lane sum = load_small(sums + c);
          small_mask doubtful = {};
          for (std::size_t r = 0; r < count; ++r) {
            const small_lane norms = points.squared_norm(i + r) + candidate_norm;
            const small_lane value = norms - 2.0 * load_small(products.data() + r * width + c);
            doubtful |= value < doubt * norms;
            store_small(out + r * width + c, value > 0.0 ? value : small_lane{});
          }
          if (any_small(doubtful)) {
            // What is this close to a candidate may coincide with it, and then its distance must be exactly zero.
            for (std::size_t r = 0; r < count; ++r) {
              for (std::size_t w = 0; w < small_width && c + w < picks.size(); ++w) {
                double& value = out[r * width + c + w];
                if (value < doubt * (points.squared_norm(i + r) + candidate_norm[w])) {
                  value = squared_distance(rows[r], points.row(picks[c + w]), p);
                }
              }
            }
          }
          for (std::size_t r = 0; r < count; ++r) {
            const small_lane value = load_small(out + r * width + c);
            const small_lane bound = nearest[i + r] - small_lane{};
            const small_lane kept = value < bound ? value : bound;
            sum += kept;
            store_small(out + r * width + c, kept);
          }
          store_small(sums + c, sum);
        }
      }
    });
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < picks.size(); ++c) {
      double sum = 0.0;
      for (std::size_t run = 0; run < runs.count(); ++run) sum += potential[run * width + c];
      if (sum < least) {
        least = sum;
        best = c;
      }
    }
    for (std::size_t run = 0; run < runs.count(); ++run) totals[run] = potential[run * width + best];
    for (std::size_t i = 0; i < n; ++i) nearest[i] = squared[i * width + best];
    return best;
  };

  measure(trial);
  while (chosen.size() < clusters) {
    double total_left = 0.0;
    for (const double part : totals) total_left += part;
    if (!(total_left > 0.0)) break;
    trial.clear();
    for (std::size_t c = 0; c < most; ++c) {
      double left = random.uniform() * total_left;
      std::size_t run = 0;
      while (run + 1 < runs.count() && left >= totals[run]) left -= totals[run++];
      std::size_t pick = n;
      for (std::size_t i = runs.begin(run); i < runs.end(run); ++i) {
        if (nearest[i] > 0.0) pick = i;
        left -= nearest[i];
        if (left < 0.0 && nearest[i] > 0.0) break;
      }
      // Rounding may lead to a run in which nothing is left; any point that is away from every centre will do then.
      for (std::size_t i = 0; pick == n && i < n; ++i) {
        if (nearest[i] > 0.0) pick = i;
      }
      trial.push_back(pick);
    }
    chosen.push_back(trial[measure(trial)]);
  }
  return chosen;
}

}  // namespace basket::cluster::detail
