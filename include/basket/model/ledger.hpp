// The ledger: exact double entry in integers, shared by the daily and the message engine.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "basket/core/int128.hpp"
#include "basket/core/units.hpp"
#include "basket/model/order.hpp"

namespace basket {

enum class booking : std::uint8_t { deposit, withdrawal, trade, mint, merge, settlement, lock, release, rebate };

[[nodiscard]] constexpr std::string_view to_string(booking kind) noexcept {
  constexpr std::string_view words[] = {"deposit",    "withdrawal", "trade",   "mint",  "merge",
                                        "settlement", "lock",       "release", "rebate"};
  return words[static_cast<std::size_t>(kind)];
}

/// One line of the journal: by how much each account moved. `imbalance()` of every line is zero.
struct ledger_entry {
  instant when = {};
  booking kind = booking::deposit;
  contract_id contract = {};  ///< of trades, mints, merges, settlements
  money capital = {};         ///< put in by the owner
  money cash = {};
  money locked = {};         ///< cash set aside for open orders
  money fees = {};           ///< paid to the venue
  money rebates = {};        ///< paid by the venue
  int128 invested = 0;       ///< exact notional spent on contracts less received for them, in pico-dollars
  int128 residue = 0;        ///< what rounding to micro-dollars took, in pico-dollars
  shares yes = {}, no = {};  ///< change of the holding
  shares fee_shares = {};    ///< fee taken in shares (already in `yes` or `no`)

  /// cash + locked + fees - rebates + invested + residue - capital in pico-dollars: zero in every entry.
  [[nodiscard]] constexpr int128 imbalance() const noexcept {
    const int128 whole = int128{cash.micros()} + locked.micros() + fees.micros() - rebates.micros() - capital.micros();
    return whole * micro + invested + residue;
  }
};

/// What is held of one contract.
struct holding {
  shares yes = {}, no = {};
  int128 invested = 0;  ///< pico-dollars spent less received, fees apart; minus this is the gain once nothing is held
  [[nodiscard]] constexpr bool empty() const noexcept { return yes == shares{} && no == shares{}; }
};

/// Accounts of one strategy. Every operation moves all accounts at once or throws and moves none; it returns the
/// journal line, which the caller keeps or drops. Amounts never wrap.
///
/// Fails: precondition_error when cash, locked cash or a holding would become negative, or a quantity is not positive.
/// Cost:  O(1), no allocation once `reserve` covers the contracts.
class ledger {
 public:
  /// Makes room for contracts 0 .. count-1.
  void reserve(std::size_t count) {
    if (holdings_.size() < count) holdings_.resize(count);
  }

  ledger_entry deposit(instant when, money amount) {
    require(amount >= money{}, "a deposit must not be negative");
    ledger_entry e{.when = when, .kind = booking::deposit};
    e.capital = e.cash = amount;
    post(e);
    return e;
  }
  ledger_entry withdraw(instant when, money amount) {
    require(amount >= money{}, "a withdrawal must not be negative");
    ledger_entry e{.when = when, .kind = booking::withdrawal};
    e.capital = e.cash = -amount;
    post(e);
    return e;
  }
  /// Sets cash aside for an order, or gives it back.
  ledger_entry lock(instant when, money amount) {
    require(amount >= money{}, "an amount to lock must not be negative");
    ledger_entry e{.when = when, .kind = booking::lock};
    e.cash = -amount;
    e.locked = amount;
    post(e);
    return e;
  }
  ledger_entry release(instant when, money amount) {
    require(amount >= money{}, "an amount to release must not be negative");
    ledger_entry e{.when = when, .kind = booking::release};
    e.cash = amount;
    e.locked = -amount;
    post(e);
    return e;
  }
  /// A payment of the venue that belongs to no single fill.
  ledger_entry rebate(instant when, money amount) {
    require(amount >= money{}, "a rebate must not be negative");
    ledger_entry e{.when = when, .kind = booking::rebate};
    e.cash = e.rebates = amount;
    post(e);
    return e;
  }

  /// Books a fill. A buyer's notional is rounded up to a micro-dollar and a seller's down; the difference is residue.
  ledger_entry trade(const fill& f) {
    require(f.quantity > shares{}, "a fill must have a positive quantity");
    require(f.fee.in_shares >= shares{} && f.fee.in_shares <= f.quantity,
            "a fee in shares must lie between nothing and what was filled");
    const bool buys = f.direction == side::buy;
    require(buys || f.fee.in_shares == shares{}, "a fee in shares belongs to a purchase");
    const notional exact = f.exact();
    require(exact.picos >= 0 && exact.picos <= (price::micros(micro) * f.quantity).picos,
            "a fill must cost between nothing and a dollar a share");
    const money whole = exact.to_money(buys ? rounding::up : rounding::down);
    ledger_entry e{.when = f.when, .kind = booking::trade, .contract = f.contract};
    e.cash = (buys ? -whole : whole) - f.fee.cash;
    if (f.fee.cash >= money{}) {
      e.fees = f.fee.cash;
    } else {
      e.rebates = -f.fee.cash;
    }
    e.invested = buys ? exact.picos : -exact.picos;
    e.residue = buys ? int128{whole.micros()} * micro - exact.picos : exact.picos - int128{whole.micros()} * micro;
    (f.of == outcome::yes ? e.yes : e.no) = buys ? f.quantity - f.fee.in_shares : -f.quantity;
    e.fee_shares = f.fee.in_shares;
    post(e);
    return e;
  }

  /// One dollar becomes one YES and one NO share, or back.
  ledger_entry mint(instant when, contract_id contract, shares pairs) { return pair(when, contract, pairs, true); }
  ledger_entry merge(instant when, contract_id contract, shares pairs) { return pair(when, contract, pairs, false); }

  /// Pays `payout` a YES share and one less that a NO share; the holding ends. Each side is rounded down.
  ledger_entry settle(instant when, contract_id contract, price payout) {
    const holding held = position(contract);
    const notional yes = payout * held.yes, no = payout.complement() * held.no;
    const money paid = yes.to_money(rounding::down) + no.to_money(rounding::down);
    ledger_entry e{.when = when, .kind = booking::settlement, .contract = contract};
    e.cash = paid;
    e.invested = -(yes + no).picos;
    e.residue = (yes + no).picos - int128{paid.micros()} * micro;
    e.yes = -held.yes;
    e.no = -held.no;
    post(e);
    return e;
  }

  /// Books a line that another ledger made: what one account did, another comes to know.
  /// Fails: precondition_error as the operation itself would here, or when the line does not balance.
  void repeat(const ledger_entry& line) {
    require(line.imbalance() == 0, "a journal line must balance");
    post(line);
  }

  [[nodiscard]] money cash() const noexcept { return total_.cash; }
  [[nodiscard]] money locked() const noexcept { return total_.locked; }
  [[nodiscard]] money capital() const noexcept { return total_.capital; }
  [[nodiscard]] money fees() const noexcept { return total_.fees; }
  [[nodiscard]] money rebates() const noexcept { return total_.rebates; }
  [[nodiscard]] int128 invested() const noexcept { return total_.invested; }
  [[nodiscard]] int128 residue() const noexcept { return total_.residue; }
  /// What is held of a contract; empty for one never traded.
  [[nodiscard]] holding position(contract_id contract) const noexcept {
    return contract.index() < holdings_.size() ? holdings_[contract.index()] : holding{};
  }
  /// One entry a contract, from 0 to the largest one booked or reserved.
  [[nodiscard]] const std::vector<holding>& holdings() const noexcept { return holdings_; }

  /// cash in - cash out - fees - positions in pico-dollars; zero always. O(1).
  [[nodiscard]] int128 imbalance() const noexcept { return total_.imbalance(); }
  /// The same with the positions summed one by one. O(contracts).
  [[nodiscard]] int128 audit() const noexcept {
    int128 sum = 0;
    for (const holding& h : holdings_) sum += h.invested;
    ledger_entry from_positions = total_;
    from_positions.invested = sum;
    return from_positions.imbalance();
  }

 private:
  ledger_entry pair(instant when, contract_id contract, shares pairs, bool mint) {
    require(pairs > shares{}, "a number of pairs must be positive");
    ledger_entry e{.when = when, .kind = mint ? booking::mint : booking::merge, .contract = contract};
    const money cost = money::micros(pairs.micros());  // a pair costs one dollar: micro-shares are micro-dollars
    e.cash = mint ? -cost : cost;
    e.invested = (mint ? int128{1} : int128{-1}) * cost.micros() * micro;
    e.yes = e.no = mint ? pairs : -pairs;
    post(e);
    return e;
  }

  void post(const ledger_entry& e) {
    const bool two_accounts = (e.kind == booking::lock || e.kind == booking::release) && e.capital == money{} &&
                              e.fees == money{} && e.rebates == money{} && e.invested == 0 && e.residue == 0;
    if (two_accounts) return set_aside(e);
    // Everything is computed before anything is written, so that a refusal leaves the books as they were.
    ledger_entry next = total_;
    next.capital += e.capital;
    next.cash += e.cash;
    next.locked += e.locked;
    next.fees += e.fees;
    next.rebates += e.rebates;
    next.invested += e.invested;
    next.residue += e.residue;
    if (next.cash < money{}) not_covered(e);
    require(next.locked >= money{}, "more cash was released than is locked");
    const bool moves_contract = e.kind == booking::trade || e.kind == booking::mint || e.kind == booking::merge ||
                                e.kind == booking::settlement;
    if (moves_contract) {
      holding held = position(e.contract);
      held.yes += e.yes;
      held.no += e.no;
      held.invested += e.invested;
      if (held.yes < shares{} || held.no < shares{}) {
        throw precondition_error("a holding of contract number " + std::to_string(e.contract.index()) +
                                 " would become negative");
      }
      reserve(e.contract.index() + 1);
      holdings_[e.contract.index()] = held;
    }
    total_ = next;
  }

  /// The commonest line moves two accounts and no contract.
  void set_aside(const ledger_entry& e) {
    const money cash = total_.cash + e.cash, locked = total_.locked + e.locked;
    if (cash < money{}) [[unlikely]]
      not_covered(e);
    require(locked >= money{}, "more cash was released than is locked");
    total_.cash = cash;
    total_.locked = locked;
  }
  [[noreturn, gnu::cold, gnu::noinline]] void not_covered(const ledger_entry& e) const {
    throw precondition_error("cash of " + to_string(total_.cash) + " does not cover a movement of " +
                             to_string(e.cash));
  }

  ledger_entry total_;
  std::vector<holding> holdings_;
};

}  // namespace basket
