// The files of a daily run as texts: nav.csv, trades.csv and the audit trail. Writing them is the program's business.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "basket/backtest/result.hpp"
#include "basket/core/csv_field.hpp"
#include "basket/core/error.hpp"
#include "basket/report/json.hpp"

namespace basket::report {

namespace detail {

inline const std::string& market_name(const backtest::result& run, contract_id contract) {
  if (contract.index() >= run.names.size()) {
    throw precondition_error("a run that names " + std::to_string(run.names.size()) + " contracts speaks of number " +
                             std::to_string(contract.index()));
  }
  return run.names[contract.index()];
}

/// The size of every order of a run, from what became of it: its fills and what was given up.
struct order_total {
  utc_day decided = {};
  contract_id contract = {};
  side direction = side::buy;
  shares quantity = {};
};

inline std::vector<order_total> orders_of(const backtest::result& run) {
  std::map<std::tuple<utc_day, contract_id, side>, shares> sizes;
  for (const backtest::trade& t : run.trades) sizes[{t.decided, t.contract, t.direction}] += t.quantity;
  for (const backtest::unfilled& u : run.not_done) sizes[{u.decided, u.contract, u.direction}] += u.quantity;
  std::vector<order_total> out;
  for (const auto& [key, quantity] : sizes) {
    out.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), quantity});
  }
  return out;
}

}  // namespace detail

/// The daily NAV, a row a day: exact dollars with six decimals.
[[nodiscard]] inline std::string nav_csv(const backtest::result& run) {
  std::string out = "day,nav,cash,positions,held,stale,stale_value,nav_if_stale_lose,nav_if_stale_win\n";
  for (const backtest::nav_point& p : run.nav) {
    out += fmt::format("{},{},{},{},{},{},{},{},{}\n", to_string(p.day), to_string(p.nav), to_string(p.cash),
                       to_string(p.positions), p.held, p.stale, to_string(p.stale_value),
                       to_string(p.nav_if_stale_lose), to_string(p.nav_if_stale_win));
  }
  return out;
}

/// The executed orders, a row a fill, in the order they were booked.
[[nodiscard]] inline std::string trades_csv(const backtest::result& run) {
  std::string out = "decided,filled,market,side,shares,close,paid,cash,fee\n";
  for (const backtest::trade& t : run.trades) {
    out += fmt::format("{},{},{},{},{},{},{},{},{}\n", to_string(t.decided), to_string(t.filled),
                       csv_field(detail::market_name(run, t.contract)), to_string(t.direction), to_string(t.quantity),
                       to_string(t.close), to_string(t.paid), to_string(t.cash), to_string(t.fee));
  }
  return out;
}

/// The audit trail, a JSON object a line, in time order: for each day its settlements, then its fills and what was
/// given up, then its decision (a line for every contract that was looked at) and the orders that follow from it. A
/// line says nothing that was not known at the close of its day.
///
/// Cost: O(lines log lines).
[[nodiscard]] inline std::string audit_jsonl(const backtest::result& run) {
  // Days in order; within a day the engine's order. `position` is the place in the list that `kind` names.
  enum class kind { settlement, fill, given_up, decided, order };
  struct entry {
    utc_day day = {};
    int phase = 0;
    std::size_t position = 0;
    kind what = kind::order;
  };
  const std::vector<detail::order_total> orders = detail::orders_of(run);
  std::vector<entry> entries;
  for (std::size_t i = 0; i < run.payouts.size(); ++i) entries.push_back({run.payouts[i].day, 0, i, kind::settlement});
  for (std::size_t i = 0; i < run.trades.size(); ++i) {
    const backtest::trade& t = run.trades[i];
    entries.push_back({t.filled, t.filled == t.decided ? 5 : 1, i, kind::fill});
  }
  for (std::size_t i = 0; i < run.not_done.size(); ++i) {
    const backtest::unfilled& u = run.not_done[i];
    entries.push_back({u.given_up, u.given_up == u.decided ? 6 : 2, i, kind::given_up});
  }
  for (std::size_t i = 0; i < run.decisions.size(); ++i) {
    entries.push_back({last_closed_day(run.decisions[i].at), 3, i, kind::decided});
  }
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (orders[i].quantity > shares{}) entries.push_back({orders[i].decided, 4, i, kind::order});
  }
  std::sort(entries.begin(), entries.end(), [](const entry& a, const entry& b) {
    return std::tuple(a.day, a.phase, a.position) < std::tuple(b.day, b.phase, b.position);
  });

  json_writer out;
  const auto line = [&](utc_day day, std::string_view what, contract_id contract, const auto& rest) {
    out.object([&] {
      out.field("day", day);
      out.field("line", what);
      out.field("market", detail::market_name(run, contract));
      rest();
    });
    out.end_line();
  };
  for (const entry& e : entries) {
    switch (e.what) {
      case kind::settlement: {
        const backtest::payout& p = run.payouts[e.position];
        line(p.day, "settlement", p.contract, [&] {
          out.field("kind", p.voided ? "void" : "settled");
          out.field("shares", p.quantity);
          out.field("payout", p.per_share);
          out.field("cash", p.cash);
        });
        break;
      }
      case kind::fill: {
        const backtest::trade& t = run.trades[e.position];
        line(t.filled, "fill", t.contract, [&] {
          out.field("side", to_string(t.direction));
          out.field("decided", t.decided);
          out.field("shares", t.quantity);
          out.field("close", t.close);
          out.field("paid", t.paid);
          out.field("fee", t.fee);
          out.field("cash", t.cash);
        });
        break;
      }
      case kind::given_up: {
        const backtest::unfilled& u = run.not_done[e.position];
        line(u.given_up, "given_up", u.contract, [&] {
          out.field("side", to_string(u.direction));
          out.field("decided", u.decided);
          out.field("shares", u.quantity);
          out.field("reason", u.reason);
        });
        break;
      }
      case kind::decided:
        for (const considered& c : run.decisions[e.position].contracts) {
          line(e.day, "decision", c.contract, [&] {
            out.field("event", c.event);
            out.field("theme", c.theme);
            out.field("weight", c.weight);
            out.field("reason", c.reason);
          });
        }
        break;
      case kind::order: {
        const detail::order_total& o = orders[e.position];
        line(o.decided, "order", o.contract, [&] {
          out.field("side", to_string(o.direction));
          out.field("shares", o.quantity);
        });
        break;
      }
    }
  }
  return out.text();
}

}  // namespace basket::report
