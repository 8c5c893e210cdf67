// What the venue must not do when a recording or a strategy is at its worst.
#include "basket/backtest/venue.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <optional>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/replay_engine.hpp"
#include "support/stream.hpp"

namespace basket_test::backtest_venue {

using namespace basket;
using backtest::replay_result;
using enum side;

const contract_id market(0);

stream_builder book_40_45() {
  stream_builder s;
  s.at(1).book({{40, 100}}, {{45, 100}}).tick();
  return s;
}
order_request order(side direction, int limit, int quantity, time_in_force until = time_in_force::good_till_cancel) {
  return {.direction = direction, .limit = cents(limit), .quantity = whole(quantity), .until = until};
}
scripted sends(std::vector<order_request> all) {
  scripted s;
  s.script[1] = [all](trading_context& desk) {
    for (const order_request& r : all) desk.place(r);
  };
  return s;
}
template <class Queue = execution::back_of_queue, class Cost = cost::zero>
replay_result run(const stream_builder& stream, const scripted& strategy, const Queue& queue = {},
                  const Cost& cost = {}) {
  auto source = stream.source();
  return replay_engine<scripted, Queue, Cost>{.strategy = strategy, .queue = queue, .cost = cost}.run(source);
}

TEST_CASE("nothing is matched in a halt: no trade, no decrease, no crossing; what crosses at its end trades then") {
  // A purchase of 10 at 41, alone at its price. In the halt somebody sells 50 at 41 and somebody offers 7 at 41, who is
  // still there when trading goes on.
  auto s = book_40_45();
  s.at(2).news(market_change::halted).at(3).trade(41, 50, sell).at(4).level(sell, 41, 7).at(5).tick();
  CHECK(run(s, sends({order(buy, 41, 10)})).fills.empty());
  s.at(6).news(market_change::resumed).at(7).tick();
  const auto r = run(s, sends({order(buy, 41, 10)}));
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].when == at_second(6));
  CHECK(r.fills[0].quantity == whole(7));
  // A level that shrinks in a halt fills nobody, even where decreases count as trades.
  auto shrinks = book_40_45();
  shrinks.at(2).news(market_change::halted).at(3).level(buy, 40, 5).at(4).tick();
  CHECK(run(shrinks, sends({order(buy, 40, 10)}), execution::first_in_queue{}).fills.empty());
}

TEST_CASE("a candle told in a halt fills nobody") {
  for (const bool halted : {false, true}) {
    stream_builder s;
    s.at(1).tick().at(2);
    if (halted) s.news(market_change::halted);
    s.add(message::candle(
        at_second(3), market, outcome::yes,
        {.open = cents(40), .high = cents(44), .low = cents(38), .close = cents(42), .volume = whole(1'000)}));
    auto source = s.source({.candles = true});
    const auto r =
        replay_engine<scripted, execution::back_of_queue, cost::zero, execution::no_latency,
                      execution::quotes_fill_nothing, execution::next_bar<execution::half_tick<>>>{
            .strategy = sends({order(buy, 40, 10)})}
            .run(source);
    CHECK(r.fills.size() == (halted ? 0 : 1));
  }
}

TEST_CASE("what an order cannot pay for is left for the next one") {
  struct unknown_for_buys_at_42 {
    [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
      const bool at_42 = match.amount.picos == (cents(42) * match.quantity).picos;
      if (match.when >= at_second(2) && at_42) return std::nullopt;
      return fee_charge{};
    }
  };
  // Sold to both orders: 10 at 41 or better. The order at 42 comes first and is cancelled, the other gets the 10.
  auto s = book_40_45();
  s.at(2).trade(41, 10, sell).at(3).tick();
  const auto traded =
      run(s, sends({order(buy, 42, 10), order(buy, 41, 10)}), execution::back_of_queue{}, unknown_for_buys_at_42{});
  CHECK(traded.orders[0].reason == order_reason::fee_unknown);
  CHECK(traded.orders[1].filled == whole(10));
  // The same by an offer that crosses both: the 10 offered at 41 are still there for the second.
  auto c = book_40_45();
  c.at(2).level(sell, 41, 10).at(3).tick();
  const auto crossed =
      run(c, sends({order(buy, 42, 10), order(buy, 41, 10)}), execution::back_of_queue{}, unknown_for_buys_at_42{});
  CHECK(crossed.orders[0].reason == order_reason::fee_unknown);
  CHECK(crossed.orders[1].filled == whole(10));
}

TEST_CASE("the position limit binds minted shares as bought ones") {
  auto s = book_40_45();
  s.at(2).tick();
  scripted me;
  me.script[1] = [](trading_context& desk) {
    desk.place(order(buy, 45, 10));
    desk.mint(market, whole(16));  // 10 + 16 YES would be more than 25
    desk.mint(market, whole(15));
    desk.place(order(buy, 45, 1));
  };
  auto source = s.source();
  const auto r = replay_engine<scripted>{.strategy = me, .position_limit = whole(25)}.run(source);
  CHECK(r.orders[1].reason == order_reason::position_limit);
  CHECK(r.orders[2].last == order_event::booked);
  CHECK(r.orders[3].reason == order_reason::position_limit);
  CHECK(r.books.position(market).yes == whole(25));
  CHECK(r.books.position(market).no == whole(15));
}

TEST_CASE("a limit between the steps of the book's grid is off the grid, whatever the tick") {
  auto s = book_40_45();
  s.terms(0).tick = price::micros(500);  // half a step of the grid
  s.at(2).tick();
  const auto r = run(s, sends({{.limit = price::micros(400'500), .quantity = whole(1)},
                               {.limit = price::micros(401'000), .quantity = whole(1)}}));
  CHECK(r.orders[0].reason == order_reason::tick);
  CHECK(r.orders[1].last == order_event::accepted);
  s.terms(0).tick = price{};
  auto without = s.source();
  CHECK_THROWS_AS((void)replay_engine<scripted>{}.run(without), precondition_error);
}

TEST_CASE("a cancel of a number that comes later does not hide the order that gets it") {
  auto s = book_40_45();
  s.at(2).tick().at(3).tick().at(4).tick();
  scripted me;
  me.script[1] = [](trading_context& desk) {
    desk.cancel(order_id(0));
    desk.place(order(buy, 41, 10));
  };
  me.script[3] = [](trading_context& desk) {
    CHECK(desk.orders().size() == 1);
    desk.cancel_all(market);
  };
  const auto r = run(s, me);
  CHECK(r.orders[0].reason == order_reason::by_request);
  CHECK(r.books.locked() == money{});
}

TEST_CASE("trades of impossible sizes do not end a run") {
  const auto huge = shares::micros(std::numeric_limits<std::int64_t>::max());
  auto s = book_40_45();
  for (int i = 2; i < 12; ++i) {
    s.at(i).add(message::trade(at_second(i), market, outcome::yes, {.at = cents(40), .size = huge, .aggressor = sell}));
    s.add(message::trade(at_second(i), market, outcome::yes, {.at = cents(40), .size = -huge, .aggressor = sell}));
  }
  const auto orders = sends({order(buy, 40, 10), order(buy, 40, 1'000)});
  CHECK(run(s, orders, execution::even_cancels{}).totals.messages == 24);
  CHECK(run(s, orders).totals.messages == 24);
  execution::even_cancels model;
  queue_place place = model.joined(whole(100));
  for (int i = 0; i < 3; ++i) CHECK_NOTHROW((void)model.traded(place, huge));
}

TEST_CASE("the first and the last instant there are") {
  for (const instant when :
       {instant::earliest(), instant::nanoseconds(std::numeric_limits<std::int64_t>::max() - 1), instant::never()}) {
    std::vector<message> all = {message::snapshot(when, market, outcome::yes, 1),
                                message::level(when, market, outcome::yes, {sell, cents(45), whole(10)}),
                                message::timer(when), message::timer(instant::never())};
    source::message_list list("ends of time", {{.name = "x"}},
                              {.depth = true, .tops = true, .sizes = true, .trades = true}, all);
    struct buyer {
      void on(const message& m, trading_context& desk) {
        if (m.kind() == message_kind::timer) desk.place({.quantity = whole(1)});
      }
    };
    const auto r = replay_engine<buyer, execution::back_of_queue, cost::zero, execution::constant_latency>{
        .strategy = {},
        .latency = {}}.run(list);
    CHECK(r.totals.messages == 4);
    CHECK(r.books.audit() == 0);
  }
}

TEST_CASE("a refusal names source and line, counted from one, the first message too") {
  struct careless {
    std::vector<message> all = {};
    std::vector<market_terms> terms = {{.name = "x"}};
    std::size_t at = 0;
    std::size_t next(std::span<message> room) {
      std::size_t n = 0;
      for (; n < room.size() && at < all.size(); ++n, ++at) {
        room[n] = all[at];
        room[n].row = static_cast<std::uint32_t>(at);
      }
      return n;
    }
    const std::vector<market_terms>& markets() const { return terms; }
    recorded provides() const { return {}; }
    std::string_view name() const { return "careless"; }
  };
  const auto refused = [](std::vector<message> all) -> std::optional<data_error> {
    careless source{.all = std::move(all)};
    try {
      (void)replay_engine<scripted>{}.run(source);
    } catch (const data_error& e) {
      return e;
    }
    return std::nullopt;
  };
  const message fine = message::timer(at_second(2));
  const auto unknown = refused({message::life(at_second(1), contract_id(7), {})});
  REQUIRE(unknown);
  CHECK(unknown->source() == "careless");
  CHECK(unknown->line() == 1);
  CHECK(unknown->field() == "contract");
  const auto back = refused({fine, fine, message::timer(at_second(1))});
  REQUIRE(back);
  CHECK(back->line() == 3);
  CHECK(back->field() == "known_at");
  const auto own = refused({fine, message::own(at_second(2), market, outcome::yes, {.order = order_id(50)})});
  REQUIRE(own);
  CHECK(own->line() == 2);
  CHECK(own->field() == "kind");
}

}  // namespace basket_test::backtest_venue
