// The text report of a daily run.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "basket/backtest/result.hpp"
#include "basket/report/accounting.hpp"
#include "basket/report/run_figures.hpp"
#include "basket/report/run_files.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

namespace detail {

inline std::string market_label(const run_notes& notes, std::size_t i) {
  return i < notes.market_titles.size() ? notes.market_titles[i] : std::string();
}

inline std::string run_text(const backtest::result& run, const run_notes& notes) {
  std::string out = one_line(notes.title) + "\n" + std::string(display_width(one_line(notes.title)), '=') + "\n\n";
  for (const auto* list : {&notes.bias, &run.bias}) {
    for (const std::string& sentence : *list) out += wrapped("Bias: " + sentence);
  }
  out += heading("What was run");
  table settings{.columns = {{""}, {""}}};
  settings.rows.push_back({"days", to_string(run.nav.front().day) + " to " + to_string(run.nav.back().day) + ", " +
                                       std::to_string(run.nav.size()) + " UTC days, each at its close"});
  settings.rows.push_back({"starting capital", grouped(run.capital)});
  for (const auto& [option, value] : notes.settings) settings.rows.push_back({option, value});
  out += settings.text();
  for (const section& s : notes.before) out += s.text();
  return out;
}

inline std::string metrics_text(const backtest::result& run, const run_notes& notes) {
  const daily_figures f = figures_of(run, notes.risk_free_per_year);
  const auto between = [&](std::size_t from, std::size_t to) {
    return to_string(day_of_value(run, from)) + " to " + to_string(day_of_value(run, to));
  };
  std::string out = heading("Result");
  out += fmt::format("  On calendar days: {} returns, {:.0f} a year; risk-free rate {} a year.\n", f.periods,
                     daily_figures::periods_per_year, percent(notes.risk_free_per_year));
  table t{.columns = {{""}, {"", align::right}, {""}}};
  t.rows.push_back({"total return", percent(f.total_return), ""});
  t.rows.push_back({"annual return", percent(f.annual_return), "(end / start)^(365 / days) - 1"});
  t.rows.push_back({"arithmetic annual return", percent(f.arithmetic_annual_return), "mean daily return x 365"});
  t.rows.push_back({"annual volatility", percent(f.annual_volatility), "sample standard deviation x sqrt(365)"});
  t.rows.push_back({"Sharpe ratio", fixed(f.sharpe, 2),
                    is_missing(f.sharpe) ? "not defined"
                                         : fmt::format("standard error {} for independent normal returns (Lo 2002), {} "
                                                       "for independent returns of this shape (Mertens 2002)",
                                                       fixed(f.sharpe_error, 2), fixed(f.sharpe_error_any_shape, 2))});
  t.rows.push_back({"Sortino ratio", fixed(f.sortino, 2), "over the downside deviation of all days"});
  t.rows.push_back({"maximal drawdown", percent(f.periods == 0 ? missing : f.falls.deepest),
                    f.falls.deepest < 0.0 ? between(f.falls.deepest_peak, f.falls.deepest_trough) : "none"});
  t.rows.push_back({"longest drawdown", fmt::format("{} days", f.falls.longest),
                    f.falls.longest == 0 ? "none"
                                         : between(f.falls.longest_from, f.falls.longest_to) +
                                               (f.falls.longest_is_open ? ", not yet made good" : "")});
  t.rows.push_back({"Calmar ratio", fixed(f.calmar, 2), "annual return over the maximal drawdown"});
  t.rows.push_back({"days with a gain", percent(f.positive_share), ""});
  return out + t.text();
}

inline std::string accounts_text(const backtest::result& run) {
  const accounting a = account(run);
  std::string out = heading("Accounts, in exact dollars");
  table t{.columns = {{""}, {"", align::right}, {""}}};
  const auto line = [&](const char* what, money amount, const char* note = "") {
    t.rows.push_back({what, grouped(amount), note});
  };
  line("  capital", a.capital);
  line("- bought", a.bought, "each purchase rounded up to 0.000001");
  line("+ sold", a.sold, "each sale rounded down");
  line("+ settled", a.settled, "each payout rounded down");
  line("- fees", a.fees);
  if (a.rebates != money{}) line("+ rebates", a.rebates);
  line("= cash", a.cash);
  if (a.locked != money{}) line("+ locked for open orders", a.locked);
  line("+ positions", a.positions, "at their last closes");
  line("= net asset value", a.nav);
  line("  gain", a.gain());
  line("  conceded", a.conceded,
       "what prices paid were worse than the closes of their days; it is inside the amounts above");
  t.rows.push_back({"  residue", picos_text(a.residue), "what rounding took; it is inside the amounts above"});
  if (a.fee_shares != shares{}) t.rows.push_back({"  fees in shares", grouped(to_string(a.fee_shares)), "shares"});
  out += t.text();
  table d{.columns = {{"Differences (all must be zero)"}, {"", align::right}}};
  d.rows.push_back(
      {"capital - bought + sold + settled - fees + rebates - cash - locked", to_string(a.cash_difference)});
  d.rows.push_back({"cash + locked + positions - net asset value", to_string(a.nav_difference)});
  d.rows.push_back({"the ledger's own identity", picos_text(a.ledger_difference)});
  d.rows.push_back({"the same, its positions summed one by one", picos_text(a.position_difference)});
  d.rows.push_back({"journal lines that do not balance", picos_text(a.journal_difference)});
  d.rows.push_back({"journal less the lists of trades and payouts", to_string(a.trade_difference)});
  d.rows.push_back({"gain less the themes' gains", to_string(a.theme_difference)});
  return out + "\n" + d.text() +
         (a.balances() ? "  Every identity holds to the last unit.\n" : "  THE BOOKS DO NOT BALANCE.\n");
}

inline std::string themes_text(const backtest::result& run) {
  std::string out = heading("Themes");
  table t{.columns = {{"theme"},
                      {"bought", align::right},
                      {"sold", align::right},
                      {"settled", align::right},
                      {"held", align::right},
                      {"fees", align::right},
                      {"gain", align::right}}};
  backtest::theme_gain sum{.theme = "sum"};
  const auto add = [&](const backtest::theme_gain& g) {
    t.rows.push_back({g.theme.empty() ? "-" : g.theme, grouped(g.bought), grouped(g.sold), grouped(g.settled),
                      grouped(g.held), grouped(g.fees), grouped(g.gain())});
  };
  for (const backtest::theme_gain& g : run.themes) {
    add(g);
    sum.bought += g.bought;
    sum.sold += g.sold;
    sum.settled += g.settled;
    sum.held += g.held;
    sum.fees += g.fees;
  }
  if (run.themes.empty()) return out + "  Nothing was traded.\n";
  add(sum);
  return out + t.text();
}

inline std::string trading_text(const backtest::result& run) {
  std::string out = heading("Rebalances");
  table t{.columns = {{"close of"},
                      {"live", align::right},
                      {"chosen", align::right},
                      {"weight", align::right},
                      {"purchases", align::right},
                      {"sales", align::right},
                      {"not done", align::right},
                      {"bought", align::right},
                      {"sold", align::right},
                      {"turnover", align::right},
                      {"NAV", align::right}}};
  for (const rebalance& r : rebalances(run)) {
    t.rows.push_back({to_string(r.day), std::to_string(r.live), std::to_string(r.chosen), percent(r.weight),
                      std::to_string(r.purchases), std::to_string(r.sales), std::to_string(r.not_done),
                      grouped(r.bought), grouped(r.sold), percent(r.turnover()), grouped(r.nav)});
  }
  out += t.rows.empty()
             ? "  None was due.\n"
             : t.text() + "  Turnover: half of what was bought and sold, over the net asset value decided on.\n";

  out += heading("Orders, or parts of orders, not executed");
  table n{.columns = {{"reason"}, {""}, {"orders", align::right}, {"shares", align::right}}};
  for (const auto& [key, counted] : given_up_by_reason(run)) {
    n.rows.push_back({key.first, key.second == side::buy ? "purchase" : "sale", std::to_string(counted.count),
                      grouped(to_string(counted.quantity))});
  }
  out += n.rows.empty() ? "  None.\n" : n.text();

  out += heading("Settlements");
  table s{.columns = {{""}, {"positions", align::right}, {"shares", align::right}, {"paid", align::right}}};
  tally all;
  for (const auto& [kind, counted] : settlements_by_kind(run)) {
    s.rows.push_back(
        {kind, std::to_string(counted.count), grouped(to_string(counted.quantity)), grouped(counted.cash)});
    all.count += counted.count;
    all.quantity += counted.quantity;
    all.cash += counted.cash;
  }
  s.rows.push_back({"all", std::to_string(all.count), grouped(to_string(all.quantity)), grouped(all.cash)});
  return out + s.text();
}

inline std::string unpriced_text(const backtest::result& run, const run_notes& notes) {
  const backtest::nav_point& last = run.nav.back();
  const ended_positions e = ended_of(run);
  std::string out = heading("Positions without a recent price");
  table t{.columns = {{""},
                      {"positions", align::right},
                      {"value", align::right},
                      {"weight", align::right},
                      {"NAV if all pay 0", align::right},
                      {"NAV if all pay 1", align::right}}};
  t.rows.push_back({"stale on the last day", std::to_string(last.stale), grouped(last.stale_value),
                    percent(share_of(last.stale_value, last.nav)), grouped(last.nav_if_stale_lose),
                    grouped(last.nav_if_stale_win)});
  t.rows.push_back({"of all left: data ended without a payout", std::to_string(e.count), grouped(e.value),
                    percent(share_of(e.value, last.nav)), grouped(e.nav_if_lose), grouped(e.nav_if_win)});
  out += t.text();
  if (const backtest::nav_point* worst = stalest(run)) {
    out += fmt::format("  Heaviest on {}: {} stale, {} of the net asset value.\n", to_string(worst->day), worst->stale,
                       percent(share_of(worst->stale_value, worst->nav)));
  }
  table p{.columns = {{"data ended"},
                      {"market"},
                      {"", align::left, 60},
                      {"shares", align::right},
                      {"last close", align::right},
                      {"value", align::right}}};
  for (const backtest::open_position& left : run.left) {
    if (!left.data_ended) continue;
    p.rows.push_back({to_string(left.last_day), market_name(run, left.contract),
                      market_label(notes, left.contract.index()), grouped(to_string(left.quantity)),
                      to_string(left.last_close), grouped(left.value)});
  }
  return p.rows.empty() ? out : out + "\n" + p.text();
}

inline std::string extremes_text(const backtest::result& run, const run_notes& notes) {
  const std::vector<money> gains = gain_by_contract(run);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < gains.size(); ++i) {
    if (gains[i] != money{}) order.push_back(i);
  }
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return gains[a] != gains[b] ? gains[a] > gains[b] : a < b; });
  std::string out;
  const auto list = [&](const char* title, auto first, auto last, bool gain) {
    table t{.columns = {{"gain", align::right}, {"market"}, {"", align::left, 70}}};
    for (auto i = first; i != last && t.rows.size() < notes.extremes; ++i) {
      if ((gains[*i] > money{}) != gain) break;
      t.rows.push_back({grouped(gains[*i]), run.names[*i], market_label(notes, *i)});
    }
    out += heading(title) + (t.rows.empty() ? "  None.\n" : t.text());
  };
  list("Largest gains", order.begin(), order.end(), true);
  list("Largest losses", order.rbegin(), order.rend(), false);
  return out;
}

}  // namespace detail

/// The complete text report: assumptions, what was run, the program's sections, figures on calendar days, exact
/// accounts, themes, rebalances, orders not executed, settlements, unpriced positions, largest gains and losses.
///
/// Missing: figures that are not defined are printed as missing.
/// Fails:   precondition_error when the run has no day, or lists refer to contracts that it does not name.
[[nodiscard]] inline std::string report_text(const backtest::result& run, const run_notes& notes = {}) {
  if (run.nav.empty()) throw precondition_error("a run without a single day cannot be reported");
  return detail::run_text(run, notes) + detail::metrics_text(run, notes) + detail::accounts_text(run) +
         detail::themes_text(run) + detail::trading_text(run) + detail::unpriced_text(run, notes) +
         detail::extremes_text(run, notes);
}

}  // namespace basket::report
