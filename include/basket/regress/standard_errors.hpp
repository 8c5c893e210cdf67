// Covariances of estimates - classical, robust, serial, clustered - and the table of t and p that stands on one.
#pragma once

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/regress/linear_model.hpp"
#include "basket/stats/fisher_f.hpp"
#include "basket/stats/student_t.hpp"

namespace basket::regress {

/// The covariance of (intercept, coefficients), (k + 1) x (k + 1), and what t is compared with.
struct estimate_covariance {
  Eigen::MatrixXd matrix = {};
  double degrees = missing;  ///< of freedom of t, and below in F
  std::string name = {};
};

/// Estimates how estimates vary, from a model and the factors that it was fitted on.
/// Laws: the matrix is symmetric and not negative definite; scaling y by c scales it by c^2.
template <class E>
concept ErrorEstimator =
    requires(const E& errors, const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
      { errors.covariance(model, x) } -> std::same_as<estimate_covariance>;
    };

namespace detail {

inline void check_model(const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  require_ok(model);
  if (x.cols() != model.coefficients.size() || x.rows() <= model.rows.back()) {
    throw precondition_error("standard errors need the factors of the fit; the model used row " +
                             std::to_string(model.rows.back()) + " of " + std::to_string(model.coefficients.size()) +
                             " columns, x is " + std::to_string(x.rows()) + " x " + std::to_string(x.cols()));
  }
}

// Rows (1, x - mean) of the fit: the intercept at the mean is uncorrelated with the slopes, which keeps digits.
inline Eigen::MatrixXd centred_rows(const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(model.rows.size()), x.cols() + 1);
  out.col(0).setOnes();
  out.rightCols(x.cols()) = x(model.rows, Eigen::all).rowwise() - model.means.transpose();
  return out;
}

inline Eigen::MatrixXd bread(const linear_model& model) {
  const Eigen::Index k = model.coefficients.size();
  Eigen::MatrixXd b = Eigen::MatrixXd::Zero(k + 1, k + 1);
  b(0, 0) = 1.0 / model.weight_sum;
  b.bottomRightCorner(k, k) = model.inverse;
  return b;
}

// From the intercept at the mean to the intercept at zero.
inline Eigen::MatrixXd uncentred(const linear_model& model, Eigen::MatrixXd c) {
  c.row(0) -= model.means.transpose() * c.bottomRows(model.means.size());
  c.col(0) -= c.rightCols(model.means.size()) * model.means;
  return c;
}

inline Eigen::MatrixXd scores(const linear_model& model, const Eigen::MatrixXd& rows) {
  Eigen::VectorXd e = model.residuals;
  if (model.weights.size() > 0) e = e.cwiseProduct(model.weights);
  return e.asDiagonal() * rows;
}

inline Eigen::MatrixXd sandwich(const linear_model& model, const Eigen::MatrixXd& meat) {
  const Eigen::MatrixXd b = bread(model);
  return uncentred(model, b * meat * b);
}

// The used rows of each label. Ordered, so that sums over clusters have one order.
template <class Label>
std::map<Label, std::vector<Eigen::Index>> clusters(const linear_model& model,
                                                    const Eigen::Ref<const Eigen::MatrixXd>& x,
                                                    std::span<const Label> labels) {
  check_model(model, x);
  if (static_cast<Eigen::Index>(labels.size()) != x.rows()) {
    throw precondition_error("clustered errors need one label a row; x has " + std::to_string(x.rows()) +
                             " rows, there are " + std::to_string(labels.size()) + " labels");
  }
  std::map<Label, std::vector<Eigen::Index>> out;
  for (std::size_t i = 0; i < model.rows.size(); ++i) {
    out[labels[static_cast<std::size_t>(model.rows[i])]].push_back(static_cast<Eigen::Index>(i));
  }
  if (out.size() < 2) {
    throw precondition_error("clustered errors need two clusters at least; all used rows lie in one");
  }
  return out;
}

}  // namespace detail

/// The leverage of each used row, the diagonal of the hat matrix; sums to degrees + 1.
[[nodiscard]] inline Eigen::VectorXd leverages(const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  detail::check_model(model, x);
  const Eigen::MatrixXd rows = detail::centred_rows(model, x);
  Eigen::VectorXd h = (rows * detail::bread(model)).cwiseProduct(rows).rowwise().sum();
  if (model.weights.size() > 0) h = h.cwiseProduct(model.weights);
  return h;
}

/// Errors of one variance, independent of each other.
struct classical {
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    detail::check_model(model, x);
    Eigen::MatrixXd b = detail::bread(model);
    const Eigen::Index k = model.coefficients.size();
    // Of the penalised estimator: A^-1 (A - penalty) A^-1.
    const Eigen::MatrixXd spread = model.inverse * model.penalty.asDiagonal() * model.inverse;
    b.bottomRightCorner(k, k) -= spread;
    return {detail::uncentred(model, b * (model.residual_sd * model.residual_sd)), model.residual_degrees, "classical"};
  }
};

/// Errors whose variance changes from row to row; squared residuals scaled by n / residual degrees.
/// Source: MacKinnon and White (1985), HC1.
struct hc1 {
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    detail::check_model(model, x);
    const Eigen::MatrixXd s = detail::scores(model, detail::centred_rows(model, x));
    const double scale = static_cast<double>(model.rows.size()) / model.residual_degrees;
    return {scale * detail::sandwich(model, s.transpose() * s), model.residual_degrees, "HC1"};
  }
};

/// The same with each residual divided by 1 - leverage: the one for few rows.
/// Source: MacKinnon and White (1985); Long and Ervin (2000).
struct hc3 {
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    Eigen::VectorXd h = leverages(model, x);
    const Eigen::MatrixXd s =
        (1.0 - h.array()).inverse().matrix().asDiagonal() * detail::scores(model, detail::centred_rows(model, x));
    return {detail::sandwich(model, s.transpose() * s), model.residual_degrees, "HC3"};
  }
};

/// Errors correlated over days, Bartlett weights on lags. Lags are distances of row numbers: two sides of a gap are not
/// neighbours.
/// Source: Newey and West (1987); Parzen (1963) for the gaps; default lags 4 (n / 100)^(2/9).
struct newey_west {
  static constexpr std::size_t automatic = static_cast<std::size_t>(-1);
  std::size_t lags = automatic;
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    detail::check_model(model, x);
    const Eigen::MatrixXd s = detail::scores(model, detail::centred_rows(model, x));
    const auto n = static_cast<Eigen::Index>(model.rows.size());
    const std::size_t most =
        lags == automatic ? static_cast<std::size_t>(4.0 * std::pow(static_cast<double>(n) / 100.0, 2.0 / 9.0)) : lags;
    Eigen::MatrixXd meat = s.transpose() * s;
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = i - 1; j >= 0; --j) {
        const auto lag =
            static_cast<std::size_t>(model.rows[static_cast<std::size_t>(i)] - model.rows[static_cast<std::size_t>(j)]);
        if (lag > most) break;
        const double weight = 1.0 - static_cast<double>(lag) / (static_cast<double>(most) + 1.0);
        const Eigen::MatrixXd cross = weight * s.row(i).transpose() * s.row(j);
        meat += cross + cross.transpose();
      }
    }
    return {detail::sandwich(model, meat), model.residual_degrees, "Newey-West, " + std::to_string(most) + " lags"};
  }
};

/// Errors correlated in any way inside a cluster - an event - and not across; one label for each row of x. t has
/// clusters - 1 degrees of freedom.
///
/// Fails:  precondition_error when there is not one label a row, or one cluster only.
/// Source: Liang and Zeger (1986); G / (G - 1) (n - 1) / (residual degrees) as Stata and statsmodels.
template <class Label>
struct clustered {
  std::span<const Label> labels = {};
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    const auto members = detail::clusters(model, x, labels);
    const Eigen::MatrixXd s = detail::scores(model, detail::centred_rows(model, x));
    const double groups = static_cast<double>(members.size()), n = static_cast<double>(model.rows.size());
    Eigen::MatrixXd meat = Eigen::MatrixXd::Zero(s.cols(), s.cols());
    for (const auto& [label, rows] : members) {
      const Eigen::VectorXd sum = s(rows, Eigen::all).colwise().sum().transpose();
      meat += sum * sum.transpose();
    }
    const double scale = groups / (groups - 1.0) * (n - 1.0) / model.residual_degrees;
    return {scale * detail::sandwich(model, meat), groups - 1.0,
            "clustered, " + std::to_string(members.size()) + " groups"};
  }
};

/// As clustered, with the residuals that each cluster has when it is left out of the fit: for few clusters, or clusters
/// of unequal size, where the plain form is too sure.
///
/// Fails:  as clustered; an entry is missing when the rest of the sample cannot do without some cluster.
/// Cost:   a solve of each cluster's own size, n_g^3 / 3.
/// Source: Bell and McCaffrey (2002); MacKinnon, Nielsen and Webb (2023), CV3.
template <class Label>
struct clustered_left_out {
  std::span<const Label> labels = {};
  [[nodiscard]] estimate_covariance covariance(const linear_model& model,
                                               const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    const auto groups = detail::clusters(model, x, labels);
    const Eigen::MatrixXd rows = detail::centred_rows(model, x), b = detail::bread(model);
    Eigen::MatrixXd meat = Eigen::MatrixXd::Zero(rows.cols(), rows.cols());
    for (const auto& [label, members] : groups) {
      Eigen::MatrixXd z = rows(members, Eigen::all);
      Eigen::VectorXd e = model.residuals(members);
      if (model.weights.size() > 0) {
        const Eigen::VectorXd root = model.weights(members).cwiseSqrt();
        z = root.asDiagonal() * z;
        e = e.cwiseProduct(root);
      }
      Eigen::MatrixXd rest = -(z * b * z.transpose());
      rest.diagonal().array() += 1.0;
      const Eigen::LLT<Eigen::MatrixXd> llt(rest);
      const Eigen::VectorXd score = z.transpose() * llt.solve(e);
      if (llt.info() != Eigen::Success) {
        meat.setConstant(missing);
        break;
      }
      meat += score * score.transpose();
    }
    const double count = static_cast<double>(groups.size());
    return {(count - 1.0) / count * detail::sandwich(model, meat), count - 1.0,
            "clustered, left out, " + std::to_string(groups.size()) + " groups"};
  }
};

static_assert(ErrorEstimator<classical> && ErrorEstimator<hc1> && ErrorEstimator<hc3> && ErrorEstimator<newey_west> &&
              ErrorEstimator<clustered<int>> && ErrorEstimator<clustered_left_out<int>>);

/// Estimates with their errors: entry 0 is the intercept, then one a factor.
struct coefficient_table {
  std::vector<std::string> names = {};
  Eigen::VectorXd estimate = {}, standard_error = {}, t = {}, p_value = {}, lower = {}, upper = {};
  double level = missing;  ///< of the intervals
  double f = missing;      ///< Wald: all coefficients but the intercept are zero; missing for a penalised model
  double f_p_value = missing;
  double f_degrees = missing;  ///< above; below are `degrees`
  double degrees = missing;
  std::string errors = {};  ///< the estimator's name
};

/// t, p and intervals of a model by an estimator of errors; F that all factors together are nothing.
///
/// Fails: numeric_error unless the model is ok; precondition_error when x is not that of the fit or the level is not
///        inside (0, 1).
template <ErrorEstimator Errors = classical>
[[nodiscard]] coefficient_table infer(const linear_model& model, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                      const Errors& errors = {}, double level = 0.95) {
  if (!(level > 0.0 && level < 1.0)) {
    throw precondition_error("a confidence level lies inside (0, 1); this one is " + std::to_string(level));
  }
  const estimate_covariance c = errors.covariance(model, x);
  const Eigen::Index k = model.coefficients.size();
  coefficient_table out;
  out.names.push_back("intercept");
  out.names.insert(out.names.end(), model.factors.begin(), model.factors.end());
  out.estimate.resize(k + 1);
  out.estimate << model.intercept, model.coefficients;
  out.standard_error = c.matrix.diagonal().cwiseMax(0.0).cwiseSqrt();
  out.t = out.estimate.cwiseQuotient(out.standard_error);
  out.p_value = out.t.unaryExpr([&](double t) { return stats::student_t_two_sided(t, c.degrees); });
  const double width = stats::student_t_critical(level, c.degrees);
  out.lower = out.estimate - width * out.standard_error;
  out.upper = out.estimate + width * out.standard_error;
  out.level = level;
  out.degrees = c.degrees;
  out.errors = c.name;
  if (k > 0 && !model.penalised()) {
    // At unit diagonal, so that units of factors do not decide about the rank.
    const Eigen::VectorXd root = out.standard_error.tail(k).cwiseInverse();
    const Eigen::MatrixXd unit = root.asDiagonal() * c.matrix.bottomRightCorner(k, k) * root.asDiagonal();
    const Eigen::LLT<Eigen::MatrixXd> llt(unit);
    if (llt.info() == Eigen::Success) {  // fewer clusters than factors: no F
      const Eigen::VectorXd z = llt.matrixL().solve(out.t.tail(k));
      out.f = z.squaredNorm() / static_cast<double>(k);
      out.f_degrees = static_cast<double>(k);
      out.f_p_value = stats::fisher_f_upper(out.f, out.f_degrees, c.degrees);
    }
  }
  return out;
}

}  // namespace basket::regress
