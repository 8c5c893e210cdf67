// Performance figures of a NAV series on a stated calendar, and the convention of the seed's published table.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "basket/backtest/result.hpp"
#include "basket/core/calendar.hpp"
#include "basket/core/missing.hpp"

namespace basket::backtest {

/// Net asset values at consecutive open days of calendar C, the starting capital first. There is no default calendar
/// and no conversion from one to another: a series of calendar days cannot be annualised by 252.
template <calendar::Calendar C>
struct nav_series {
  std::span<const double> values = {};
};

/// The worst and the longest stretch below an earlier peak; positions are indices into the NAV series.
struct drawdowns {
  double deepest = 0.0;  ///< lowest NAV / running peak - 1, in [-1, 0]
  std::size_t deepest_peak = 0, deepest_trough = 0;
  std::size_t longest = 0;  ///< periods from the peak to the first value not below it, or to the end
  std::size_t longest_from = 0, longest_to = 0;
  bool longest_is_open = false;  ///< the series ends below that peak
};

/// Figures of one NAV series; annual ones by the periods per year of C.
///
/// Missing: what is not defined (no variation, no drawdown, returns after ruin, fewer than two returns, overflow) is
///          missing, never infinite.
template <calendar::Calendar C>
struct performance {
  static constexpr double periods_per_year = C::periods_per_year;
  double risk_free_per_year = 0.0;
  std::size_t periods = 0;                     ///< number of returns n
  double total_return = missing;               ///< end / start - 1
  double annual_return = missing;              ///< (end / start)^(periods_per_year / n) - 1
  double arithmetic_annual_return = missing;   ///< mean return * periods_per_year
  double annual_volatility = missing;          ///< sample standard deviation (n - 1) * sqrt(periods_per_year)
  double sharpe = missing;                     ///< (mean - risk_free) / sample sd, * sqrt(periods_per_year)
  double sharpe_error = missing;               ///< of `sharpe` for independent normal returns
  double sharpe_error_any_shape = missing;     ///< of `sharpe` for independent returns of any skewness and kurtosis
  double annual_downside_deviation = missing;  ///< sqrt(mean of min(r - risk_free, 0)^2 over all n * periods_per_year)
  double sortino = missing;                    ///< annual mean excess return / annual_downside_deviation
  double calmar = missing;                     ///< annual_return / -deepest
  double positive_share = missing;             ///< share of returns above 0
  drawdowns falls = {};
};

/// Figures as in the seed's `backtest_metrics.csv`, column by column.
struct seed_figures {
  double annual_return = missing, annual_vol = missing, sharpe = missing, sortino = missing;
  double max_drawdown = missing, calmar = missing;
  std::size_t n_days = 0;
  double pct_positive_days = missing;
};

namespace detail {

inline void check_nav(std::span<const double> nav) {
  if (nav.size() < 2) {
    throw precondition_error("a NAV series needs at least 2 points, its starting capital first; this one has " +
                             std::to_string(nav.size()));
  }
  for (std::size_t i = 0; i < nav.size(); ++i) {
    if (!(nav[i] >= 0.0) || !std::isfinite(nav[i])) {
      throw precondition_error("a NAV must be finite and not negative; number " + std::to_string(i) + " is " +
                               (is_missing(nav[i]) ? "missing" : std::to_string(nav[i])));
    }
  }
  if (nav[0] == 0.0) throw precondition_error("a NAV series cannot start from a capital of 0");
}

/// Simple returns; empty when one of them does not exist because the NAV before it is 0.
inline std::vector<double> simple_returns(std::span<const double> nav) {
  std::vector<double> out(nav.size() - 1);
  for (std::size_t i = 1; i < nav.size(); ++i) {
    out[i - 1] = nav[i] / nav[i - 1] - 1.0;
    if (!std::isfinite(out[i - 1])) return {};
  }
  return out;
}

inline double finite_or_missing(double x) noexcept { return std::isfinite(x) ? x : missing; }
inline double mean_of(std::span<const double> x) noexcept {
  double sum = 0.0;
  for (const double value : x) sum += value;
  return sum / static_cast<double>(x.size());
}

/// Mean of (x - centre)^power.
inline double central_moment(std::span<const double> x, double centre, int power) noexcept {
  double sum = 0.0;
  for (const double value : x) {
    double term = 1.0;
    for (int p = 0; p < power; ++p) term *= value - centre;
    sum += term;
  }
  return sum / static_cast<double>(x.size());
}

/// Sample standard deviation; missing under two values, and exactly 0 where all variation is the rounding of NAV
/// ratios.
inline double sample_deviation(std::span<const double> x) noexcept {
  if (x.size() < 2) return missing;
  const double n = static_cast<double>(x.size());
  double largest = 1.0;
  for (const double value : x) largest = std::max(largest, std::abs(1.0 + value));
  const double deviation = std::sqrt(central_moment(x, mean_of(x), 2) * n / (n - 1.0));
  return deviation <= 4.0 * std::numeric_limits<double>::epsilon() * largest ? 0.0 : deviation;
}

inline drawdowns fall_of(std::span<const double> nav) noexcept {
  drawdowns out;
  std::size_t peak = 0;
  bool below = false;  // since the peak
  for (std::size_t i = 1; i < nav.size(); ++i) {
    const double depth = nav[i] / nav[peak] - 1.0;
    if (depth < out.deepest) {
      out.deepest = depth;
      out.deepest_peak = peak;
      out.deepest_trough = i;
    }
    const bool ends = nav[i] >= nav[peak];
    below = below || !ends;
    if (below && i - peak > out.longest) {
      out.longest = i - peak;
      out.longest_from = peak;
      out.longest_to = i;
    }
    if (ends) {
      peak = i;
      below = false;
    }
  }
  out.longest_is_open = below && out.longest_from == peak;
  return out;
}

}  // namespace detail

/// Measures a NAV series on calendar C; `risk_free_per_year` is a simple rate, spread evenly over the periods of a
/// year. It is also the target of the Sortino ratio.
///
/// Fails:  precondition_error for fewer than two points, a NAV that is missing, infinite or negative, a start of 0.
/// Cost:   O(points), a few passes.
/// Source: Lo, The statistics of Sharpe ratios (2002): sd of a Sharpe ratio s per period is sqrt((1 + s^2 / 2) / n);
///         Mertens, Comments on variance of the IID estimator in Lo (2002): sqrt((1 + s^2 / 2 - g3 s + (g4 - 3) s^2 /
///         4) / n) with skewness g3 and kurtosis g4. Both times sqrt(periods_per_year).
template <calendar::Calendar C>
struct metrics {
  double risk_free_per_year = 0.0;

  [[nodiscard]] performance<C> measure(nav_series<C> nav) const {
    detail::check_nav(nav.values);
    if (!std::isfinite(risk_free_per_year)) throw precondition_error("the risk-free rate must be a finite number");
    constexpr double year = C::periods_per_year;
    performance<C> out{.risk_free_per_year = risk_free_per_year};
    out.periods = nav.values.size() - 1;
    const double n = static_cast<double>(out.periods);
    const double growth = nav.values.back() / nav.values.front();
    out.total_return = detail::finite_or_missing(growth - 1.0);
    out.annual_return = detail::finite_or_missing(std::pow(growth, year / n) - 1.0);
    out.falls = detail::fall_of(nav.values);
    if (out.falls.deepest < 0.0) out.calmar = detail::finite_or_missing(out.annual_return / -out.falls.deepest);

    const std::vector<double> r = detail::simple_returns(nav.values);
    if (r.empty()) return out;
    const double mean = detail::mean_of(r), risk_free = risk_free_per_year / year, excess = mean - risk_free;
    out.arithmetic_annual_return = mean * year;
    out.positive_share = static_cast<double>(std::count_if(r.begin(), r.end(), [](double x) { return x > 0.0; })) / n;
    const double deviation = detail::sample_deviation(r);
    if (is_missing(deviation)) return out;
    out.annual_volatility = deviation * std::sqrt(year);
    double downside = 0.0;
    for (const double x : r) downside += std::min(x - risk_free, 0.0) * std::min(x - risk_free, 0.0);
    downside = std::sqrt(downside / n);
    if (downside <= 4.0 * std::numeric_limits<double>::epsilon()) downside = 0.0;
    out.annual_downside_deviation = downside * std::sqrt(year);
    if (downside > 0.0) out.sortino = detail::finite_or_missing(excess / downside * std::sqrt(year));
    if (deviation > 0.0) {
      const double s = excess / deviation;
      const double m2 = detail::central_moment(r, mean, 2);
      const double skewness = detail::central_moment(r, mean, 3) / (m2 * std::sqrt(m2));
      const double kurtosis = detail::central_moment(r, mean, 4) / (m2 * m2);
      out.sharpe = s * std::sqrt(year);
      out.sharpe_error = std::sqrt((1.0 + s * s / 2.0) / n * year);
      out.sharpe_error_any_shape = detail::finite_or_missing(
          std::sqrt((1.0 + s * s / 2.0 - skewness * s + (kurtosis - 3.0) * s * s / 4.0) / n * year));
    }
    return out;
  }
};

/// The seed's convention, kept so that its published table can be checked and its distance from the above be seen:
/// mean * 252, sample sd * sqrt(252), downside deviation as the sample sd of the negative returns around their own
/// mean, drawdown without the starting capital. It takes calendar days only, as the seed did.
///
/// Missing: as in `performance`.
/// Fails:   as `metrics`.
/// Bias:    calendar days annualised by 252 understate return and volatility; the ratios come out wrong with them.
struct seed_convention {
  [[nodiscard]] seed_figures measure(nav_series<calendar::every_day> nav) const {
    detail::check_nav(nav.values);
    constexpr double year = 252.0;
    seed_figures out{.n_days = nav.values.size() - 1};
    if (nav.values[1] > 0.0) out.max_drawdown = detail::fall_of(nav.values.subspan(1)).deepest;
    const std::vector<double> r = detail::simple_returns(nav.values);
    if (r.empty()) return out;
    out.annual_return = detail::mean_of(r) * year;
    out.annual_vol = detail::sample_deviation(r) * std::sqrt(year);
    std::vector<double> losses;
    for (const double x : r) {
      if (x < 0.0) losses.push_back(x);
    }
    out.pct_positive_days = static_cast<double>(std::count_if(r.begin(), r.end(), [](double x) { return x > 0.0; })) /
                            static_cast<double>(r.size());
    const double downside = detail::sample_deviation(losses) * std::sqrt(year);
    if (out.annual_vol > 0.0) out.sharpe = out.annual_return / out.annual_vol;
    if (downside > 0.0) out.sortino = out.annual_return / downside;
    if (out.max_drawdown < 0.0) out.calmar = out.annual_return / -out.max_drawdown;
    return out;
  }
};

/// The NAV of a daily run in dollars, one value a UTC day, the capital first: where the first day's books have already
/// moved, the capital stands for the close of the day before.
///
/// Fails: precondition_error when the run has no day, or its days are not consecutive.
[[nodiscard]] inline std::vector<double> nav_values(const result& run) {
  if (run.nav.empty()) throw precondition_error("a run without a single day has no NAV series");
  std::vector<double> out;
  out.reserve(run.nav.size() + 1);
  if (run.nav.front().nav != run.capital) out.push_back(run.capital.to_double());
  for (std::size_t i = 0; i < run.nav.size(); ++i) {
    if (i > 0 && run.nav[i].day - run.nav[i - 1].day != days(1)) {
      throw precondition_error("the NAV has no value for every day: " + to_string(run.nav[i].day) + " follows " +
                               to_string(run.nav[i - 1].day));
    }
    out.push_back(run.nav[i].nav.to_double());
  }
  return out;
}

}  // namespace basket::backtest
