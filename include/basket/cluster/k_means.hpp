// k-means: greedy k-means++ starts, Lloyd's passes with Hamerly's bounds, many starts, the best one kept.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/cluster/points.hpp"
#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
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

namespace detail {

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
  std::vector<double> values_;
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

/// One start: its labels, its centres in packed units and how it ended.
struct k_means_start {
  std::vector<std::uint32_t> labels = {};
  std::vector<double> centres = {};  ///< row-major, clusters x p
  std::vector<double> counts = {};
  double inertia = std::numeric_limits<double>::infinity();
  std::size_t passes = 0;
  status state = status::not_converged;
};

/// Lloyd's passes from given centres. A point is looked at again only when its bounds no longer prove that its centre
/// is the nearest; bounds carry the rounding error of what they are made from, so that skipping never changes a label.
///
/// Source: Hamerly, Making k-means even faster (2010).
template <ExecutionPolicy Policy>
class lloyd {
 public:
  lloyd(const packed_points& points, const std::vector<std::size_t>& chosen, const Policy& policy)
      : points_(points),
        policy_(policy),
        runs_(points.size()),
        k_(chosen.size()),
        p_(points.dimensions()),
        lanes_(k_, p_),
        upper_(points.size()),
        lower_(points.size()),
        sums_(k_ * p_),
        old_(k_ * p_),
        run_sums_(runs_.count() * k_ * p_),
        run_counts_(runs_.count() * k_),
        run_changed_(runs_.count()),
        drift_(k_),
        half_gap_(k_) {
    out_.labels.assign(points.size(), 0);
    out_.centres.resize(k_ * p_);
    out_.counts.assign(k_, 0.0);
    for (std::size_t j = 0; j < k_; ++j) std::copy_n(points.row(chosen[j]), p_, out_.centres.data() + j * p_);
  }

  k_means_start run(std::size_t max_passes, double enough_shift) {
    place_centres();
    std::size_t changed = assign_all();
    out_.passes = 1;
    bool fresh = true;
    while (true) {
      const double shift = move_centres();
      if (shift == 0.0 && fresh) {
        out_.state = status::ok;
        break;
      }
      if (out_.passes >= max_passes) break;
      changed = assign_doubtful();
      ++out_.passes;
      if (changed == 0 && fresh) {
        out_.state = status::ok;
        break;
      }
      if (shift <= enough_shift) {
        out_.state = status::ok;
        break;
      }
      // Sums that are kept up to date by adding and subtracting carry rounding: before the end they are formed anew.
      fresh = changed == 0;
      if (fresh) sum_all();
    }
    out_.inertia = inertia();
    return std::move(out_);
  }

 private:
  static constexpr double up = 1.0 + 0x1p-50;
  static constexpr double down = 1.0 - 0x1p-50;

  void place_centres() {
    largest_norm_ = 0.0;
    for (std::size_t j = 0; j < k_; ++j) {
      if (dead(j)) continue;
      lanes_.set(j, out_.centres.data() + j * p_);
      largest_norm_ = std::max(largest_norm_, 2.0 * lanes_.half_norms()[j]);
    }
  }
  [[nodiscard]] bool dead(std::size_t j) const { return !dead_.empty() && dead_[j]; }

  /// Finds the nearest and the second-nearest centre of up to eight points; `ahead` more ids follow in `ids`.
  template <class Settle>
  void score(const std::uint32_t* ids, std::size_t count, std::size_t ahead, std::vector<double>& products,
             const Settle& settle) const {
    constexpr std::size_t rows = centre_lanes::rows;
    const double* at[rows];
    double norms[rows];
    for (std::size_t r = 0; r < rows; ++r) {
      const std::size_t i = ids[std::min(r, count - 1)];
      at[r] = points_.row(i);
      norms[r] = points_.squared_norm(i);
    }
    const std::size_t width = lanes_.width();
    for (std::size_t r = count; r < count + ahead; ++r) {
      // Past the cache a pass waits for memory; the next eight points are asked for while these are worked on.
      const char* const next = reinterpret_cast<const char*>(points_.row(ids[r]));
      for (std::size_t byte = 0; byte < p_ * sizeof(double); byte += 64) __builtin_prefetch(next + byte);
    }
    lanes_.products(at, products.data());
    for (std::size_t r = 0; r < rows && r < count; r += lane_width) {
      lane best = spread(std::numeric_limits<double>::infinity());
      lane second = best;
      lane which = {};
      for (std::size_t first = 0; first < k_; first += lane_width) {
        lane values[lane_width];
        for (std::size_t w = 0; w < lane_width; ++w) values[w] = load(products.data() + (r + w) * width + first);
        transpose(values);
        for (std::size_t c = 0; c < lane_width && first + c < k_; ++c) {
          const lane value = lanes_.half_norms()[first + c] - values[c];
          second = smaller(second, larger(best, value));
          which = value < best ? spread(static_cast<double>(first + c)) : which;
          best = smaller(best, value);
        }
      }
      const lane norm = load(norms + r);
      const lane error = 2.0 * points_.rounding() * (norm + largest_norm_);
      lane near = norm + 2.0 * best;
      lane far = norm + 2.0 * second;
      const lane_mask close = far - near < 2.0 * error;
      near = square_root(larger(near + error, lane{}));
      far = square_root(larger(far - error, lane{}));
      const bool tie = any(close);
      for (std::size_t w = 0; w < lane_width && r + w < count; ++w) {
        std::size_t j = static_cast<std::size_t>(which[w]);
        if (tie && close[w] != 0) j = nearest_exactly(at[r + w]);
        settle(ids[r + w], j, near[w], far[w]);
      }
    }
  }

  /// Two centres closer together than the error of the expanded square: told apart by direct differences.
  [[nodiscard]] std::size_t nearest_exactly(const double* x) const {
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < k_; ++j) {
      if (dead(j)) continue;
      const double value = squared_distance(x, out_.centres.data() + j * p_, p_);
      if (value < least) {
        least = value;
        best = j;
      }
    }
    return best;
  }

  void add(double* sums, std::size_t j, const double* x, double sign) const {
    double* to = sums + j * p_;
    std::size_t d = 0;
    for (; d + lane_width <= p_; d += lane_width) store(to + d, load(to + d) + sign * load(x + d));
    for (; d < p_; ++d) to[d] += sign * x[d];
  }

  std::size_t assign_all() {
    policy_.for_each_index(runs_.count(), [&](std::size_t run) {
      std::vector<double> products(lanes_.room());
      std::vector<std::uint32_t> ids(runs_.end(run) - runs_.begin(run));
      for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::uint32_t>(runs_.begin(run) + i);
      double* sums = run_sums_.data() + run * k_ * p_;
      double* counts = run_counts_.data() + run * k_;
      std::fill_n(sums, k_ * p_, 0.0);
      std::fill_n(counts, k_, 0.0);
      run_changed_[run] = 1;
      for (std::size_t first = 0; first < ids.size(); first += centre_lanes::rows) {
        const std::size_t count = std::min(centre_lanes::rows, ids.size() - first);
        const std::size_t ahead = std::min(centre_lanes::rows, ids.size() - first - count);
        score(ids.data() + first, count, ahead, products, [&](std::size_t id, std::size_t j, double near, double far) {
          out_.labels[id] = static_cast<std::uint32_t>(j);
          upper_[id] = near;
          lower_[id] = far;
          add(sums, j, points_.row(id), 1.0);
          counts[j] += 1.0;
        });
      }
    });
    std::fill(sums_.begin(), sums_.end(), 0.0);
    std::fill(out_.counts.begin(), out_.counts.end(), 0.0);
    gather_runs();
    return points_.size();
  }

  void sum_all() {
    policy_.for_each_index(runs_.count(), [&](std::size_t run) {
      double* sums = run_sums_.data() + run * k_ * p_;
      double* counts = run_counts_.data() + run * k_;
      std::fill_n(sums, k_ * p_, 0.0);
      std::fill_n(counts, k_, 0.0);
      run_changed_[run] = 1;
      for (std::size_t i = runs_.begin(run); i < runs_.end(run); ++i) {
        add(sums, out_.labels[i], points_.row(i), 1.0);
        counts[out_.labels[i]] += 1.0;
      }
    });
    std::fill(sums_.begin(), sums_.end(), 0.0);
    std::fill(out_.counts.begin(), out_.counts.end(), 0.0);
    gather_runs();
  }

  void gather_runs() {
    for (std::size_t run = 0; run < runs_.count(); ++run) {
      if (run_changed_[run] == 0) continue;
      for (std::size_t c = 0; c < k_ * p_; ++c) sums_[c] += run_sums_[run * k_ * p_ + c];
      for (std::size_t j = 0; j < k_; ++j) out_.counts[j] += run_counts_[run * k_ + j];
    }
  }

  std::size_t assign_doubtful() {
    policy_.for_each_index(runs_.count(), [&](std::size_t run) {
      std::vector<double> products(lanes_.room());
      std::vector<std::uint32_t> doubtful(runs_.end(run) - runs_.begin(run));
      double* sums = run_sums_.data() + run * k_ * p_;
      double* counts = run_counts_.data() + run * k_;
      run_changed_[run] = 0;
      std::size_t open = 0;
      for (std::size_t i = runs_.begin(run); i < runs_.end(run); ++i) {
        const std::size_t own = out_.labels[i];
        const double near = (upper_[i] + drift_[own]) * up;
        const double far = lower_[i] * down - (own == fastest_ ? second_drift_ : largest_drift_);
        upper_[i] = near;
        lower_[i] = far;
        doubtful[open] = static_cast<std::uint32_t>(i);
        open += static_cast<std::size_t>(!(near < std::max(far, half_gap_[own])));
      }
      for (std::size_t first = 0; first < open; first += centre_lanes::rows) {
        const std::size_t count = std::min(centre_lanes::rows, open - first);
        const std::size_t ahead = std::min(centre_lanes::rows, open - first - count);
        score(doubtful.data() + first, count, ahead, products,
              [&](std::size_t id, std::size_t j, double near, double far) {
                upper_[id] = near;
                lower_[id] = far;
                const std::size_t own = out_.labels[id];
                if (own == j) return;
                if (run_changed_[run] == 0) {
                  std::fill_n(sums, k_ * p_, 0.0);
                  std::fill_n(counts, k_, 0.0);
                }
                ++run_changed_[run];
                out_.labels[id] = static_cast<std::uint32_t>(j);
                add(sums, own, points_.row(id), -1.0);
                add(sums, j, points_.row(id), 1.0);
                counts[own] -= 1.0;
                counts[j] += 1.0;
              });
      }
    });
    gather_runs();
    std::size_t changed = 0;
    for (const std::size_t part : run_changed_) changed += part;
    return changed;
  }

  /// Moves each centre to the mean of its points; returns the sum of squared shifts.
  double move_centres() {
    old_ = out_.centres;
    for (std::size_t j = 0; j < k_; ++j) {
      if (out_.counts[j] == 0.0) fill_empty(j);
    }
    double shift = 0.0;
    largest_drift_ = second_drift_ = 0.0;
    fastest_ = 0;
    for (std::size_t j = 0; j < k_; ++j) {
      if (dead(j)) continue;
      double* centre = out_.centres.data() + j * p_;
      for (std::size_t d = 0; d < p_; ++d) centre[d] = sums_[j * p_ + d] / out_.counts[j];
      const double squared = squared_distance(centre, old_.data() + j * p_, p_);
      shift += squared;
      drift_[j] = std::sqrt(squared) * (1.0 + points_.rounding());
      if (drift_[j] > largest_drift_) {
        second_drift_ = largest_drift_;
        largest_drift_ = drift_[j];
        fastest_ = j;
      } else {
        second_drift_ = std::max(second_drift_, drift_[j]);
      }
    }
    for (std::size_t j = 0; j < k_; ++j) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t other = 0; other < k_; ++other) {
        if (other == j || dead(other) || dead(j)) continue;
        least = std::min(least, squared_distance(out_.centres.data() + j * p_, out_.centres.data() + other * p_, p_));
      }
      half_gap_[j] = 0.5 * std::sqrt(least) * (1.0 - points_.rounding());
    }
    place_centres();
    return shift;
  }

  /// A centre that lost its last point takes the point that is farthest from its own centre; where every point sits on
  /// its centre there are fewer distinct points than centres, and the centre retires.
  void fill_empty(std::size_t j) {
    if (dead(j)) return;
    std::size_t farthest = points_.size();
    double most = 0.0;
    for (std::size_t i = 0; i < points_.size(); ++i) {
      const std::size_t own = out_.labels[i];
      if (out_.counts[own] < 2.0) continue;
      const double squared = squared_distance(points_.row(i), old_.data() + own * p_, p_);
      if (squared > most) {
        most = squared;
        farthest = i;
      }
    }
    if (farthest == points_.size()) {
      if (dead_.empty()) dead_.assign(k_, false);
      dead_[j] = true;
      drift_[j] = 0.0;
      lanes_.retire(j);
      return;
    }
    const std::size_t own = out_.labels[farthest];
    add(sums_.data(), own, points_.row(farthest), -1.0);
    out_.counts[own] -= 1.0;
    std::copy_n(points_.row(farthest), p_, sums_.data() + j * p_);
    out_.counts[j] = 1.0;
    out_.labels[farthest] = static_cast<std::uint32_t>(j);
    upper_[farthest] = std::numeric_limits<double>::infinity();
    lower_[farthest] = 0.0;
  }

  [[nodiscard]] double inertia() const {
    std::vector<double> parts(runs_.count(), 0.0);
    policy_.for_each_index(runs_.count(), [&](std::size_t run) {
      for (std::size_t i = runs_.begin(run); i < runs_.end(run); ++i) {
        parts[run] += squared_distance(points_.row(i), out_.centres.data() + out_.labels[i] * p_, p_);
      }
    });
    double sum = 0.0;
    for (const double part : parts) sum += part;
    return sum;
  }

  const packed_points& points_;
  const Policy& policy_;
  point_runs runs_;
  std::size_t k_;
  std::size_t p_;
  centre_lanes lanes_;
  std::vector<double> upper_;
  std::vector<double> lower_;
  std::vector<double> sums_;
  std::vector<double> old_;
  std::vector<double> run_sums_;
  std::vector<double> run_counts_;
  std::vector<std::size_t> run_changed_;
  std::vector<double> drift_;
  std::vector<double> half_gap_;
  std::vector<bool> dead_ = {};
  double largest_norm_ = 0.0;
  double largest_drift_ = 0.0;
  double second_drift_ = 0.0;
  std::size_t fastest_ = 0;
  k_means_start out_ = {};
};

}  // namespace detail

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

}  // namespace basket::cluster
