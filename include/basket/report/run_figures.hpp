// What the text report and summary.json of a run both state: figures, counts by reason, bounds for what has no price.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "basket/backtest/metrics.hpp"
#include "basket/backtest/result.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// What a program adds to a run. Nothing in it may depend on the clock or the machine: the same run gives the same
/// bytes.
struct run_notes {
  std::string title = "Daily run";
  std::vector<std::string> bias = {};  ///< printed before the assumptions that the engine's parts state
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< what was run: option and value
  std::vector<section> before = {};  ///< data, defects, coverage funnel, agreement of themes: before the figures
  std::vector<std::string> market_titles = {};  ///< empty, or one a contract, shown beside its id
  double risk_free_per_year = 0.0;
  std::size_t extremes = 10;  ///< how many of the largest gains, and of the largest losses, are listed
};

/// A count with the shares and the cash of what was counted.
struct tally {
  std::size_t count = 0;
  shares quantity = {};
  money cash = {};
};

/// Figures on calendar days.
using daily_figures = backtest::performance<calendar::every_day>;

/// Figures of the run's NAV; all missing when it has a single value.
[[nodiscard]] inline daily_figures figures_of(const backtest::result& run, double risk_free) {
  const std::vector<double> nav = backtest::nav_values(run);
  if (nav.size() < 2) return {.risk_free_per_year = risk_free};
  return backtest::metrics<calendar::every_day>{.risk_free_per_year = risk_free}.measure({.values = nav});
}

/// The day of a position in `nav_values`.
[[nodiscard]] inline utc_day day_of_value(const backtest::result& run, std::size_t position) {
  const bool capital_comes_first = run.nav.front().nav != run.capital;
  return run.nav.front().day + days(static_cast<std::int32_t>(position) - (capital_comes_first ? 1 : 0));
}

/// Orders not executed, in the order of their reasons.
[[nodiscard]] inline std::map<std::pair<std::string, side>, tally> given_up_by_reason(const backtest::result& run) {
  std::map<std::pair<std::string, side>, tally> out;
  for (const backtest::unfilled& u : run.not_done) {
    tally& t = out[{u.reason, u.direction}];
    ++t.count;
    t.quantity += u.quantity;
  }
  return out;
}

/// Settlements by what they paid.
[[nodiscard]] inline std::vector<std::pair<const char*, tally>> settlements_by_kind(const backtest::result& run) {
  std::vector<std::pair<const char*, tally>> out{
      {"settled at 1", {}}, {"settled at 0", {}}, {"settled in between", {}}, {"void", {}}};
  for (const backtest::payout& p : run.payouts) {
    const std::size_t kind = p.voided ? 3 : p.per_share == price::cents(100) ? 0 : p.per_share == price{} ? 1 : 2;
    ++out[kind].second.count;
    out[kind].second.quantity += p.quantity;
    out[kind].second.cash += p.cash;
  }
  return out;
}

/// What is left without a further price in the data, and the NAV if all of it paid nothing or a dollar a share.
struct ended_positions {
  std::size_t count = 0;
  money value = {}, nav_if_lose = {}, nav_if_win = {};
};
[[nodiscard]] inline ended_positions ended_of(const backtest::result& run) {
  ended_positions out;
  money win;
  for (const backtest::open_position& p : run.left) {
    if (!p.data_ended) continue;
    ++out.count;
    out.value += p.value;
    win += money::micros(p.quantity.micros());  // a dollar a share
  }
  out.nav_if_lose = run.nav.back().nav - out.value;
  out.nav_if_win = out.nav_if_lose + win;
  return out;
}

/// part / whole; missing when the whole is not positive.
[[nodiscard]] inline double share_of(money part, money whole) {
  return whole > money{} ? part.to_double() / whole.to_double() : missing;
}

/// The day on which stale positions weighed most; nothing when there never was one beside a positive NAV.
[[nodiscard]] inline const backtest::nav_point* stalest(const backtest::result& run) {
  const backtest::nav_point* worst = nullptr;
  for (const backtest::nav_point& p : run.nav) {
    if (p.stale == 0 || p.nav <= money{}) continue;
    if (worst == nullptr || share_of(p.stale_value, p.nav) > share_of(worst->stale_value, worst->nav)) worst = &p;
  }
  return worst;
}

}  // namespace basket::report
