// Why a market was in or out at each decision, and what was done with it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "basket/backtest/result.hpp"
#include "basket/core/error.hpp"
#include "basket/report/accounting.hpp"
#include "basket/report/run_files.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// The whole story of one market in a run: each decision with its reason, each fill, order given up and settlement,
/// what is left, and the gain.
///
/// Fails: precondition_error, naming up to three markets that are called alike, when the run has none of that name.
[[nodiscard]] inline std::string explain(const backtest::result& run, std::string_view market) {
  const auto found = std::find(run.names.begin(), run.names.end(), market);
  if (found == run.names.end()) {
    std::string sentence = "there is no market called '" + one_line(market, 80) + "' in this run";
    std::size_t alike = 0;
    for (const std::string& name : run.names) {
      if (market.empty() || name.find(market) == std::string::npos || alike == 3) continue;
      sentence += (alike++ == 0 ? "; there is " : ", ") + one_line(name, 80);
    }
    throw precondition_error(sentence);
  }
  const contract_id id(static_cast<std::size_t>(found - run.names.begin()));
  std::string out = "Market " + one_line(market) + "\n";

  out += heading("Decisions");
  table decisions{.columns = {{"close of"}, {""}, {"weight", align::right}, {"theme"}, {"event"}, {"reason"}}};
  const auto line_in = [&](const decision& d) {
    return std::find_if(d.contracts.begin(), d.contracts.end(), [&](const considered& c) { return c.contract == id; });
  };
  // A market is live in one stretch, from its listing to its settlement: which side of it a decision lies on tells why
  // it was not looked at.
  std::optional<instant> first_seen;
  for (const decision& d : run.decisions) {
    if (!first_seen && line_in(d) != d.contracts.end()) first_seen = d.at;
  }
  for (const decision& d : run.decisions) {
    const auto line = line_in(d);
    const std::string day = to_string(last_closed_day(d.at));
    if (line == d.contracts.end()) {
      decisions.rows.push_back({day, "out", "", "", "",
                                !first_seen          ? "not live: not yet listed, or already settled or void"
                                : d.at < *first_seen ? "not yet listed"
                                                     : "already settled or void"});
    } else {
      const bool in = line->weight > 0.0;
      decisions.rows.push_back({day, in ? "in" : "out", in ? percent(line->weight, 4) : "",
                                line->theme.empty() ? "-" : line->theme, line->event.empty() ? "-" : line->event,
                                line->reason.empty() ? "no reason was given" : line->reason});
    }
  }
  out += run.decisions.empty() ? "  The run took no decision.\n" : decisions.text();

  out += heading("What was done");
  table done{
      .columns = {{"day"}, {""}, {"shares", align::right}, {"price", align::right}, {"cash", align::right}, {""}}};
  std::multimap<utc_day, std::vector<std::string>> by_day;  // keeps the order of entry within a day
  for (const backtest::trade& t : run.trades) {
    if (t.contract != id) continue;
    by_day.insert(
        {t.filled,
         {to_string(t.filled), t.direction == side::buy ? "bought" : "sold", grouped(to_string(t.quantity)),
          to_string(t.paid), grouped(t.cash),
          fmt::format("decided on {}, close {}, fee {}", to_string(t.decided), to_string(t.close), to_string(t.fee))}});
  }
  for (const backtest::unfilled& u : run.not_done) {
    if (u.contract != id) continue;
    by_day.insert(
        {u.given_up,
         {to_string(u.given_up), u.direction == side::buy ? "not bought" : "not sold", grouped(to_string(u.quantity)),
          "", "", fmt::format("decided on {}: {}", to_string(u.decided), u.reason)}});
  }
  for (const backtest::payout& p : run.payouts) {
    if (p.contract != id) continue;
    by_day.insert({p.day,
                   {to_string(p.day), p.voided ? "void" : "settled", grouped(to_string(p.quantity)),
                    to_string(p.per_share), grouped(p.cash), ""}});
  }
  for (const auto& [day, row] : by_day) done.rows.push_back(row);
  for (const backtest::open_position& p : run.left) {
    if (p.contract != id) continue;
    done.rows.push_back({run.nav.empty() ? "" : to_string(run.nav.back().day), "still held",
                         grouped(to_string(p.quantity)), to_string(p.last_close), "",
                         fmt::format("worth {} at the close of {}{}", grouped(p.value), to_string(p.last_day),
                                     p.data_ended ? "; the data ends there, and no payout is known" : "")});
  }
  if (done.rows.empty()) return out + "  Nothing: it was never ordered.\n";
  return out + done.text() + "\n  Gain over the run, fees included: " + grouped(gain_by_contract(run)[id.index()]) +
         "\n";
}

}  // namespace basket::report
