// A strategy on daily closes as a message strategy: the same decisions, sent as orders.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "basket/concepts/daily_strategy.hpp"
#include "basket/concepts/message_strategy.hpp"
#include "basket/concepts/schedule.hpp"
#include "basket/model/batch.hpp"
#include "basket/model/trading_context.hpp"

namespace basket::strategy {

/// Wakes at the close of every day from `first` on. On those of the schedule, except the last, it asks the decision for
/// target weights, drops every open order, and sends market orders that lead from its holdings to the weights of its
/// net asset value at the last closes, in the order of contracts and in hundredths of a share. On a source of bars of
/// the same universe, with orders that fill any size at the next candle, it ends at the cents of `backtest::daily`.
///
/// Missing: a contract without a positive close so far gets no order.
/// Fails:   precondition_error when the run has no universe whose past can be asked for.
/// Cost:    O(contracts) and the decision on days of the schedule, O(1) a message.
template <Schedule Schedule, DailyStrategy Decision>
struct daily_on_bars {
  Schedule schedule = {};
  Decision decision = {};
  utc_day first = {};
  utc_day last = {};
  bool awake = false;  ///< whether the first alarm is set: kept by the strategy

  void on(const message& m, trading_context& desk) {
    if (!awake) {
      awake = true;
      // At midnight the day before is over.
      const utc_day today =
          last_closed_day(desk.now()).close() == desk.now() ? last_closed_day(desk.now()) : day_of(desk.now());
      desk.wake_at(std::max(first, today).close());
    }
    if (m.kind() != message_kind::timer) return;
    const utc_day day = last_closed_day(desk.now());
    if (schedule.is_due(day) && day < last) decide(desk);
    if (day < last) desk.wake_at((day + days(1)).close());
  }

 private:
  void decide(trading_context& desk) const {
    const history past = desk.past();
    const auto targets = decision.decide(past);
    for (std::size_t i = 0; i < desk.markets(); ++i) desk.cancel_all(contract_id(i));
    const auto close_of = [&](contract_id c) -> std::optional<price> {
      if (!past.is_listed(c)) return std::nullopt;
      const auto seen = past.last_close(c);
      return seen ? std::optional(price::nearest(seen->close)) : std::nullopt;
    };
    money nav = desk.cash();
    for (std::size_t i = 0; i < desk.markets(); ++i) {
      const shares held = desk.position(contract_id(i)).yes;
      if (held > shares{}) nav += (held * close_of(contract_id(i)).value()).to_money(rounding::down);
    }
    const double worth = static_cast<double>(nav.micros());
    std::vector<shares> target(desk.markets());
    for (const considered& line : targets.contracts) {
      const auto close = line.weight > 0.0 ? close_of(line.contract) : std::nullopt;
      if (!close || *close == price{}) continue;
      const auto wanted = static_cast<std::int64_t>(line.weight * worth / close->to_double());
      target[line.contract.index()] = shares::micros(wanted - wanted % lot_micros);
    }
    for (std::size_t i = 0; i < target.size(); ++i) {
      const shares held = desk.position(contract_id(i)).yes;
      if (target[i] == held) continue;
      const bool buys = target[i] > held;
      desk.place({.contract = contract_id(i),
                  .direction = buys ? side::buy : side::sell,
                  .quantity = buys ? target[i] - held : held - target[i]});
    }
  }
};

}  // namespace basket::strategy
