// The streaming twin of the Gram: a day pushed, a day dropped, O(k^2) each, without drift.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "basket/core/error.hpp"

namespace basket::numeric {

/// Sums of 1, x, x x', x y, y, y^2 over the days inside a window, kept as unevaluated pairs of doubles (about 106
/// bits), so that dropping a day leaves what the remaining days give. After m pushes and drops every entry differs from
/// the exact sum over the days inside by at most
///     u |exact| + 4 m u^2 (sum over all days ever pushed of |z_i z_j|),   u = 2^-53:
/// the batch sum over the same n days, whose bound is n u sum |z_i z_j|, is less exact. Centring is done on the pairs.
///
/// Missing: none allowed: skip a day that is missing.
/// Fails:   precondition_error at a row of another width, a value that is not finite, or a drop when nothing is inside.
/// Cost:    about 12 operations for each of (k + 2)^2 / 2 entries a push or drop.
/// Source:  Dekker (1971); Ogita, Rump and Oishi (2005), two-sum and two-product.
class streaming_gram {
 public:
  explicit streaming_gram(std::ptrdiff_t factors) : factors_(factors) {
    if (factors < 0) throw precondition_error("a streaming Gram needs a number of factors that is not negative");
    const auto size = static_cast<std::size_t>((factors + 2) * (factors + 3) / 2);
    high_.assign(size, 0.0);
    low_.assign(size, 0.0);
    row_.assign(static_cast<std::size_t>(factors) + 2, 1.0);
  }

  void push(const Eigen::Ref<const Eigen::VectorXd>& x, double y) { add(x, y, 1.0); }
  /// Takes out a day that was pushed, any of them; the caller passes the values that he pushed.
  void drop(const Eigen::Ref<const Eigen::VectorXd>& x, double y) {
    if (count_ == 0) throw precondition_error("a day cannot be dropped from a streaming Gram that holds none");
    add(x, y, -1.0);
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  [[nodiscard]] std::ptrdiff_t factors() const noexcept { return factors_; }

  /// The centred moments of the days inside: Xc'Xc, Xc'yc, yc'yc and the means.
  struct moments {
    std::size_t count = 0;
    Eigen::MatrixXd gram = {};   ///< k x k
    Eigen::VectorXd cross = {};  ///< k
    double squares = 0.0;
    Eigen::VectorXd means = {};  ///< k
    double y_mean = 0.0;
  };
  /// Cost: k^2. With nothing inside everything is zero.
  [[nodiscard]] moments centred() const {
    const std::ptrdiff_t k = factors_;
    moments out{count_, Eigen::MatrixXd::Zero(k, k), Eigen::VectorXd::Zero(k), 0.0, Eigen::VectorXd::Zero(k), 0.0};
    if (count_ == 0) return out;
    const double n = static_cast<double>(count_);
    const auto entry = [&](std::ptrdiff_t i, std::ptrdiff_t j) {  // i, j = 1 .. k are factors, k + 1 is y
      const double value = minus_product(at(i, j), at(i, 0), at(j, 0), n);
      return i == j ? std::max(value, 0.0) : value;
    };
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      for (std::ptrdiff_t i = j; i < k; ++i) out.gram(i, j) = out.gram(j, i) = entry(i + 1, j + 1);
      out.cross[j] = entry(k + 1, j + 1);
      out.means[j] = high_[index(j + 1, 0)] / n;
    }
    out.squares = entry(k + 1, k + 1);
    out.y_mean = high_[index(k + 1, 0)] / n;
    return out;
  }

 private:
  struct pair {
    double high = 0.0, low = 0.0;
  };
  static pair two_sum(double a, double b) noexcept {
    const double s = a + b, t = s - a;
    return {s, (a - (s - t)) + (b - t)};
  }
  static pair add_pair(pair a, double high, double low) noexcept {
    const pair s = two_sum(a.high, high);
    const double rest = s.low + (a.low + low);
    const double sum = s.high + rest;
    return {sum, rest - (sum - s.high)};
  }
  static std::size_t index(std::ptrdiff_t i, std::ptrdiff_t j) noexcept {
    return static_cast<std::size_t>(i * (i + 1) / 2 + j);
  }
  [[nodiscard]] pair at(std::ptrdiff_t i, std::ptrdiff_t j) const { return {high_[index(i, j)], low_[index(i, j)]}; }
  // g - a b / n on pairs.
  static double minus_product(pair g, pair a, pair b, double n) {
    const double product = a.high * b.high;
    const double rest = std::fma(a.high, b.high, -product) + (a.high * b.low + a.low * b.high);
    const double quotient = product / n;
    const double remainder = (std::fma(-quotient, n, product) + rest) / n;
    const pair out = add_pair(g, -quotient, -remainder);
    return out.high + out.low;
  }

  void add(const Eigen::Ref<const Eigen::VectorXd>& x, double y, double sign) {
    if (x.size() != factors_) {
      throw precondition_error("a day of this streaming Gram has " + std::to_string(factors_) +
                               " factors; it was given " + std::to_string(x.size()));
    }
    if (!x.allFinite() || !std::isfinite(y)) {
      throw precondition_error("a day of a streaming Gram needs finite values; skip a day that is missing");
    }
    for (std::ptrdiff_t j = 0; j < factors_; ++j) row_[static_cast<std::size_t>(j) + 1] = x[j];
    row_.back() = y;
    std::size_t e = 0;
    for (std::size_t i = 0; i < row_.size(); ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++e) {
        const double product = row_[i] * row_[j], rest = std::fma(row_[i], row_[j], -product);
        const pair sum = add_pair({high_[e], low_[e]}, sign * product, sign * rest);
        high_[e] = sum.high;
        low_[e] = sum.low;
      }
    }
    sign > 0.0 ? ++count_ : --count_;
  }

  std::ptrdiff_t factors_;
  std::size_t count_ = 0;
  std::vector<double> high_, low_, row_;
};

}  // namespace basket::numeric
