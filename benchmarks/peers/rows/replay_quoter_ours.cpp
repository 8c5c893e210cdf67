#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "basket/strategy/two_sided_quoter.hpp"
#include "messages.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    basket::source::message_list stream = peers::read_stream(bench);
    const basket::replay_engine<basket::strategy::two_sided_quoter, basket::execution::back_of_queue,
                                basket::cost::flat>
        engine{.strategy = {.size = basket::shares::whole(10), .most = basket::shares::whole(1'000'000)},
               .cost = {.rate = basket::basis_points{10}},
               .capital = basket::money::dollars(10'000'000),
               .kept = basket::backtest::keep::totals};
    const auto run = bench.measure([&] {
      stream.rewind();
      return engine.run(stream);
    });
    basket::order_book book;
    for (const basket::message& m : stream.messages()) (void)book.apply(m);
    Eigen::MatrixXd out(1, 5);
    out << static_cast<double>(run.totals.messages), static_cast<double>(book.best_bid()->micros() / 1'000),
        static_cast<double>(book.best_ask()->micros() / 1'000), static_cast<double>(run.totals.orders),
        static_cast<double>(run.totals.maker_fills);
    bench.write("seen", out);
  });
}
