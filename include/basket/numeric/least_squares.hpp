// One penalised least squares problem by QR with column pivoting: the careful way, for single fits and as a fallback.
#pragma once

#include <Eigen/QR>
#include <cmath>
#include <limits>
#include <string>

#include "basket/core/error.hpp"
#include "basket/core/status.hpp"

namespace basket::numeric {

/// The solution b of min |y - X b|^2 + sum_j penalty_j b_j^2 and what its errors are computed from.
template <class Scalar = double>
struct least_squares_solution {
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> coefficients = {};          ///< p; empty unless ok
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> inverse = {};  ///< (X'X + penalty)^-1, p x p
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> root = {};     ///< root * root' is `inverse`
  Eigen::Index rank = 0;                                               ///< to working precision
  Scalar condition = std::numeric_limits<Scalar>::infinity();          ///< of X with unit columns, 1-norm
  status state = status::rank_deficient;
};

/// Solves min |y - X b|^2 + sum_j penalty_j b_j^2; X is n x p, y has n rows, penalty p entries >= 0. Columns are first
/// scaled by powers of two, so that no unit of a column matters.
///
/// Missing: none allowed.
/// Fails:   precondition_error when the shapes differ; status::rank_deficient when [X; sqrt(penalty)] has no full
///          column rank to working precision.
/// Cost:    2 (n + p) p^2.
/// Source:  Golub and Van Loan, Matrix Computations (2013), 5.4.2; Higham (2002), chapter 20.
template <class Scalar = double>
[[nodiscard]] least_squares_solution<Scalar> least_squares(
    const Eigen::Ref<const Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>>& x,
    const Eigen::Ref<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>>& y,
    const Eigen::Ref<const Eigen::Matrix<Scalar, Eigen::Dynamic, 1>>& penalty) {
  using matrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic>;
  using vector = Eigen::Matrix<Scalar, Eigen::Dynamic, 1>;
  const Eigen::Index n = x.rows(), p = x.cols();
  if (y.size() != n || penalty.size() != p) {
    throw precondition_error("least squares needs one row of y a row of x and one penalty a column; x is " +
                             std::to_string(n) + " x " + std::to_string(p) + ", y has " + std::to_string(y.size()) +
                             " rows, there are " + std::to_string(penalty.size()) + " penalties");
  }
  least_squares_solution<Scalar> out;
  if (p == 0) {
    out.coefficients.resize(0);
    out.inverse.resize(0, 0);
    out.root.resize(0, 0);
    out.condition = Scalar(1);
    out.state = status::ok;
    return out;
  }
  const bool penalised = (penalty.array() > Scalar(0)).any();
  if (n == 0 && !penalised) return out;
  matrix a = matrix::Zero(n + (penalised ? p : 0), p);
  vector scale(p);
  for (Eigen::Index j = 0; j < p; ++j) {
    using std::frexp, std::ldexp, std::sqrt;
    const Scalar largest = n > 0 ? x.col(j).cwiseAbs().maxCoeff() : Scalar(0);
    int exponent = 0;
    (void)frexp(std::max(largest, sqrt(penalty[j])), &exponent);
    scale[j] = ldexp(Scalar(1), exponent < -1000 ? 1000 : -exponent);
    a.col(j).head(n) = x.col(j) * scale[j];
    if (penalised) a(n + j, j) = sqrt(penalty[j]) * scale[j];
    const Scalar norm = a.col(j).norm();  // between 1/2 and sqrt(n + 1): safe to square, then exact unit columns
    if (norm > Scalar(0)) {
      a.col(j) /= norm;
      scale[j] /= norm;
    }
  }
  Eigen::ColPivHouseholderQR<matrix> qr(a);
  qr.setThreshold(std::numeric_limits<Scalar>::epsilon() * static_cast<Scalar>(std::max(a.rows(), p)));
  out.rank = qr.rank();
  if (a.rows() < p || out.rank < p) return out;
  vector rhs = vector::Zero(a.rows());
  rhs.head(n) = y;
  out.coefficients = scale.cwiseProduct(vector(qr.solve(rhs)));
  const matrix r = qr.matrixR().topLeftCorner(p, p).template triangularView<Eigen::Upper>();
  const matrix root = r.template triangularView<Eigen::Upper>().solve(matrix::Identity(p, p));
  out.condition = r.cwiseAbs().colwise().sum().maxCoeff() * root.cwiseAbs().colwise().sum().maxCoeff();
  out.root = scale.asDiagonal() * (qr.colsPermutation() * root);
  out.inverse = out.root * out.root.transpose();
  out.state = status::ok;
  return out;
}

}  // namespace basket::numeric
