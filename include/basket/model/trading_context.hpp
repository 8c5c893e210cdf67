// What a message strategy sees and what it can do: the present, its own orders and its account, and nothing later.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/model/history.hpp"
#include "basket/model/ledger.hpp"
#include "basket/model/life.hpp"
#include "basket/model/market_terms.hpp"
#include "basket/model/order_book.hpp"
#include "basket/model/order_entry.hpp"

namespace basket {

namespace backtest {
class trading_desk;
}

/// What a market is like right now.
struct market_state {
  order_book book;
  life stage = {};
  bool halted = false;
  price tick = price::cents(1);
};

/// Handed to a strategy with each message; only an engine makes one. Reading costs O(1); an instruction is queued and
/// leaves for the venue when the strategy returns. The account is what the strategy knows: with latency, a fill shows
/// in it once the venue's word has arrived.
class trading_context {
 public:
  trading_context(const trading_context&) = delete;
  trading_context& operator=(const trading_context&) = delete;

  [[nodiscard]] instant now() const noexcept { return now_; }
  [[nodiscard]] std::size_t markets() const noexcept { return contracts_; }
  /// Fails: precondition_error when there is no such contract, as every function that takes one.
  [[nodiscard]] const market_terms& terms(contract_id c) const { return terms_[checked(c)]; }
  [[nodiscard]] const order_book& book(contract_id c) const { return states_[checked(c)].book; }
  [[nodiscard]] const life& life_of(contract_id c) const { return states_[checked(c)].stage; }
  [[nodiscard]] bool halted(contract_id c) const { return states_[checked(c)].halted; }
  [[nodiscard]] price tick(contract_id c) const { return states_[checked(c)].tick; }

  [[nodiscard]] money cash() const noexcept { return account_.cash(); }
  [[nodiscard]] money locked() const noexcept { return account_.locked(); }
  [[nodiscard]] holding position(contract_id c) const { return account_.position(contract_id(checked(c))); }
  [[nodiscard]] const ledger& account() const noexcept { return account_; }

  /// Orders that are not known to have ended, oldest first.
  [[nodiscard]] std::span<const open_order> orders() const noexcept { return orders_; }

  /// The universe behind a source of bars, as known now.
  /// Fails: precondition_error when the run has none.
  [[nodiscard]] history past() const {
    if (universe_ == nullptr) {
      throw precondition_error("this run replays a recording: it has no universe whose history could be asked for");
    }
    return history(universe_, now_);
  }

  /// Sends an order; its number identifies it in messages of kind `own`.
  order_id place(const order_request& request) {
    (void)checked(request.contract);
    const order_id number(next_order_++);
    instruction& sent = instructions_.emplace_back();
    sent.kind = instruction::what::place;
    sent.order = number;
    assign(sent.request, request);
    sent.sent = now_;
    open_order& open = orders_.emplace_back();
    open.id = number;
    assign(open.request, request);
    open.open = request.quantity;
    open.placed = now_;
    return number;
  }
  /// Asks for what is left of an order to be cancelled; fills may still arrive before the venue's word.
  void cancel(order_id number) {
    for (open_order& o : orders_) {
      if (o.id == number) o.cancelling = true;
    }
    instructions_.push_back({.kind = instruction::what::cancel, .order = number, .sent = now_});
  }
  /// Asks for the cancel of every open order of a contract that is not being cancelled yet.
  void cancel_all(contract_id c) {
    for (open_order& o : orders_) {
      if (o.request.contract != c || o.cancelling) continue;
      o.cancelling = true;
      instructions_.push_back({.kind = instruction::what::cancel, .order = o.id, .sent = now_});
    }
  }
  /// Turns dollars into as many YES and NO shares, or back; the venue's word is `booked` or `rejected`.
  order_id mint(contract_id c, shares pairs) { return pair(instruction::what::mint, c, pairs); }
  order_id merge(contract_id c, shares pairs) { return pair(instruction::what::merge, c, pairs); }
  /// Asks for a timer message at `when`, behind everything else of that instant; now is the end of this one.
  /// Fails: precondition_error when that is earlier than now.
  void wake_at(instant when) {
    require(when >= now_, "a strategy cannot be woken earlier than now");
    wakes_.push_back(when);
  }

 private:
  friend class backtest::trading_desk;
  trading_context(const std::vector<market_terms>& terms, const std::vector<market_state>& states,
                  const universe* source)
      : terms_(terms), states_(states), contracts_(terms.size()), universe_(source) {}

  [[nodiscard]] std::size_t checked(contract_id c) const {
    if (c.index() >= contracts_) [[unlikely]]
      no_such(c);
    return c.index();
  }
  [[noreturn, gnu::cold, gnu::noinline]] void no_such(contract_id c) const {
    throw precondition_error("there are " + std::to_string(terms_.size()) + " contracts; number " +
                             std::to_string(c.index()) + " was asked for");
  }
  order_id pair(instruction::what kind, contract_id c, shares pairs) {
    (void)checked(c);
    const order_id number(next_order_++);
    instructions_.push_back(
        {.kind = kind, .order = number, .request = {.contract = c, .quantity = pairs}, .sent = now_});
    return number;
  }

  const std::vector<market_terms>& terms_;
  const std::vector<market_state>& states_;
  std::size_t contracts_;
  const universe* universe_;
  ledger account_;
  std::vector<open_order> orders_;
  std::vector<instruction> instructions_;
  std::vector<instant> wakes_;
  std::size_t next_order_ = 0;
  instant now_ = instant::earliest();
};

}  // namespace basket
