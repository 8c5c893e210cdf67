// The engine's side of a trading context: moves its clock, takes its instructions, tells it what the venue answered.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "basket/model/message.hpp"
#include "basket/model/trading_context.hpp"

namespace basket::backtest {

/// Owns the context that a strategy sees. For engines and for tests of strategies.
class trading_desk {
 public:
  trading_desk(const std::vector<market_terms>& terms, const std::vector<market_state>& states, const universe* source)
      : context_(terms, states, source) {
    context_.account_.reserve(terms.size());
    context_.instructions_.reserve(64);
    context_.orders_.reserve(64);
    context_.wakes_.reserve(16);
  }

  [[nodiscard]] trading_context& context() noexcept { return context_; }
  void move_to(instant now) noexcept { context_.now_ = now; }
  [[nodiscard]] bool has_work() const noexcept { return !context_.instructions_.empty() || !context_.wakes_.empty(); }

  /// Gives each instruction and each wish to be woken away, in order, and forgets them.
  template <class OnInstruction, class OnWake>
  void collect(const OnInstruction& instruct, const OnWake& wake) {
    for (const instruction& i : context_.instructions_) instruct(i);
    context_.instructions_.clear();
    for (const instant when : context_.wakes_) wake(when);
    context_.wakes_.clear();
  }

  /// The strategy comes to know a journal line.
  void tell(const ledger_entry& line) { context_.account_.repeat(line); }
  /// The strategy comes to know what happened to an order.
  void tell(const own_order& news) {
    if (news.event == order_event::booked) return;
    // A cancel of what had ended, or of a number that came later: it says nothing about an order.
    if (news.reason == order_reason::unknown_order) return;
    std::vector<open_order>& orders = context_.orders_;
    const auto at = std::find_if(orders.begin(), orders.end(), [&](const open_order& o) { return o.id == news.order; });
    if (at == orders.end()) return;
    switch (news.event) {
      case order_event::accepted:
        at->accepted = true;
        break;
      case order_event::filled:
        at->open -= news.quantity;
        if (at->open == shares{}) orders.erase(at);
        break;
      case order_event::rejected:
      case order_event::cancelled:
        orders.erase(at);
        break;
      case order_event::booked:
        break;
    }
  }

 private:
  trading_context context_;
};

}  // namespace basket::backtest
