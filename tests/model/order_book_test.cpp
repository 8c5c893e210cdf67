#include "basket/model/order_book.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "basket/core/random.hpp"
#include "support/stream.hpp"

namespace basket_test::model_order_book {

using namespace basket;
using enum side;

/// The same rules over two maps.
struct map_book {
  std::map<std::int64_t, std::int64_t, std::greater<>> bids = {};
  std::map<std::int64_t, std::int64_t> asks = {};
  std::int64_t step = 1'000;
  std::uint32_t expected = 0;
  bool ready = false;
  book_defects defects = {};

  void apply(const message& m) {
    if (m.kind() == message_kind::snapshot) {
      if (expected > 0) ++defects.broken_snapshot;
      bids.clear();
      asks.clear();
      expected = m.snapshot_levels();
      ready = expected == 0;
    } else if (m.kind() == message_kind::market && m.market().change == market_change::gap) {
      bids.clear();
      asks.clear();
      expected = 0;
      ready = false;
    } else if (m.kind() == message_kind::level) {
      if (!ready && expected == 0) {
        ++defects.without_book;
        return;
      }
      const level_size l = m.level();
      const bool bid = (l.of == buy) == (m.of == outcome::yes);
      const std::int64_t p = m.of == outcome::yes ? l.at.micros() : micro - l.at.micros();
      if (p % step != 0) {
        ++defects.off_grid;
      } else if (l.size < shares{} || l.size > shares::whole(1'000'000'000'000)) {
        ++defects.impossible_size;
      } else if (p == 0 || p == micro) {
        ++defects.at_the_end;
      } else if (bid) {
        if (l.size == shares{}) {
          bids.erase(p);
        } else {
          bids[p] = l.size.micros();
        }
      } else {
        if (l.size == shares{}) {
          asks.erase(p);
        } else {
          asks[p] = l.size.micros();
        }
      }
      if (expected > 0 && --expected > 0) return;
      ready = true;
      if (!bids.empty() && !asks.empty() && bids.begin()->first >= asks.begin()->first) ++defects.crossed;
    }
  }
};

bool same(const order_book& book, const map_book& twin) {
  if (book.ready() != twin.ready || !(book.defects() == twin.defects)) return false;
  const auto side_same = [&](side of, const auto& levels) {
    auto at = levels.begin();
    bool equal = true;
    book.for_each_level(of, [&](price p, shares s) {
      equal = equal && at != levels.end() && at->first == p.micros() && at->second == s.micros();
      if (equal) ++at;
      return equal;
    });
    return equal && at == levels.end();
  };
  const auto top = [](const auto& levels) {
    return levels.empty() ? std::nullopt : std::optional<price>(price::micros(levels.begin()->first));
  };
  return book.best_bid() == top(twin.bids) && book.best_ask() == top(twin.asks) && side_same(buy, twin.bids) &&
         side_same(sell, twin.asks);
}

TEST_CASE("slots are found in one step, up and down, over all three layers of bits") {
  for (const std::size_t size : {1UL, 63UL, 64UL, 65UL, 1'001UL, 4'097UL, 10'001UL, 100'001UL}) {
    level_set set(size);
    std::map<std::size_t, bool> twin;
    random_stream random(size, 0);
    for (int step = 0; step < 3'000; ++step) {
      const std::size_t slot = random.below(static_cast<std::uint32_t>(size));
      if (random.below(2) == 0) {
        set.add(slot);
        twin[slot] = true;
      } else {
        set.remove(slot);
        twin.erase(slot);
      }
      const std::size_t from = random.below(static_cast<std::uint32_t>(size));
      auto up = twin.lower_bound(from);
      CHECK(set.at_or_above(from) == (up == twin.end() ? level_set::none : up->first));
      auto down = twin.upper_bound(from);
      CHECK(set.at_or_below(from) == (down == twin.begin() ? level_set::none : std::prev(down)->first));
      CHECK(set.has(slot) == twin.contains(slot));
    }
    set.clear();
    CHECK(set.at_or_above(0) == level_set::none);
  }
}

TEST_CASE("a snapshot, a change, a removal, both tokens in one book") {
  const auto messages = [] {
    stream_builder s;
    s.at(1).book({{40, 10}, {39, 5}}, {{42, 7}}).at(2).level(sell, 41, 3).at(3).level(buy, 59, 0, outcome::no);
    s.at(4).level(sell, 61, 8, outcome::no);
    return s.source().messages();
  }();
  order_book book(price::micros(1'000));
  CHECK_FALSE(book.ready());
  for (std::size_t i = 0; i < 3; ++i) (void)book.apply(messages[i]);
  CHECK_FALSE(book.ready());  // the third level is still to come
  const book_change last = book.apply(messages[3]);
  CHECK(last.replaced);
  CHECK(book.ready());
  CHECK(book.best_bid() == cents(40));
  CHECK(book.size(sell, cents(42)) == whole(7));
  CHECK(book.double_mid() == 820'000);
  const book_change offered = book.apply(messages[4]);
  CHECK(offered.of == sell);
  CHECK(offered.before == shares{});
  CHECK(offered.after == whole(3));
  CHECK(book.best_ask() == cents(41));
  (void)book.apply(messages[5]);  // a bid for NO at 59 is the offer of YES at 41
  CHECK(book.best_ask() == cents(42));
  (void)book.apply(messages[6]);  // an offer of NO at 61 is a bid for YES at 39
  CHECK(book.size(buy, cents(39)) == whole(8));
  CHECK(book.levels(buy) == 2);
}

TEST_CASE("what was taken is gone until the level is told anew; a gap ends the book") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{42, 7}}).at(2).level(sell, 42, 7).at(3).news(market_change::gap).at(4).level(buy, 40, 1);
  const auto m = s.source().messages();
  order_book book;
  for (std::size_t i = 0; i < 3; ++i) (void)book.apply(m[i]);
  book.take(sell, cents(42), whole(5));
  CHECK(book.size(sell, cents(42)) == whole(7));
  CHECK(book.available(sell, cents(42)) == whole(2));
  book.take(sell, cents(42), whole(5));
  CHECK(book.available(sell, cents(42)) == shares{});
  (void)book.apply(m[3]);
  CHECK(book.available(sell, cents(42)) == whole(7));
  (void)book.apply(m[4]);
  CHECK_FALSE(book.ready());
  CHECK_FALSE(book.best_bid());
  (void)book.apply(m[5]);
  CHECK(book.defects().without_book == 1);
  CHECK(book.size(buy, cents(40)) == shares{});
  CHECK_THROWS_AS(book.take(buy, cents(40), shares{}), precondition_error);
}

TEST_CASE("quotes are a book of two levels, with and without sizes") {
  order_book book;
  (void)book.apply(message::quote(at_second(1), contract_id(0), outcome::yes, {.bid = cents(40), .ask = cents(43)}));
  CHECK(book.ready());
  CHECK_FALSE(book.sizes_known());
  CHECK(book.best_bid() == cents(40));
  (void)book.apply(message::quote(at_second(1), contract_id(0), outcome::no,
                                  {.bid = cents(56), .ask = cents(59), .bid_size = whole(4), .ask_size = whole(9)}));
  CHECK(book.sizes_known());
  CHECK(book.best_bid() == cents(41));
  CHECK(book.best_ask() == cents(44));
  CHECK(book.size(buy, cents(41)) == whole(9));
  CHECK(book.size(sell, cents(44)) == whole(4));
  (void)book.apply(message::quote(at_second(1), contract_id(0), outcome::yes, {.ask = cents(43)}));
  CHECK_FALSE(book.best_bid());
}

TEST_CASE("crossed input is flagged and stays what it is") {
  stream_builder s;
  s.at(1).book({{40, 10}}, {{42, 7}}).at(2).level(buy, 42, 1).at(3).level(sell, 42, 0);
  const auto m = s.source().messages();
  order_book book;
  for (std::size_t i = 0; i < 4; ++i) (void)book.apply(m[i]);
  CHECK(book.crossed());
  CHECK(book.defects().crossed == 1);
  (void)book.apply(m[4]);
  CHECK_FALSE(book.crossed());
}

TEST_CASE("grids that do not fit a dollar are refused") {
  CHECK_THROWS_AS(order_book(price::micros(0)), precondition_error);
  CHECK_THROWS_AS(order_book(price::micros(3'000)), precondition_error);
  CHECK_THROWS_AS(order_book(price::micros(1)), precondition_error);
  CHECK(order_book(price::micros(10)).grid() == price::micros(10));
  CHECK(order_book(price::micros(500'000)).grid() == price::micros(500'000));
}

TEST_CASE("a quarter of a million random messages, hostile ones among them, leave the book of the maps") {
  for (const std::int64_t step : {1'000, 10'000, 100}) {
    random_stream random(static_cast<std::uint64_t>(step), 1);
    order_book book(price::micros(step));
    map_book twin{.step = step};
    std::uint32_t to_come = 0;
    for (int i = 0; i < 80'000; ++i) {
      message m;
      const contract_id c(0);
      const outcome of = random.below(2) == 0 ? outcome::yes : outcome::no;
      const std::uint32_t what = random.below(1'000);
      if (to_come == 0 && what < 3) {
        to_come = random.below(40);
        m = message::snapshot(at_second(i), c, of, to_come);
      } else if (what == 3) {
        m = message::market(at_second(i), c, {.change = market_change::gap});
        to_come = 0;
      } else if (to_come > 0 && what == 4) {
        m = message::snapshot(at_second(i), c, of, 2);  // the announced levels never come
        to_come = 2;
      } else {
        std::int64_t p = static_cast<std::int64_t>(random.below(static_cast<std::uint32_t>(micro / step) + 1)) * step;
        if (what < 20) p = random.below(1'000'001);
        std::int64_t size = random.below(3) == 0 ? 0 : random.below(1'000'000'000);
        if (what >= 20 && what < 25) size = -1 - static_cast<std::int64_t>(random.below(1'000));
        if (what >= 25 && what < 28) size = INT64_MAX - random.below(10);
        m = message::level(
            at_second(i), c, of,
            {.of = random.below(2) == 0 ? buy : sell, .at = price::micros(p), .size = shares::micros(size)});
        if (to_come > 0) --to_come;
      }
      (void)book.apply(m);
      twin.apply(m);
      if (i % 16 == 0 || i < 2'000) REQUIRE(same(book, twin));
    }
    CHECK(same(book, twin));
    CHECK(book.defects().impossible_size > 0);
    CHECK(book.defects().broken_snapshot > 0);
  }
}

}  // namespace basket_test::model_order_book
