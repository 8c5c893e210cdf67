// summary.json: the figures of the text report for programs.
#pragma once

#include <string>
#include <string_view>

#include "basket/backtest/result.hpp"
#include "basket/report/accounting.hpp"
#include "basket/report/json.hpp"
#include "basket/report/run_figures.hpp"

namespace basket::report {

/// The figures of the text report as JSON: statistics as numbers (null where not defined), amounts as exact decimal
/// strings.
///
/// Missing: null.
/// Fails:   as `report_text`.
[[nodiscard]] inline std::string summary_json(const backtest::result& run, const run_notes& notes = {}) {
  if (run.nav.empty()) throw precondition_error("a run without a single day cannot be summarised");
  const backtest::nav_point& last = run.nav.back();
  const accounting a = account(run);
  const auto f = figures_of(run, notes.risk_free_per_year);
  const ended_positions e = ended_of(run);
  json_writer out(json_layout::indented);
  const auto nested = [&](std::string_view name, const auto& members) { out.key(name).object(members); };
  out.object([&] {
    out.field("title", notes.title);
    out.field("first_day", run.nav.front().day);
    out.field("last_day", last.day);
    out.field("days", run.nav.size());
    nested("settings", [&] {
      for (const auto& [option, value] : notes.settings) out.field(option, value);
    });
    out.key("bias").array([&] {
      for (const auto* list : {&notes.bias, &run.bias}) {
        for (const std::string& sentence : *list) out.value(sentence);
      }
    });
    nested("metrics", [&] {
      out.field("periods_per_year", daily_figures::periods_per_year);
      out.field("risk_free_per_year", f.risk_free_per_year);
      out.field("periods", f.periods);
      out.field("total_return", f.total_return);
      out.field("annual_return", f.annual_return);
      out.field("arithmetic_annual_return", f.arithmetic_annual_return);
      out.field("annual_volatility", f.annual_volatility);
      out.field("sharpe", f.sharpe);
      out.field("sharpe_error", f.sharpe_error);
      out.field("sharpe_error_any_shape", f.sharpe_error_any_shape);
      out.field("sortino", f.sortino);
      out.field("max_drawdown", f.periods == 0 ? missing : f.falls.deepest);
      out.field("longest_drawdown_days", f.falls.longest);
      out.field("calmar", f.calmar);
      out.field("positive_share", f.positive_share);
    });
    nested("accounts", [&] {
      out.field("capital", a.capital);
      out.field("bought", a.bought);
      out.field("sold", a.sold);
      out.field("settled", a.settled);
      out.field("fees", a.fees);
      out.field("rebates", a.rebates);
      out.field("cash", a.cash);
      out.field("locked", a.locked);
      out.field("positions", a.positions);
      out.field("nav", a.nav);
      out.field("gain", a.gain());
      out.field("conceded", a.conceded);
      out.field("residue", picos_text(a.residue));
      out.field("cash_difference", a.cash_difference);
      out.field("nav_difference", a.nav_difference);
      out.field("ledger_difference", picos_text(a.ledger_difference));
      out.field("position_difference", picos_text(a.position_difference));
      out.field("journal_difference", picos_text(a.journal_difference));
      out.field("trade_difference", a.trade_difference);
      out.field("theme_difference", a.theme_difference);
      out.field("balances", a.balances());
    });
    out.key("themes").array([&] {
      for (const backtest::theme_gain& t : run.themes) {
        out.object([&] {
          out.field("theme", t.theme);
          out.field("bought", t.bought);
          out.field("sold", t.sold);
          out.field("settled", t.settled);
          out.field("held", t.held);
          out.field("fees", t.fees);
          out.field("gain", t.gain());
        });
      }
    });
    out.key("rebalances").array([&] {
      for (const rebalance& r : rebalances(run)) {
        out.object([&] {
          out.field("day", r.day);
          out.field("live", r.live);
          out.field("chosen", r.chosen);
          out.field("weight", r.weight);
          out.field("purchases", r.purchases);
          out.field("sales", r.sales);
          out.field("not_done", r.not_done);
          out.field("bought", r.bought);
          out.field("sold", r.sold);
          out.field("turnover", r.turnover());
          out.field("nav", r.nav);
        });
      }
    });
    out.key("orders_not_executed").array([&] {
      for (const auto& [key, counted] : given_up_by_reason(run)) {
        out.object([&] {
          out.field("reason", key.first);
          out.field("side", to_string(key.second));
          out.field("orders", counted.count);
          out.field("shares", counted.quantity);
        });
      }
    });
    out.key("settlements").array([&] {
      for (const auto& [kind, counted] : settlements_by_kind(run)) {
        out.object([&] {
          out.field("kind", kind);
          out.field("positions", counted.count);
          out.field("shares", counted.quantity);
          out.field("paid", counted.cash);
        });
      }
    });
    nested("stale", [&] {
      out.field("positions", last.stale);
      out.field("value", last.stale_value);
      out.field("weight", share_of(last.stale_value, last.nav));
      out.field("nav_if_lose", last.nav_if_stale_lose);
      out.field("nav_if_win", last.nav_if_stale_win);
    });
    nested("data_ended", [&] {
      out.field("positions", e.count);
      out.field("value", e.value);
      out.field("weight", share_of(e.value, last.nav));
      out.field("nav_if_lose", e.nav_if_lose);
      out.field("nav_if_win", e.nav_if_win);
    });
  });
  return out.text() + "\n";
}

}  // namespace basket::report
