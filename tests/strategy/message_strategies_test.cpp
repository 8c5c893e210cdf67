#include <doctest/doctest.h>

#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "basket/report/replay_files.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "basket/strategy/any_strategy.hpp"
#include "basket/strategy/idle.hpp"
#include "basket/strategy/mean_reversion.hpp"
#include "basket/strategy/random_taker.hpp"
#include "basket/strategy/two_sided_quoter.hpp"
#include "support/stream.hpp"

namespace basket_test::strategy_message_strategies {

using namespace basket;
using enum side;

TEST_CASE("doing nothing costs nothing") {
  stream_builder stream;
  stream.at(1).book({{40, 10}}, {{42, 10}}).at(2).trade(42, 3, buy);
  auto source = stream.source();
  const auto r = replay_engine<strategy::idle>{.capital = money::dollars(7)}.run(source);
  CHECK(r.totals.orders == 0);
  CHECK(r.books.cash() == money::dollars(7));
  CHECK(r.totals.messages == 4);
}

TEST_CASE("the quoter quotes around the mid, moves with it, and merges pairs") {
  stream_builder stream;
  stream.at(1).book({{40, 10}}, {{44, 10}});                            // mid 42: bid 41, offer 43
  stream.at(2).trade(41, 10, sell).at(3).trade(43, 10, buy);            // both filled: a pair for 0.41 + 0.57
  stream.at(4).level(buy, 41, 5).at(5).level(buy, 43, 5).at(6).tick();  // mid 42.5, then 43.5
  auto source = stream.source();
  const replay_engine<strategy::two_sided_quoter> engine{.strategy = {.half_spread_ticks = 1, .size = whole(10)},
                                                         .capital = money::dollars(100)};
  const auto r = engine.run(source);
  REQUIRE(r.fills.size() == 2);
  CHECK(r.fills[0].at == cents(41));
  CHECK(r.fills[1].at == cents(57));
  CHECK(r.fills[1].of == outcome::no);
  CHECK(r.books.position(contract_id(0)).empty());
  CHECK(r.books.cash() + r.books.locked() == money::cents(10'020));
  REQUIRE(r.orders.size() == 7);
  CHECK(r.orders[2].kind == instruction::what::merge);
  CHECK(r.orders[3].request.limit == cents(41));  // 42.5 - 1 rounded down
  CHECK(r.orders[4].request.limit == cents(56));  // 1 - 44
  CHECK(r.orders[5].request.limit == cents(42));
  CHECK(r.orders[6].request.limit == cents(55));
}

TEST_CASE("mean reversion buys what fell far below its mean, and leaves when it is back") {
  stream_builder stream;
  stream.at(0).book({{40, 1000}}, {{42, 1000}});
  // 20 samples that go to and fro by a cent, then a fall of ten.
  for (int i = 1; i <= 20; ++i) stream.at(i).book({{40 + i % 2, 1000}}, {{42 + i % 2, 1000}});
  stream.at(21).book({{30, 1000}}, {{32, 1000}}).at(22).tick();
  for (int i = 23; i <= 60; ++i) stream.at(i).book({{40 + i % 2, 1000}}, {{42 + i % 2, 1000}});
  auto source = stream.source();
  const replay_engine<strategy::mean_reversion> engine{
      .strategy = {.window = 20, .every_ns = 1'000'000'000, .size = whole(100)}, .capital = money::dollars(1'000)};
  const auto r = engine.run(source);
  REQUIRE(r.fills.size() >= 2);
  CHECK(r.fills[0].direction == buy);
  CHECK(r.fills[0].at == cents(32));
  CHECK(r.fills[0].when == at_second(21));
  CHECK(r.fills[1].direction == sell);
  CHECK(r.fills[1].at >= cents(40));
  CHECK(r.books.cash() > money::dollars(1'000));
  auto again = stream.source();
  CHECK_THROWS_WITH_AS((void)(replay_engine<strategy::mean_reversion>{.strategy = {.window = 1}}.run(again)),
                       "mean reversion needs a window of 2 samples at least, and positive spans of time",
                       precondition_error);
}

TEST_CASE("a stop leaves a position that goes on losing; size fades with age") {
  stream_builder stream;
  stream.at(0).book({{40, 1000}}, {{42, 1000}});
  for (int i = 1; i <= 20; ++i) stream.at(i).book({{40 + i % 2, 1000}}, {{42 + i % 2, 1000}});
  for (int i = 21; i <= 40; ++i) stream.at(i).book({{40 - i + 11, 1000}}, {{42 - i + 11, 1000}});
  auto source = stream.source();
  const strategy::mean_reversion options{
      .window = 20, .every_ns = 1'000'000'000, .stop = cents(5), .size = whole(100), .half_life_ns = 21'000'000'000};
  const auto r =
      replay_engine<strategy::mean_reversion>{.strategy = options, .capital = money::dollars(1'000)}.run(source);
  REQUIRE(r.fills.size() >= 2);
  CHECK(r.fills[0].quantity == whole(50));  // one half-life after the first sample
  CHECK(r.fills[1].direction == sell);
  CHECK(r.fills[0].at.micros() - r.fills[1].at.micros() >= 50'000);
}

TEST_CASE("the random taker repeats itself by its seed and sells only what it holds") {
  stream_builder stream;
  stream.at(0).book({{40, 100'000}}, {{42, 100'000}});
  for (int i = 1; i <= 400; ++i) stream.at(i).trade(42, 1, buy);
  const auto run = [&](std::uint64_t seed) {
    auto source = stream.source();
    return replay_engine<strategy::random_taker>{.strategy = {.seed = seed, .one_in = 4}}.run(source);
  };
  const auto a = run(3), b = run(3), c = run(4);
  CHECK(a.fills.size() > 40);
  CHECK(a.fills.size() == b.fills.size());
  CHECK(a.books.cash() == b.books.cash());
  CHECK(a.books.cash() != c.books.cash());
  CHECK(a.totals.rejected == 0);
}

TEST_CASE("behind a type-erased holder a strategy gives the same bytes, and so does a copy of it") {
  const auto files_of = [](const auto& strategy) {
    source::synthetic_stream stream({.seed = 9, .messages = 20'000, .gap_every = 3'000});
    const replay_engine<std::remove_cvref_t<decltype(strategy)>, execution::back_of_queue, cost::flat> engine{
        .strategy = strategy, .cost = {.rate = basis_points{10}}};
    const auto run = engine.run(stream);
    return report::fills_csv(run) + report::orders_csv(run) + report::equity_csv(run) + report::ledger_jsonl(run);
  };
  const strategy::two_sided_quoter quoter{.size = whole(20)};
  const std::string direct = files_of(quoter);
  CHECK(direct.size() > 100'000);
  const strategy::any_strategy held(quoter);
  const strategy::any_strategy copied = held;  // NOLINT: the copy is what is tested
  CHECK(files_of(held) == direct);
  CHECK(files_of(copied) == direct);
  CHECK(files_of(strategy::any_strategy(strategy::random_taker{.seed = 3})) ==
        files_of(strategy::random_taker{.seed = 3}));
  CHECK(strategy::any_strategy(quoter).bias.empty());
}

}  // namespace basket_test::strategy_message_strategies
