// The daily engine: decides on closes, trades at later ones, settles what resolves, and books every cent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "basket/backtest/engine_access.hpp"
#include "basket/backtest/result.hpp"
#include "basket/concepts/bias.hpp"
#include "basket/concepts/daily_strategy.hpp"
#include "basket/concepts/fee_schedule.hpp"
#include "basket/concepts/fill_price.hpp"
#include "basket/concepts/schedule.hpp"
#include "basket/model/batch.hpp"

namespace basket::backtest {

/// Orders trade at their market's next observed close after the decision.
struct next_close {
  static constexpr bool on_the_day_of_decision = false;
};

/// Orders trade at the very close that was decided on.
struct same_close {
  static constexpr bool on_the_day_of_decision = true;
  static constexpr std::string_view bias =
      "Orders trade at the close that decided them, which nobody can do: results are too good.";
};

/// When a daily order may trade.
template <class T>
concept Timing = requires {
  { T::on_the_day_of_decision } -> std::convertible_to<bool>;
};

namespace detail {

/// One daily run in progress: books, orders and marks. Private to `daily`.
template <FillPrice Execution, FeeSchedule Cost>
class daily_run {
 public:
  daily_run(const universe& source, const Execution& execution, const Cost& cost, money capital, instant start)
      : source_(source),
        execution_(execution),
        cost_(cost),
        lives_(source.contracts.size()),
        next_event_(source.contracts.size(), 0),
        marks_(source.contracts.size()),
        theme_of_(source.contracts.size()) {
    for (const contract& c : source.contracts) out.names.push_back(c.name);
    out.capital = capital;
    out.books.reserve(source.contracts.size());
    out.journal.push_back(out.books.deposit(start, capital));
  }

  /// Moves lives on to what is known at the close of `day`; pays what settled and cancels what no longer trades.
  void settle(utc_day day) {
    for (std::size_t i = 0; i < source_.contracts.size(); ++i) {
      const auto& events = source_.contracts[i].life;
      while (next_event_[i] < events.size() && events[next_event_[i]].known_at <= day.close()) {
        const life_event& event = events[next_event_[i]++];
        lives_[i].apply(event);
        if (lives_[i].can_trade()) continue;
        const contract_id id(i);
        cancel(id, day, "the contract is " + std::string(to_string(event.stage)));
        const holding held = out.books.position(id);
        if (!lives_[i].is_final() || held.empty()) continue;
        const ledger_entry paid = out.books.settle(day.close(), id, *event.payout);
        out.journal.push_back(paid);
        out.payouts.push_back({.day = day,
                               .contract = id,
                               .quantity = held.yes,
                               .per_share = *event.payout,
                               .cash = paid.cash,
                               .voided = event.stage == life_stage::voided});
        gain_of(id).settled += paid.cash;
      }
    }
  }

  /// Notes the closes of `day`.
  void observe(utc_day day) {
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const double close = source_.closes.close(day, contract_id(i));
      if (!is_missing(close)) marks_[i] = mark{.day = day, .close = price::nearest(close)};
    }
  }

  /// Executes orders whose market has a close on `day` and that were decided before it (or on it, if so timed): sales
  /// first, then purchases, all cut by one factor where cash does not cover them.
  void execute(utc_day day, bool on_the_day_of_decision) {
    std::vector<order> due, rest;
    for (const order& o : orders_) {
      const auto& m = marks_[o.contract.index()];
      const bool has_close = m && m->day == day && lives_[o.contract.index()].can_trade();
      (has_close && (o.decided < day || on_the_day_of_decision) ? due : rest).push_back(o);
    }
    orders_ = std::move(rest);
    for (const order& o : due) {
      if (o.direction == side::sell) fill_one(o, day, o.quantity);
    }
    int128 wanted = 0;
    for (const order& o : due) {
      if (o.direction == side::buy) wanted += quote(o, day, o.quantity).cash_out.micros();
    }
    const int128 available = out.books.cash().micros();
    for (const order& o : due) {
      if (o.direction == side::sell) continue;
      const shares quantity = cut_to_cash(o.quantity, wanted, available, out.books.cash(),
                                          [&](shares q) { return quote(o, day, q).cash_out; });
      if (quantity < o.quantity) give_up(o, day, o.quantity - quantity, "cash does not cover it");
      if (quantity > shares{}) fill_one(o, day, quantity);
    }
  }

  /// Replaces all open orders by those that lead from the holdings to the decided weights of the NAV at `day`.
  void plan(utc_day day, const decision& decided) {
    for (const order& o : orders_) give_up(o, day, o.quantity, "replaced by the next decision");
    orders_.clear();
    const double nav = static_cast<double>(mark_to_market(day, days(0)).nav.micros());
    std::vector<shares> target(source_.contracts.size());
    for (const considered& line : decided.contracts) {
      if (!(line.weight > 0.0)) continue;
      const auto& m = marks_[line.contract.index()];
      if (!m || m->close == price{}) {
        out.not_done.push_back({.decided = day,
                                .given_up = day,
                                .contract = line.contract,
                                .direction = side::buy,
                                .quantity = {},
                                .reason = "no positive close to size an order by"});
        continue;
      }
      const auto wanted = static_cast<std::int64_t>(line.weight * nav / m->close.to_double());
      target[line.contract.index()] = shares::micros(wanted - wanted % lot_micros);
      theme_of_[line.contract.index()] = line.theme;
    }
    for (std::size_t i = 0; i < target.size(); ++i) {
      const shares held = out.books.position(contract_id(i)).yes;
      if (target[i] == held) continue;
      const bool buys = target[i] > held;
      orders_.push_back({.contract = contract_id(i),
                         .direction = buys ? side::buy : side::sell,
                         .quantity = buys ? target[i] - held : held - target[i],
                         .decided = day});
    }
  }

  /// The books at the close of `day`; positions whose last close is older than `stale_after` count as stale.
  [[nodiscard]] nav_point mark_to_market(utc_day day, days stale_after) const {
    nav_point point{.day = day, .cash = out.books.cash()};
    money win;
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const shares held = out.books.position(contract_id(i)).yes;
      if (held == shares{}) continue;
      const money value = value_of(i, held);
      point.positions += value;
      ++point.held;
      if (day - marks_[i]->day > stale_after) {
        ++point.stale;
        point.stale_value += value;
        win += money::micros(held.micros());  // a dollar a share
      }
    }
    point.nav = point.cash + point.positions;
    point.nav_if_stale_lose = point.nav - point.stale_value;
    point.nav_if_stale_win = point.nav_if_stale_lose + win;
    return point;
  }

  /// What is left when the run ends on `day`, and the themes' gains.
  void close_books(utc_day day) {
    for (const order& o : orders_) give_up(o, day, o.quantity, "the run ended before it could trade");
    orders_.clear();
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const shares held = out.books.position(contract_id(i)).yes;
      if (held == shares{}) continue;
      const money value = value_of(i, held);
      bool observed_later = false;
      const auto series = source_.closes.series(contract_id(i));
      for (std::size_t row = source_.closes.row(marks_[i]->day) + 1; row < series.size(); ++row) {
        observed_later = observed_later || !is_missing(series[row]);
      }
      const auto& events = source_.contracts[i].life;
      const bool pays_later =
          std::any_of(events.begin(), events.end(), [](const life_event& e) { return e.payout.has_value(); });
      out.left.push_back({.contract = contract_id(i),
                          .quantity = held,
                          .last_day = marks_[i]->day,
                          .last_close = marks_[i]->close,
                          .value = value,
                          .data_ended = !observed_later && !pays_later});
      gain_of(contract_id(i)).held += value;
    }
    for (auto& [theme, gain] : gains_) out.themes.push_back(gain);
  }

  result out;

 private:
  struct mark {
    utc_day day = {};
    price close = {};
  };
  struct order {
    contract_id contract = {};
    side direction = side::buy;
    shares quantity = {};
    utc_day decided = {};
  };
  struct quoted {
    price at = {};
    std::optional<fee_charge> fee = {};
    money cash_out = {};  // of a purchase, fee included
  };

  [[nodiscard]] money value_of(std::size_t i, shares held) const {
    return (held * marks_[i]->close).to_money(rounding::down);
  }

  [[nodiscard]] quoted quote(const order& o, utc_day day, shares quantity) const {
    const price at = execution_.at(marks_[o.contract.index()]->close, o.direction);
    fee_carry carry;
    const notional amount = at * quantity;
    const auto fee = cost_.charge({.when = day.close(),
                                   .category = {},
                                   .listed = source_.contracts[o.contract.index()].versions.front().known_at,
                                   .direction = o.direction,
                                   .role = liquidity::taker,
                                   .amount = amount,
                                   .quantity = quantity},
                                  carry);
    return {.at = at, .fee = fee, .cash_out = amount.to_money(rounding::up) + (fee ? fee->cash : money{})};
  }

  void fill_one(const order& o, utc_day day, shares quantity) {
    const quoted q = quote(o, day, quantity);
    if (!q.fee) {
      give_up(o, day, quantity, "no fee is known for it on that day");
      return;
    }
    const ledger_entry entry = out.books.trade({.when = day.close(),
                                                .contract = o.contract,
                                                .of = outcome::yes,
                                                .direction = o.direction,
                                                .at = q.at,
                                                .quantity = quantity,
                                                .fee = *q.fee});
    out.journal.push_back(entry);
    out.trades.push_back({.decided = o.decided,
                          .filled = day,
                          .contract = o.contract,
                          .direction = o.direction,
                          .quantity = quantity,
                          .close = marks_[o.contract.index()]->close,
                          .paid = q.at,
                          .cash = entry.cash,
                          .fee = q.fee->cash});
    theme_gain& gain = gain_of(o.contract);
    gain.fees += q.fee->cash;
    if (o.direction == side::buy) {
      gain.bought += -entry.cash - q.fee->cash;
    } else {
      gain.sold += entry.cash + q.fee->cash;
    }
  }

  void give_up(const order& o, utc_day day, shares quantity, std::string reason) {
    out.not_done.push_back({.decided = o.decided,
                            .given_up = day,
                            .contract = o.contract,
                            .direction = o.direction,
                            .quantity = quantity,
                            .reason = std::move(reason)});
  }

  void cancel(contract_id id, utc_day day, const std::string& reason) {
    std::erase_if(orders_, [&](const order& o) {
      if (o.contract != id) return false;
      give_up(o, day, o.quantity, reason);
      return true;
    });
  }

  theme_gain& gain_of(contract_id id) {
    theme_gain& gain = gains_[theme_of_[id.index()]];
    gain.theme = theme_of_[id.index()];
    return gain;
  }

  const universe& source_;
  const Execution& execution_;
  const Cost& cost_;
  std::vector<life> lives_;
  std::vector<std::size_t> next_event_;
  std::vector<std::optional<mark>> marks_;
  std::vector<std::string> theme_of_;
  std::vector<order> orders_;
  std::map<std::string, theme_gain> gains_;
};

}  // namespace detail

/// Replays a strategy day by day. On each day: what became known is applied and settled, open orders trade where their
/// market has a close, a decision is taken if one is due, and the books are marked. A decision's orders trade at the
/// next observed close of each market; those not done by the next decision are dropped and listed.
///
/// Missing: a market without a close on a day does not trade and keeps its last mark; see `nav_point` for stale ones.
/// Fails:   precondition_error when the universe breaks `check`, or the days are not covered by its panel.
/// Cost:    O(days x contracts) and the strategy's decisions.
template <Schedule Schedule, DailyStrategy Strategy, FillPrice Execution, FeeSchedule Cost, Timing When = next_close>
struct daily {
  Schedule schedule = {};
  Strategy strategy = {};
  Execution execution = {};
  Cost cost = {};
  money capital = money::dollars(100'000);
  days stale_after = days(7);
  When timing = {};

  /// All days from `first` to `last`, both included.
  [[nodiscard]] result run(const universe& source, utc_day first, utc_day last) const {
    check(source);
    if (last < first) throw precondition_error("the last day, " + to_string(last) + ", lies before the first");
    if (!source.closes.covers(first) || !source.closes.covers(last)) {
      throw precondition_error("the panel covers " + to_string(source.closes.first_day()) + " to " +
                               to_string(source.closes.end_day() - days(1)) + ", not all of " + to_string(first) +
                               " to " + to_string(last));
    }
    require(capital > money{}, "the starting capital must be positive");
    require(stale_after >= days(0), "stale_after must not be negative");
    detail::daily_run<Execution, Cost> run(source, execution, cost, capital, first.open());
    for (utc_day day = source.closes.first_day(); day < first; ++day) run.observe(day);
    for (utc_day day = first; day <= last; ++day) {
      run.settle(day);
      run.observe(day);
      run.execute(day, false);
      if (schedule.is_due(day) && day < last) {
        run.out.decisions.push_back(strategy.decide(engine_access::past(source, day.close())));
        run.plan(day, run.out.decisions.back());
        if constexpr (When::on_the_day_of_decision) run.execute(day, true);
      }
      run.out.nav.push_back(run.mark_to_market(day, stale_after));
    }
    run.close_books(last);
    if constexpr (requires { strategy.collect_bias(run.out.bias); }) strategy.collect_bias(run.out.bias);
    append_bias(execution, run.out.bias);
    append_bias(cost, run.out.bias);
    append_bias(timing, run.out.bias);
    return std::move(run.out);
  }
};

}  // namespace basket::backtest
