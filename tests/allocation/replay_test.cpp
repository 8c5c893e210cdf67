// The steady loop of the message engine allocates nothing. A program of its own, since it counts what `new` does.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <new>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/cost/quadratic.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/message_list.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "basket/strategy/any_strategy.hpp"
#include "basket/strategy/idle.hpp"
#include "basket/strategy/mean_reversion.hpp"
#include "basket/strategy/two_sided_quoter.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define BASKET_TEST_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BASKET_TEST_SANITIZED 1
#endif
#endif

namespace {
std::size_t allocations = 0;
}

#ifndef BASKET_TEST_SANITIZED
// Not inlined: the compiler would pair the malloc in one with the delete of the other.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const p = std::malloc(size == 0 ? 1 : size)) return p;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* p) noexcept { std::free(p); }
[[gnu::noinline]] void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif

namespace basket_test::allocation_replay {

using namespace basket;

/// Delivers messages and notes how many allocations there had been at the middle and at the end of the stream.
class watched_stream {
 public:
  explicit watched_stream(const std::vector<message>& all, const std::vector<market_terms>& markets)
      : all_(&all), markets_(&markets) {}
  std::size_t next(std::span<message> room) {
    if (at_ >= all_->size() / 2 && middle_ == 0) middle_ = allocations;
    std::size_t n = 0;
    for (; n < room.size() && at_ < all_->size(); ++n) room[n] = (*all_)[at_++];
    if (n == 0) end_ = allocations;
    return n;
  }
  const std::vector<market_terms>& markets() const { return *markets_; }
  recorded provides() const {
    return {.depth = true, .tops = true, .sizes = true, .trades = true, .settlements = true};
  }
  std::string_view name() const { return "watched"; }
  std::size_t in_second_half() const { return end_ - middle_; }

 private:
  const std::vector<message>* all_;
  const std::vector<market_terms>* markets_;
  std::size_t at_ = 0, middle_ = 0, end_ = 0;
};

template <class Strategy, class Cost>
std::size_t allocated(const Strategy& strategy, const Cost& cost, std::uint64_t* fills = nullptr) {
  source::synthetic_stream stream({.seed = 3, .messages = 200'000, .gap_every = 20'000, .settles = false});
  const std::vector<message> all = source::read_all(stream);
  watched_stream watched(all, stream.markets());
  const replay_engine<Strategy, execution::back_of_queue, Cost, execution::constant_latency> engine{
      .strategy = strategy,
      .cost = cost,
      .latency = {.order_ns = 3'000'000, .answer_ns = 2'000'000},
      .kept = backtest::keep::totals};
  const auto run = engine.run(watched);
  CHECK(run.totals.messages == all.size());
  if (fills != nullptr) *fills = run.totals.maker_fills + run.totals.taker_fills;
  return watched.in_second_half();
}

/// Allocates once in a thousand messages.
struct forgetful {
  std::size_t seen = 0;
  std::vector<int> held = {};
  void on(const message&, trading_context&) {
    if (++seen % 1'000 == 0) held = std::vector<int>(seen % 7 + 1);
  }
};

TEST_CASE("the second half of 200,000 messages allocates nothing, with orders, fills, latency and fees") {
#ifdef BASKET_TEST_SANITIZED
  std::cout << "SKIPPED: counting allocations: the address sanitizer has its own\n";
#else
  CHECK(allocated(strategy::idle{}, cost::zero{}) == 0);
  std::uint64_t fills = 0;
  CHECK(allocated(strategy::two_sided_quoter{}, cost::flat{.rate = basis_points{10}}, &fills) == 0);
  CHECK(fills > 100);
  CHECK(allocated(strategy::mean_reversion{.every_ns = 100'000'000}, cost::quadratic{.law = {{.taker = 50'000}}},
                  &fills) == 0);
  CHECK(fills > 10);
  CHECK(allocated(strategy::any_strategy(strategy::two_sided_quoter{}), cost::zero{}) == 0);
  // The count sees what there is to see.
  CHECK(allocated(forgetful{}, cost::zero{}) >= 100);
#endif
}

}  // namespace basket_test::allocation_replay
