// Missing values: quiet NaN in a double, and one test for it.
#pragma once

#include <limits>

namespace basket {

/// The missing value of every `double` in the library. It says *that* a value is missing; the contract's life says why.
inline constexpr double missing = std::numeric_limits<double>::quiet_NaN();

/// True when `x` is missing. The only test for it in the code.
[[nodiscard]] constexpr bool is_missing(double x) noexcept { return x != x; }

}  // namespace basket
