// Where every micro-dollar of a run went, and the identities that must hold to the last unit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "basket/backtest/result.hpp"
#include "basket/core/error.hpp"
#include "basket/core/int128.hpp"
#include "basket/core/missing.hpp"

namespace basket::report {

/// "-0.000000123456": exact dollars from pico-dollars, twelve decimals.
[[nodiscard]] inline std::string picos_text(int128 picos) {
  constexpr int128 one = int128{micro} * micro;
  const bool negative = picos < 0;
  const int128 whole = picos / one, rest = picos % one;
  std::string decimals = to_string(negative ? -rest : rest);
  decimals.insert(0, 12 - decimals.size(), '0');
  return (negative ? "-" : "") + to_string(negative ? -whole : whole) + "." + decimals;
}

/// The accounts of a run, summed from its journal. Each `difference` is zero in a run whose books are right.
///
///     capital - bought + sold + settled - fees + rebates = cash + locked
///     cash + locked + positions = nav
struct accounting {
  money capital = {};
  money bought = {};   ///< prices paid, each rounded up to a micro-dollar, and pairs minted
  money sold = {};     ///< prices received, each rounded down, and pairs merged
  money settled = {};  ///< paid out by venues
  money fees = {}, rebates = {};
  money cash = {}, locked = {};
  money positions = {};  ///< of the last day, at their marks
  money nav = {};
  int128 residue = 0;      ///< part of the above that rounding took, in pico-dollars
  shares fee_shares = {};  ///< fees taken in shares
  money conceded = {};     ///< part of the above: what prices paid were worse than the closes of their days

  money cash_difference = {};      ///< the first identity against the ledger's cash
  money nav_difference = {};       ///< the second one against the last NAV
  int128 ledger_difference = 0;    ///< cash in - cash out - fees - positions by the ledger, in pico-dollars
  int128 position_difference = 0;  ///< the same with its positions summed one by one
  int128 journal_difference = 0;   ///< the journal's lines that do not balance, summed without their signs
  money trade_difference = {};     ///< the lists of trades and payouts against the journal
  money theme_difference = {};     ///< gain of the whole against the themes' gains summed
  [[nodiscard]] money gain() const { return nav - capital; }
  [[nodiscard]] bool balances() const noexcept {
    return cash_difference == money{} && nav_difference == money{} && ledger_difference == 0 &&
           position_difference == 0 && journal_difference == 0 && trade_difference == money{} &&
           theme_difference == money{};
  }
};

/// Sums the journal and holds it against the books, the trades, the payouts and the themes. O(journal).
///
/// Fails: precondition_error when the run has no day.
[[nodiscard]] inline accounting account(const backtest::result& run) {
  if (run.nav.empty()) throw precondition_error("a run without a single day has no accounts to report");
  accounting out;
  money traded;
  for (const ledger_entry& e : run.journal) {
    const int128 off = e.imbalance();
    out.journal_difference += off < 0 ? -off : off;
    out.capital += e.capital;
    out.fees += e.fees;
    out.rebates += e.rebates;
    out.residue += e.residue;
    out.fee_shares += e.fee_shares;
    switch (e.kind) {
      case booking::trade:
      case booking::mint:
      case booking::merge:
        traded += e.cash;
        // A purchase at a price of 0 moves nothing: which of the two it is called changes no sum.
        (e.invested > 0 ? out.bought : out.sold) +=
            (e.invested > 0 ? -e.cash - e.fees + e.rebates : e.cash + e.fees - e.rebates);
        break;
      case booking::settlement:
        traded += e.cash;
        out.settled += e.cash;
        break;
      case booking::deposit:
      case booking::withdrawal:
      case booking::lock:
      case booking::release:
      case booking::rebate:
        break;
    }
  }
  const backtest::nav_point& last = run.nav.back();
  out.cash = run.books.cash();
  out.locked = run.books.locked();
  out.positions = last.positions;
  out.nav = last.nav;
  out.cash_difference =
      out.capital - out.bought + out.sold + out.settled - out.fees + out.rebates - out.cash - out.locked;
  out.nav_difference = out.cash + out.locked + out.positions - out.nav;
  out.ledger_difference = run.books.imbalance();
  out.position_difference = run.books.audit();
  for (const backtest::trade& t : run.trades) {
    traded -= t.cash;
    const std::int64_t worse = t.paid.micros() - t.close.micros();
    out.conceded += notional{int128{t.direction == side::buy ? worse : -worse} * t.quantity.micros()}.to_money(
        rounding::half_to_even);
  }
  for (const backtest::payout& p : run.payouts) traded -= p.cash;
  out.trade_difference = traded;
  out.theme_difference = out.gain();
  for (const backtest::theme_gain& t : run.themes) out.theme_difference -= t.gain();
  return out;
}

/// What each contract brought over the run, fees included: cash received less cash paid, and what is left of it at its
/// mark. One amount a contract; they sum to the run's gain.
[[nodiscard]] inline std::vector<money> gain_by_contract(const backtest::result& run) {
  std::vector<money> gains(run.names.size());
  const auto of = [&](contract_id contract) -> money& {
    if (contract.index() >= gains.size()) {
      throw precondition_error("a run that names " + std::to_string(gains.size()) + " contracts traded number " +
                               std::to_string(contract.index()));
    }
    return gains[contract.index()];
  };
  for (const backtest::trade& t : run.trades) of(t.contract) += t.cash;
  for (const backtest::payout& p : run.payouts) of(p.contract) += p.cash;
  for (const backtest::open_position& p : run.left) of(p.contract) += p.value;
  return gains;
}

/// One decision and what came of it.
struct rebalance {
  utc_day day = {};        ///< whose close was decided on
  std::size_t live = 0;    ///< contracts looked at
  std::size_t chosen = 0;  ///< with a weight above zero
  double weight = 0.0;     ///< sum of the weights
  std::size_t purchases = 0, sales = 0, not_done = 0;
  money bought = {}, sold = {};  ///< notional, fees apart
  money nav = {};                ///< at the close decided on
  /// Half of what was traded over the NAV.
  ///
  /// Missing: when the NAV was 0 or is not in the run.
  [[nodiscard]] double turnover() const {
    return nav > money{} ? (bought + sold).to_double() / 2.0 / nav.to_double() : missing;
  }
};

/// The decisions of a run with their trades, in time order. O(decisions x trades) at worst.
[[nodiscard]] inline std::vector<rebalance> rebalances(const backtest::result& run) {
  std::vector<rebalance> out;
  for (const decision& d : run.decisions) {
    rebalance line{.day = last_closed_day(d.at), .live = d.contracts.size()};
    for (const considered& c : d.contracts) {
      line.chosen += c.weight > 0.0 ? 1 : 0;
      line.weight += c.weight;
    }
    for (const backtest::nav_point& p : run.nav) {
      if (p.day == line.day) line.nav = p.nav;
    }
    for (const backtest::trade& t : run.trades) {
      if (t.decided != line.day) continue;
      const bool buys = t.direction == side::buy;
      ++(buys ? line.purchases : line.sales);
      (buys ? line.bought : line.sold) += buys ? -t.cash - t.fee : t.cash + t.fee;
    }
    for (const backtest::unfilled& u : run.not_done) line.not_done += u.decided == line.day ? 1 : 0;
    out.push_back(line);
  }
  return out;
}

}  // namespace basket::report
