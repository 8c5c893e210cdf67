// R2 out of the sample: each stretch of days predicted from the days before it.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/regress/linear_model.hpp"

namespace basket::regress {

/// Predictions made without the days they are about.
struct out_of_sample {
  status state = status::too_few_observations;
  double r_squared = missing;           ///< 1 - squares of misses / squares around the mean known at the time
  std::vector<Eigen::Index> rows = {};  ///< the rows predicted
  Eigen::VectorXd predictions = {};     ///< one a predicted row
  std::size_t origins = 0;              ///< fits made
  std::size_t failed = 0;               ///< origins whose fit was not ok; their rows are not predicted
};

/// Moves an origin through the rows: at each, fits on the rows before it - all of them, or the last `window` - and
/// predicts the next `step`. R2 compares with the mean of the same rows before the origin, so a model that knows
/// nothing scores below zero.
///
/// Missing: incomplete rows are left out before anything is counted.
/// Fails:   precondition_error when first < 3 or step is 0; too_few_observations without a row to predict;
///          constant_input when the mean misses nothing.
/// Cost:    a fit each `step` rows.
/// Source:  Tashman (2000); Campbell and Thompson (2008) for this R2.
struct rolling_origin {
  static constexpr std::size_t expanding = 0;
  std::size_t first = 60;  ///< rows before the first origin
  std::size_t step = 20;
  std::size_t window = expanding;

  template <Regressor R>
  [[nodiscard]] out_of_sample score(const R& regressor, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                    const Eigen::Ref<const Eigen::VectorXd>& y) const {
    if (first < 3 || step == 0) {
      throw precondition_error("a rolling origin needs three rows before it and a step of one at least; it was given " +
                               std::to_string(first) + " and " + std::to_string(step));
    }
    if (x.rows() != y.size()) {
      throw precondition_error("factors and series need the same rows; x has " + std::to_string(x.rows()) + ", y has " +
                               std::to_string(y.size()));
    }
    std::vector<Eigen::Index> rows;
    for (Eigen::Index i = 0; i < y.size(); ++i) {
      if (!is_missing(y[i]) && !x.row(i).hasNaN()) rows.push_back(i);
    }
    const Eigen::MatrixXd design = x(rows, Eigen::all);
    const Eigen::VectorXd target = y(rows);
    const auto n = static_cast<Eigen::Index>(rows.size());
    out_of_sample out;
    std::vector<double> predictions;
    double misses = 0.0, spread = 0.0;
    for (auto origin = static_cast<Eigen::Index>(first); origin < n; origin += static_cast<Eigen::Index>(step)) {
      const Eigen::Index from =
          window == expanding ? 0 : std::max<Eigen::Index>(0, origin - static_cast<Eigen::Index>(window));
      const Eigen::Index ahead = std::min(static_cast<Eigen::Index>(step), n - origin);
      const linear_model model =
          regressor.fit(design.middleRows(from, origin - from), target.segment(from, origin - from), {});
      out.origins += 1;
      if (model.state != status::ok) {
        out.failed += 1;
        continue;
      }
      const Eigen::VectorXd predicted = model.predict(design.middleRows(origin, ahead));
      const double mean = target.segment(from, origin - from).mean();
      misses += (target.segment(origin, ahead) - predicted).squaredNorm();
      spread += (target.segment(origin, ahead).array() - mean).square().sum();
      for (Eigen::Index i = 0; i < ahead; ++i) {
        out.rows.push_back(rows[static_cast<std::size_t>(origin + i)]);
        predictions.push_back(predicted[i]);
      }
    }
    out.predictions =
        Eigen::Map<const Eigen::VectorXd>(predictions.data(), static_cast<Eigen::Index>(predictions.size()));
    if (predictions.empty()) return out;
    out.state = spread > 0.0 ? status::ok : status::constant_input;
    if (spread > 0.0) out.r_squared = 1.0 - misses / spread;
    return out;
  }
};

}  // namespace basket::regress
