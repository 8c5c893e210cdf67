// How many clusters: by silhouette against a null, or by the gap to it.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "basket/cluster/centres.hpp"
#include "basket/cluster/quality_null.hpp"
#include "basket/cluster/silhouette.hpp"

namespace basket::cluster {

/// One number of clusters that was tried.
struct count_tried {
  std::size_t clusters = 0;
  double figure = missing;      ///< silhouette, or gap
  double null_mean = missing;   ///< of the silhouette; of log within for the gap
  double null_error = missing;  ///< silhouette: sd of the null; gap: sd of the null's log within * sqrt(1 + 1 / draws)
  double p_value = missing;     ///< of the silhouette
};

/// The number chosen, and everything it was chosen from.
struct chosen_count {
  std::size_t clusters = 1;  ///< 1 where nothing is told from the null
  std::vector<count_tried> tried = {};
};

/// The count from `least` to `most` whose silhouette stands farthest above its null, in standard deviations of it, if
/// its p-value, multiplied by the number of counts tried, is at most `level`; else 1. `make(k)` gives a clusterer into
/// k groups.
///
/// Fails: precondition_error unless 2 <= least <= most, and where 1 + draws is too small for the level to be reached.
/// Cost:  (1 + draws) clusterings and silhouettes a count.
/// Bias:  Bonferroni: conservative, the more so the more counts are tried.
template <PointNull Null = column_permutation>
struct count_by_silhouette {
  std::size_t least = 2;
  std::size_t most = 10;
  double level = 0.05;
  quality_null<Null> against = {.draws = 199};

  template <class Make, ExecutionPolicy Policy = execution_policy::sequential>
    requires PointClusterer<std::invoke_result_t<const Make&, std::size_t>>
  [[nodiscard]] chosen_count choose(const Make& make, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                    const Policy& policy = {}) const {
    if (least < 2 || most < least) {
      throw precondition_error("count_by_silhouette: counts run from at least 2; they are " + std::to_string(least) +
                               " to " + std::to_string(most));
    }
    const auto tries = static_cast<double>(most - least + 1);
    if (tries > level * static_cast<double>(1 + against.draws)) {
      throw precondition_error("count_by_silhouette: with " + std::to_string(against.draws) + " draws and " +
                               std::to_string(most - least + 1) + " counts no p-value can reach the level of " +
                               std::to_string(level));
    }
    chosen_count out;
    double farthest = -std::numeric_limits<double>::infinity();
    for (std::size_t k = least; k <= most; ++k) {
      const quality_against_null q = against.test(make(k), silhouette{}, x, policy);
      out.tried.push_back({.clusters = k,
                           .figure = q.observed,
                           .null_mean = q.null_mean,
                           .null_error = q.null_sd,
                           .p_value = q.p_value});
      if (is_missing(q.p_value) || q.p_value * tries > level) continue;
      const double above = q.null_sd > 0.0 ? (q.observed - q.null_mean) / q.null_sd : 0.0;
      if (above > farthest) {
        farthest = above;
        out.clusters = k;
      }
    }
    return out;
  }
};

/// The smallest count k whose gap, mean over the null of log W_k less log W_k of the points, is at least the next gap
/// less its error; W_k is the sum of squared distances to the group means. Where no count up to `most` is, `most`; the
/// table ends where W_k is 0, for the points or for the null.
///
/// Fails:   precondition_error without draws or points, or with most = 0.
/// Cost:    (1 + draws) clusterings a count from 1 to most + 1, as far as there are points.
/// Source:  Tibshirani, Walther, Hastie, Estimating the number of clusters in a data set via the gap statistic (2001).
template <PointNull Null = column_permutation>
struct count_by_gap {
  Null null = {};
  std::size_t most = 10;
  std::size_t draws = 50;
  std::uint64_t seed = 0;

  template <class Make, ExecutionPolicy Policy = execution_policy::sequential>
    requires PointClusterer<std::invoke_result_t<const Make&, std::size_t>>
  [[nodiscard]] chosen_count choose(const Make& make, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                    const Policy& policy = {}) const {
    if (draws == 0 || most == 0) throw precondition_error("count_by_gap: draws and most must be at least 1");
    if (x.rows() == 0) throw precondition_error("count_by_gap: there are no points");
    const std::size_t last = std::min(most + 1, static_cast<std::size_t>(x.rows()));
    const auto log_within = [&](const Eigen::Ref<const Eigen::MatrixXd>& points, std::size_t k) {
      const std::vector<group_label> labels = make(k).fit(points).labels;
      return std::log(centres_of(points, labels).within);
    };
    chosen_count out;
    std::vector<double> of_null(draws * last);
    policy.for_each_index(draws, [&](std::size_t i) {
      random_stream random(seed, i);
      const Eigen::MatrixXd y = null.template draw<>(x, random);
      for (std::size_t k = 1; k <= last; ++k) of_null[i * last + k - 1] = log_within(y, k);
    });
    for (std::size_t k = 1; k <= last; ++k) {
      double sum = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < draws; ++i) sum += of_null[i * last + k - 1];
      const double mean = sum / static_cast<double>(draws);
      if (std::isinf(mean)) break;  // the null has as many groups as places: there is nothing to compare with
      for (std::size_t i = 0; i < draws; ++i) {
        squares += (of_null[i * last + k - 1] - mean) * (of_null[i * last + k - 1] - mean);
      }
      const double error =
          std::sqrt(squares / static_cast<double>(draws)) * std::sqrt(1.0 + 1.0 / static_cast<double>(draws));
      out.tried.push_back({.clusters = k, .figure = mean - log_within(x, k), .null_mean = mean, .null_error = error});
      if (std::isinf(out.tried.back().figure)) break;  // every group is one place: no more can be better
    }
    out.clusters = out.tried.empty() ? 1 : std::min(most, out.tried.back().clusters);
    for (std::size_t t = 0; t + 1 < out.tried.size(); ++t) {
      if (out.tried[t].figure >= out.tried[t + 1].figure - out.tried[t + 1].null_error) {
        out.clusters = out.tried[t].clusters;
        break;
      }
    }
    return out;
  }
};

}  // namespace basket::cluster
