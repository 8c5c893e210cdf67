// A regression as a statistics package prints it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "basket/regress/diagnostics.hpp"
#include "basket/regress/shift_null.hpp"
#include "basket/regress/standard_errors.hpp"

namespace basket::report {

/// The printed table of a fitted model: its coefficients with errors, how much it explains beside what noise gives when
/// a null is passed, and the diagnostics. Plain text, lines of at most 100 columns for names of up to 24.
///
/// Fails: numeric_error unless the model is ok.
[[nodiscard]] inline std::string regression_text(const regress::linear_model& model,
                                                 const Eigen::Ref<const Eigen::MatrixXd>& x,
                                                 const regress::coefficient_table& table,
                                                 const std::optional<regress::shift_null_result>& null = std::nullopt) {
  require_ok(model);
  std::size_t width = 9;
  for (const std::string& name : table.names) width = std::max(width, name.size());
  const auto cell = [](double v) { return is_missing(v) ? std::string("-") : fmt::format("{:.4g}", v); };
  const auto p_cell = [](double p) {
    if (is_missing(p)) return std::string("-");
    return p < 1e-4 ? std::string("<0.0001") : fmt::format("{:.4f}", p);
  };
  const std::string rule(width + 76, '-');
  std::string out;
  const auto line = [&](const std::string& left, const std::string& a, const std::string& right, const std::string& b) {
    out += fmt::format("{:<24}{:>14}    {:<24}{:>14}\n", left, a, right, b);
  };
  out += rule + "\n";
  line("observations", std::to_string(model.rows.size()), "errors", table.errors.substr(0, 24));
  line("degrees of the factors", fmt::format("{:.2f}", model.degrees), "residual degrees",
       fmt::format("{:.2f}", model.residual_degrees));
  line("R2", fmt::format("{:.4f}", model.r_squared), "adjusted R2", fmt::format("{:.4f}", model.adjusted_r_squared));
  line("F", cell(table.f), "p of F", p_cell(table.f_p_value));
  line("residual sd", cell(model.residual_sd), "condition of the factors",
       cell(regress::condition_number(x(model.rows, Eigen::all))));
  if (null) {
    line("R2 of shifted series", fmt::format("{:.4f}", null->mean), "p of the shift null", p_cell(null->p_value));
  }
  out += rule + "\n";
  out += fmt::format("{:<{}} {:>12} {:>12} {:>10} {:>10} {:>13} {:>13}\n", "", width, "estimate", "error", "t", "p",
                     fmt::format("{:.4g} % from", 100.0 * table.level), "to");
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    const auto j = static_cast<Eigen::Index>(i);
    out += fmt::format("{:<{}} {:>12} {:>12} {:>10} {:>10} {:>13} {:>13}\n", table.names[i], width,
                       cell(table.estimate[j]), cell(table.standard_error[j]), cell(table.t[j]),
                       p_cell(table.p_value[j]), cell(table.lower[j]), cell(table.upper[j]));
  }
  out += rule + "\n";
  const regress::test_result spread = regress::breusch_pagan(model, x), shape = regress::jarque_bera(model.residuals);
  out += fmt::format("{:<24}{:>14}\n", "Durbin-Watson", cell(regress::durbin_watson(model.residuals)));
  line("Breusch-Pagan", cell(spread.statistic), "p", p_cell(spread.p_value));
  line("Jarque-Bera", cell(shape.statistic), "p", p_cell(shape.p_value));
  out += rule + "\n";
  return out;
}

}  // namespace basket::report
