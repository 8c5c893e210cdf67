// What other engines were seen to do wrong (hftbacktest 2.4.4, NautilusTrader 1.231, the fee model of
// evan-kolberg/prediction-market-backtesting at 180809b), each shown not to happen here. Numbers are worked on paper in
// the comments.
#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/cost/quadratic.hpp"
#include "basket/replay_engine.hpp"
#include "support/stream.hpp"

namespace basket_test::backtest_other_engines {

using namespace basket;

const contract_id market(0);

template <class Cost = cost::zero>
backtest::replay_result run(const stream_builder& stream, const scripted& strategy, const Cost& cost = {},
                            money capital = money::dollars(1'000)) {
  auto source = stream.source();
  const auto r =
      replay_engine<scripted, execution::back_of_queue, Cost>{.strategy = strategy, .cost = cost, .capital = capital}
          .run(source);
  CHECK(r.books.audit() == 0);
  return r;
}
stream_builder book_40_45() {
  stream_builder s;
  s.at(1).book({{40, 100}, {39, 50}}, {{45, 100}, {46, 50}}).tick();
  return s;
}
order_request order(side direction, int limit, int quantity, time_in_force until = time_in_force::good_till_cancel) {
  return {.direction = direction, .limit = cents(limit), .quantity = whole(quantity), .until = until};
}
scripted sends(order_request r) {
  scripted s;
  s.script[1] = [r](trading_context& desk) { desk.place(r); };
  return s;
}

TEST_CASE("fee model: a limit order that takes pays as taker, one that waits as maker, never a rebate by its type") {
  const cost::quadratic law{.law = {{.taker = 70'000, .maker = 17'500}}};
  auto s = book_40_45();
  s.at(2).trade(40, 300, side::sell);
  // Takes 10 at 45: 0.07 * 10 * 0.45 * 0.55 = 0.17325.
  const auto took = run(s, sends(order(side::buy, 45, 10)), law);
  REQUIRE(took.fills.size() == 1);
  CHECK(took.fills[0].role == liquidity::taker);
  CHECK(took.books.fees() == money::micros(173'250));
  // Waits at 40 behind 100; a trade of 300 fills it: 0.0175 * 10 * 0.40 * 0.60 = 0.042.
  const auto made = run(s, sends(order(side::buy, 40, 10)), law);
  REQUIRE(made.fills.size() == 1);
  CHECK(made.fills[0].role == liquidity::maker);
  CHECK(made.books.fees() == money::micros(42'000));
  CHECK(made.books.rebates() == money{});
}

TEST_CASE("fee model: one limit order pays as taker for what it takes and earns as maker for what waits") {
  struct rebate_for_makers {
    [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
      const money half_percent = fraction(match.amount, basis_points{50}, rounding::down);
      return fee_charge{.cash = match.role == liquidity::maker ? -half_percent : half_percent + half_percent};
    }
  };
  auto s = book_40_45();
  s.at(2).level(side::sell, 45, 0).trade(45, 50, side::sell);
  // Takes the 100 offered at 45: a hundredth of 45.00 is 0.45. The other 50 wait at 45 and are sold to: they earn half
  // a hundredth of 22.50, which is 0.1125.
  const auto r = run(s, sends(order(side::buy, 45, 150)), rebate_for_makers{});
  REQUIRE(r.fills.size() == 2);
  CHECK(r.fills[0].role == liquidity::taker);
  CHECK(r.fills[1].role == liquidity::maker);
  CHECK(r.fills[1].quantity == whole(50));
  CHECK(r.books.fees() == money::micros(450'000));
  CHECK(r.books.rebates() == money::micros(112'500));
  CHECK(r.books.cash() == money::micros(1'000'000'000 - 67'500'000 - 450'000 + 112'500));
}

TEST_CASE("hftbacktest: a trade that fills an order exactly does not end the replay") {
  auto s = book_40_45();
  s.at(2).trade(40, 110, side::sell);  // 100 ahead, then exactly the 10 of the order
  for (int i = 3; i < 1'000; ++i) s.at(i).level(side::buy, 39, i);
  const auto r = run(s, sends(order(side::buy, 40, 10)));
  CHECK(r.orders[0].filled == whole(10));
  CHECK(r.totals.messages == 6 + 1 + 997);
}

TEST_CASE("hftbacktest: a partial fill reaches position and cash, and a trade of 4 fills no more than 4") {
  auto s = book_40_45();
  s.at(2).trade(40, 104, side::sell);
  const auto r = run(s, sends(order(side::buy, 40, 10)));
  CHECK(r.orders[0].filled == whole(4));
  CHECK(r.books.position(market).yes == whole(4));
  CHECK(r.books.cash() + r.books.locked() == money::cents(100'000 - 160));
}

TEST_CASE("hftbacktest: a purchase of 1000 where 150 are offered gets 150 at their prices, and the rest waits") {
  const auto r = run(book_40_45(), sends(order(side::buy, 46, 1'000)));
  REQUIRE(r.fills.size() == 2);
  CHECK(r.fills[0].at == cents(45));
  CHECK(r.fills[0].quantity == whole(100));
  CHECK(r.fills[1].at == cents(46));
  CHECK(r.fills[1].quantity == whole(50));
  CHECK(r.books.position(market).yes == whole(150));
  CHECK(r.orders[0].ended == instant::never());
  // At the market what nobody offers is cancelled, not invented.
  const auto m = run(book_40_45(), sends({.quantity = whole(1'000)}));
  CHECK(m.orders[0].filled == whole(150));
  CHECK(m.orders[0].reason == order_reason::not_filled);
}

TEST_CASE("hftbacktest: prices that cannot be are no prices, and what rests on them is rejected") {
  CHECK_THROWS_AS((void)price::nearest(std::nan("")), precondition_error);
  CHECK_THROWS_AS((void)price::micros(-1), precondition_error);
  CHECK_THROWS_AS((void)price::micros(1'000'001), precondition_error);
  CHECK(run(book_40_45(), sends({.limit = price{}, .quantity = whole(1)})).orders[0].reason == order_reason::tick);
  CHECK(run(book_40_45(), sends({.limit = price::micros(micro), .quantity = whole(1)})).orders[0].reason ==
        order_reason::tick);
  // 44.5 cents on a grid of cents is not rounded up into the offer at 45.
  const auto off = run(book_40_45(), sends({.limit = price::micros(445'000), .quantity = whole(1)}));
  CHECK(off.orders[0].reason == order_reason::tick);
  CHECK(off.fills.empty());
  // A quantity of -10 is no sale.
  const auto negative = run(book_40_45(), sends(order(side::buy, 45, -10)));
  CHECK(negative.orders[0].reason == order_reason::quantity);
  CHECK(negative.fills.empty());
}

TEST_CASE("hftbacktest: a delta of negative size is counted and changes nothing; times out of order are refused") {
  auto s = book_40_45();
  s.at(2).level(side::buy, 44, -5).tick();
  scripted look;
  look.script[2] = [](trading_context& desk) {
    CHECK(desk.book(market).best_bid() == cents(40));
    CHECK(desk.book(market).defects().impossible_size == 1);
  };
  (void)run(s, look);
  CHECK_THROWS_AS((void)source::message_list("l", {{.name = "x"}}, {},
                                             {message::timer(at_second(2)), message::timer(at_second(1))}),
                  precondition_error);
  struct back_in_time {
    std::vector<market_terms> terms = {{.name = "x"}};
    int at = 3;
    std::size_t next(std::span<message> room) {
      if (at == 0) return 0;
      room[0] = message::timer(at_second(at--));
      return 1;
    }
    const std::vector<market_terms>& markets() const { return terms; }
    recorded provides() const { return {}; }
    std::string_view name() const { return "back in time"; }
  };
  back_in_time source;
  CHECK_THROWS_AS((void)(replay_engine<scripted>{}.run(source)), data_error);
}

TEST_CASE("hftbacktest: an empty side has no price, and no mid") {
  stream_builder s;
  s.at(1).book({{40, 100}}, {}).tick();
  scripted look;
  look.script[1] = [](trading_context& desk) {
    CHECK(desk.book(market).best_bid() == cents(40));
    CHECK_FALSE(desk.book(market).best_ask().has_value());
    CHECK_FALSE(desk.book(market).double_mid().has_value());
  };
  (void)run(s, look);
}

TEST_CASE("hftbacktest: a source owns its messages; the list that it was made from may go") {
  std::optional<source::message_list> list;
  {
    auto messages = std::make_unique<std::vector<message>>();
    for (int i = 0; i < 100; ++i) messages->push_back(message::timer(at_second(i)));
    list.emplace("owned", std::vector<market_terms>{{.name = "x"}}, recorded{}, *messages);
  }
  CHECK(replay_engine<scripted>{}.run(*list).totals.messages == 100);
}

TEST_CASE("NautilusTrader: a market settles when its payout is told, at the payout, which lies in [0, 1]") {
  auto s = book_40_45();
  s.at(2).life(life_stage::closed).at(3).life(life_stage::settled, price::micros(micro));
  const auto r = run(s, sends(order(side::buy, 45, 10)));
  CHECK(r.books.position(market).empty());
  CHECK(r.books.cash() == money::cents(100'000 - 450 + 1'000));  // at 1.00, not sold at the bid of 0.40
  CHECK_THROWS_AS((void)price::cents(200), precondition_error);
  CHECK_THROWS_AS((void)price::cents(-100), precondition_error);
  // A settlement without a payout is no settlement.
  auto without = book_40_45();
  without.at(2).life(life_stage::closed).at(3).life(life_stage::settled);
  const auto open = run(without, sends(order(side::buy, 45, 10)));
  CHECK(open.totals.ignored_life == 1);
  CHECK(open.books.position(market).yes == whole(10));
}

TEST_CASE("NautilusTrader: takers get what is shown and no more, the second one what the first has left") {
  auto s = book_40_45();
  s.at(2).tick();
  scripted two;
  two.script[1] = [](trading_context& desk) {
    desk.place(order(side::buy, 45, 80, time_in_force::immediate_or_cancel));
  };
  two.script[2] = [](trading_context& desk) {
    desk.place(order(side::buy, 45, 80, time_in_force::immediate_or_cancel));
  };
  const auto r = run(s, two);
  CHECK(r.orders[0].filled == whole(80));
  CHECK(r.orders[1].filled == whole(20));
  CHECK(r.orders[1].reason == order_reason::not_filled);
}

TEST_CASE("NautilusTrader: an order behind 100 is not filled by a trade of 4") {
  auto s = book_40_45();
  for (int i = 2; i < 27; ++i) s.at(i).trade(40, 4, side::sell);  // 25 trades of 4: the queue has just gone
  s.at(27).trade(40, 4, side::sell);
  const auto r = run(s, sends(order(side::buy, 40, 10)));
  REQUIRE(r.fills.size() == 1);
  CHECK(r.fills[0].when == at_second(27));
  CHECK(r.fills[0].quantity == whole(4));
}

TEST_CASE("NautilusTrader: nothing is sold short and no account goes below zero") {
  const auto sold = run(book_40_45(), sends(order(side::sell, 40, 1)));
  CHECK(sold.orders[0].reason == order_reason::holding);
  const auto bought = run(book_40_45(), sends(order(side::buy, 45, 100)), cost::zero{}, money::dollars(44));
  CHECK(bought.orders[0].reason == order_reason::cash);
  CHECK(bought.books.cash() == money::dollars(44));
}

TEST_CASE("NautilusTrader: a crossed book is flagged while it lasts, and counted") {
  auto s = book_40_45();
  s.at(2).level(side::buy, 47, 10).tick().at(3).level(side::buy, 47, 0).tick();
  scripted look;
  look.script[2] = [](trading_context& desk) { CHECK(desk.book(market).crossed()); };
  look.script[3] = [](trading_context& desk) {
    CHECK_FALSE(desk.book(market).crossed());
    CHECK(desk.book(market).defects().crossed == 1);
  };
  (void)run(s, look);
}

}  // namespace basket_test::backtest_other_engines
