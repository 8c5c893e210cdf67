#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "support/stream.hpp"

namespace basket_test::backtest_replay {

using namespace basket;
using backtest::replay_result;
using enum side;

constexpr contract_id first_market(0);

/// Runs a script on a stream; every ledger line balances and so do the books, position by position.
template <class Queue = execution::back_of_queue, class Cost = cost::zero, class Latency = execution::no_latency>
replay_result run(const stream_builder& stream, const scripted& strategy, const Queue& queue = {},
                  const Cost& cost = {}, const Latency& latency = {}, std::optional<shares> limit = std::nullopt) {
  auto source = stream.source();
  const replay_engine<scripted, Queue, Cost, Latency> engine{.strategy = strategy,
                                                             .queue = queue,
                                                             .cost = cost,
                                                             .latency = latency,
                                                             .capital = money::dollars(1'000),
                                                             .position_limit = limit};
  const replay_result r = engine.run(source);
  for (const ledger_entry& line : r.journal) CHECK(line.imbalance() == 0);
  CHECK(r.books.imbalance() == 0);
  CHECK(r.books.audit() == 0);
  return r;
}

order_request buy_at(int c, int n, time_in_force until = time_in_force::good_till_cancel) {
  return {.contract = first_market, .direction = buy, .limit = cents(c), .quantity = whole(n), .until = until};
}
order_request sell_at(int c, int n, time_in_force until = time_in_force::good_till_cancel) {
  return {.contract = first_market, .direction = sell, .limit = cents(c), .quantity = whole(n), .until = until};
}

stream_builder plain_book() {
  stream_builder s;
  s.at(1).book({{40, 100}, {39, 50}}, {{42, 30}, {43, 70}, {50, 10}});
  return s;
}

TEST_CASE("a market order walks the depth, pays each level, and what nobody offers is cancelled") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    desk.place({.contract = first_market, .direction = buy, .quantity = whole(200)});
  };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 3);
  CHECK(r.fills[0].at == cents(42));
  CHECK(r.fills[0].quantity == whole(30));
  CHECK(r.fills[1].at == cents(43));
  CHECK(r.fills[1].quantity == whole(70));
  CHECK(r.fills[2].quantity == whole(10));
  CHECK(r.books.position(first_market).yes == whole(110));
  // 1000 - 30 * 0.42 - 70 * 0.43 - 10 * 0.50
  CHECK(r.books.cash() == money::cents(95'230));
  CHECK(r.orders[0].last == order_event::cancelled);
  CHECK(r.orders[0].reason == order_reason::not_filled);
  CHECK(r.orders[0].filled == whole(110));
  REQUIRE(me.heard->size() == 5);
  CHECK((*me.heard)[0].event == order_event::accepted);
  CHECK((*me.heard)[4].quantity == whole(90));
  // Nobody asks any more: the holding is worth its bid.
  CHECK(r.end.positions == money::cents(110 * 40));
  CHECK(r.left[0].stage == life_stage::data_ended);
}

TEST_CASE("what was taken stays taken until the level is told anew") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick().at(4).level(sell, 42, 30).at(5).tick().at(6).tick();
  scripted me;
  const auto take = [](trading_context& desk) { desk.place(buy_at(42, 20, time_in_force::immediate_or_cancel)); };
  me.script[2] = me.script[3] = me.script[5] = take;
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 3);
  CHECK(r.fills[0].quantity == whole(20));
  CHECK(r.fills[1].quantity == whole(10));
  CHECK(r.fills[2].quantity == whole(20));
}

TEST_CASE("fill-or-kill fills whole or not at all; immediate-or-cancel what it can; post-only never takes") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick().at(4).tick().at(5).tick().at(6).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(43, 101, time_in_force::fill_or_kill)); };
  me.script[3] = [](trading_context& desk) { desk.place(buy_at(43, 100, time_in_force::fill_or_kill)); };
  me.script[4] = [](trading_context& desk) { desk.place(buy_at(50, 1, time_in_force::post_only)); };
  me.script[5] = [](trading_context& desk) { desk.place(buy_at(50, 40, time_in_force::immediate_or_cancel)); };
  const auto r = run(stream, me);
  CHECK(r.orders[0].reason == order_reason::cannot_fill_whole);
  CHECK(r.orders[0].filled == shares{});
  CHECK(r.orders[1].filled == whole(100));
  CHECK(r.orders[1].last == order_event::filled);
  CHECK(r.orders[2].reason == order_reason::would_take);
  CHECK(r.orders[3].filled == whole(10));
  CHECK(r.orders[3].reason == order_reason::not_filled);
}

TEST_CASE("a maker waits behind what stood there, then gets what is left of a trade") {
  auto stream = plain_book();
  stream.at(2).tick();
  stream.at(3).trade(40, 60, sell).at(4).level(buy, 40, 40);  // 40 still ahead
  stream.at(5).trade(40, 39, sell).at(6).level(buy, 40, 1);   // one share ahead
  stream.at(7).trade(40, 5, sell).at(8).tick();               // four reach the order
  stream.at(9).trade(39, 2, sell).at(10).tick();              // through its price: two more
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(40, 10)); };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 2);
  CHECK(r.fills[0].when == at_second(7));
  CHECK(r.fills[0].quantity == whole(4));
  CHECK(r.fills[0].role == liquidity::maker);
  CHECK(r.fills[1].when == at_second(9));
  CHECK(r.fills[1].quantity == whole(2));
  CHECK(r.books.locked() == money::cents(4 * 40));
  CHECK(r.books.cash() == money::cents(100'000 - 400));
}

TEST_CASE("a trade of four does not fill an order of ten, nor any order behind a hundred") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).trade(40, 4, sell).at(4).level(buy, 40, 96).at(5).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    desk.place(buy_at(40, 10));
    desk.place(buy_at(41, 10));
  };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].order == order_id(1));  // alone at 41, traded through
  CHECK(r.fills[0].quantity == whole(4));
}

TEST_CASE("cancels ahead: pessimism keeps the place, even cancels share it") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).level(buy, 40, 180).at(4).level(buy, 40, 90);  // 80 join behind, then 90 of 180 leave
  stream.at(5).trade(40, 60, sell).at(6).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(40, 20)); };
  CHECK(run(stream, me).fills.empty());  // 100 ahead, cut to the 90 that are left
  scripted other = me;
  const auto even = run(stream, other, execution::even_cancels{});
  REQUIRE(even.fills.size() == 1);  // 100 of 180 ahead: 50 of 90 left ahead, ten reach it
  CHECK(even.fills[0].quantity == whole(10));
}

TEST_CASE("an offer that crosses a resting order fills it up to its size, at the order's price") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).level(sell, 40, 7).at(4).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(41, 10)); };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].quantity == whole(7));
  CHECK(r.fills[0].at == cents(41));
  const auto only = run(stream, me, execution::crossed_only{});
  CHECK(only.fills.size() == 1);
}

TEST_CASE("NO orders meet the joint book; both tokens feed it") {
  stream_builder stream;
  stream.at(1).book({{58, 30}, {57, 70}}, {{60, 100}}, outcome::no);  // YES: asks 42, 43; bid 40
  stream.at(2).tick().at(3).tick().at(4).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    CHECK(desk.book(first_market).best_ask() == cents(42));
    CHECK(desk.book(first_market).best_bid() == cents(40));
    desk.place(
        {.contract = first_market, .of = outcome::no, .direction = buy, .limit = cents(60), .quantity = whole(5)});
    desk.place(
        {.contract = first_market, .of = outcome::yes, .direction = buy, .limit = cents(42), .quantity = whole(5)});
  };
  me.script[3] = [](trading_context& desk) { desk.merge(first_market, whole(5)); };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 2);
  CHECK(r.fills[0].at == cents(60));
  CHECK(r.fills[0].of == outcome::no);
  CHECK(r.books.position(first_market).empty());
  CHECK(r.books.cash() == money::cents(100'000 - 300 - 210 + 500));
}

TEST_CASE("minted pairs can be sold; nothing is sold short, and no share is promised twice") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick().at(4).tick().at(5).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(sell_at(40, 1)); };
  me.script[3] = [](trading_context& desk) { desk.mint(first_market, whole(10)); };
  me.script[4] = [](trading_context& desk) {
    desk.place(sell_at(60, 8));
    desk.place(sell_at(40, 3));
    desk.place(sell_at(40, 2));
    desk.merge(first_market, whole(3));
  };
  const auto r = run(stream, me);
  CHECK(r.orders[0].reason == order_reason::holding);
  CHECK(r.orders[1].kind == instruction::what::mint);
  CHECK(r.orders[1].last == order_event::booked);
  CHECK(r.orders[2].last == order_event::accepted);
  CHECK(r.orders[3].reason == order_reason::holding);
  CHECK(r.orders[4].filled == whole(2));
  CHECK(r.orders[5].reason == order_reason::holding);  // 8 of 10 YES are promised, 2 sold
  CHECK(r.books.position(first_market).yes == whole(8));
  CHECK(r.books.position(first_market).no == whole(10));
}

TEST_CASE("a mint that is refused says so of itself, and nothing of another order") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick().at(4).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(30, 1)); };
  me.script[3] = [](trading_context& desk) { desk.mint(first_market, whole(1'000'000)); };
  me.script[4] = [](trading_context& desk) { CHECK(desk.orders().size() == 1); };
  const auto r = run(stream, me);
  CHECK(r.orders[0].last == order_event::accepted);
  CHECK(r.orders[1].last == order_event::rejected);
  CHECK(r.orders[1].reason == order_reason::cash);
}

TEST_CASE("orders that cannot stand are rejected with their reason") {
  auto stream = plain_book();
  stream.terms(0).minimum_size = whole(5);
  stream.at(2).tick().at(3).news(market_change::halted).tick().at(4).news(market_change::resumed);
  stream.news(market_change::gap).tick().at(5).life(life_stage::closed).tick().at(6).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    desk.place({.contract = first_market, .limit = price::micros(415'000), .quantity = whole(10)});
    desk.place({.contract = first_market, .limit = price::micros(0), .quantity = whole(10)});
    desk.place({.contract = first_market, .limit = price::micros(1'000'000), .quantity = whole(10)});
    desk.place(buy_at(40, -10));
    desk.place(buy_at(40, 0));
    desk.place(buy_at(40, 4));
    desk.place(buy_at(40, 2'600));
    desk.place({.contract = first_market, .limit = cents(40), .quantity = shares::micros(INT64_MAX)});
    desk.cancel(order_id(77));
  };
  me.script[3] = me.script[4] = me.script[5] = [](trading_context& desk) { desk.place(buy_at(40, 10)); };
  const auto r = run(stream, me);
  const std::vector<order_reason> expected = {
      order_reason::tick,     order_reason::tick,         order_reason::tick,         order_reason::quantity,
      order_reason::quantity, order_reason::minimum_size, order_reason::cash,         order_reason::quantity,
      order_reason::halted,   order_reason::no_book,      order_reason::closed_market};
  REQUIRE(r.orders.size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CAPTURE(i);
    CHECK(r.orders[i].last == order_event::rejected);
    CHECK(to_string(r.orders[i].reason) == to_string(expected[i]));
  }
  CHECK(r.fills.empty());
  CHECK(r.totals.reasons[static_cast<std::size_t>(order_reason::unknown_order)] == 1);
  CHECK(r.books.cash() == money::dollars(1'000));
}

TEST_CASE("the position limit counts what is held and what may still be bought") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    desk.place(buy_at(42, 10));
    desk.place(buy_at(40, 10));
    desk.place(buy_at(39, 6));
  };
  const auto r = run(stream, me, execution::back_of_queue{}, cost::zero{}, execution::no_latency{}, whole(25));
  CHECK(r.orders[0].filled == whole(10));
  CHECK(r.orders[2].reason == order_reason::position_limit);
}

TEST_CASE("settlement cancels what is open and pays at any payout, late or void") {
  for (const auto& [stage, payout] : {std::pair{life_stage::settled, cents(100)},
                                      {life_stage::settled, cents(0)},
                                      {life_stage::settled, cents(24)},
                                      {life_stage::voided, cents(50)}}) {
    auto stream = plain_book();
    stream.at(2).tick().at(3).life(life_stage::closed).at(4).life(life_stage::pending).at(90'000).life(stage, payout);
    stream.at(90'001).tick();
    scripted me;
    me.script[2] = [](trading_context& desk) {
      desk.place(buy_at(42, 30));
      desk.place(buy_at(40, 50));
      desk.mint(first_market, whole(2));
    };
    const auto r = run(stream, me);
    CHECK(r.orders[1].reason == order_reason::closed_market);
    CHECK(r.orders[1].ended == at_second(3));
    CHECK(r.books.locked() == money{});
    CHECK(r.books.position(first_market).empty());
    CHECK(r.left.empty());
    const std::int64_t yes = 32 * payout.micros(), no = 2 * (micro - payout.micros());
    CHECK(r.books.cash() == money::micros(money::dollars(1'000).micros() - 30 * 420'000 - 2'000'000 + yes + no));
  }
}

TEST_CASE("latency: the order meets the book of its arrival, the strategy hears later") {
  auto stream = plain_book();
  stream.at(2).tick().at(3).level(sell, 42, 0).at(10).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(43, 30)); };
  const auto r = run(stream, me, execution::back_of_queue{}, cost::zero{},
                     execution::constant_latency{.order_ns = 2'000'000'000, .answer_ns = 3'000'000'000});
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].at == cents(43));
  CHECK(r.fills[0].when == at_second(4));
  REQUIRE(me.heard->size() == 2);
  CHECK((*me.heard_at)[1] == 7'000'000'000);
  CHECK(r.orders[0].sent == at_second(2));
  CHECK(r.orders[0].arrived == at_second(4));
}

TEST_CASE("without latency an order still comes behind every message of its instant") {
  auto stream = plain_book();
  stream.at(2).tick().level(sell, 42, 0).at(3).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) { desk.place(buy_at(43, 30)); };
  const auto r = run(stream, me);
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].at == cents(43));
}

TEST_CASE("fees: charged on the leg, locked for resting orders; an unknown law rejects the order") {
  struct unknown_after {
    instant last = at_second(3);
    [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
      if (match.when > last) return std::nullopt;
      return fee_charge{.cash = fraction(match.amount, basis_points{100}, rounding::up)};
    }
  };
  auto stream = plain_book();
  stream.at(2).tick().at(4).tick().at(5).tick();
  scripted me;
  me.script[2] = [](trading_context& desk) {
    desk.place(buy_at(43, 100));
    desk.place(buy_at(40, 100));
  };
  me.script[4] = [](trading_context& desk) { desk.place(buy_at(39, 1)); };
  const auto r = run(stream, me, execution::back_of_queue{}, unknown_after{});
  CHECK(r.books.fees() == money::micros(427'000));  // a hundredth of 12.60 + 30.10
  CHECK(r.books.locked() == money::micros(40'400'000));
  CHECK(r.orders[2].reason == order_reason::fee_unknown);
}

TEST_CASE("a queue model refuses a recording that lacks what it needs") {
  auto source = plain_book().source({.depth = true, .tops = true, .sizes = true});
  const replay_engine<scripted> engine{};
  CHECK_THROWS_AS((void)engine.run(source), precondition_error);
  const replay_engine<scripted, execution::crossed_only> other{};
  CHECK(other.run(source).totals.messages == 6);
}

TEST_CASE("a strategy that answers answers for ever is stopped") {
  struct echo {
    void on(const message& m, trading_context& desk) {
      if (m.kind() != message_kind::trade) desk.place({.contract = first_market, .limit = cents(1), .quantity = {}});
    }
  };
  auto stream = plain_book();
  stream.at(5).tick();
  auto source = stream.source();
  CHECK_THROWS_AS((void)(replay_engine<echo>{.kept = backtest::keep::totals}.run(source)), precondition_error);
}

}  // namespace basket_test::backtest_replay
