// What to look at before believing a regression: serial correlation, changing variance, shape, collinearity.
#pragma once

#include <Eigen/Core>
#include <Eigen/SVD>
#include <cmath>
#include <string>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/regress/linear_model.hpp"
#include "basket/stats/chi_squared.hpp"

namespace basket::regress {

/// A test statistic and how often it is exceeded when nothing is wrong.
struct test_result {
  double statistic = missing;
  double p_value = missing;
};

/// sum (e_i - e_{i-1})^2 / sum e_i^2 of the residuals in row order: 2 without serial correlation, 0 to 4.
///
/// Missing: missing without two residuals that differ from zero.
/// Source:  Durbin and Watson (1950).
[[nodiscard]] inline double durbin_watson(const Eigen::Ref<const Eigen::VectorXd>& residuals) {
  const Eigen::Index n = residuals.size();
  const double largest = n > 0 ? residuals.cwiseAbs().maxCoeff() : 0.0;
  if (n < 2 || !(largest > 0.0)) return missing;
  const Eigen::VectorXd e = residuals / largest;
  return (e.tail(n - 1) - e.head(n - 1)).squaredNorm() / e.squaredNorm();
}

/// n R2 of squared residuals on the factors, chi-squared with k degrees: does the variance move with the factors?
///
/// Missing: missing when squared residuals do not vary or the factors are collinear.
/// Source:  Breusch and Pagan (1979), studentised as Koenker (1981).
template <class Result = test_result>
[[nodiscard]] Result breusch_pagan(const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  require_ok(model);
  const double largest = model.residuals.cwiseAbs().maxCoeff();
  if (!(largest > 0.0) || x.cols() == 0) return {};
  const Eigen::VectorXd squares = (model.residuals / largest).cwiseAbs2();
  const linear_model second = least_squares{}.fit(x(model.rows, Eigen::all), squares);
  if (second.state != status::ok) return {};
  const double statistic = static_cast<double>(model.rows.size()) * second.r_squared;
  return {statistic, stats::chi_squared_upper(statistic, static_cast<double>(x.cols()))};
}

/// n / 6 (skewness^2 + excess kurtosis^2 / 4) of values around their mean, chi-squared with 2 degrees for large n.
///
/// Missing: missing when values do not vary.
/// Source:  Jarque and Bera (1980).
[[nodiscard]] inline test_result jarque_bera(const Eigen::Ref<const Eigen::VectorXd>& values) {
  if (values.size() < 2) return {};
  const double largest = values.cwiseAbs().maxCoeff();
  if (!(largest > 0.0)) return {};
  const Eigen::ArrayXd v = values.array() / largest;
  const Eigen::ArrayXd d = v - v.mean();
  const double n = static_cast<double>(values.size());
  const double m2 = d.square().sum() / n;
  if (!(m2 > 1e-28)) return {};
  const double skewness = (d * d.square()).sum() / n / std::pow(m2, 1.5);
  const double excess = d.square().square().sum() / n / (m2 * m2) - 3.0;
  const double statistic = n / 6.0 * (skewness * skewness + excess * excess / 4.0);
  return {statistic, stats::chi_squared_upper(statistic, 2.0)};
}

/// How much the variance of each coefficient grew because other factors look alike: 1 / (1 - R2 of the factor on the
/// rest), from complete rows.
///
/// Fails:  precondition_error when a value is missing; the answer is infinite for collinear factors.
/// Source: Marquardt (1970).
template <class Result = Eigen::VectorXd>
[[nodiscard]] Result variance_inflation(const Eigen::Ref<const Eigen::MatrixXd>& x) {
  if (x.hasNaN()) throw precondition_error("variance inflation needs complete rows; x has a missing value");
  const Eigen::Index k = x.cols();
  Eigen::MatrixXd d = x.rowwise() - x.colwise().mean();
  for (Eigen::Index j = 0; j < k; ++j) {
    const double largest = d.col(j).cwiseAbs().maxCoeff();
    if (largest > 0.0) d.col(j) /= largest;
  }
  const auto fit = numeric::least_squares<double>(d, Eigen::VectorXd::Zero(x.rows()), Eigen::VectorXd::Zero(k));
  if (fit.state != status::ok) return Eigen::VectorXd::Constant(k, std::numeric_limits<double>::infinity());
  return fit.inverse.diagonal().cwiseProduct(d.colwise().squaredNorm().transpose());
}

/// The ratio of the largest to the smallest singular value of the centred factors at unit length; infinite when they
/// are collinear. Above 30 coefficients share digits, above 1e3 a Gram matrix loses half of its own.
///
/// Fails:  precondition_error when a value is missing.
/// Source: Belsley, Kuh and Welsch (1980), chapter 3.
template <class Result = double>
[[nodiscard]] Result condition_number(const Eigen::Ref<const Eigen::MatrixXd>& x) {
  if (x.hasNaN()) throw precondition_error("a condition number needs complete rows; x has a missing value");
  if (x.cols() == 0) return 1.0;
  Eigen::MatrixXd d = x.rowwise() - x.colwise().mean();
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const double largest = d.col(j).cwiseAbs().maxCoeff();
    if (!(largest > 0.0)) return std::numeric_limits<double>::infinity();
    d.col(j) /= largest;
    d.col(j).normalize();
  }
  if (d.rows() < d.cols()) return std::numeric_limits<double>::infinity();
  const Eigen::VectorXd s = Eigen::JacobiSVD<Eigen::MatrixXd>(d).singularValues();
  return s[0] / s[s.size() - 1];
}

}  // namespace basket::regress
