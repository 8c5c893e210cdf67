// The outcome of a numeric method, carried inside the value it returns.
#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "basket/core/error.hpp"

namespace basket {

enum class status {
  ok,
  too_few_observations,  ///< fewer complete rows than the method needs
  rank_deficient,        ///< the design or the matrix is singular to working precision
  ill_conditioned,       ///< an answer exists but its digits are not to be trusted by the method that was asked
  not_converged,         ///< an iteration reached its limit
  infeasible,            ///< no point meets all constraints
  constant_input,        ///< a series without variation where variation is divided by
};

/// The word for a status, as it appears in tables and files.
[[nodiscard]] constexpr std::string_view to_string(status s) noexcept {
  switch (s) {
    case status::ok:
      return "ok";
    case status::too_few_observations:
      return "too_few_observations";
    case status::rank_deficient:
      return "rank_deficient";
    case status::ill_conditioned:
      return "ill_conditioned";
    case status::not_converged:
      return "not_converged";
    case status::infeasible:
      return "infeasible";
    case status::constant_input:
      return "constant_input";
  }
  return "unknown";
}

/// Returns `value` when its `state` is ok.
///
/// Fails: numeric_error naming the status.
template <class Result>
  requires requires(const Result& r) {
    { r.state } -> std::convertible_to<status>;
  }
const Result& require_ok(const Result& value) {
  if (value.state != status::ok) {
    throw numeric_error("the numeric result is not usable: " + std::string(to_string(value.state)));
  }
  return value;
}

}  // namespace basket
