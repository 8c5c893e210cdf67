// The laws of Regressor, and the least type that models it.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/concepts/regressor.hpp"
#include "basket/core/missing.hpp"

namespace basket::laws {

/// The mean of the series, and no factor.
struct mean_fit {
  status state = status::too_few_observations;
  double intercept = missing;
  Eigen::VectorXd coefficients = {};
  std::vector<Eigen::Index> rows = {};
  Eigen::VectorXd residuals = {};
  [[nodiscard]] Eigen::VectorXd predict(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    return Eigen::VectorXd::Constant(x.rows(), intercept);
  }
};

/// Explains nothing.
struct regressor_archetype {
  [[nodiscard]] mean_fit fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                             std::span<const std::string>) const {
    mean_fit out;
    double sum = 0.0;
    for (Eigen::Index i = 0; i < y.size(); ++i) {
      bool complete = !is_missing(y[i]);
      for (Eigen::Index j = 0; j < x.cols(); ++j) complete = complete && !is_missing(x(i, j));
      if (!complete) continue;
      out.rows.push_back(i);
      sum += y[i];
    }
    if (out.rows.empty()) return out;
    out.intercept = sum / static_cast<double>(out.rows.size());
    out.coefficients.setZero(x.cols());
    out.residuals.resize(static_cast<Eigen::Index>(out.rows.size()));
    for (std::size_t r = 0; r < out.rows.size(); ++r) {
      out.residuals[static_cast<Eigen::Index>(r)] = y[out.rows[r]] - out.intercept;
    }
    out.state = status::ok;
    return out;
  }
};
static_assert(Regressor<regressor_archetype>);

/// The broken laws of a regressor on data that it can fit, a sentence each; differences are held against `tolerance`
/// times the size of the numbers.
template <Regressor R>
[[nodiscard]] std::vector<std::string> broken_laws(const R& regressor, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                                   const Eigen::Ref<const Eigen::VectorXd>& y,
                                                   double tolerance = 1e-9) {
  std::vector<std::string> broken;
  const auto fit = [&](const Eigen::MatrixXd& factors, const Eigen::VectorXd& series) {
    return regressor.fit(factors, series, {});
  };
  const auto base = fit(x, y);
  if (base.state != status::ok) return {"the data cannot be fitted, so no law can be looked at"};
  const auto near = [tolerance](double a, double b, double size) { return std::abs(a - b) <= tolerance * size; };
  const Eigen::VectorXd& b = base.coefficients;
  const double size = 1.0 + b.cwiseAbs().sum() + std::abs(base.intercept);
  const auto all_near = [&](const Eigen::VectorXd& a, const Eigen::VectorXd& c, double by) {
    if (a.size() != c.size()) return false;
    for (Eigen::Index j = 0; j < a.size(); ++j) {
      if (!near(a[j], c[j], by)) return false;
    }
    return true;
  };
  const auto again = fit(x, y);
  if (!all_near(again.coefficients, b, 0.0) || again.intercept != base.intercept || again.rows != base.rows ||
      !all_near(again.residuals, base.residuals, 0.0)) {
    broken.push_back("asked twice, the regressor gives two answers");
  }
  const auto scaled = fit(x, 8.0 * y);
  if (!all_near(scaled.coefficients, 8.0 * b, 8.0 * size) ||
      !near(scaled.intercept, 8.0 * base.intercept, 8.0 * size)) {
    broken.push_back("scaling the series does not scale the model");
  }
  const auto shifted = fit(x, (y.array() + 3.0).matrix());
  if (!all_near(shifted.coefficients, b, size) || !near(shifted.intercept, base.intercept + 3.0, size)) {
    broken.push_back("shifting the series moves more than the intercept");
  }
  const auto turned = fit(x.rowwise().reverse(), y);
  if (!all_near(turned.coefficients.reverse(), b, size) || !near(turned.intercept, base.intercept, size)) {
    broken.push_back("factors in another order have other coefficients");
  }
  const Eigen::VectorXd told = base.predict(x);
  bool adds_up = told.size() == x.rows() && base.residuals.size() == static_cast<Eigen::Index>(base.rows.size());
  for (std::size_t r = 0; adds_up && r < base.rows.size(); ++r) {
    const Eigen::Index i = base.rows[r];
    adds_up = near(told[i] + base.residuals[static_cast<Eigen::Index>(r)], y[i], 1.0 + std::abs(y[i]) + size);
  }
  if (!adds_up) broken.push_back("predictions and residuals do not add up to the series");
  return broken;
}

}  // namespace basket::laws
