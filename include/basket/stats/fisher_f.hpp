// Fisher's F: the upper tail.
#pragma once

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "basket/core/missing.hpp"

namespace basket::stats {

/// P(F >= f) for Fisher's F with `above` and `below` degrees of freedom, which need not be whole.
///
/// Missing: missing when f is missing or degrees are not positive.
[[nodiscard]] inline double fisher_f_upper(double f, double above, double below) {
  if (is_missing(f) || !(above > 0.0) || !(below > 0.0)) return missing;
  if (f <= 0.0) return 1.0;
  if (std::isinf(f)) return 0.0;
  const double scaled = above * f;
  return scaled < below ? boost::math::ibetac(above / 2.0, below / 2.0, scaled / (below + scaled))
                        : boost::math::ibeta(below / 2.0, above / 2.0, below / (below + scaled));
}

}  // namespace basket::stats
