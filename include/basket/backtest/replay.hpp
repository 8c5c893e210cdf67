// The message engine: replays a stream, keeps the books, and lets a strategy trade against them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "basket/backtest/replay_result.hpp"
#include "basket/backtest/trading_desk.hpp"
#include "basket/backtest/venue.hpp"
#include "basket/concepts/bar_fill.hpp"
#include "basket/concepts/bias.hpp"
#include "basket/concepts/fee_schedule.hpp"
#include "basket/concepts/latency.hpp"
#include "basket/concepts/message_source.hpp"
#include "basket/concepts/message_strategy.hpp"
#include "basket/concepts/queue_model.hpp"
#include "basket/concepts/quote_size.hpp"
#include "basket/core/ring.hpp"

namespace basket::backtest {

/// How much of a run is kept: every order, fill, journal line and equity point, or counts alone, which allocates
/// nothing while messages flow.
enum class keep : std::uint8_t { everything, totals };

namespace detail {

/// One replay in progress. Private to `replay`.
template <class Engine, class Strategy, class Latency>
class replay_run {
 public:
  replay_run(const Engine& engine, const std::vector<market_terms>& terms, recorded told, const universe* past)
      : engine_(engine),
        strategy_(engine.strategy),
        terms_(terms),
        states_(make_states(terms)),
        desk_(terms_, states_, past),
        venue_(terms_, states_, engine.queue, engine.cost, engine.quotes, engine.bars, engine.position_limit,
               told.depth || told.tops, *this),
        keeps_(engine.kept == keep::everything) {
    for (const market_terms& t : terms) out.names.push_back(t.name);
    room_.resize(64);
    answers_.reserve(256);
    lines_.reserve(1024);
    instructions_.reserve(256);
  }

  template <MessageSource Source>
  void run(Source& source) {
    bool first = true;
    for (std::size_t count = source.next(room_); count > 0; count = source.next(room_)) {
      if (first) {
        now_ = room_.front().known_at;
        desk_.move_to(now_);
        venue_.deposit(now_, engine_.capital);
        deliver_now();
        note_equity();
        first = false;
      }
      for (const message& m : std::span<const message>(room_).first(count)) step(m, source);
    }
    if (first) throw precondition_error("the source " + std::string(source.name()) + " delivered no message");
    if (venue_.has_bars()) match_bars();
    drain(instant::never(), now_);
    finish();
  }

  // What the venue reports.
  void entry(const ledger_entry& line) {
    lines_.push(line);
    ++pending_lines_;
    if (keeps_) out.journal.push_back(line);
  }
  void filled(const fill& f) {
    replay_totals& t = out.totals;
    ++(f.role == liquidity::taker ? t.taker_fills : t.maker_fills);
    (f.role == liquidity::taker ? t.taken : t.made) += f.quantity;
    if (keeps_) out.fills.push_back(f);
  }
  void told(contract_id contract, outcome of, const own_order& news) {
    replay_totals& t = out.totals;
    switch (news.event) {
      case order_event::accepted:
        ++t.accepted;
        break;
      case order_event::rejected:
        ++t.rejected;
        break;
      case order_event::cancelled:
        ++t.cancelled;
        break;
      case order_event::filled:
      case order_event::booked:
        break;
    }
    if (news.reason != order_reason::none) ++t.reasons[static_cast<std::size_t>(news.reason)];
    if (keeps_ && news.order.index() < out.orders.size() && news.reason != order_reason::unknown_order) {
      order_record& o = out.orders[news.order.index()];
      if (news.event == order_event::filled) o.filled += news.quantity;
      o.last = news.event;
      o.reason = news.reason;
      const bool ends = news.event == order_event::rejected || news.event == order_event::cancelled ||
                        news.event == order_event::booked ||
                        (news.event == order_event::filled && o.filled == o.request.quantity);
      if (ends) o.ended = now_;
    }
    answer(contract, of, news);
  }

  replay_result out;

 private:
  struct travelling {
    instant due = {};
    instruction what = {};
  };
  struct returning {
    instant due = {};
    own_order news = {};
    contract_id contract = {};
    outcome of = outcome::yes;
    std::uint32_t lines = 0;  // journal lines that the strategy comes to know with it
  };

  static std::vector<market_state> make_states(const std::vector<market_terms>& terms) {
    std::vector<market_state> out;
    out.reserve(terms.size());
    for (const market_terms& t : terms) {
      require(t.tick > price{}, "a market's tick must be positive");
      market_state s{.book = order_book(t.grid)};
      s.tick = t.tick;
      s.stage.apply({.stage = life_stage::open});
      out.push_back(std::move(s));
    }
    return out;
  }

  /// An answer leaves the venue, with the journal lines written since the last one.
  void answer(contract_id contract, outcome of, const own_order& news) {
    const std::int64_t delay = engine_.latency.to_strategy(now_, answers_sent_++);
    last_answer_due_ = std::max(last_answer_due_, later(now_, delay));
    // Field by field where it lies: a copy of what was just written in pieces would wait for the pieces.
    returning& r = answers_.push_slot();
    r.due = last_answer_due_;
    r.news.order = news.order;
    r.news.event = news.event;
    r.news.reason = news.reason;
    r.news.at = news.at;
    r.news.quantity = news.quantity;
    r.contract = contract;
    r.of = of;
    r.lines = pending_lines_;
    pending_lines_ = 0;
    next_due_ = std::min(next_due_, last_answer_due_);
  }
  /// The first deposit is known at once.
  void deliver_now() {
    for (; pending_lines_ > 0; --pending_lines_) desk_.tell(lines_.pop());
  }

  template <class Source>
  void step(const message& m, const Source& source) {
    if (m.known_at != now_) {
      if (m.known_at < now_) refuse(m, source, "known_at", "the stream goes back in time");
      if (venue_.has_bars()) match_bars();
      if (next_due_ < m.known_at) drain(m.known_at, m.known_at);
      now_ = m.known_at;
      desk_.move_to(now_);
      if (now_ >= next_equity_) note_equity();
    }
    if (m.contract.index() >= states_.size()) refuse(m, source, "contract", "there is no such contract");
    ++out.totals.messages;
    ++out.totals.by_kind[static_cast<std::size_t>(m.kind())];
    market_state& s = states_[m.contract.index()];
    switch (m.kind()) {
      case message_kind::level: {
        const book_change change = s.book.apply(m);
        if (!s.book.ready()) return;  // in the middle of a snapshot nobody looks
        if (venue_.has_orders(m.contract)) {
          if (change.replaced) {
            venue_.book_replaced(m.contract, now_);
          } else if (venue_.touches(m.contract, change.of, change.at) && change.before != change.after) {
            venue_.level_changed(m.contract, change.of, change.at, {change.before, change.after}, now_);
          }
        }
        break;
      }
      case message_kind::quote: {
        s.book.apply(m);
        if (venue_.has_orders(m.contract)) venue_.book_replaced(m.contract, now_);
        break;
      }
      case message_kind::snapshot:
        s.book.apply(m);
        if (!s.book.ready()) return;
        if (venue_.has_orders(m.contract)) venue_.book_replaced(m.contract, now_);
        break;
      case message_kind::trade:
        if (venue_.has_orders(m.contract)) venue_.traded(m);
        break;
      case message_kind::candle:
        if (venue_.has_orders(m.contract)) venue_.bar(m);
        break;
      case message_kind::life:
        move_on(m, s);
        break;
      case message_kind::market:
        news(m, s);
        break;
      case message_kind::timer:
        break;
      case message_kind::own:
        refuse(m, source, "kind", "only the engine answers a strategy");
    }
    decide(m);
  }

  void move_on(const message& m, market_state& s) {
    const life_change change = m.life();
    if (!s.stage.apply({.known_at = m.known_at, .stage = change.stage, .payout = change.payout})) {
      ++out.totals.ignored_life;
      return;
    }
    if (!s.stage.can_trade()) venue_.close_market(m.contract, now_);
    if (s.stage.is_final()) {
      venue_.settle(m.contract, *s.stage.payout(), now_);
      if (pending_lines_ > 0) told_of_account(m.contract);
    }
  }
  void match_bars() {
    venue_.match_bars(now_);
    if (pending_lines_ > 0) told_of_account(contract_id(0));
  }
  /// Lines that no order caused are told like an answer, behind what is on its way.
  void told_of_account(contract_id contract) {
    answer(contract, outcome::yes, own_order{.event = order_event::booked});
  }

  void news(const message& m, market_state& s) {
    const market_news n = m.market();
    switch (n.change) {
      case market_change::tick:
        if (n.step > price{}) s.tick = n.step;
        break;
      case market_change::halted:
        s.halted = true;
        break;
      case market_change::resumed:
        s.halted = false;
        venue_.resumed(m.contract, now_);
        break;
      case market_change::gap:
        break;
    }
    s.book.apply(m);
  }

  void decide(const message& m) {
    strategy_.on(m, desk_.context());
    if (desk_.has_work()) collect();
  }

  void collect() {
    desk_.collect(
        [this](const instruction& i) {
          const std::int64_t delay = engine_.latency.to_venue(now_, instructions_sent_++);
          last_instruction_due_ = std::max(last_instruction_due_, later(now_, delay));
          travelling& t = instructions_.push_slot();
          t.due = last_instruction_due_;
          t.what.kind = i.kind;
          t.what.order = i.order;
          assign(t.what.request, i.request);
          t.what.sent = i.sent;
          next_due_ = std::min(next_due_, last_instruction_due_);
          if (i.kind == instruction::what::cancel) return;
          if (i.kind == instruction::what::place) ++out.totals.orders;
          if (keeps_) {
            out.orders.push_back({.id = i.order,
                                  .kind = i.kind,
                                  .request = i.request,
                                  .sent = now_,
                                  .arrived = instant::never(),
                                  .ended = instant::never()});
          }
        },
        [this](instant when) {
          wakes_.push_back(when);
          std::push_heap(wakes_.begin(), wakes_.end(), std::greater<>{});
          next_due_ = std::min(next_due_, when);
        });
  }

  /// Everything that is due before `until` and not later than `last`, in the order of time; at one instant arrivals at
  /// the venue come first, then answers, then timers.
  void drain(instant until, instant last) {
    std::uint64_t at_this_instant = 0;
    for (;;) {
      const instant order = instructions_.empty() ? instant::never() : instructions_.front().due;
      const instant word = answers_.empty() ? instant::never() : answers_.front().due;
      const instant wake = wakes_.empty() ? instant::never() : wakes_.front();
      const instant due = std::min({order, word, wake});
      next_due_ = due;
      if (due >= until || due > last) return;
      at_this_instant = due == now_ ? at_this_instant + 1 : 0;
      if (at_this_instant > 1'000'000) {
        throw precondition_error("the strategy answers the venue's answers without end at " + to_string(now_));
      }
      if (due > now_) {
        now_ = due;
        desk_.move_to(now_);
      }
      if (order == due) {
        // The venue sends nothing to itself: the slot stays as it is while it acts.
        const instruction& i = instructions_.front().what;
        instructions_.drop();
        if (keeps_ && i.kind != instruction::what::cancel) out.orders[i.order.index()].arrived = now_;
        venue_.arrive(i, now_);
        if (pending_lines_ > 0) told_of_account(i.request.contract);
      } else if (word == due) {
        const returning r = answers_.pop();
        for (std::uint32_t i = 0; i < r.lines; ++i) {
          desk_.tell(lines_.front());
          lines_.drop();
        }
        ++out.totals.by_kind[static_cast<std::size_t>(message_kind::own)];
        desk_.tell(r.news);
        decide(message::own(now_, r.contract, r.of, r.news));
      } else {
        std::pop_heap(wakes_.begin(), wakes_.end(), std::greater<>{});
        wakes_.pop_back();
        ++out.totals.by_kind[static_cast<std::size_t>(message_kind::timer)];
        decide(message::timer(now_));
      }
    }
  }

  [[nodiscard]] money at_bid(contract_id c) const {
    const market_state& s = states_[c.index()];
    const holding held = venue_.books().position(c);
    money value;
    if (held.yes > shares{} && s.book.best_bid()) value += (*s.book.best_bid() * held.yes).to_money(rounding::down);
    if (held.no > shares{} && s.book.best_ask()) {
      value += (s.book.best_ask()->complement() * held.no).to_money(rounding::down);
    }
    return value;
  }
  [[nodiscard]] equity_point equity_now() const {
    equity_point p{.when = now_, .cash = venue_.books().cash(), .locked = venue_.books().locked()};
    for (std::size_t c = 0; c < states_.size(); ++c) p.positions += at_bid(contract_id(c));
    return p;
  }
  void note_equity() {
    if (!keeps_ || engine_.equity_every_ns <= 0) {
      next_equity_ = instant::never();
      return;
    }
    out.equity.push_back(equity_now());
    next_equity_ = later(now_, engine_.equity_every_ns);
  }

  void finish() {
    out.capital = engine_.capital;
    out.end = equity_now();
    if (keeps_) out.equity.push_back(out.end);
    for (std::size_t i = 0; i < states_.size(); ++i) {
      const contract_id c(i);
      const holding held = venue_.books().position(c);
      if (held.empty()) continue;
      out.left.push_back({.contract = c,
                          .held = held,
                          .stage = states_[i].stage.is_final() ? states_[i].stage.stage() : life_stage::data_ended,
                          .at_bid = at_bid(c)});
    }
    out.books = venue_.books();
  }

  template <class Source>
  [[noreturn]] static void refuse(const message& m, const Source& source, const char* field, const char* reason) {
    throw data_error(std::string(source.name()), std::size_t{m.row} + 1, field, reason);
  }

  const Engine& engine_;
  Strategy strategy_;
  const std::vector<market_terms>& terms_;
  std::vector<market_state> states_;
  trading_desk desk_;
  venue<typename Engine::queue_type, typename Engine::cost_type, typename Engine::quotes_type,
        typename Engine::bars_type, replay_run>
      venue_;
  bool keeps_;
  std::vector<message> room_;
  ring<travelling> instructions_;
  ring<returning> answers_;
  ring<ledger_entry> lines_;
  std::vector<instant> wakes_;
  std::uint32_t pending_lines_ = 0;
  std::uint64_t instructions_sent_ = 0, answers_sent_ = 0;
  instant now_ = instant::earliest();
  instant next_due_ = instant::never();
  instant next_equity_ = instant::never();
  instant last_instruction_due_ = instant::earliest();
  instant last_answer_due_ = instant::earliest();
};

}  // namespace detail

/// Replays a source message by message: the book is brought up to date, resting orders that the message reaches are
/// filled, and the strategy is asked. An order leaves when the strategy returns and meets the venue behind everything
/// that was known at its instant of arrival.
///
/// Missing: what the source does not record is declared by it; a queue model that needs it refuses to run.
/// Fails:   precondition_error when an assumption needs what the source lacks, a tick is not positive, or the source is
///          empty; data_error
///          naming source and line, its row counted from 1, when the stream goes back in time or speaks of an unknown
///          contract. An order that cannot stand is rejected with its reason, never thrown.
/// Cost:    O(1) a message and open order; no allocation once buffers are warm and `kept` is totals.
/// Bias:    the sentences of its parts; the venue does not react to the strategy beyond what it takes: what it took
///          stays taken until the recording tells that level anew.
template <MessageStrategy Strategy, QueueModel Queue, FeeSchedule Cost, LatencyModel Latency, QuoteSize Quotes,
          BarFill Bars>
struct replay {
  static constexpr std::string_view bias =
      "Nobody reacts to the strategy's orders; what it took from a level stays taken until a message tells that level "
      "anew.";
  using queue_type = Queue;
  using cost_type = Cost;
  using quotes_type = Quotes;
  using bars_type = Bars;

  Strategy strategy = {};
  Queue queue = {};
  Cost cost = {};
  Latency latency = {};
  Quotes quotes = {};
  Bars bars = {};
  money capital = money::dollars(10'000);
  std::optional<shares> position_limit = std::nullopt;  ///< of each outcome of a contract, open purchases included
  std::int64_t equity_every_ns = 60'000'000'000;
  keep kept = keep::everything;

  /// `past` is the universe behind a source of bars, for strategies that ask for history.
  template <MessageSource Source>
  [[nodiscard]] replay_result run(Source& source, const universe* past = nullptr) const {
    require(capital > money{}, "the starting capital must be positive");
    const recorded told = source.provides();
    if (told.depth || told.tops) {
      if (const std::string lacks = missing_from(told, Queue::needs); !lacks.empty()) {
        throw precondition_error("the source " + std::string(source.name()) + " does not record " + lacks +
                                 ", which the queue model needs: " + std::string(Queue::bias));
      }
    }
    detail::replay_run<replay, Strategy, Latency> run(*this, source.markets(), told, past);
    run.run(source);
    run.out.bias.emplace_back(bias);
    append_bias(strategy, run.out.bias);
    append_bias(queue, run.out.bias);
    append_bias(cost, run.out.bias);
    append_bias(latency, run.out.bias);
    append_bias(quotes, run.out.bias);
    append_bias(bars, run.out.bias);
    return std::move(run.out);
  }
};

}  // namespace basket::backtest
