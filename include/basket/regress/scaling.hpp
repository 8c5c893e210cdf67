// How columns are standardised before a penalty is applied.
#pragma once

namespace basket::regress {

/// How columns are standardised before a penalty is applied to them. Coefficients are always returned in the units of
/// the data.
enum class scaling {
  none,           ///< the penalty acts on coefficients as they are
  sample_sd,      ///< on coefficients of columns divided by their standard deviation over n - 1
  population_sd,  ///< the same over n, as scikit-learn's StandardScaler
};

}  // namespace basket::regress
