// A message strategy of one's own in 20 lines, run on a synthetic stream.
#include <fmt/core.h>

#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "basket/source/synthetic_stream.hpp"

namespace {

using namespace basket;

// [own_strategy]
// Buys YES when the best bid is nine times as large as the best ask, sells when it is the other way round.
struct leans_on_size {
  shares size = shares::whole(10);
  void on(const message& m, trading_context& desk) {
    if (m.kind() != message_kind::level || !desk.orders().empty()) return;  // one order at a time
    const order_book& book = desk.book(m.contract);  // the present: there is no way to ask for anything later
    const auto bid = book.best_bid(), ask = book.best_ask();
    if (!book.ready() || !bid || !ask) return;
    const double bids = book.size(side::buy, *bid).to_double(), asks = book.size(side::sell, *ask).to_double();
    const shares held = desk.position(m.contract).yes;
    order_request order{.contract = m.contract};
    if (held == shares{} && bids > 9.0 * asks) order.quantity = size;
    if (held > shares{} && asks > 9.0 * bids) {
      order.direction = side::sell;
      order.quantity = held;
    }
    if (order.quantity > shares{}) desk.place(order);
  }
};
static_assert(MessageStrategy<leans_on_size>);
// [/own_strategy]

}  // namespace

int main() {
  // [run_it]
  source::synthetic_stream stream({.seed = 1, .messages = 100'000});
  const replay_engine<leans_on_size, execution::back_of_queue, cost::flat> engine{.cost = {.rate = basis_points{10}}};
  const backtest::replay_result run = engine.run(stream);
  // [/run_it]
  fmt::print("{} orders, {} fills, equity {} of {}; the books are off by {}\n", run.totals.orders, run.fills.size(),
             to_string(run.end.equity()), to_string(run.capital), to_string(run.books.audit()));
  return run.books.audit() == 0 ? 0 : 1;
}
