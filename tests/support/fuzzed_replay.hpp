// A hostile stream and a restless strategy made from bytes, replayed, and everything that must hold checked. Shared by
// the test with a fixed count and the fuzzer that runs for hours.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "basket/core/random.hpp"
#include "basket/cost/flat.hpp"
#include "basket/cost/quadratic.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/replay_engine.hpp"

namespace basket_test {

/// Numbers out of bytes; zeros when they are used up.
class byte_reader {
 public:
  explicit byte_reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  [[nodiscard]] bool empty() const { return at_ >= bytes_.size(); }
  std::uint8_t byte() { return empty() ? std::uint8_t{0} : bytes_[at_++]; }
  std::uint32_t below(std::uint32_t n) { return (byte() | static_cast<std::uint32_t>(byte()) << 8U) % n; }
  std::int64_t wide() {
    std::uint64_t x = 0;
    for (int i = 0; i < 8; ++i) x = x << 8U | byte();
    return static_cast<std::int64_t>(x);
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

/// Hands out messages whatever they are, in rooms of the asked size.
class hostile_source {
 public:
  hostile_source(std::vector<basket::market_terms> markets, std::vector<basket::message> all, basket::recorded told)
      : markets_(std::move(markets)), all_(std::move(all)), told_(told) {}
  std::size_t next(std::span<basket::message> room) {
    std::size_t n = 0;
    for (; n < room.size() && at_ < all_.size(); ++n) room[n] = all_[at_++];
    return n;
  }
  [[nodiscard]] const std::vector<basket::market_terms>& markets() const { return markets_; }
  [[nodiscard]] basket::recorded provides() const { return told_; }
  [[nodiscard]] std::string_view name() const { return "hostile"; }

 private:
  std::vector<basket::market_terms> markets_;
  std::vector<basket::message> all_;
  basket::recorded told_;
  std::size_t at_ = 0;
};

inline basket::price fuzzed_price(byte_reader& in) {
  switch (in.below(8)) {
    case 0:
      return basket::price::micros(in.below(4) * 333'333);  // off every grid, or 0
    case 1:
      return basket::price::micros(basket::micro);
    case 2:
      return basket::price::micros(1'000 * in.below(1'001));
    default:
      return basket::price::cents(35 + in.below(30));
  }
}
inline basket::shares fuzzed_size(byte_reader& in) {
  switch (in.below(12)) {
    case 0:
      return basket::shares::micros(in.wide());  // negative, or beyond everything
    case 1:
      return basket::shares::whole(1'000'000'000);
    case 2:
      return {};
    case 3:
      return basket::shares::micros(1 + in.below(1'000));
    default:
      return basket::shares::whole(1 + in.below(200));
  }
}

inline basket::message fuzzed_message(byte_reader& in, basket::instant& now, std::uint32_t& levels_due) {
  using namespace basket;
  const std::uint32_t what = in.below(64);
  if (levels_due == 0 || what > 40) now = later(now, (what % 3) * 1'000'000);
  const std::uint32_t jump = in.below(5'000);
  if (jump == 1) now = later(now, -5);                   // back in time
  if (jump == 2) now = instant::nanoseconds(in.wide());  // anywhere
  const contract_id c(in.below(5'000) == 7 ? 9U : in.below(2));
  const outcome of = in.below(2) == 0 ? outcome::yes : outcome::no;
  const side s = in.below(2) == 0 ? side::buy : side::sell;
  if (levels_due > 0 && what <= 58) {
    --levels_due;
    return message::level(now, c, of, {.of = s, .at = fuzzed_price(in), .size = fuzzed_size(in)});
  }
  if (what < 6) {
    levels_due = in.below(8);
    return message::snapshot(now, c, of, levels_due);
  }
  if (what < 30) return message::level(now, c, of, {.of = s, .at = fuzzed_price(in), .size = fuzzed_size(in)});
  if (what < 42) {
    return message::trade(now, c, of,
                          {.at = fuzzed_price(in),
                           .size = fuzzed_size(in),
                           .aggressor = in.below(3) == 0 ? std::nullopt : std::optional(s)});
  }
  if (what < 48) {
    top_quote q;
    if (in.below(5) != 0) q.bid = fuzzed_price(in);
    if (in.below(5) != 0) q.ask = fuzzed_price(in);
    if (in.below(2) != 0) q.bid_size = fuzzed_size(in);
    if (in.below(2) != 0) q.ask_size = fuzzed_size(in);
    return message::quote(now, c, of, q);
  }
  if (what < 51) {
    const price p = fuzzed_price(in);
    return message::candle(
        now, c, of,
        {.open = p, .high = fuzzed_price(in), .low = fuzzed_price(in), .close = p, .volume = fuzzed_size(in)});
  }
  if (what < 57) {
    return message::market(now, c, {.change = static_cast<market_change>(in.below(4)), .step = fuzzed_price(in)});
  }
  if (what < 59) {
    const auto stage = static_cast<life_stage>(in.below(7));
    return message::life(now, c,
                         {.stage = stage, .payout = in.below(2) == 0 ? std::nullopt : std::optional(fuzzed_price(in))});
  }
  if (what == 59 && in.below(50) == 0) return message::own(now, c, of, {});
  return message::timer(now);
}

/// Does at each message what its bytes say.
struct restless {
  std::vector<std::uint8_t> bytes = {};
  std::size_t at = 0;
  std::size_t placed = 0;
  bool answers = false;  // acts on the venue's word too
  void on(const basket::message& m, basket::trading_context& desk) {
    using namespace basket;
    if (at + 8 > bytes.size() || (m.kind() == message_kind::own && !answers)) return;
    byte_reader in{std::span<const std::uint8_t>(bytes).subspan(at, 8)};
    at += 8;
    const contract_id c(in.byte() % 2);
    switch (in.byte() % 8) {
      case 0:
        desk.cancel_all(c);
        break;
      case 1:
        desk.cancel(order_id(in.byte()));
        break;
      case 2:
        desk.mint(c, shares::micros((in.byte() - 20) * 700'000LL));
        break;
      case 3:
        desk.merge(c, shares::micros((in.byte() - 20) * 700'000LL));
        break;
      case 4:
        desk.wake_at(later(desk.now(), in.byte()));
        break;
      default: {
        const std::uint8_t how = in.byte();
        order_request r{.contract = c,
                        .of = (how & 1U) != 0 ? outcome::yes : outcome::no,
                        .direction = (how & 2U) != 0 ? side::buy : side::sell,
                        .quantity = shares::micros((in.byte() - 3) * 1'300'000LL),
                        .until = static_cast<time_in_force>(how >> 2U & 3U)};
        if ((how & 0xC0U) != 0) {
          r.limit = price::micros(in.byte() % 100 * 10'000 + ((how & 0x30U) == 0x30U ? 1'500 : 0));
        }
        if (++placed % 40 == 0) r.quantity = shares::whole(2'000'000'000);
        desk.place(r);
      }
    }
  }
};

inline void must(bool holds, const char* sentence) {
  if (!holds) throw std::logic_error(sentence);
}

inline bool same_books(const basket::ledger& a, const basket::ledger& b) {
  return a.cash() == b.cash() && a.locked() == b.locked() && a.capital() == b.capital() && a.fees() == b.fees() &&
         a.rebates() == b.rebates() && a.invested() == b.invested() && a.residue() == b.residue();
}

/// Everything that must hold of a finished run.
inline void check_run(const basket::backtest::replay_result& r, std::optional<basket::shares> limit = std::nullopt) {
  using namespace basket;
  ledger again;
  for (const ledger_entry& line : r.journal) {
    must(line.imbalance() == 0, "a line of the journal does not balance");
    again.repeat(line);
    must(again.imbalance() == 0 && again.cash() >= money{} && again.locked() >= money{},
         "the books after a line are wrong");
    const holding held = again.position(line.contract);
    must(!limit || (held.yes <= *limit && held.no <= *limit), "a holding beyond the limit");
  }
  must(again.audit() == 0 && r.books.audit() == 0, "the positions do not add up");
  must(same_books(again, r.books), "the journal booked again gives other books");
  for (std::size_t i = 0; i < r.books.holdings().size(); ++i) {
    const holding h = r.books.position(contract_id(i)), g = again.position(contract_id(i));
    must(h.yes == g.yes && h.no == g.no && h.invested == g.invested && h.yes >= shares{} && h.no >= shares{},
         "a holding is wrong");
  }
  std::vector<shares> filled(r.orders.size());
  for (const fill& f : r.fills) {
    must(f.quantity > shares{}, "an empty fill");
    must(f.order.index() < r.orders.size(), "a fill of an order that nobody sent");
    const order_request& o = r.orders[f.order.index()].request;
    filled[f.order.index()] += f.quantity;
    must(o.contract == f.contract && o.of == f.of && o.direction == f.direction, "a fill of another market or side");
    must(f.role == liquidity::taker || f.at == o.limit, "a maker's fill away from its limit");
    if (o.limit) must(o.direction == side::buy ? f.at <= *o.limit : f.at >= *o.limit, "a fill beyond its limit");
  }
  for (std::size_t i = 0; i < r.orders.size(); ++i) {
    must(filled[i] <= r.orders[i].request.quantity || filled[i] == shares{},
         "an order was filled for more than it asked");
    must(filled[i] == r.orders[i].filled, "an order's record differs from its fills");
    if (r.orders[i].last == order_event::rejected) must(filled[i] == shares{}, "a rejected order was filled");
    if (r.orders[i].request.until == time_in_force::fill_or_kill) {
      must(filled[i] == shares{} || filled[i] == r.orders[i].request.quantity,
           "a fill-or-kill order was filled in part");
    }
  }
}

/// Nothing is filled in a market that is halted or does not trade; fills at the instant of a change are left aside.
inline void check_halts(const basket::backtest::replay_result& r, const std::vector<basket::message>& all,
                        std::size_t markets) {
  using namespace basket;
  struct state {
    life stage = {};
    bool halted = false;
    std::optional<instant> changed = std::nullopt;
  };
  std::vector<state> states(markets);
  for (state& s : states) s.stage.apply({.stage = life_stage::open});
  std::size_t at = 0;
  for (const fill& f : r.fills) {
    for (; at < all.size() && all[at].known_at <= f.when; ++at) {
      const message& m = all[at];
      state& s = states[m.contract.index()];
      if (m.kind() == message_kind::life) {
        s.stage.apply({.known_at = m.known_at, .stage = m.life().stage, .payout = m.life().payout});
      } else if (m.kind() == message_kind::market) {
        if (m.market().change == market_change::halted) s.halted = true;
        if (m.market().change == market_change::resumed) s.halted = false;
      } else {
        continue;
      }
      s.changed = m.known_at;
    }
    const state& s = states[f.contract.index()];
    must(s.changed == f.when || (!s.halted && s.stage.can_trade()), "a fill where nothing is matched");
  }
}

/// Counts and amounts alone: what a run that keeps nothing else has as well.
inline bool same_totals(const basket::backtest::replay_result& a, const basket::backtest::replay_result& b) {
  const auto &s = a.totals, &t = b.totals;
  return s.messages == t.messages && s.by_kind == t.by_kind && s.orders == t.orders && s.accepted == t.accepted &&
         s.rejected == t.rejected && s.cancelled == t.cancelled && s.reasons == t.reasons &&
         s.taker_fills == t.taker_fills && s.maker_fills == t.maker_fills && s.taken == t.taken && s.made == t.made &&
         s.ignored_life == t.ignored_life && a.end.equity() == b.end.equity() && same_books(a.books, b.books);
}

inline bool same_run(const basket::backtest::replay_result& a, const basket::backtest::replay_result& b) {
  const auto same_line = [](const basket::ledger_entry& x, const basket::ledger_entry& y) {
    return x.when == y.when && x.kind == y.kind && x.contract == y.contract && x.cash == y.cash &&
           x.locked == y.locked && x.fees == y.fees && x.rebates == y.rebates && x.invested == y.invested &&
           x.residue == y.residue && x.yes == y.yes && x.no == y.no;
  };
  const auto same_fill = [](const basket::fill& x, const basket::fill& y) {
    return x.when == y.when && x.at == y.at && x.quantity == y.quantity && x.order == y.order && x.role == y.role &&
           x.fee == y.fee;
  };
  const auto same_order = [](const basket::backtest::order_record& x, const basket::backtest::order_record& y) {
    return x.id == y.id && x.kind == y.kind && x.sent == y.sent && x.arrived == y.arrived && x.ended == y.ended &&
           x.filled == y.filled && x.last == y.last && x.reason == y.reason;
  };
  return std::ranges::equal(a.journal, b.journal, same_line) && std::ranges::equal(a.fills, b.fills, same_fill) &&
         std::ranges::equal(a.orders, b.orders, same_order) && same_totals(a, b);
}

/// What became of it: finished, or refused with a data_error that names the source. Anything else is thrown on.
struct fuzzed_outcome {
  bool refused = false;
  std::size_t fills = 0, orders = 0, messages = 0;
};

/// The bytes as a run. Throws std::logic_error naming what does not hold.
inline fuzzed_outcome fuzz_replay(std::span<const std::uint8_t> bytes) {
  using namespace basket;
  byte_reader in(bytes);
  const std::uint8_t model = in.byte(), parts = in.byte() % 4;
  std::vector<std::uint8_t> moves;
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size() / 3, 4'096); ++i) moves.push_back(in.byte());
  std::vector<message> all;
  instant now = instant::nanoseconds(1'760'000'000'000'000'000);
  const std::uint32_t start = in.below(40);
  if (start == 1) now = instant::earliest();
  if (start == 2) now = instant::nanoseconds(instant::never().nanoseconds() - 200'000'000);
  std::uint32_t levels_due = 0, row = 0;
  while (!in.empty() && all.size() < 4'000) {
    all.push_back(fuzzed_message(in, now, levels_due));
    all.back().row = row++;
    if (all.size() % 97 == 0) all.push_back(all.back());  // told twice
  }
  const std::vector<market_terms> markets = {{.name = "a", .minimum_size = shares::whole(model % 3)}, {.name = "b"}};
  fuzzed_outcome out{.messages = all.size()};
  const recorded books = {.depth = true, .tops = true, .sizes = true, .trades = true, .candles = true};
  const auto with = [&](auto engine, recorded told) {
    hostile_source first(markets, all, told), second(markets, all, told), third(markets, all, told);
    try {
      const auto run = engine.run(first);
      check_run(run, engine.position_limit);
      check_halts(run, all, markets.size());
      must(same_run(run, engine.run(second)), "the same stream gives another run");
      engine.kept = backtest::keep::totals;
      must(same_totals(run, engine.run(third)), "what is kept changes the run");
      out.fills = run.fills.size();
      out.orders = run.orders.size();
    } catch (const data_error& e) {
      out.refused = true;
      must(e.source() == "hostile" && !e.reason().empty(), "a refusal without its source or reason");
      const auto at = std::ranges::find(all, e.line(), [](const message& m) { return std::size_t{m.row} + 1; });
      must(at != all.end(), "a refusal of a line that is not there");
      must(e.field() != "contract" || at->contract.index() >= markets.size(), "a refusal of a contract that is there");
      must(e.field() != "kind" || at->kind() == message_kind::own, "a refusal of a kind that is allowed");
    } catch (const precondition_error& e) {
      must(all.empty(), e.what());
      out.refused = true;
    }
  };
  const restless strategy{.bytes = moves, .answers = (model & 0x20U) != 0};
  const execution::uniform_latency latency{.seed = model, .least_ns = 0, .most_ns = (model % 4) * 1'000'000};
  const std::optional<shares> limit = (model & 0x40U) != 0 ? std::optional(shares::whole(100)) : std::nullopt;
  if (parts == 0) {
    with(
        replay_engine<restless, execution::back_of_queue, cost::flat, execution::uniform_latency>{
            .strategy = strategy,
            .cost = {.rate = basis_points{25}},
            .latency = latency,
            .capital = money::dollars(500),
            .position_limit = limit},
        books);
  } else if (parts == 1) {
    with(replay_engine<restless, execution::even_cancels, cost::quadratic, execution::uniform_latency,
                       execution::assumed_quote_size>{.strategy = strategy,
                                                      .cost = {.law = {{.taker = 70'000, .maker = 17'500}}},
                                                      .latency = latency,
                                                      .quotes = {.each = shares::whole(7)},
                                                      .capital = money::dollars(50),
                                                      .position_limit = limit},
         books);
  } else if (parts == 2) {
    with(
        replay_engine<restless, execution::back_of_queue, cost::flat, execution::uniform_latency,
                      execution::quotes_fill_nothing, execution::next_bar<execution::half_tick<>>>{
            .strategy = strategy,
            .cost = {.rate = basis_points{25}},
            .latency = latency,
            .bars = {.without_volume = (model & 0x80U) != 0 ? execution::unknown_volume::fills_any_size
                                                            : execution::unknown_volume::fills_nothing},
            .capital = money::dollars(500),
            .position_limit = limit},
        {.candles = true});
  } else {
    with(
        replay_engine<restless, execution::decreases_trade, cost::quadratic, execution::uniform_latency>{
            .strategy = strategy,
            .cost = {.law = {{.until = instant::nanoseconds(1'760'000'000'500'000'000),
                              .taker = 70'000}}},  // then unknown
            .latency = latency,
            .capital = money::dollars(5'000),
            .position_limit = limit},
        books);
  }
  return out;
}

}  // namespace basket_test
