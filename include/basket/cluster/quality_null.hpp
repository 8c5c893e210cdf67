// Figures of quality beside what the same clusterer makes of points without clusters.
#pragma once

#include <Eigen/Core>
#include <Eigen/QR>
#include <Eigen/SVD>
#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "basket/concepts/cluster_quality.hpp"
#include "basket/concepts/clusterer.hpp"
#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/core/status.hpp"

namespace basket::cluster {

/// Each column is shuffled by itself: every coordinate keeps its values, whatever ties coordinates to each other goes,
/// correlations with it.
struct column_permutation {
  /// Points of the null, drawn from `random`; x is n x p without missing values.
  template <class Matrix = Eigen::MatrixXd>
  [[nodiscard]] Matrix draw(const Eigen::Ref<const Eigen::MatrixXd>& x, random_stream& random) const {
    Matrix out = x;
    for (Eigen::Index j = 0; j < out.cols(); ++j) {
      for (Eigen::Index i = out.rows(); i > 1; --i) {
        std::swap(out(i - 1, j), out(static_cast<Eigen::Index>(random.below(static_cast<std::uint32_t>(i))), j));
      }
    }
    return out;
  }
};

/// The centred points are turned at random among their n places: means and the covariance matrix stay what they are to
/// the last digits, everything else becomes Gaussian.
/// Source: Langsrud, Rotation tests (2005).
struct random_rotation {
  /// As column_permutation::draw. Cost: n p^2.
  template <class Matrix = Eigen::MatrixXd>
  [[nodiscard]] Matrix draw(const Eigen::Ref<const Eigen::MatrixXd>& x, random_stream& random) const {
    const Eigen::Index n = x.rows();
    if (n < 2 || x.cols() == 0) return x;
    const Eigen::RowVectorXd mean = x.colwise().mean();
    const Eigen::BDCSVD<Matrix> svd(x.rowwise() - mean, Eigen::ComputeThinU | Eigen::ComputeThinV);
    // Centred points lie in n - 1 directions at most.
    const Eigen::Index rank = std::min<Eigen::Index>(svd.singularValues().size(), n - 1);
    boost::random::normal_distribution<double> normal;
    Matrix noise(n, rank);
    for (Eigen::Index j = 0; j < rank; ++j) {
      for (Eigen::Index i = 0; i < n; ++i) noise(i, j) = normal(random);
    }
    noise.rowwise() -= noise.colwise().mean().eval();
    const Eigen::HouseholderQR<Matrix> qr(noise);
    Matrix frame = qr.householderQ() * Matrix::Identity(n, rank);
    // The sign of each column is that of a Gaussian, not of the algorithm.
    for (Eigen::Index j = 0; j < rank; ++j) {
      if (qr.matrixQR()(j, j) < 0.0) frame.col(j) *= -1.0;
    }
    const Matrix turned =
        frame * svd.singularValues().head(rank).asDiagonal() * svd.matrixV().leftCols(rank).transpose();
    return turned.rowwise() + mean;
  }
};

/// What makes points without clusters out of points. Law: depends on the points and the stream alone.
template <class N>
concept PointNull = requires(const N& null, const Eigen::Ref<const Eigen::MatrixXd>& x, random_stream& random) {
  { null.template draw<>(x, random) } -> std::same_as<Eigen::MatrixXd>;
};
static_assert(PointNull<column_permutation> && PointNull<random_rotation>);

/// A figure and its null.
struct quality_against_null {
  double observed = missing;
  double p_value = missing;  ///< (1 + draws at least as good) / (1 + draws); missing where the figure is
  double null_mean = missing;
  double null_sd = missing;
  std::vector<double> null = {};         ///< one a draw, in the order of the draws
  std::size_t without_figure = 0;        ///< draws whose figure is missing: they count as good as the observed one
  std::vector<group_label> labels = {};  ///< what the clusterer made of the points
  status state = status::ok;             ///< too_few_observations where the observed figure is missing
};

/// Clusters the points, and as many draws of the null, and judges each by the same figure. Draw i is made from
/// random_stream(seed, i).
///
/// Missing: refused by clusterers.
/// Fails:   precondition_error without draws.
/// Cost:    1 + draws clusterings and figures; threads work on draws of their own.
template <PointNull Null = column_permutation>
struct quality_null {
  Null null = {};
  std::size_t draws = 99;
  std::uint64_t seed = 0;

  template <PointClusterer Clusterer, ClusterQuality Quality, ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] quality_against_null test(const Clusterer& clusterer, const Quality& quality,
                                          const Eigen::Ref<const Eigen::MatrixXd>& x, const Policy& policy = {}) const {
    if (draws == 0) throw precondition_error("quality_null: at least one draw is needed");
    quality_against_null out;
    out.labels = clusterer.fit(x).labels;
    out.observed = quality.figure(x, out.labels);
    out.null.assign(draws, missing);
    policy.for_each_index(draws, [&](std::size_t i) {
      random_stream random(seed, i);
      const Eigen::MatrixXd y = null.template draw<>(x, random);
      const std::vector<group_label> labels = clusterer.fit(y).labels;
      out.null[i] = quality.figure(y, labels);
    });
    double sum = 0.0;
    std::size_t as_good = 0, seen = 0;
    for (const double f : out.null) {
      if (is_missing(f)) {
        ++out.without_figure;
        ++as_good;
        continue;
      }
      ++seen;
      sum += f;
      as_good += (Quality::larger_is_better ? f >= out.observed : f <= out.observed) ? 1 : 0;
    }
    if (seen > 0) out.null_mean = sum / static_cast<double>(seen);
    if (seen > 1) {
      double squares = 0.0;
      for (const double f : out.null) {
        if (!is_missing(f)) squares += (f - out.null_mean) * (f - out.null_mean);
      }
      out.null_sd = std::sqrt(squares / static_cast<double>(seen - 1));
    }
    if (is_missing(out.observed)) {
      out.state = status::too_few_observations;
    } else {
      out.p_value = static_cast<double>(1 + as_good) / static_cast<double>(1 + draws);
    }
    return out;
  }
};

}  // namespace basket::cluster
