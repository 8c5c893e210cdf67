// Student's t: tail probabilities and quantiles.
#pragma once

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "basket/core/missing.hpp"

namespace basket::stats {

namespace detail {
// Answers instead of exceptions: what has no value is missing.
using quiet =
    boost::math::policies::policy<boost::math::policies::domain_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::pole_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;
}  // namespace detail

/// P(|T| >= |t|) for Student's t with `degrees` of freedom, which need not be whole.
///
/// Missing: missing when t is missing or degrees are not positive.
[[nodiscard]] inline double student_t_two_sided(double t, double degrees) {
  if (is_missing(t) || !(degrees > 0.0)) return missing;
  if (std::isinf(t)) return 0.0;
  const double squared = t * t;
  // Of the two forms the one whose argument keeps its digits.
  return squared < degrees ? boost::math::ibetac(0.5, degrees / 2.0, squared / (degrees + squared), detail::quiet())
                           : boost::math::ibeta(degrees / 2.0, 0.5, degrees / (degrees + squared), detail::quiet());
}

/// The t >= 0 with P(|T| <= t) = level: what a confidence interval multiplies its standard error by.
///
/// Missing: missing unless 0 <= level < 1 and degrees are positive.
[[nodiscard]] inline double student_t_critical(double level, double degrees) {
  if (!(level >= 0.0 && level < 1.0) || !(degrees > 0.0)) return missing;
  double rest = 0.0;  // 1 - x, which keeps its digits when x is close to 1
  const double x = boost::math::ibeta_inv(degrees / 2.0, 0.5, 1.0 - level, &rest, detail::quiet());
  return std::sqrt(degrees * rest / x);
}

}  // namespace basket::stats
