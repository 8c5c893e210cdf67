// One series on its factors: least squares, weighted and ridge, and the model they return.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/concepts/regressor.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/numeric/least_squares.hpp"
#include "basket/regress/scaling.hpp"

namespace basket::regress {

/// A fitted line y = intercept + X coefficients, with what its standard errors are computed from.
struct linear_model {
  status state = status::too_few_observations;
  std::vector<std::string> factors = {};
  double intercept = missing;
  Eigen::VectorXd coefficients = {};    ///< k; empty unless ok
  std::vector<Eigen::Index> rows = {};  ///< the complete rows that were used, in order
  Eigen::VectorXd residuals = {};       ///< one a used row, not weighted
  Eigen::VectorXd weights = {};         ///< one a used row, or empty when all are 1
  Eigen::VectorXd means = {};           ///< k, of the used rows, weighted
  Eigen::VectorXd penalty = {};         ///< k, on each squared coefficient
  Eigen::MatrixXd inverse = {};         ///< (Xc' W Xc + penalty)^-1 of the centred factors, k x k
  double weight_sum = missing;          ///< n when there are no weights
  double degrees = missing;             ///< of freedom of the factors: k, or the trace of the ridge hat matrix
  double residual_degrees = missing;    ///< n - 1 - degrees
  double residual_sd = missing;         ///< sqrt(weighted sum of squares / residual_degrees)
  double r_squared = missing;           ///< of the sample
  double adjusted_r_squared = missing;  ///< 1 - (1 - R2) (n - 1) / residual_degrees
  double condition = missing;           ///< of the centred columns at unit length, with the penalty, 1-norm

  /// The fitted values of rows of factors, m x k; missing where a factor is missing.
  ///
  /// Fails: numeric_error unless the model is ok; precondition_error when the columns are not those of the fit.
  [[nodiscard]] Eigen::VectorXd predict(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    require_ok(*this);
    if (x.cols() != coefficients.size()) {
      throw precondition_error("the model has " + std::to_string(coefficients.size()) + " factors; x has " +
                               std::to_string(x.cols()) + " columns");
    }
    return ((x * coefficients).array() + intercept).matrix();
  }
  [[nodiscard]] bool penalised() const { return (penalty.array() > 0.0).any(); }
};

namespace detail {

/// A template, so that who includes this and fits nothing compiles no decomposition.
template <class Model = linear_model>
Model fit_linear(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                 std::span<const double> weights, double penalty, scaling scaled, std::span<const std::string> names) {
  const Eigen::Index k = x.cols();
  if (x.rows() != y.size()) {
    throw precondition_error("factors and series need the same rows; x has " + std::to_string(x.rows()) + ", y has " +
                             std::to_string(y.size()));
  }
  if (!names.empty() && static_cast<Eigen::Index>(names.size()) != k) {
    throw precondition_error("every factor needs its name; x has " + std::to_string(k) + " columns, there are " +
                             std::to_string(names.size()) + " names");
  }
  if (!(penalty >= 0.0) || std::isinf(penalty)) {
    throw precondition_error("a penalty must be finite and not negative; this one is " + std::to_string(penalty));
  }
  Model out;
  for (Eigen::Index j = 0; j < k; ++j) {
    out.factors.push_back(names.empty() ? "x" + std::to_string(j + 1) : names[static_cast<std::size_t>(j)]);
  }
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    bool complete = !is_missing(y[i]);
    bool infinite = std::isinf(y[i]);
    for (Eigen::Index j = 0; j < k; ++j) {
      complete = complete && !is_missing(x(i, j));
      infinite = infinite || std::isinf(x(i, j));
    }
    if (infinite) throw data_error("the regression", static_cast<std::size_t>(i) + 1, "value", "it is infinite");
    if (!weights.empty()) {
      const double w = weights[static_cast<std::size_t>(i)];
      if (w < 0.0 || std::isinf(w)) {
        throw data_error("the regression", static_cast<std::size_t>(i) + 1, "weight",
                         "it is " + std::to_string(w) + "; a weight is finite and not negative");
      }
      complete = complete && w > 0.0;  // a weight that is missing or zero leaves the row out
    }
    if (complete) out.rows.push_back(i);
  }
  const auto n = static_cast<Eigen::Index>(out.rows.size());
  const double count = static_cast<double>(n);
  if (n < (penalty > 0.0 ? 3 : k + 2)) return out;
  Eigen::MatrixXd design = x(out.rows, Eigen::all);
  Eigen::VectorXd target = y(out.rows);
  Eigen::VectorXd w = Eigen::VectorXd::Ones(n);
  if (!weights.empty()) {
    for (Eigen::Index i = 0; i < n; ++i)
      w[i] = weights[static_cast<std::size_t>(out.rows[static_cast<std::size_t>(i)])];
    out.weights = w;
  }
  out.weight_sum = w.sum();
  // Powers of two keep squares in range without touching a digit; means are taken in two passes.
  const auto center = [&](Eigen::Ref<Eigen::VectorXd> v, int& exponent) {
    (void)std::frexp(v.cwiseAbs().maxCoeff(), &exponent);
    for (double& value : v) value = std::ldexp(value, -exponent);
    if (v.minCoeff() == v.maxCoeff()) {
      const double constant = v[0];
      v.setZero();
      return constant;
    }
    const double mean = v.dot(w) / out.weight_sum;
    v.array() -= mean;
    const double rest = v.dot(w) / out.weight_sum;
    v.array() -= rest;
    return mean + rest;
  };
  int y_exponent = 0;
  const double y_mean = center(target, y_exponent);
  const double total = target.cwiseAbs2().dot(w);
  if (total == 0.0) {
    out.state = status::constant_input;
    return out;
  }
  Eigen::VectorXd mean(k), lambda(k);
  std::vector<int> exponent(static_cast<std::size_t>(k));
  std::vector<Eigen::Index> used;
  for (Eigen::Index j = 0; j < k; ++j) {
    mean[j] = center(design.col(j), exponent[static_cast<std::size_t>(j)]);
    const double squares = design.col(j).cwiseAbs2().dot(w);
    const double unit = std::ldexp(1.0, -2 * std::clamp(exponent[static_cast<std::size_t>(j)], -300, 300));
    lambda[j] = penalty * (scaled == scaling::none        ? unit
                           : scaled == scaling::sample_sd ? squares / (out.weight_sum * (count - 1.0) / count)
                                                          : squares / out.weight_sum);
    // A factor without variation: a penalty makes its coefficient zero, without one there is no answer.
    if (squares > 0.0 || penalty == 0.0) used.push_back(j);
  }
  const Eigen::VectorXd root = w.cwiseSqrt();
  const auto fit = numeric::least_squares<double>(root.asDiagonal() * design(Eigen::all, used),
                                                  root.cwiseProduct(target), lambda(used));
  if (fit.state != status::ok) {
    out.state = fit.state;
    return out;
  }
  const Eigen::VectorXd residuals = target - design(Eigen::all, used) * fit.coefficients;
  const double rss = residuals.cwiseAbs2().dot(w);
  out.coefficients.setZero(k);
  out.means.resize(k);
  out.penalty.setZero(k);
  out.inverse.setZero(k, k);
  double level = y_mean;
  out.degrees = static_cast<double>(used.size());
  for (Eigen::Index j = 0; j < k; ++j) {
    out.means[j] = std::ldexp(mean[j], exponent[static_cast<std::size_t>(j)]);
    out.penalty[j] = std::ldexp(lambda[j], 2 * exponent[static_cast<std::size_t>(j)]);
  }
  for (std::size_t q = 0; q < used.size(); ++q) {
    const auto a = static_cast<Eigen::Index>(q), j = used[q];
    out.coefficients[j] = std::ldexp(fit.coefficients[a], y_exponent - exponent[static_cast<std::size_t>(j)]);
    level -= fit.coefficients[a] * mean[j];
    out.degrees -= fit.inverse(a, a) * lambda[j];
    for (std::size_t r = 0; r < used.size(); ++r) {
      const auto b = static_cast<Eigen::Index>(r);
      out.inverse(j, used[r]) = std::ldexp(
          fit.inverse(a, b), -exponent[static_cast<std::size_t>(j)] - exponent[static_cast<std::size_t>(used[r])]);
    }
  }
  out.intercept = std::ldexp(level, y_exponent);
  out.residuals.resize(n);
  for (Eigen::Index i = 0; i < n; ++i) out.residuals[i] = std::ldexp(residuals[i], y_exponent);
  out.residual_degrees = count - 1.0 - out.degrees;
  out.residual_sd = std::ldexp(std::sqrt(rss / out.residual_degrees), y_exponent);
  out.r_squared = 1.0 - rss / total;
  out.adjusted_r_squared = 1.0 - (rss / total) * (count - 1.0) / out.residual_degrees;
  out.condition = fit.condition;
  out.state = status::ok;
  return out;
}

}  // namespace detail

/// Minimises |y - a - X b|^2 over a and b.
///
/// Missing: rows with a missing value are left out; the model lists the rows used.
/// Fails:   too_few_observations below k + 2 complete rows; rank_deficient; constant_input when y does not vary;
///          precondition_error when shapes differ; data_error at an infinite value.
/// Cost:    2 n k^2, by QR with column pivoting.
struct least_squares {
  template <class Model = linear_model>
  [[nodiscard]] Model fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                          std::span<const std::string> names = {}) const {
    return detail::fit_linear<Model>(x, y, {}, 0.0, scaling::none, names);
  }
};

/// Minimises sum_i weights_i (y_i - a - x_i b)^2: weights are inverse variances up to a factor, one a row.
///
/// Missing: as least_squares; a row whose weight is missing or zero is left out too.
/// Fails:   as least_squares; data_error when a weight is negative or infinite.
struct weighted_least_squares {
  std::span<const double> weights = {};
  template <class Model = linear_model>
  [[nodiscard]] Model fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                          std::span<const std::string> names = {}) const {
    if (static_cast<Eigen::Index>(weights.size()) != y.size() || weights.empty()) {
      throw precondition_error("every row needs its weight; y has " + std::to_string(y.size()) + " rows, there are " +
                               std::to_string(weights.size()) + " weights");
    }
    return detail::fit_linear<Model>(x, y, weights, 0.0, scaling::none, names);
  }
};

/// Minimises |y - a - X b|^2 + penalty |b|^2; the intercept is never penalised.
///
/// Missing: as least_squares.
/// Fails:   as least_squares, with three rows enough when the penalty is positive.
/// Cost:    2 (n + k) k^2.
/// Source:  Hoerl and Kennard (1970).
struct ridge {
  double penalty = 1.0;
  scaling scaled = scaling::none;
  template <class Model = linear_model>
  [[nodiscard]] Model fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                          std::span<const std::string> names = {}) const {
    return detail::fit_linear<Model>(x, y, {}, penalty, scaled, names);
  }
};

static_assert(Regressor<least_squares> && Regressor<weighted_least_squares> && Regressor<ridge>);

}  // namespace basket::regress
