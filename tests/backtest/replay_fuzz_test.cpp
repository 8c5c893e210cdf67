#include <doctest/doctest.h>

#include "basket/core/random.hpp"
#include "support/fuzzed_replay.hpp"

namespace basket_test::backtest_replay_fuzz {

using namespace basket;

std::vector<std::uint8_t> noise(std::uint64_t seed, std::size_t bytes) {
  random_stream random(seed);
  std::vector<std::uint8_t> out(bytes);
  for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(random());
  return out;
}

TEST_CASE("hostile streams end with a named refusal or with books that are right, the same twice") {
  std::size_t refused = 0, filled = 0, orders = 0, messages = 0;
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    CAPTURE(seed);
    fuzzed_outcome got;
    CHECK_NOTHROW(got = fuzz_replay(noise(seed, 500 + 20 * seed)));
    refused += got.refused ? 1 : 0;
    filled += got.fills;
    orders += got.orders;
    messages += got.messages;
  }
  CHECK(refused > 30);
  CHECK(refused < 500);
  CHECK(orders > 1'000);
  CHECK(filled > 300);
  CHECK(messages > 100'000);
}

TEST_SUITE("slow backtest") {
  TEST_CASE("ten thousand hostile streams") {
    for (std::uint64_t seed = 1'001; seed <= 11'000; ++seed) {
      CAPTURE(seed);
      CHECK_NOTHROW((void)fuzz_replay(noise(seed, 300 + seed % 6'000)));
    }
  }
}

TEST_CASE("the checks of a fuzzed run see what is wrong") {
  ledger books;
  backtest::replay_result r;
  r.journal.push_back(books.deposit({}, money::dollars(1)));
  r.books = books;
  CHECK_NOTHROW(check_run(r));
  r.orders.push_back({.request = {.quantity = shares::whole(1)}});
  r.fills.push_back({.direction = side::buy, .at = price::cents(50), .quantity = shares::whole(2)});
  CHECK_THROWS_WITH_AS(check_run(r), "an order was filled for more than it asked", std::logic_error);
  r.fills.clear();
  r.journal[0].cash += money::micros(1);
  CHECK_THROWS_WITH_AS(check_run(r), "a line of the journal does not balance", std::logic_error);
}

TEST_CASE("the checks see holdings beyond a limit, makers away from their limits, fills in a halt, and other runs") {
  ledger books;
  backtest::replay_result r;
  r.journal.push_back(books.deposit({}, money::dollars(10)));
  r.journal.push_back(books.mint({}, contract_id(0), shares::whole(3)));
  r.books = books;
  CHECK_NOTHROW(check_run(r, shares::whole(3)));
  CHECK_THROWS_WITH_AS(check_run(r, shares::whole(2)), "a holding beyond the limit", std::logic_error);
  r.orders.push_back(
      {.request = {.limit = price::cents(40), .quantity = shares::whole(1)}, .filled = shares::whole(1)});
  r.fills.push_back({.when = instant::nanoseconds(5),
                     .at = price::cents(40),
                     .quantity = shares::whole(1),
                     .role = liquidity::maker});
  CHECK_NOTHROW(check_run(r));
  r.fills[0].at = price::cents(39);
  CHECK_THROWS_WITH_AS(check_run(r), "a maker's fill away from its limit", std::logic_error);

  const contract_id c(0);
  const auto at = [](std::int64_t ns) { return instant::nanoseconds(ns); };
  const message halt = message::market(at(1), c, {.change = market_change::halted});
  CHECK_NOTHROW(check_halts(r, {}, 1));
  CHECK_THROWS_AS(check_halts(r, {halt}, 1), std::logic_error);
  CHECK_THROWS_AS(check_halts(r, {message::life(at(4), c, {.stage = life_stage::closed})}, 1), std::logic_error);
  CHECK_NOTHROW(check_halts(r, {halt, message::market(at(4), c, {.change = market_change::resumed})}, 1));

  backtest::replay_result other = r;
  CHECK(same_run(r, other));
  other.orders[0].reason = order_reason::cash;
  CHECK_FALSE(same_run(r, other));
  other = r;
  other.totals.messages = 1;
  CHECK_FALSE(same_run(r, other));
}

}  // namespace basket_test::backtest_replay_fuzz
