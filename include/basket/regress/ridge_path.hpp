// Ridge over a whole grid of penalties from one factorisation, and the penalty that predicts best.
#pragma once

#include <Eigen/Core>
#include <Eigen/LU>
#include <Eigen/SVD>
#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/regress/linear_model.hpp"

namespace basket::regress {

/// Rows in time order cut into `count` equal runs; each is predicted from all others, later ones included.
struct contiguous_folds {
  std::size_t count = 5;
};

/// Runs after the first `first` rows, `count` of them, each predicted from the rows before it and no other.
struct rolling_folds {
  std::size_t first = 60;
  std::size_t count = 5;
};

/// Ridge fits along a grid of penalties.
struct ridge_path_fit {
  status state = status::too_few_observations;
  std::vector<double> penalties = {};
  Eigen::MatrixXd coefficients = {};    ///< k x penalties, in the units of the data
  Eigen::VectorXd intercepts = {};      ///< penalties
  Eigen::VectorXd degrees = {};         ///< penalties, trace of the hat matrix without the intercept
  Eigen::VectorXd r_squared = {};       ///< penalties, of the sample
  std::vector<Eigen::Index> rows = {};  ///< complete rows used
};

/// Mean squared error of prediction for each penalty, and the best of them.
struct penalty_choice {
  status state = status::too_few_observations;
  std::vector<double> penalties = {};
  Eigen::VectorXd losses = {};  ///< mean squared error over predicted rows
  double best = missing;        ///< the penalty of the smallest loss, the larger one of equals
  std::size_t predicted = 0;    ///< rows
};

namespace detail {

struct complete_rows {
  std::vector<Eigen::Index> rows = {};
  Eigen::MatrixXd x = {};
  Eigen::VectorXd y = {}, unit = {};  ///< coefficients of the data are those of x times unit
};

// Complete rows, each column divided by its deviation when the penalty asks for it.
inline complete_rows gather(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                            std::span<const double> penalties, scaling scaled) {
  if (x.rows() != y.size()) {
    throw precondition_error("factors and series need the same rows; x has " + std::to_string(x.rows()) + ", y has " +
                             std::to_string(y.size()));
  }
  if (penalties.empty()) throw precondition_error("a ridge path needs one penalty at least");
  for (const double p : penalties) {
    if (!(p > 0.0) || std::isinf(p)) {
      throw precondition_error("the penalties of a path are positive and finite; one is " + std::to_string(p));
    }
  }
  complete_rows out;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    if (std::isinf(y[i]) || x.row(i).array().isInf().any()) {
      throw data_error("the ridge path", static_cast<std::size_t>(i) + 1, "value", "it is infinite");
    }
    if (!is_missing(y[i]) && !x.row(i).hasNaN()) out.rows.push_back(i);
  }
  out.x = x(out.rows, Eigen::all);
  out.y = y(out.rows);
  out.unit.setOnes(x.cols());
  const double n = static_cast<double>(out.rows.size());
  if (scaled == scaling::none || n < 3) return out;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const Eigen::ArrayXd d = out.x.col(j).array() - out.x.col(j).mean();
    const double largest = d.abs().maxCoeff();
    if (!(largest > 1e-14 * out.x.col(j).cwiseAbs().maxCoeff())) {  // constant: no coefficient
      out.unit[j] = 0.0;
      out.x.col(j).setZero();
      continue;
    }
    const double squares = (d / largest).square().sum();
    out.unit[j] = 1.0 / (largest * std::sqrt(squares / (scaled == scaling::sample_sd ? n - 1.0 : n)));
    out.x.col(j) = d * out.unit[j];
  }
  return out;
}

// The thin SVD of centred rows: every penalty is a diagonal in it. A template, so that including it compiles no SVD.
template <class Matrix = Eigen::MatrixXd>
struct centred_svd {
  Eigen::VectorXd mean, s, uy;
  Eigen::MatrixXd u, v;
  double y_mean;
  centred_svd(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y)
      : mean(x.colwise().mean().transpose()), y_mean(y.mean()) {
    const Eigen::MatrixXd d = x.rowwise() - mean.transpose();
    const Eigen::BDCSVD<Matrix> svd(d, Eigen::ComputeThinU | Eigen::ComputeThinV);
    s = svd.singularValues();
    u = svd.matrixU();
    v = svd.matrixV();
    uy = u.transpose() * (y.array() - y_mean).matrix();
  }
  [[nodiscard]] Eigen::VectorXd coefficients(double penalty) const {
    return v * (s.array() / (s.array().square() + penalty) * uy.array()).matrix();
  }
};

}  // namespace detail

/// A grid of penalties for one regression. `fit` gives all models, `choose` the errors of prediction.
///
/// Missing: rows with a missing value are left out; folds are runs of the rows that remain.
/// Fails:   precondition_error at a penalty that is not positive and finite, or folds that do not fit;
///          too_few_observations below three rows; constant_input when y does not vary.
/// Cost:    one thin SVD, 6 n k^2, then n k a penalty. `choose` with contiguous folds needs no other factorisation of
///          X: with the hat matrix H of the whole sample, the residuals of a run predicted without it are
///          (I - H_run)^-1 e_run, (n / count)^3 / 3 each; with rolling folds one SVD a fold serves all penalties.
/// Bias:    with scaling, columns are standardised by the whole sample, folds included.
/// Source:  Hastie, Tibshirani and Friedman (2009), 3.4 and 7.10; Cook and Weisberg (1982), 3.6 for runs left out.
struct ridge_path {
  std::vector<double> penalties = {};
  scaling scaled = scaling::none;

  template <class Fit = ridge_path_fit>
  [[nodiscard]] Fit fit(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y) const {
    detail::complete_rows data = detail::gather(x, y, penalties, scaled);
    Fit out;
    out.penalties = penalties;
    out.rows = data.rows;
    if (data.rows.size() < 3) return out;
    const double total = (data.y.array() - data.y.mean()).square().sum();
    if (!(total > 0.0)) {
      out.state = status::constant_input;
      return out;
    }
    const detail::centred_svd<> svd(data.x, data.y);
    const auto count = static_cast<Eigen::Index>(penalties.size());
    out.coefficients.resize(x.cols(), count);
    for (Eigen::VectorXd* const v : {&out.intercepts, &out.degrees, &out.r_squared}) v->resize(count);
    for (Eigen::Index i = 0; i < count; ++i) {
      const double penalty = penalties[static_cast<std::size_t>(i)];
      const Eigen::VectorXd b = svd.coefficients(penalty);
      const Eigen::ArrayXd keep = svd.s.array().square() / (svd.s.array().square() + penalty);
      out.coefficients.col(i) = b.cwiseProduct(data.unit);
      // Means of the data, not of the standardised columns.
      out.intercepts[i] =
          svd.y_mean - Eigen::VectorXd(x(data.rows, Eigen::all).colwise().mean()).dot(out.coefficients.col(i));
      out.degrees[i] = keep.sum();
      out.r_squared[i] = (svd.uy.array().square() * keep * (2.0 - keep)).sum() / total;
    }
    out.state = status::ok;
    return out;
  }

  template <class Choice = penalty_choice>
  [[nodiscard]] Choice choose(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                              contiguous_folds folds) const {
    const detail::complete_rows data = detail::gather(x, y, penalties, scaled);
    Choice out = empty_choice();
    const auto n = static_cast<Eigen::Index>(data.rows.size()), runs = static_cast<Eigen::Index>(folds.count);
    if (runs < 2) throw precondition_error("contiguous folds need a count of two at least");
    if (n < std::max<Eigen::Index>(3, runs)) return out;
    const detail::centred_svd<> svd(data.x, data.y);
    for (std::size_t i = 0; i < penalties.size(); ++i) {
      const Eigen::VectorXd keep = (svd.s.array().square() / (svd.s.array().square() + penalties[i])).matrix();
      const Eigen::VectorXd e = (data.y.array() - svd.y_mean).matrix() - svd.u * keep.cwiseProduct(svd.uy);
      double loss = 0.0;
      for (Eigen::Index f = 0; f < runs; ++f) {
        const auto [from, size] = run(n, f, runs);
        const auto u = svd.u.middleRows(from, size);
        Eigen::MatrixXd rest = -(u * keep.asDiagonal() * u.transpose());
        rest.array() -= 1.0 / static_cast<double>(n);  // the intercept's part of the hat matrix
        rest.diagonal().array() += 1.0;
        loss += rest.partialPivLu().solve(e.segment(from, size)).squaredNorm();
      }
      out.losses[static_cast<Eigen::Index>(i)] = loss / static_cast<double>(n);
    }
    out.predicted = data.rows.size();
    pick(out);
    return out;
  }

  template <class Choice = penalty_choice>
  [[nodiscard]] Choice choose(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::VectorXd>& y,
                              rolling_folds folds) const {
    const detail::complete_rows data = detail::gather(x, y, penalties, scaled);
    Choice out = empty_choice();
    const auto n = static_cast<Eigen::Index>(data.rows.size()), runs = static_cast<Eigen::Index>(folds.count);
    const auto first = static_cast<Eigen::Index>(folds.first);
    if (runs < 1 || first < 3) {
      throw precondition_error("rolling folds need three rows before the first and one fold at least");
    }
    if (n < first + runs) return out;
    out.losses.setZero();
    for (Eigen::Index f = 0; f < runs; ++f) {
      const auto [offset, size] = run(n - first, f, runs);
      const Eigen::Index from = first + offset;
      const detail::centred_svd<> svd(data.x.topRows(from), data.y.head(from));
      const Eigen::MatrixXd test = data.x.middleRows(from, size).rowwise() - svd.mean.transpose();
      for (std::size_t i = 0; i < penalties.size(); ++i) {
        const Eigen::VectorXd miss = data.y.segment(from, size) - test * svd.coefficients(penalties[i]);
        out.losses[static_cast<Eigen::Index>(i)] += (miss.array() - svd.y_mean).square().sum();
      }
    }
    out.losses /= static_cast<double>(n - first);
    out.predicted = static_cast<std::size_t>(n - first);
    pick(out);
    return out;
  }

 private:
  [[nodiscard]] penalty_choice empty_choice() const {
    penalty_choice out;
    out.penalties = penalties;
    out.losses.setConstant(static_cast<Eigen::Index>(penalties.size()), missing);
    return out;
  }
  // Run f of `runs` over n rows: the first n % runs are one longer, as everywhere.
  static std::pair<Eigen::Index, Eigen::Index> run(Eigen::Index n, Eigen::Index f, Eigen::Index runs) {
    const Eigen::Index size = n / runs, longer = n % runs;
    return {f * size + std::min(f, longer), size + (f < longer ? 1 : 0)};
  }
  static void pick(penalty_choice& out) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < out.penalties.size(); ++i) {
      const double loss = out.losses[static_cast<Eigen::Index>(i)];
      if (loss < least || (loss == least && out.penalties[i] > out.best)) {
        least = loss;
        out.best = out.penalties[i];
      }
    }
    out.state = is_missing(out.best) ? status::ill_conditioned : status::ok;
  }
};

}  // namespace basket::regress
