// The chi-squared distribution: the upper tail.
#pragma once

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "basket/core/missing.hpp"

namespace basket::stats {

/// P(X >= x) for chi-squared with `degrees` of freedom, which need not be whole.
///
/// Missing: missing when x is missing or degrees are not positive.
[[nodiscard]] inline double chi_squared_upper(double x, double degrees) {
  if (is_missing(x) || !(degrees > 0.0)) return missing;
  if (x <= 0.0) return 1.0;
  if (std::isinf(x)) return 0.0;
  return boost::math::gamma_q(degrees / 2.0, x / 2.0);
}

}  // namespace basket::stats
