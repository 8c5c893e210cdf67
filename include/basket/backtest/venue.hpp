// The simulated venue: accepts, rejects, matches and cancels one strategy's orders against recorded books.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "basket/backtest/replay_result.hpp"
#include "basket/concepts/bar_fill.hpp"
#include "basket/concepts/fee_schedule.hpp"
#include "basket/concepts/queue_model.hpp"
#include "basket/concepts/quote_size.hpp"
#include "basket/model/batch.hpp"
#include "basket/model/ledger.hpp"
#include "basket/model/market_terms.hpp"
#include "basket/model/message.hpp"
#include "basket/model/order_entry.hpp"
#include "basket/model/trading_context.hpp"

namespace basket::backtest {

/// An order at the venue. Its side and price in the book are those of YES.
struct resting_order {
  order_id id = {};
  order_request request = {};
  side book_side = side::buy;
  price book_price = {};
  shares open = {};
  queue_place place = {};
  money locked = {};
  money fee_reserve = {};
  fee_carry carry = {};
  bool waits_for_bar = false;
};

/// What one contract's orders have cost in locks: one strategy's account and open orders at the venue. `Sink` hears of
/// everything: `entry(const ledger_entry&)`, `told(contract_id, outcome, const own_order&)`, `filled(const fill&)`.
///
/// An order meets the book as recorded, less what the strategy itself has taken from it. Its own orders never match
/// each other. A purchase locks its limit times its quantity and the largest fee the schedule names for that; a sale
/// needs shares that no other sale has promised. What cannot be paid for when a fill comes is cancelled.
template <QueueModel Queue, FeeSchedule Cost, QuoteSize Quotes, BarFill Bars, class Sink>
class venue {
 public:
  venue(const std::vector<market_terms>& terms, std::vector<market_state>& states, const Queue& queue, const Cost& cost,
        const Quotes& quotes, const Bars& bars, std::optional<shares> position_limit, bool has_books, Sink& sink)
      : terms_(terms),
        states_(states),
        queue_(queue),
        cost_(cost),
        quotes_(quotes),
        bars_(bars),
        position_limit_(position_limit),
        has_books_(has_books),
        sink_(sink),
        resting_(terms.size(), 0),
        reach_(terms.size()) {
    books_.reserve(terms.size());
    orders_.reserve(64);
  }

  [[nodiscard]] const ledger& books() const noexcept { return books_; }
  void deposit(instant now, money amount) { sink_.entry(books_.deposit(now, amount)); }
  [[nodiscard]] bool has_orders(contract_id c) const noexcept { return resting_[c.index()] != 0; }

  void arrive(const instruction& i, instant now) {
    switch (i.kind) {
      case instruction::what::place:
        place(i.order, i.request, now);
        break;
      case instruction::what::cancel:
        cancel(i.order, now);
        break;
      case instruction::what::mint:
      case instruction::what::merge:
        pair(i, now);
        break;
    }
  }

  /// A trade of others: it fills resting orders on the passive side that it reached.
  void traded(const message& m) {
    if (states_[m.contract.index()].halted) return;
    const public_trade t = m.trade();
    const price at = m.of == outcome::yes ? t.at : t.at.complement();
    const order_book& book = states_[m.contract.index()].book;
    std::optional<side> taker = t.aggressor;
    if (taker && m.of == outcome::no) taker = *taker == side::buy ? side::sell : side::buy;
    if (!taker) {
      // Who took is not told: a trade at or beyond one side of the book was against that side; in between, nobody
      // knows.
      if (book.best_ask() && at >= *book.best_ask()) taker = side::buy;
      if (book.best_bid() && at <= *book.best_bid()) taker = side::sell;
      if (!taker) return;
    }
    const side passive = *taker == side::buy ? side::sell : side::buy;
    shares left = t.size;
    for_each_resting(m.contract, passive, [&](resting_order& o) {
      if (left <= shares{}) return;
      const bool through = passive == side::buy ? o.book_price > at : o.book_price < at;
      if (!through && o.book_price != at) return;
      const shares reaches = through ? left : queue_.traded(o.place, left);
      const shares filled = std::min(o.open, reaches);
      if (filled <= shares{}) return;
      if (fill_resting(o, filled, m.known_at)) left -= filled;
    });
    sweep(m.known_at);
  }

  /// Whether an order may wait at that price of that side, or would trade with it: the answer to most levels is no.
  [[nodiscard]] bool touches(contract_id c, side of, price price_at) const noexcept {
    const reach& r = reach_[c.index()];
    const std::int64_t at = price_at.micros();
    return of == side::sell ? at <= r.buy_high || (at >= r.sell_low && at <= r.sell_high)
                            : at >= r.sell_low || (at >= r.buy_low && at <= r.buy_high);
  }
  /// The displayed size at a price of one side of the YES book changed.
  void level_changed(contract_id c, side of, price at, level_move change, instant now) {
    const bool matches = !states_[c.index()].halted;
    bool crossing = false, swept = false;
    shares gone = std::max(change.before - change.after, shares{});
    for (resting_order& o : orders_) {
      if (o.request.contract != c || o.waits_for_bar) continue;
      if (o.book_side == of) {
        if (o.book_price != at) continue;
        // Two orders at one price share what went.
        const shares got = std::min({queue_.moved(o.place, change), gone, o.open});
        if (got <= shares{} || !matches) continue;
        swept = true;
        if (fill_resting(o, got, now)) gone -= got;
      } else {
        crossing =
            crossing || (change.after > shares{} && (of == side::sell ? at <= o.book_price : at >= o.book_price));
      }
    }
    if (swept) sweep(now);
    if (crossing) cross(c, of == side::sell ? side::buy : side::sell, now);
  }

  /// The whole book was told anew.
  void book_replaced(contract_id c, instant now) {
    const order_book& book = states_[c.index()].book;
    for (resting_order& o : orders_) {
      if (o.request.contract != c || o.waits_for_bar) continue;
      const shares displayed = book.size(o.book_side, o.book_price);
      // What happened between two snapshots is not told: nobody is filled by it.
      (void)queue_.moved(o.place, {.before = std::max(o.place.ahead, displayed), .after = displayed});
    }
    cross(c, side::buy, now);
    cross(c, side::sell, now);
  }

  /// Trading goes on behind a halt: what crosses by now is matched.
  void resumed(contract_id c, instant now) {
    cross(c, side::buy, now);
    cross(c, side::sell, now);
  }

  /// A candle of a contract without a book: it fills what waits for it when its instant is over.
  void bar(const message& m) {
    if (states_[m.contract.index()].halted) return;
    if (candle_of_.size() < terms_.size()) candle_of_.resize(terms_.size(), 0);
    candles_.push_back({.contract = m.contract, .of_yes = m.of == outcome::yes ? m.candle() : mirrored(m.candle())});
    candle_of_[m.contract.index()] = static_cast<std::uint32_t>(candles_.size());
  }
  [[nodiscard]] bool has_bars() const noexcept { return !candles_.empty(); }
  /// The candles of one instant trade together, in whatever order they were told: sales first, purchases whose cash is
  /// locked, then purchases at the market, all cut by one factor where cash does not cover them.
  void match_bars(instant now) {
    matches_.assign(orders_.size(), std::nullopt);
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      const resting_order& o = orders_[i];
      const std::uint32_t candle = candle_of_[o.request.contract.index()];
      if (!o.waits_for_bar || candle == 0) continue;
      const price_candle& of_yes = candles_[candle - 1].of_yes;
      matches_[i] = bars_.match(o.request, o.open, o.request.of == outcome::yes ? of_yes : mirrored(of_yes));
      if (matches_[i] && o.request.until == time_in_force::fill_or_kill && matches_[i]->quantity < o.open) {
        matches_[i].reset();
      }
    }
    const auto at_the_market = [](const resting_order& o) {
      return o.request.direction == side::buy && o.locked == money{};
    };
    const auto cash_out = [&](const resting_order& o, price at, shares quantity) {
      fee_carry carry = o.carry;
      const auto charge = fee(o.request, at * quantity, quantity, liquidity::taker, now, carry);
      return (at * quantity).to_money(rounding::up) + (charge ? charge->cash : money{});
    };
    for (const side turn : {side::sell, side::buy}) {
      for (std::size_t i = 0; i < orders_.size(); ++i) {
        resting_order& o = orders_[i];
        if (!matches_[i] || o.request.direction != turn || at_the_market(o)) continue;
        settle_fill(o, matches_[i]->at, matches_[i]->quantity, matches_[i]->role, now);
        matches_[i].reset();
      }
    }
    int128 wanted = 0;
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      if (matches_[i]) wanted += cash_out(orders_[i], matches_[i]->at, matches_[i]->quantity).micros();
    }
    const int128 available = books_.cash().micros();
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      if (!matches_[i]) continue;
      resting_order& o = orders_[i];
      const bar_match& m = *matches_[i];
      shares quantity =
          cut_to_cash(m.quantity, wanted, available, books_.cash(), [&](shares q) { return cash_out(o, m.at, q); });
      if (quantity < o.open && o.request.until == time_in_force::fill_or_kill) quantity = {};
      if (quantity > shares{}) settle_fill(o, m.at, quantity, m.role, now);
      if (quantity < m.quantity && o.open > shares{}) end(o, order_reason::cash, now);
    }
    for (resting_order& o : orders_) {
      // An order that does not wait has the first candle behind it, and no other.
      const bool all = o.request.until == time_in_force::fill_or_kill;
      const bool waits = !all && o.request.until != time_in_force::immediate_or_cancel;
      if (waits || !o.waits_for_bar || o.open == shares{} || candle_of_[o.request.contract.index()] == 0) continue;
      end(o, all ? order_reason::cannot_fill_whole : order_reason::not_filled, now);
    }
    for (const told_candle& c : candles_) candle_of_[c.contract.index()] = 0;
    candles_.clear();
    sweep(now);
  }

  /// Cancels every open order of a contract that no longer trades.
  void close_market(contract_id c, instant now) {
    for (resting_order& o : orders_) {
      if (o.request.contract == c && o.open > shares{}) end(o, order_reason::closed_market, now);
    }
    sweep(now);
  }
  /// Pays what is held.
  void settle(contract_id c, price payout, instant now) {
    if (!books_.position(c).empty()) sink_.entry(books_.settle(now, c, payout));
  }

 private:
  /// The span of prices, in micro-dollars, at which one contract's orders wait in the book: lowest and highest of each
  /// side, crossed while there is none.
  struct reach {
    std::int64_t buy_low = micro + 1, buy_high = -1, sell_low = micro + 1, sell_high = -1;
    void widen(side of, std::int64_t at) noexcept {
      std::int64_t& low = of == side::buy ? buy_low : sell_low;
      std::int64_t& high = of == side::buy ? buy_high : sell_high;
      low = std::min(low, at);
      high = std::max(high, at);
    }
  };
  void measure_reach(contract_id c) noexcept {
    reach& r = reach_[c.index()];
    r = {};
    for (const resting_order& o : orders_) {
      if (o.request.contract == c && !o.waits_for_bar) r.widen(o.book_side, o.book_price.micros());
    }
  }
  static constexpr std::int64_t most_micros = 1'000'000'000 * micro;  // a billion shares: products stay in range

  [[nodiscard]] static price_candle mirrored(const price_candle& c) {
    return {.open = c.open.complement(),
            .high = c.low.complement(),
            .low = c.high.complement(),
            .close = c.close.complement(),
            .volume = c.volume};
  }
  [[nodiscard]] static side in_book(const order_request& r) noexcept {
    return (r.direction == side::buy) == (r.of == outcome::yes) ? side::buy : side::sell;
  }
  [[nodiscard]] static price own_words(outcome of, price yes) noexcept {
    return of == outcome::yes ? yes : yes.complement();
  }
  [[nodiscard]] shares free_shares(contract_id c, outcome of) const {
    const holding held = books_.position(c);
    shares free = of == outcome::yes ? held.yes : held.no;
    for (const resting_order& o : orders_) {
      if (o.request.contract == c && o.request.of == of && o.request.direction == side::sell) free -= o.open;
    }
    return free;
  }
  [[nodiscard]] shares promised(contract_id c, outcome of) const {
    const holding held = books_.position(c);
    shares all = of == outcome::yes ? held.yes : held.no;
    for (const resting_order& o : orders_) {
      if (o.request.contract == c && o.request.of == of && o.request.direction == side::buy) all += o.open;
    }
    return all;
  }
  [[nodiscard]] std::optional<fee_charge> fee(const order_request& r, notional amount, shares quantity, liquidity role,
                                              instant now, fee_carry& carry) const {
    const market_terms& t = terms_[r.contract.index()];
    return cost_.charge({.when = now,
                         .category = t.category,
                         .listed = t.listed,
                         .direction = r.direction,
                         .role = role,
                         .amount = amount,
                         .quantity = quantity},
                        carry);
  }

  void tell(const order_request& r, order_id id, order_event event, order_reason reason, price at, shares quantity) {
    sink_.told(r.contract, r.of,
               own_order{.order = id, .event = event, .reason = reason, .at = at, .quantity = quantity});
  }
  void refuse(order_id id, const order_request& r, order_reason reason, instant) {
    tell(r, id, order_event::rejected, reason, r.limit.value_or(price{}), r.quantity);
  }

  /// What stands at a level for a taker: less what he took before, or what a policy says of an untold size.
  [[nodiscard]] shares offered(const order_book& book, side of, price at) const {
    if (book.sizes_known()) return book.available(of, at);
    const auto size = quotes_.size(at);
    if (!size) return {};
    return std::max(shares{}, *size - book.taken(of, at));
  }

  [[nodiscard]] bool passes_limit(contract_id c, outcome of, shares more) const {
    return position_limit_ && promised(c, of) + more > *position_limit_;
  }
  /// Why an order may not even be looked at.
  [[nodiscard]] order_reason objection(const order_request& r) const {
    const market_state& s = states_[r.contract.index()];
    if (r.quantity <= shares{} || r.quantity.micros() > most_micros) return order_reason::quantity;
    if (!s.stage.can_trade()) return order_reason::closed_market;
    if (s.halted) return order_reason::halted;
    if (r.quantity < terms_[r.contract.index()].minimum_size) return order_reason::minimum_size;
    if (r.limit &&
        (*r.limit == price{} || *r.limit == price::micros(micro) || r.limit->micros() % s.tick.micros() != 0 ||
         (has_books_ && r.limit->micros() % s.book.grid().micros() != 0))) {
      return order_reason::tick;
    }
    if (has_books_ && !s.book.ready()) return order_reason::no_book;
    if (r.direction == side::sell && free_shares(r.contract, r.of) < r.quantity) return order_reason::holding;
    if (r.direction == side::buy && passes_limit(r.contract, r.of, r.quantity)) return order_reason::position_limit;
    return order_reason::none;
  }

  /// Mints or merges pairs, until the contract is settled or voided.
  void pair(const instruction& i, instant now) {
    const order_request& r = i.request;
    const bool mints = i.kind == instruction::what::mint;
    if (r.quantity <= shares{} || r.quantity.micros() > most_micros) {
      return refuse(i.order, r, order_reason::quantity, now);
    }
    if (states_[r.contract.index()].stage.is_final()) return refuse(i.order, r, order_reason::closed_market, now);
    if (mints &&
        (passes_limit(r.contract, outcome::yes, r.quantity) || passes_limit(r.contract, outcome::no, r.quantity))) {
      return refuse(i.order, r, order_reason::position_limit, now);
    }
    if (mints && money::micros(r.quantity.micros()) > books_.cash()) {
      return refuse(i.order, r, order_reason::cash, now);
    }
    if (!mints &&
        (r.quantity > free_shares(r.contract, outcome::yes) || r.quantity > free_shares(r.contract, outcome::no))) {
      return refuse(i.order, r, order_reason::holding, now);
    }
    sink_.entry(mints ? books_.mint(now, r.contract, r.quantity) : books_.merge(now, r.contract, r.quantity));
    tell(r, i.order, order_event::booked, order_reason::none, price{}, r.quantity);
  }

  void place(order_id id, const order_request& r, instant now) {
    if (const order_reason why = objection(r); why != order_reason::none) return refuse(id, r, why, now);
    resting_order o{.id = id, .request = r, .book_side = in_book(r), .open = r.quantity};
    if (r.limit) o.book_price = own_words(r.of, *r.limit);
    if (!has_books_) return wait_for_bar(o, now);
    const order_book& book = states_[r.contract.index()].book;
    const side against = o.book_side == side::buy ? side::sell : side::buy;
    leg taking;
    book.for_each_level(against, [&](price at, shares) {
      if (r.limit && (o.book_side == side::buy ? at > o.book_price : at < o.book_price)) return false;
      const shares size = std::min(offered(book, against, at), o.open - taking.quantity);
      if (size > shares{}) {
        taking.quantity += size;
        taking.amount = taking.amount + own_words(r.of, at) * size;
        taking.cash += (own_words(r.of, at) * size).to_money(r.direction == side::buy ? rounding::up : rounding::down);
      }
      taking.reaches = true;
      return taking.quantity < o.open;
    });
    if (r.until == time_in_force::post_only && (taking.reaches || !r.limit)) {
      return refuse(id, r, order_reason::would_take, now);
    }
    if (r.until == time_in_force::fill_or_kill && taking.quantity < o.open) {
      return refuse(id, r, order_reason::cannot_fill_whole, now);
    }
    std::optional<fee_charge> charge = fee_charge{};
    if (taking.quantity > shares{}) {
      charge = fee(r, taking.amount, taking.quantity, liquidity::taker, now, o.carry);
      if (!charge) return refuse(id, r, order_reason::fee_unknown, now);
    }
    const bool rests = r.limit && taking.quantity < o.open &&
                       (r.until == time_in_force::good_till_cancel || r.until == time_in_force::post_only);
    const shares rest_of_it = o.open - taking.quantity;
    money need = r.direction == side::buy ? taking.cash + charge->cash : charge->cash - taking.cash;
    if (rests && !reserve_for(o, rest_of_it, now)) return refuse(id, r, order_reason::fee_unknown, now);
    if (rests && r.direction == side::buy) need += lock_of(o, rest_of_it);
    if (need > books_.cash()) return refuse(id, r, order_reason::cash, now);
    if (rests) lock(o, rest_of_it, now);
    tell(r, id, order_event::accepted, order_reason::none, r.limit.value_or(price{}), r.quantity);
    if (taking.quantity > shares{}) take(o, against, taking, *charge, now);
    if (o.open == shares{}) return;
    if (!rests) {
      return tell(r, id, order_event::cancelled, order_reason::not_filled, r.limit.value_or(price{}), o.open);
    }
    o.place = queue_.joined(book.size(o.book_side, o.book_price));
    keep(o);
  }

  struct told_candle {
    contract_id contract = {};
    price_candle of_yes = {};
  };
  struct leg {
    shares quantity = {};
    notional amount = {};
    money cash = {};       // what the fills move, each rounded by itself, fee apart
    bool reaches = false;  // something stands within the limit
  };

  /// Books a taker's walk level by level; the leg's fee comes with its last fill, a fee in shares off the last shares.
  void take(resting_order& o, side against, const leg& taking, const fee_charge& charge, instant now) {
    order_book& book = states_[o.request.contract.index()].book;
    shares done;
    while (done < taking.quantity) {
      price at;
      shares size;
      book.for_each_level(against, [&](price p, shares) {
        at = p;
        size = std::min(offered(book, against, p), taking.quantity - done);
        return size <= shares{};
      });
      fill f{.when = now,
             .contract = o.request.contract,
             .of = o.request.of,
             .direction = o.request.direction,
             .at = own_words(o.request.of, at),
             .quantity = size,
             .role = liquidity::taker,
             .order = o.id};
      const shares first_charged = taking.quantity - charge.in_shares;
      f.fee.in_shares = std::max(shares{}, done + size - std::max(done, first_charged));
      done += size;
      if (done == taking.quantity) f.fee.cash = charge.cash;
      book.take(against, at, size);
      o.open -= size;
      sink_.entry(books_.trade(f));
      report(f);
    }
  }

  [[nodiscard]] money lock_of(const resting_order& o, shares open) const {
    const price limit = o.request.limit.value_or(price::micros(micro));
    return (limit * open).to_money(rounding::up) + o.fee_reserve;
  }
  /// Asks what the maker's fee for all that rests would be.
  bool reserve_for(resting_order& o, shares open, instant now) {
    fee_carry carry = o.carry;
    const price limit = o.request.limit.value_or(price::micros(micro));
    const auto charge =
        fee(o.request, limit * open, open, o.waits_for_bar ? liquidity::taker : liquidity::maker, now, carry);
    if (!charge) return false;
    o.fee_reserve = std::max(charge->cash, money{});
    return true;
  }

  /// Sets aside what a waiting purchase can cost at most. A market order that waits for a bar has no price to lock by:
  /// what cash covers is decided at its fill.
  void lock(resting_order& o, shares open, instant now) {
    if (o.request.direction != side::buy || !o.request.limit) return;
    o.locked = lock_of(o, open);
    if (o.locked > money{}) sink_.entry(books_.lock(now, o.locked));
  }
  void wait_for_bar(resting_order o, instant now) {
    o.waits_for_bar = true;
    if (!reserve_for(o, o.open, now)) return refuse(o.id, o.request, order_reason::fee_unknown, now);
    if (o.request.direction == side::buy && o.request.limit && lock_of(o, o.open) > books_.cash()) {
      return refuse(o.id, o.request, order_reason::cash, now);
    }
    lock(o, o.open, now);
    tell(o.request, o.id, order_event::accepted, order_reason::none, o.request.limit.value_or(price{}), o.open);
    keep(o);
  }
  void keep(const resting_order& o) {
    ++resting_[o.request.contract.index()];
    orders_.push_back(o);
    if (!o.waits_for_bar) reach_[o.request.contract.index()].widen(o.book_side, o.book_price.micros());
  }

  void cancel(order_id id, instant now) {
    for (resting_order& o : orders_) {
      if (o.id != id) continue;
      end(o, order_reason::by_request, now);
      sweep(now);
      return;
    }
    sink_.told(contract_id{}, outcome::yes,
               own_order{.order = id, .event = order_event::rejected, .reason = order_reason::unknown_order});
  }

  /// Ends an order: gives its lock back and says why. It is swept away by the caller.
  void end(resting_order& o, order_reason why, instant now) {
    if (o.locked > money{}) sink_.entry(books_.release(now, o.locked));
    o.locked = {};
    const shares left = o.open;
    o.open = {};
    tell(o.request, o.id, order_event::cancelled, why, o.request.limit.value_or(price{}), left);
  }
  void sweep(instant) {
    for (std::size_t i = 0; i < orders_.size();) {
      if (orders_[i].open > shares{}) {
        ++i;
        continue;
      }
      const contract_id c = orders_[i].request.contract;
      --resting_[c.index()];
      orders_.erase(orders_.begin() + static_cast<std::ptrdiff_t>(i));
      measure_reach(c);
    }
  }

  /// The resting orders of one side, best price first, oldest first at a price.
  template <class Visit>
  void for_each_resting(contract_id c, side of, const Visit& visit) {
    scratch_.clear();
    for (std::size_t i = 0; i < orders_.size(); ++i) {
      const resting_order& o = orders_[i];
      if (o.request.contract == c && o.book_side == of && !o.waits_for_bar && o.open > shares{}) scratch_.push_back(i);
    }
    std::sort(scratch_.begin(), scratch_.end(), [&](std::size_t a, std::size_t b) {
      const price pa = orders_[a].book_price, pb = orders_[b].book_price;
      if (pa != pb) return of == side::buy ? pa > pb : pa < pb;
      return a < b;
    });
    for (const std::size_t i : scratch_) visit(orders_[i]);
  }

  /// Offers at or through resting orders of a side fill them at their own price.
  void cross(contract_id c, side of, instant now) {
    if constexpr (Queue::fills_when_crossed) {
      order_book& book = states_[c.index()].book;
      if (!book.ready() || states_[c.index()].halted) return;
      const side against = of == side::buy ? side::sell : side::buy;
      for_each_resting(c, of, [&](resting_order& o) {
        while (o.open > shares{}) {
          price at;
          shares size;
          book.for_each_level(against, [&](price p, shares) {
            if (of == side::buy ? p > o.book_price : p < o.book_price) return false;
            at = p;
            size = std::min(offered(book, against, p), o.open);
            return size <= shares{};
          });
          if (size <= shares{}) return;
          if (fill_resting(o, size, now)) book.take(against, at, size);
        }
      });
      sweep(now);
    }
  }

  bool fill_resting(resting_order& o, shares quantity, instant now) {
    return settle_fill(o, *o.request.limit, quantity, liquidity::maker, now);
  }

  /// Books a fill of an order that waited: fee, release of what it frees, trade. What cannot be paid for is cancelled,
  /// and takes nothing from anybody: false.
  bool settle_fill(resting_order& o, price at, shares quantity, liquidity role, instant now) {
    fee_carry carry = o.carry;
    const notional amount = at * quantity;
    const auto charge = fee(o.request, amount, quantity, role, now, carry);
    if (!charge) {
      end(o, order_reason::fee_unknown, now);
      return false;
    }
    const bool buys = o.request.direction == side::buy;
    const money need =
        buys ? amount.to_money(rounding::up) + charge->cash : charge->cash - amount.to_money(rounding::down);
    if (need > books_.cash() + o.locked) {
      end(o, order_reason::cash, now);
      return false;
    }
    o.open -= quantity;
    o.carry = carry;
    if (o.locked > money{}) sink_.entry(books_.release(now, o.locked));
    o.locked = {};
    const fill f{.when = now,
                 .contract = o.request.contract,
                 .of = o.request.of,
                 .direction = o.request.direction,
                 .at = at,
                 .quantity = quantity,
                 .fee = *charge,
                 .role = role,
                 .order = o.id};
    sink_.entry(books_.trade(f));
    o.fee_reserve -= std::min(o.fee_reserve, std::max(charge->cash, money{}));
    if (buys && o.request.limit && o.open > shares{}) {
      o.locked = std::min(lock_of(o, o.open), books_.cash());
      if (o.locked > money{}) sink_.entry(books_.lock(now, o.locked));
    }
    report(f);
    return true;
  }

  void report(const fill& f) {
    sink_.filled(f);
    sink_.told(f.contract, f.of,
               own_order{.order = f.order, .event = order_event::filled, .at = f.at, .quantity = f.quantity});
  }

  const std::vector<market_terms>& terms_;
  std::vector<market_state>& states_;
  const Queue& queue_;
  const Cost& cost_;
  const Quotes& quotes_;
  const Bars& bars_;
  std::optional<shares> position_limit_;
  bool has_books_;
  Sink& sink_;
  ledger books_;
  std::vector<resting_order> orders_;
  std::vector<std::uint32_t> resting_;
  std::vector<reach> reach_;
  std::vector<told_candle> candles_;      // of this instant
  std::vector<std::uint32_t> candle_of_;  // one more than the place in candles_, by contract
  std::vector<std::optional<bar_match>> matches_;
  std::vector<std::size_t> scratch_;
};

}  // namespace basket::backtest
