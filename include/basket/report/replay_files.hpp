// The files of a message replay as texts: fills, orders, equity, the ledger's journal, a summary. Writing them is the
// program's business.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/backtest/replay_result.hpp"
#include "basket/core/csv_field.hpp"
#include "basket/core/error.hpp"
#include "basket/report/accounting.hpp"
#include "basket/report/json.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// What a program knows of a replay and the run does not.
struct replay_notes {
  std::string title = "Replay";
  std::vector<std::string> bias = {};                              ///< of the data; printed before those of the parts
  std::vector<std::pair<std::string, std::string>> settings = {};  ///< what was run: option and value
  std::vector<section> before = {};                                ///< the data and its defects
};

/// The accounts of a replay, summed from its journal.
///
///     capital - bought + sold + settled - minted + merged - fees + rebates = cash + locked
///     cash + locked + positions = equity
struct replay_accounts {
  money capital = {}, bought = {}, sold = {}, minted = {}, merged = {}, settled = {}, fees = {}, rebates = {};
  money cash = {}, locked = {};
  money positions = {};  ///< at what a taker would get for them
  shares fee_shares = {};
  std::size_t lines = 0;
  money cash_difference = {};     ///< the first identity against the ledger
  int128 ledger_difference = 0;   ///< the ledger's own identity, positions summed one by one, in pico-dollars
  int128 journal_difference = 0;  ///< lines that do not balance, summed without their signs
  bool repeats = true;            ///< the journal booked again gives the same ledger
  [[nodiscard]] money equity() const { return cash + locked + positions; }
  [[nodiscard]] money gain() const { return equity() - capital; }
  [[nodiscard]] bool balances() const noexcept {
    return cash_difference == money{} && ledger_difference == 0 && journal_difference == 0 && repeats;
  }
};

/// Sums the journal of a run of which everything was kept, and books it again. O(journal).
[[nodiscard]] inline replay_accounts account(const backtest::replay_result& run) {
  replay_accounts a{.lines = run.journal.size()};
  ledger again;
  for (const ledger_entry& e : run.journal) {
    const int128 imbalance = e.imbalance();
    a.journal_difference += imbalance < 0 ? -imbalance : imbalance;
    try {
      again.repeat(e);
    } catch (const precondition_error&) {  // a line that the books before it do not allow
      a.repeats = false;
    }
    a.fees += e.fees;
    a.rebates += e.rebates;
    a.fee_shares += e.fee_shares;
    const money moved = e.cash + e.fees - e.rebates;
    switch (e.kind) {
      case booking::deposit:
      case booking::withdrawal:
        a.capital += e.capital;
        break;
      case booking::trade:
        (e.invested >= 0 ? a.bought : a.sold) += e.invested >= 0 ? -moved : moved;
        break;
      case booking::mint:
        a.minted -= moved;
        break;
      case booking::merge:
        a.merged += moved;
        break;
      case booking::settlement:
        a.settled += moved;
        break;
      default:
        break;
    }
  }
  a.cash = run.books.cash();
  a.locked = run.books.locked();
  a.positions = run.end.positions;
  a.cash_difference =
      a.capital - a.bought + a.sold + a.settled - a.minted + a.merged - a.fees + a.rebates - (a.cash + a.locked);
  a.ledger_difference = run.books.audit();
  a.repeats = a.repeats && again.cash() == a.cash && again.locked() == a.locked && again.fees() == run.books.fees() &&
              again.rebates() == run.books.rebates() && again.residue() == run.books.residue();
  const std::size_t contracts = std::max(again.holdings().size(), run.books.holdings().size());
  for (std::size_t c = 0; c < contracts; ++c) {
    const holding mine = again.position(contract_id(c)), theirs = run.books.position(contract_id(c));
    a.repeats = a.repeats && mine.yes == theirs.yes && mine.no == theirs.no && mine.invested == theirs.invested;
  }
  return a;
}

namespace detail {

inline std::string market_named(const backtest::replay_result& run, contract_id c) {
  return c.index() < run.names.size() ? run.names[c.index()] : "";
}
inline std::string_view kind_of(const backtest::order_record& o) {
  return o.kind == instruction::what::mint ? "mint" : o.kind == instruction::what::merge ? "merge" : "order";
}
inline std::string order_status(const backtest::order_record& o) {
  return o.ended == instant::never() ? "open" : std::string(to_string(o.last));
}
inline std::string moment(instant when) { return when == instant::never() ? "" : to_string(when); }

}  // namespace detail

/// Every fill, a row each, in the order they were booked; prices in the words of the order's outcome.
[[nodiscard]] inline std::string fills_csv(const backtest::replay_result& run) {
  std::string out = "when,market,outcome,side,price,shares,role,order,fee,fee_shares\n";
  for (const fill& f : run.fills) {
    out += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", to_string(f.when),
                       csv_field(detail::market_named(run, f.contract)), to_string(f.of), to_string(f.direction),
                       to_string(f.at), to_string(f.quantity), to_string(f.role), f.order.index(),
                       to_string(f.fee.cash), to_string(f.fee.in_shares));
  }
  return out;
}

/// Every order, mint and merge that was sent, a row each, and what became of it.
[[nodiscard]] inline std::string orders_csv(const backtest::replay_result& run) {
  std::string out = "order,kind,market,outcome,side,limit,shares,until,sent,arrived,ended,filled,status,reason\n";
  for (const backtest::order_record& o : run.orders) {
    const order_request& r = o.request;
    out += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{}\n", o.id.index(), detail::kind_of(o),
                       csv_field(detail::market_named(run, r.contract)), to_string(r.of), to_string(r.direction),
                       r.limit ? to_string(*r.limit) : "", to_string(r.quantity), to_string(r.until),
                       detail::moment(o.sent), detail::moment(o.arrived), detail::moment(o.ended), to_string(o.filled),
                       detail::order_status(o), o.reason == order_reason::none ? "" : to_string(o.reason));
  }
  return out;
}

/// The account over time.
[[nodiscard]] inline std::string equity_csv(const backtest::replay_result& run) {
  std::string out = "when,cash,locked,positions,equity\n";
  for (const backtest::equity_point& p : run.equity) {
    out += fmt::format("{},{},{},{},{}\n", to_string(p.when), to_string(p.cash), to_string(p.locked),
                       to_string(p.positions), to_string(p.equity()));
  }
  return out;
}

/// The journal, a JSON object a line: by how much each account moved. Accounts that a line does not move are left out.
[[nodiscard]] inline std::string ledger_jsonl(const backtest::replay_result& run) {
  json_writer out;
  for (const ledger_entry& e : run.journal) {
    out.object([&] {
      out.field("when", to_string(e.when));
      out.field("kind", to_string(e.kind));
      const bool moves_contract = e.kind == booking::trade || e.kind == booking::mint || e.kind == booking::merge ||
                                  e.kind == booking::settlement;
      if (moves_contract) out.field("market", detail::market_named(run, e.contract));
      const auto amount = [&](std::string_view name, const auto& x) {
        if (x != std::remove_cvref_t<decltype(x)>{}) out.field(name, x);
      };
      amount("capital", e.capital);
      amount("cash", e.cash);
      amount("locked", e.locked);
      amount("fees", e.fees);
      amount("rebates", e.rebates);
      amount("yes", e.yes);
      amount("no", e.no);
      amount("fee_shares", e.fee_shares);
      if (e.invested != 0) out.field("invested", picos_text(e.invested));
      if (e.residue != 0) out.field("residue", picos_text(e.residue));
    });
    out.end_line();
  }
  return out.text();
}

/// The figures as JSON: counts as numbers, amounts as exact decimal strings.
[[nodiscard]] inline std::string replay_summary_json(const backtest::replay_result& run, const replay_notes& notes) {
  const replay_accounts a = account(run);
  const backtest::replay_totals& t = run.totals;
  json_writer out(json_layout::indented);
  const auto nested = [&](std::string_view name, const auto& members) { out.key(name).object(members); };
  out.object([&] {
    out.field("title", notes.title);
    nested("settings", [&] {
      for (const auto& [option, value] : notes.settings) out.field(option, value);
    });
    out.key("bias").array([&] {
      for (const auto* list : {&notes.bias, &run.bias}) {
        for (const std::string& sentence : *list) out.value(sentence);
      }
    });
    nested("messages", [&] {
      out.field("all", t.messages);
      for (std::size_t k = 0; k < t.by_kind.size(); ++k) {
        if (t.by_kind[k] > 0) out.field(to_string(static_cast<message_kind>(k)), t.by_kind[k]);
      }
    });
    nested("orders", [&] {
      out.field("sent", t.orders);
      out.field("accepted", t.accepted);
      out.field("rejected", t.rejected);
      out.field("cancelled", t.cancelled);
      for (std::size_t r = 1; r < t.reasons.size(); ++r) {
        if (t.reasons[r] > 0) out.field(to_string(static_cast<order_reason>(r)), t.reasons[r]);
      }
    });
    nested("fills", [&] {
      out.field("taker", t.taker_fills);
      out.field("maker", t.maker_fills);
      out.field("shares_taken", t.taken);
      out.field("shares_made", t.made);
    });
    nested("accounts", [&] {
      out.field("capital", a.capital);
      out.field("bought", a.bought);
      out.field("sold", a.sold);
      out.field("minted", a.minted);
      out.field("merged", a.merged);
      out.field("settled", a.settled);
      out.field("fees", a.fees);
      out.field("rebates", a.rebates);
      out.field("fee_shares", a.fee_shares);
      out.field("cash", a.cash);
      out.field("locked", a.locked);
      out.field("positions_at_bid", a.positions);
      out.field("equity", a.equity());
      out.field("gain", a.gain());
      out.field("residue", picos_text(run.books.residue()));
      out.field("balances", a.balances());
    });
    out.key("left").array([&] {
      for (const backtest::held_position& p : run.left) {
        out.object([&] {
          out.field("market", detail::market_named(run, p.contract));
          out.field("yes", p.held.yes);
          out.field("no", p.held.no);
          out.field("stage", to_string(p.stage));
          out.field("at_bid", p.at_bid);
        });
      }
    });
  });
  return out.text() + "\n";
}

/// The run for a reader: what is assumed, what happened, and whether every unit is accounted for.
[[nodiscard]] inline std::string replay_text(const backtest::replay_result& run, const replay_notes& notes) {
  const replay_accounts a = account(run);
  const backtest::replay_totals& t = run.totals;
  std::string out = one_line(notes.title) + "\n" + std::string(display_width(one_line(notes.title)), '=') + "\n\n";
  for (const auto* list : {&notes.bias, &run.bias}) {
    for (const std::string& sentence : *list) out += wrapped("Bias: " + sentence);
  }
  const auto rows_of = [](const std::vector<std::pair<std::string, std::string>>& pairs, align side) {
    table rows{.columns = {{""}, {"", side}}};
    for (const auto& [name, value] : pairs) rows.rows.push_back({name, value});
    return rows.text();
  };
  out += heading("What was run") + rows_of(notes.settings, align::left);
  for (const section& s : notes.before) out += s.text();
  std::vector<std::pair<std::string, std::string>> counts = {{"messages", std::to_string(t.messages)},
                                                             {"orders sent", std::to_string(t.orders)},
                                                             {"  accepted", std::to_string(t.accepted)},
                                                             {"  rejected", std::to_string(t.rejected)},
                                                             {"  cancelled", std::to_string(t.cancelled)}};
  for (std::size_t r = 1; r < t.reasons.size(); ++r) {
    if (t.reasons[r] == 0) continue;
    counts.emplace_back("    " + std::string(to_string(static_cast<order_reason>(r))), std::to_string(t.reasons[r]));
  }
  counts.emplace_back("fills as taker", std::to_string(t.taker_fills));
  counts.emplace_back("fills as maker", std::to_string(t.maker_fills));
  counts.emplace_back("shares taken", to_string(t.taken));
  counts.emplace_back("shares made", to_string(t.made));
  out += heading("What happened") + rows_of(counts, align::right);
  out += heading("Accounts, in dollars") + rows_of({{"capital", to_string(a.capital)},
                                                    {"bought", to_string(-a.bought)},
                                                    {"sold", to_string(a.sold)},
                                                    {"minted", to_string(-a.minted)},
                                                    {"merged", to_string(a.merged)},
                                                    {"settled", to_string(a.settled)},
                                                    {"fees", to_string(-a.fees)},
                                                    {"rebates", to_string(a.rebates)},
                                                    {"cash", to_string(a.cash)},
                                                    {"locked for orders", to_string(a.locked)},
                                                    {"positions at the bid", to_string(a.positions)},
                                                    {"equity", to_string(a.equity())},
                                                    {"gain", to_string(a.gain())}},
                                                   align::right);
  for (const backtest::held_position& p : run.left) {
    out += wrapped(fmt::format("Still held: {} YES and {} NO of {}: {}, worth {} at the bid.", to_string(p.held.yes),
                               to_string(p.held.no), detail::market_named(run, p.contract),
                               p.stage == life_stage::data_ended ? "the data ends before a payout" : to_string(p.stage),
                               to_string(p.at_bid)));
  }
  out += a.balances() ? fmt::format("Every identity holds to the last unit over {} lines of the journal.\n", a.lines)
                      : std::string("THE BOOKS DO NOT BALANCE: this run is wrong.\n");
  return out;
}

}  // namespace basket::report
