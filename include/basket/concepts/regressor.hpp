// A series explained by factors.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <span>
#include <string>
#include <vector>

#include "basket/core/status.hpp"

namespace basket {

/// What a regressor learned: y = intercept + X coefficients, on the rows it used.
template <class M>
concept LinearFit = requires(const M& model, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  { model.state } -> std::convertible_to<status>;
  { model.intercept } -> std::convertible_to<double>;
  { model.coefficients } -> std::convertible_to<const Eigen::VectorXd&>;
  { model.rows } -> std::convertible_to<const std::vector<Eigen::Index>&>;
  { model.residuals } -> std::convertible_to<const Eigen::VectorXd&>;
  { model.predict(x) } -> std::convertible_to<Eigen::VectorXd>;
};

/// Fits a series on factors, X n x k and y n, leaving out incomplete rows; names may be empty. What cannot be fitted is
/// said by the state, not thrown.
/// Laws: scaling y scales coefficients and intercept, shifting y shifts the intercept alone; permuting columns permutes
/// coefficients; predict of the used rows plus the residuals is y; asked twice, the same bytes.
template <class R>
concept Regressor = requires(const R& regressor, const Eigen::Ref<const Eigen::MatrixXd>& x,
                             const Eigen::Ref<const Eigen::VectorXd>& y, std::span<const std::string> names) {
  { regressor.fit(x, y, names) } -> LinearFit;
};

}  // namespace basket
