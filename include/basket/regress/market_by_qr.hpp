// One market of a batch by QR of its own rows: what a Gram matrix cannot carry.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "basket/core/status.hpp"
#include "basket/numeric/least_squares.hpp"
#include "basket/regress/market_windows.hpp"
#include "basket/regress/scaling.hpp"
#include "basket/regress/shared_factors.hpp"

namespace basket::regress {

/// By which way a market's numbers were computed.
enum class route : std::uint8_t {
  none,  ///< not at all; the status says why
  gram,  ///< from its Gram matrix, whose condition allowed it
  qr,    ///< by QR of its own rows
};

namespace detail {

/// Where a batch writes: the columns of one market.
struct batch_target {
  double *beta, *t, *intercept, *intercept_t, *r_squared, *degrees, *residual_sd;
  status* states;
  route* routes;
};

struct batch_options {
  double penalty = 0.0;
  scaling scaled = scaling::none;
  double most_inflation = 1e5;
};

inline double column_penalty(const batch_options& options, double sum_of_squares, double count, double unit) {
  switch (options.scaled) {
    case scaling::none:
      return options.penalty * unit;
    case scaling::sample_sd:
      return options.penalty * sum_of_squares / (count - 1.0);
    case scaling::population_sd:
      return options.penalty * sum_of_squares / count;
  }
  return 0.0;
}

/// The penalty in units of a scaled column, kept where its products stay finite: beyond, the coefficient is 0 anyway.
inline double unit_of(double scale) { return std::min(scale * scale, 1e200); }

/// The observed rows of one market, centred and in units of size one, ready for QR.
struct centred_rows_of_market {
  Eigen::MatrixXd design = {};  ///< count x (columns used)
  Eigen::VectorXd target = {};
  Eigen::VectorXd mean = {}, penalty = {};  ///< of the columns used, in their units
  std::vector<std::ptrdiff_t> used = {};    ///< factors that vary, or all of them without a penalty
  std::vector<int> exponent = {};           ///< of the units of the columns used, as powers of two
  double y_mean = 0.0, total = 0.0;
  int y_exponent = 0;
  bool deficient = false;  ///< a column does not vary and no penalty makes up for it
};

inline centred_rows_of_market careful_rows(const shared_factors& x, const Eigen::Ref<const Eigen::MatrixXd>& raw,
                                           const market_window& w, const double* y, const batch_options& options) {
  const std::ptrdiff_t k = x.factors;
  const double count = static_cast<double>(w.count);
  centred_rows_of_market out;
  out.design.resize(w.count, k);
  out.target.resize(w.count);
  out.mean.resize(k);
  out.penalty.resize(k);
  std::ptrdiff_t at = 0;
  for_each_run(x, w, y, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t row = first; row < last; ++row, ++at) {
      const std::ptrdiff_t day = x.dense ? row : x.rows[static_cast<std::size_t>(row)];
      out.target[at] = y[day];
      out.design.row(at) = raw.row(day);
    }
  });
  // Each column in units of its largest value here, centred in two passes.
  const auto center = [&](Eigen::Ref<Eigen::VectorXd> v, int& exponent) {
    (void)std::frexp(v.cwiseAbs().maxCoeff(), &exponent);
    for (double& value : v) value = std::ldexp(value, -exponent);
    const bool constant = v.minCoeff() == v.maxCoeff();
    double mean = constant ? v[0] : v.sum() / count;
    v.array() -= mean;
    if (!constant) {
      const double rest = v.sum() / count;
      v.array() -= rest;
      mean += rest;
    }
    return mean;
  };
  out.y_mean = center(out.target, out.y_exponent);
  out.total = out.target.squaredNorm();
  for (std::ptrdiff_t j = 0; j < k; ++j) {
    int exponent = 0;
    const double mean = center(out.design.col(j), exponent);
    const double squares = out.design.col(j).squaredNorm();
    out.deficient = out.deficient || (squares == 0.0 && options.penalty == 0.0);
    // A column without variation here has no coefficient; a penalty makes it zero, without one there is no answer.
    if (squares > 0.0 || options.penalty == 0.0) {
      const auto q = static_cast<std::ptrdiff_t>(out.used.size());
      if (q != j) out.design.col(q) = out.design.col(j);
      out.mean[q] = mean;
      out.penalty[q] =
          column_penalty(options, squares, count, unit_of(std::ldexp(1.0, -std::clamp(exponent, -500, 500))));
      out.used.push_back(j);
      out.exponent.push_back(exponent);
    }
  }
  const auto p = static_cast<std::ptrdiff_t>(out.used.size());
  out.design.conservativeResize(Eigen::NoChange, p);
  out.mean.conservativeResize(p);
  out.penalty.conservativeResize(p);
  return out;
}

/// One market by QR of its centred rows. The doors above it have checked the counts.
template <class Options>
void fit_by_qr(const shared_factors& x, const Eigen::Ref<const Eigen::MatrixXd>& raw, const market_window& w,
               const double* y, const Options& options, std::size_t m, const batch_target& to) {
  const std::ptrdiff_t k = x.factors;
  const double count = static_cast<double>(w.count);
  to.routes[m] = route::qr;
  const centred_rows_of_market rows = careful_rows(x, raw, w, y, options);
  if (rows.total == 0.0) {
    to.states[m] = status::constant_input;
    return;
  }
  if (rows.deficient) {
    to.states[m] = status::rank_deficient;
    return;
  }
  const auto fit = numeric::least_squares<double>(rows.design, rows.target, rows.penalty);
  if (fit.state != status::ok) {
    to.states[m] = fit.state;
    return;
  }
  const double residual = (rows.target - rows.design * fit.coefficients).squaredNorm();
  const auto& v = fit.inverse;
  const auto p = static_cast<std::ptrdiff_t>(rows.used.size());
  const double degrees = static_cast<double>(p) - v.diagonal().dot(rows.penalty);
  const double sd = std::sqrt(residual / (count - 1.0 - degrees));
  double* const beta = to.beta + static_cast<std::ptrdiff_t>(m) * k;
  double* const t = to.t + static_cast<std::ptrdiff_t>(m) * k;
  for (std::ptrdiff_t j = 0; j < k; ++j) beta[j] = 0.0;
  for (std::ptrdiff_t q = 0; q < p; ++q) {
    const auto i = static_cast<std::size_t>(q);
    const double variance = v(q, q) - v.col(q).cwiseAbs2().dot(rows.penalty);
    beta[rows.used[i]] = std::ldexp(fit.coefficients[q], rows.y_exponent - rows.exponent[i]);
    t[rows.used[i]] = fit.coefficients[q] / (sd * std::sqrt(std::max(variance, 0.0)));
  }
  const Eigen::VectorXd u = v * rows.mean;
  const double variance = 1.0 / count + u.dot(rows.mean) - u.cwiseAbs2().dot(rows.penalty);
  const double intercept = rows.y_mean - fit.coefficients.dot(rows.mean);
  to.intercept[m] = std::ldexp(intercept, rows.y_exponent);
  to.intercept_t[m] = intercept / (sd * std::sqrt(std::max(variance, 0.0)));
  to.r_squared[m] = 1.0 - residual / rows.total;
  to.degrees[m] = degrees;
  to.residual_sd[m] = std::ldexp(sd, rows.y_exponent);
  to.states[m] = status::ok;
}

}  // namespace detail

}  // namespace basket::regress
