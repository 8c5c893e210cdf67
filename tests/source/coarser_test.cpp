#include "basket/source/coarser.hpp"

#include <doctest/doctest.h>

#include "basket/concepts/laws/message_source.hpp"
#include "basket/source/message_list.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "support/stream.hpp"

namespace basket_test::source_coarser {

using namespace basket;

TEST_CASE("best prices: a quote for each change at the top, trades passed on, depth left out") {
  stream_builder s;
  s.at(1).book({{40, 10}, {39, 5}}, {{45, 7}});
  s.at(2).level(side::buy, 39, 6);  // behind the top: nothing is told
  s.at(3).level(side::buy, 41, 2).trade(41, 1, side::sell);
  s.at(4).level(side::buy, 41, 0).life(life_stage::closed);
  source::tops_of<source::message_list> tops(s.source());
  CHECK(missing_from(tops.provides(), {.depth = true, .tops = true, .sizes = true, .trades = true}) == "depth");
  const auto all = source::read_all(tops);
  REQUIRE(all.size() == 5);
  CHECK(all[0].quote().bid == cents(40));
  CHECK(all[0].quote().bid_size == whole(10));
  CHECK(all[0].quote().ask_size == whole(7));
  CHECK(all[1].quote().bid == cents(41));
  CHECK(all[2].kind() == message_kind::trade);
  CHECK(all[3].quote().bid == cents(40));
  CHECK(all[4].kind() == message_kind::life);
}

TEST_CASE("bars: open, high, low and close of the mid, known when the span is over, with the volume of trades") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{44, 7}});                       // mid 42
  s.at(4).level(side::buy, 43, 1).trade(43, 3, side::sell);  // 43.5
  s.at(5).level(side::buy, 43, 0).level(side::sell, 41, 2);  // 42, then 40.5
  s.at(61).level(side::sell, 41, 0);                         // 42, in the next minute
  s.at(200).tick();
  source::bars_of<source::message_list> bars(s.source(), 60'000'000'000);
  CHECK(bars.provides() == recorded{.candles = true, .settlements = true});
  const auto all = source::read_all(bars);
  REQUIRE(all.size() == 3);
  CHECK(all[0].known_at == at_second(60));
  CHECK(all[0].candle().open == cents(42));
  CHECK(all[0].candle().high == price::micros(435'000));
  CHECK(all[0].candle().low == price::micros(405'000));
  CHECK(all[0].candle().close == price::micros(405'000));
  CHECK(all[0].candle().volume == whole(3));
  CHECK(all[1].known_at == at_second(120));
  CHECK(all[1].candle().close == cents(42));
  CHECK(all[2].kind() == message_kind::timer);
}

TEST_CASE("told coarser, a source keeps the laws") {
  const source::stream_options options{.messages = 3'000, .gap_every = 400};
  CHECK(laws::broken_laws([&] { return source::tops_of(source::synthetic_stream(options)); }).empty());
  CHECK(laws::broken_laws([&] { return source::bars_of(source::synthetic_stream(options), 100'000'000); }).empty());
}

}  // namespace basket_test::source_coarser
