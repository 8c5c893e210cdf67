#include "basket/cost/flat.hpp"
#include "basket/replay_engine.hpp"
#include "basket/strategy/idle.hpp"
#include "messages.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    basket::source::message_list stream = peers::read_stream(bench);
    const basket::replay_engine<basket::strategy::idle> engine{.kept = basket::backtest::keep::totals};
    const auto run = bench.measure([&] {
      stream.rewind();
      return engine.run(stream);
    });
    basket::order_book book;
    for (const basket::message& m : stream.messages()) (void)book.apply(m);
    Eigen::MatrixXd out(1, 4);
    out << static_cast<double>(run.totals.messages), static_cast<double>(book.best_bid()->micros() / 1'000),
        static_cast<double>(book.best_ask()->micros() / 1'000), static_cast<double>(run.totals.orders);
    bench.write("seen", out);
  });
}
