// Lloyd's passes with Hamerly's bounds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "basket/cluster/k_means_start.hpp"
#include "basket/cluster/points.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/status.hpp"

namespace basket::cluster::detail {

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

}  // namespace basket::cluster::detail
