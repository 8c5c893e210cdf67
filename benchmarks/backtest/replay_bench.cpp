// The message engine on a synthetic stream: the book alone beside a plain loop over a dense array, then with
// strategies.
#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/model/order_book.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/message_list.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "basket/strategy/any_strategy.hpp"
#include "basket/strategy/idle.hpp"
#include "basket/strategy/two_sided_quoter.hpp"

namespace {

using namespace basket;

source::message_list& stream_of(std::size_t messages) {
  static std::size_t made = 0;
  static std::vector<source::message_list> kept;
  if (made != messages) {
    kept.clear();
    source::synthetic_stream drawn({.seed = 1, .messages = messages, .gap_every = 100'000});
    std::vector<message> all = source::read_all(drawn);
    kept.emplace_back("in memory", drawn.markets(), drawn.provides(), std::move(all));
    made = messages;
  }
  kept.front().rewind();
  return kept.front();
}

void count(benchmark::State& state) {
  const auto messages =
      static_cast<std::int64_t>(stream_of(static_cast<std::size_t>(state.range(0))).messages().size());
  state.SetItemsProcessed(state.iterations() * messages);
  state.SetBytesProcessed(state.iterations() * messages * static_cast<std::int64_t>(sizeof(message)));
}

// What a book does at least: the size into its slot, and the best price moved when it must. No check of anything.
void book_plain_loop(benchmark::State& state) {
  const auto& all = stream_of(static_cast<std::size_t>(state.range(0))).messages();
  for (auto _ : state) {
    std::vector<std::int64_t> bids(1'001, 0), asks(1'001, 0);
    std::size_t bid = 0, ask = 1'000;
    for (const message& m : all) {
      if (m.kind() == message_kind::snapshot) {
        std::fill(bids.begin(), bids.end(), 0);
        std::fill(asks.begin(), asks.end(), 0);
        bid = 0;
        ask = 1'000;
      }
      if (m.kind() != message_kind::level) continue;
      const level_size l = m.level();
      const auto slot = static_cast<std::size_t>(l.at.micros() / 1'000);
      if (l.of == side::buy) {
        bids[slot] = l.size.micros();
        if (l.size.micros() != 0 && slot > bid) bid = slot;
        while (bid > 0 && bids[bid] == 0) --bid;
      } else {
        asks[slot] = l.size.micros();
        if (l.size.micros() != 0 && slot < ask) ask = slot;
        while (ask < 1'000 && asks[ask] == 0) ++ask;
      }
    }
    benchmark::DoNotOptimize(bid + ask);
  }
  count(state);
}

void book_alone(benchmark::State& state) {
  const auto& all = stream_of(static_cast<std::size_t>(state.range(0))).messages();
  for (auto _ : state) {
    order_book book;
    for (const message& m : all) (void)book.apply(m);
    benchmark::DoNotOptimize(book.double_mid());
  }
  count(state);
}

template <class Strategy, class Held = Strategy>
void engine(benchmark::State& state) {
  source::message_list& source = stream_of(static_cast<std::size_t>(state.range(0)));
  const replay_engine<Held, execution::back_of_queue, cost::flat> replay{.strategy = Held(Strategy{}),
                                                                         .cost = {.rate = basis_points{10}},
                                                                         .capital = money::dollars(10'000'000),
                                                                         .kept = backtest::keep::totals};
  std::uint64_t fills = 0, orders = 0;
  for (auto _ : state) {
    source.rewind();
    const auto r = replay.run(source);
    fills = r.totals.maker_fills;
    orders = r.totals.orders;
    benchmark::DoNotOptimize(r.books.cash());
  }
  state.counters["orders"] = static_cast<double>(orders);
  state.counters["fills"] = static_cast<double>(fills);
  count(state);
}

BENCHMARK(book_plain_loop)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(book_alone)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(engine<strategy::idle>)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(engine<strategy::two_sided_quoter, strategy::any_strategy>)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(engine<strategy::two_sided_quoter>)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
