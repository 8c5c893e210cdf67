#include "basket/source/synthetic_stream.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <map>
#include <vector>

#include "basket/cost/flat.hpp"
#include "basket/model/order_book.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/message_list.hpp"
#include "basket/strategy/idle.hpp"
#include "basket/strategy/random_taker.hpp"
#include "basket/strategy/two_sided_quoter.hpp"

namespace basket_test::source_synthetic_stream {

using namespace basket;
using source::stream_options;
using source::synthetic_stream;

bool same(const std::vector<message>& a, const std::vector<message>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].known_at != b[i].known_at || a[i].kind() != b[i].kind() || a[i].row != b[i].row) return false;
    if (a[i].kind() == message_kind::level &&
        (a[i].level().at != b[i].level().at || a[i].level().size != b[i].level().size)) {
      return false;
    }
  }
  return true;
}

TEST_CASE("fifty levels a side, two ticks apart, never crossed; shares of trades and moves as asked") {
  synthetic_stream stream({.seed = 4, .messages = 60'000, .gap_every = 9'000});
  const auto messages = source::read_all(stream);
  order_book book;
  std::size_t trades = 0, gaps = 0, steps = 0;
  instant last = messages.front().known_at;
  std::size_t at = 0;
  for (const message& m : messages) {
    CHECK(m.row == at++);
    if (m.known_at != last) {  // a step is over
      ++steps;
      REQUIRE(book.ready());
      CHECK(book.levels(side::buy) == 50);
      CHECK(book.levels(side::sell) == 50);
      CHECK(book.best_ask()->micros() - book.best_bid()->micros() == 2'000);
      last = m.known_at;
    }
    trades += m.kind() == message_kind::trade;
    gaps += m.kind() == message_kind::market;
    (void)book.apply(m);
  }
  CHECK(book.defects() == book_defects{});
  CHECK(gaps == steps / 9'000);
  const double share = static_cast<double>(trades) / static_cast<double>(steps);
  CHECK(std::abs(share - 0.03) < 4.0 * std::sqrt(0.03 * 0.97 / static_cast<double>(steps)));
  CHECK(messages.back().life().payout.has_value());
}

TEST_CASE("the seed decides, rooms of other sizes do not") {
  const auto make = [](std::uint64_t seed, std::size_t room) {
    synthetic_stream stream({.seed = seed, .messages = 3'000});
    std::vector<message> out, part(room);
    for (std::size_t n = stream.next(part); n > 0; n = stream.next(part))
      out.insert(out.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(n));
    CHECK(stream.next(part) == 0);
    return out;
  };
  CHECK(same(make(5, 1), make(5, 4'096)));
  CHECK(same(make(5, 7), make(5, 64)));
  CHECK_FALSE(same(make(5, 64), make(6, 64)));
}

TEST_CASE("the mid drifts nowhere and the payout is as likely as the mid says") {
  double drift = 0.0, squares = 0.0, surprise = 0.0, variance = 0.0;
  constexpr int seeds = 400;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    synthetic_stream stream({.seed = seed, .messages = 4'000});
    const auto messages = source::read_all(stream);
    const double moved = static_cast<double>(stream.mid_micros() - 500'000) / 1'000.0;
    drift += moved;
    squares += moved * moved;
    const double p = static_cast<double>(stream.mid_micros()) / 1e6;
    surprise += messages.back().life().payout->to_double() - p;
    variance += p * (1.0 - p);
  }
  CHECK(std::abs(drift) < 4.0 * std::sqrt(squares));
  CHECK(squares > 400.0 * 20.0);  // it does move
  CHECK(std::abs(surprise) < 4.0 * std::sqrt(variance));
}

TEST_CASE("options that cannot be are refused") {
  CHECK_THROWS_AS(synthetic_stream({.trade_share = 0.7, .move_share = 0.7}), precondition_error);
  CHECK_THROWS_AS(synthetic_stream({.trade_share = -0.1}), precondition_error);
  CHECK_THROWS_AS(synthetic_stream({.levels = 0}), precondition_error);
  CHECK_THROWS_AS(synthetic_stream({.levels = 300}), precondition_error);
  CHECK_THROWS_AS(synthetic_stream({.most_size = 0}), precondition_error);
  CHECK_THROWS_AS(synthetic_stream({.spacing_ns = 0}), precondition_error);
}

TEST_CASE("the random strategy loses its costs, within the error of a thousand seeds") {
  double sum = 0.0, squares = 0.0, costs = 0.0;
  constexpr int seeds = 1'000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    synthetic_stream stream({.seed = seed, .messages = 2'000});
    const replay_engine<strategy::random_taker, execution::back_of_queue, cost::flat> engine{
        .strategy = {.seed = seed + 5'000, .one_in = 50},
        .cost = {.rate = basis_points{20}},
        .capital = money::dollars(1'000)};
    const auto r = engine.run(stream);
    CHECK(r.books.imbalance() == 0);
    CHECK(r.left.empty());
    double cost = r.books.fees().to_double();
    for (const fill& f : r.fills) cost += 0.001 * f.quantity.to_double();  // half of two ticks from the mid
    const double gain = (r.books.cash() - r.capital).to_double();
    sum += gain + cost;
    squares += (gain + cost) * (gain + cost);
    costs += cost;
  }
  const double error = std::sqrt(squares);
  std::printf("random strategy, %d seeds: gain + costs %.4f +- %.4f, costs %.4f a run\n", seeds, sum / seeds,
              error / seeds, costs / seeds);
  CHECK(std::abs(sum) < 4.0 * error);
  CHECK(costs > 0.01 * seeds);
}

TEST_CASE("valued at the last mid instead of the payout, the same with a smaller error") {
  double sum = 0.0, squares = 0.0, costs = 0.0;
  constexpr int seeds = 1'000;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    synthetic_stream stream({.seed = seed, .messages = 2'000, .settles = false});
    const auto r =
        replay_engine<strategy::random_taker>{
            .strategy = {.seed = seed + 9'000, .one_in = 50, .size = shares::whole(1)}}
            .run(stream);
    const double mid = static_cast<double>(stream.mid_micros()) / 1e6;
    const holding held = r.books.position(contract_id(0));
    double gain =
        (r.books.cash() - r.capital).to_double() + held.yes.to_double() * mid + held.no.to_double() * (1.0 - mid);
    double cost = 0.0;
    for (const fill& f : r.fills) cost += 0.001 * f.quantity.to_double();
    sum += gain + cost;
    squares += (gain + cost) * (gain + cost);
    costs += cost;
    if (!held.empty()) CHECK(r.left.at(0).stage == life_stage::data_ended);
  }
  std::printf("valued at the mid: gain + costs %.5f +- %.5f, costs %.5f a run\n", sum / seeds,
              std::sqrt(squares) / seeds, costs / seeds);
  CHECK(std::abs(sum) < 4.0 * std::sqrt(squares));
  CHECK(costs > 5.0 * std::sqrt(squares));  // costs are far outside the error: the test can fail
}

TEST_CASE("the same run, whether messages are drawn or read from memory; a quoter's ledger balances") {
  const stream_options options{.seed = 3, .messages = 40'000};
  synthetic_stream drawn(options), again(options);
  source::message_list listed("list", drawn.markets(), drawn.provides(), source::read_all(again));
  const replay_engine<strategy::two_sided_quoter> engine{.capital = money::dollars(100'000)};
  const auto a = engine.run(drawn), b = engine.run(listed);
  CHECK(a.fills.size() == b.fills.size());
  CHECK(a.fills.size() > 20);
  CHECK(a.books.cash() == b.books.cash());
  CHECK(a.books.imbalance() == 0);
  CHECK(a.books.audit() == 0);
  for (const ledger_entry& line : a.journal) REQUIRE(line.imbalance() == 0);
  CHECK(a.totals.maker_fills == a.fills.size());
  CHECK(a.books.locked() == money{});  // settled: nothing is open
}

TEST_CASE("no maker is filled before the queue in front of him has gone, by an account of his own") {
  source::synthetic_stream drawn({.seed = 12, .messages = 60'000, .gap_every = 9'000, .settles = false});
  const std::vector<message> all = source::read_all(drawn);
  source::message_list list("in memory", drawn.markets(), drawn.provides(), all);
  const auto run = replay_engine<strategy::two_sided_quoter>{.strategy = {.size = shares::whole(25)}}.run(list);
  REQUIRE(run.totals.maker_fills > 100);

  // What stands ahead of each order, counted from the messages alone: what was displayed when it arrived, less what
  // traded there since, and never more than what is displayed.
  struct waiting {
    side of = side::buy;  // of the YES book
    price at = {};
    shares ahead = {};
    bool passed = false;  // a trade went through its price, or an offer reached it
  };
  std::map<std::size_t, waiting> open;
  order_book book(price::micros(1'000));
  std::size_t next_order = 0, next_fill = 0, checked = 0;
  const auto end_of_instant = [&](instant now) {
    for (; next_fill < run.fills.size() && run.fills[next_fill].when == now; ++next_fill) {
      const auto found = open.find(run.fills[next_fill].order.index());
      REQUIRE(found != open.end());
      CHECK((found->second.ahead == shares{} || found->second.passed));
      ++checked;
    }
    for (; next_order < run.orders.size() && run.orders[next_order].sent == now; ++next_order) {
      const order_request& r = run.orders[next_order].request;
      if (run.orders[next_order].kind != instruction::what::place) continue;
      waiting w{.of = r.of == outcome::yes ? side::buy : side::sell,
                .at = r.of == outcome::yes ? *r.limit : r.limit->complement()};
      w.ahead = book.size(w.of, w.at);
      open[next_order] = w;
    }
  };
  for (std::size_t i = 0; i < all.size(); ++i) {
    const message& m = all[i];
    if (i > 0 && m.known_at != all[i - 1].known_at) end_of_instant(all[i - 1].known_at);
    (void)book.apply(m);
    for (auto& [id, w] : open) {
      if (m.kind() == message_kind::trade && (m.trade().aggressor == side::buy) == (w.of == side::sell)) {
        const price at = m.trade().at;
        if (at == w.at) w.ahead = std::max(shares{}, w.ahead - m.trade().size);
        w.passed = w.passed || (w.of == side::buy ? at < w.at : at > w.at);
      }
      if (book.ready()) w.ahead = std::min(w.ahead, book.size(w.of, w.at));
      const auto against = w.of == side::buy ? book.best_ask() : book.best_bid();
      w.passed = w.passed || (against && (w.of == side::buy ? *against <= w.at : *against >= w.at));
    }
  }
  end_of_instant(all.back().known_at);
  CHECK(checked == run.fills.size());
}

}  // namespace basket_test::source_synthetic_stream
