// Ridge and least squares of thousands of ragged markets on shared factors in one pass.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/regress/lane_group.hpp"
#include "basket/regress/market_by_qr.hpp"
#include "basket/regress/market_windows.hpp"
#include "basket/regress/shared_factors.hpp"

namespace basket::regress {

/// Fits of N markets on k shared factors, with their labels. What could not be computed is missing.
template <class Id>
struct batch_fit {
  std::vector<Id> markets = {};
  std::vector<std::string> factors = {};
  Eigen::MatrixXd beta = {};             ///< k x N, in the units of the data
  Eigen::MatrixXd t = {};                ///< k x N, beta over its classical standard error
  Eigen::VectorXd intercept = {};        ///< N
  Eigen::VectorXd intercept_t = {};      ///< N
  Eigen::VectorXd r_squared = {};        ///< N, in the sample: read it beside its null
  Eigen::VectorXd degrees = {};          ///< N, of freedom of the factors: k, or the trace of the ridge hat matrix
  Eigen::VectorXd residual_sd = {};      ///< N, with n - 1 - degrees below the sum of squares
  std::vector<std::size_t> counts = {};  ///< N, observations used
  std::vector<status> states = {};       ///< N
  std::vector<route> routes = {};        ///< N

  /// How many markets ended in a status.
  [[nodiscard]] std::size_t count(status s) const {
    return static_cast<std::size_t>(std::count(states.begin(), states.end(), s));
  }
  /// How many markets went a way.
  [[nodiscard]] std::size_t count(route r) const {
    return static_cast<std::size_t>(std::count(routes.begin(), routes.end(), r));
  }
};

/// Ridge of each market on its own observed days: min |y - a - X b|^2 + penalty |b|^2, the intercept a not penalised;
/// penalty 0 is least squares. X is T x k, Y is T x N, both column-major; a market's days are those where it and all
/// factors are observed. Standard errors are those of the penalised estimator, sd^2 A^-1 X'X A^-1 with
/// A = X'X + penalty, n - 1 - trace(hat) degrees of freedom; they know no bias.
///
/// Missing: NaN in Y is a day without an observation; a day with a NaN in X is left out for all markets.
/// Fails:   precondition_error when shapes or labels do not fit or the penalty is negative; data_error at an infinite
///          value. Per market: too_few_observations (below `min_observations`, k + 2 or, with a penalty, 3);
///          rank_deficient; constant_input.
/// Cost:    a pass over Y, T k^2 once, then O(k^2) for each window's Gram however long it is, 2/3 k^3 for each distinct
///          window and n k + 2 k^2 for each market.
/// Bias:    R2 is of the sample; with many factors and few days noise gives most of it. See regress::shift_null.
/// Source:  Hoerl and Kennard (1970); docs/regression.md for what a Gram cannot carry.
struct batch_ridge {
  double penalty = 1.0;
  scaling scaled = scaling::none;
  std::size_t min_observations = 0;
  /// Largest product of a variance inflation and the digits lost to centring for which the Gram is used; above, QR.
  double most_inflation = 1e5;

  /// The fewest observations with which a market of k factors is fitted.
  [[nodiscard]] std::ptrdiff_t least(std::ptrdiff_t k) const {
    return std::max(static_cast<std::ptrdiff_t>(min_observations), penalty > 0.0 ? std::ptrdiff_t{3} : k + 2);
  }
  /// Fails: precondition_error when the shapes do not fit or the penalty is negative.
  void check(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::MatrixXd>& y) const {
    if (x.rows() != y.rows()) {
      throw precondition_error("factors and markets need the same days; x has " + std::to_string(x.rows()) +
                               " rows, y has " + std::to_string(y.rows()));
    }
    if (!(penalty >= 0.0) || std::isinf(penalty)) {
      throw precondition_error("a penalty must be finite and not negative; this one is " + std::to_string(penalty));
    }
  }

  template <class Id, ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] batch_fit<Id> fit(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const std::string> factors,
                                  const Eigen::Ref<const Eigen::MatrixXd>& y, std::span<const Id> markets,
                                  const Policy& policy = {}) const {
    const std::ptrdiff_t k = x.cols(), n = y.cols();
    check(x, y);
    if (static_cast<std::ptrdiff_t>(factors.size()) != k || static_cast<std::ptrdiff_t>(markets.size()) != n) {
      throw precondition_error("every column needs its label; x has " + std::to_string(k) + " columns and " +
                               std::to_string(factors.size()) + " names, y has " + std::to_string(n) + " columns and " +
                               std::to_string(markets.size()) + " ids");
    }
    batch_fit<Id> out;
    out.markets.assign(markets.begin(), markets.end());
    out.factors.assign(factors.begin(), factors.end());
    out.beta.setConstant(k, n, missing);
    out.t.setConstant(k, n, missing);
    for (Eigen::VectorXd* const v :
         {&out.intercept, &out.intercept_t, &out.r_squared, &out.degrees, &out.residual_sd}) {
      v->setConstant(n, missing);
    }
    const auto size = static_cast<std::size_t>(n);
    out.states.assign(size, status::too_few_observations);
    out.routes.assign(size, route::none);
    const detail::shared_factors shared = detail::prepare(x, factors);
    const detail::batch_order order = detail::arrange(shared, y, least(k), policy);
    out.counts.reserve(size);
    for (const detail::market_window& w : order.windows) out.counts.push_back(static_cast<std::size_t>(w.count));
    const detail::batch_target to{out.beta.data(),        out.t.data(),         out.intercept.data(),
                                  out.intercept_t.data(), out.r_squared.data(), out.degrees.data(),
                                  out.residual_sd.data(), out.states.data(),    out.routes.data()};
    const detail::batch_options options{penalty, scaled, most_inflation};
    constexpr std::size_t lanes = numeric::lane_count, groups_a_task = 8;
    const std::size_t groups = (order.slots.size() + lanes - 1) / lanes;
    policy.for_each_index((groups + groups_a_task - 1) / groups_a_task, [&](std::size_t task) {
      detail::lane_group group(shared, options);
      for (std::size_t g = task * groups_a_task; g < std::min(groups, (task + 1) * groups_a_task); ++g) {
        group.fit(order, g * lanes, x, y, to);
      }
    });
    return out;
  }
};

}  // namespace basket::regress
