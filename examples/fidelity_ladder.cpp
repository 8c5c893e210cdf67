// One strategy on one stream, told in more and more detail: what each rung of fidelity adds or takes away.
#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "basket/cost/quadratic.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/replay_engine.hpp"
#include "basket/report/replay_files.hpp"
#include "basket/report/text.hpp"
#include "basket/source/coarser.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "basket/strategy/mean_reversion.hpp"
#include "open_recording.hpp"
#include "options.hpp"

namespace {

using namespace basket;

constexpr std::int64_t second = 1'000'000'000;

// Waits at the best price, leaves at the market; sampled every ten seconds, so that bars of ten seconds tell it as
// much.
strategy::mean_reversion strategy_of() {
  return {.window = 30, .every_ns = 10 * second, .enter = 1.5, .size = shares::whole(200), .passive = true};
}

/// One rung: a source told in some detail, and what fills orders on it.
template <class Queue, class Bars = execution::bars_fill_nothing, class Source>
std::vector<std::string> rung(const std::string& name, Source source, const Bars& bars = {}) {
  const replay_engine<strategy::mean_reversion, Queue, cost::quadratic, execution::no_latency,
                      execution::quotes_fill_nothing, Bars>
      engine{.strategy = strategy_of(), .cost = {.law = {{.taker = 50'000}}}, .bars = bars};
  const auto run = engine.run(source);
  const auto a = report::account(run);
  return {name,
          std::to_string(run.totals.messages),
          std::to_string(run.totals.orders),
          std::to_string(run.totals.maker_fills),
          std::to_string(run.totals.taker_fills),
          to_string(run.totals.made + run.totals.taken),
          to_string(a.fees),
          to_string(a.gain()),
          a.balances() ? "0" : "BROKEN"};
}

using source_type = source::merge<source::any_source>;

std::string ladder(const std::string& title, const examples::recording_options& data) {
  const auto right = report::align::right;
  report::section out{.title = title};
  out.rows.columns = {
      {"rung"},          {"messages", right}, {"orders", right}, {"maker fills", right}, {"taker fills", right},
      {"shares", right}, {"fees", right},     {"gain", right},   {"off by", right}};
  const auto open = [&] { return examples::open_all(data); };
  using bar_fill = execution::next_bar<execution::half_tick<>>;
  auto& rows = out.rows.rows;
  rows.push_back(rung<execution::crossed_only>("bars of 10 s", source::bars_of<source_type>(open(), 10 * second),
                                               bar_fill{.without_volume = execution::unknown_volume::fills_any_size}));
  rows.push_back(rung<execution::crossed_only>("best prices", source::tops_of<source_type>(open())));
  rows.push_back(rung<execution::first_in_queue>("full depth, first in the queue", open()));
  rows.push_back(rung<execution::decreases_trade>("depth and queue, decreases trade", open()));
  if (open().provides().trades) {
    rows.push_back(rung<execution::even_cancels>("depth and queue, trades, even cancels", open()));
    rows.push_back(rung<execution::back_of_queue>("depth and queue, trades, cancels behind", open()));
  }
  return out.text();
}

int run(int argc, char** argv) {
  const examples::options given(argc, argv,
                                {{"--data", "PATH", "a recording of a book; without it, the synthetic stream alone"},
                                 {"--seed", "N", "of the synthetic stream; default 1"}});
  if (given.help()) {
    fmt::print("{}", given.usage("fidelity_ladder", "the same strategy through bars, best prices, depth and queue"));
    return 0;
  }
  const auto seed = static_cast<std::uint64_t>(given.whole("--seed", 0, INT64_MAX).value_or(1));
  std::string out;
  for (const char* sentence :
       {"Bias: first in the queue, and decreases taken for trades, fill orders that a venue would not have filled.",
        "Bias: one run of one market is an anecdote; the rungs are to be compared with each other."}) {
    out += report::wrapped(sentence);
  }
  out +=
      ladder("Synthetic stream, fair by construction", {.seed = seed, .messages = 400'000, .spacing_ns = 100'000'000});
  if (const auto data = given.text("--data")) {
    const examples::recording_options options{.paths = {*data}};
    if (!examples::open_all(options).provides().depth) {
      throw data_error(*data, 0, "", "the recording has no depth: there is no ladder to climb");
    }
    out += ladder(*data, options);
  }
  fmt::print("{}", out);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("fidelity_ladder", [&] { return run(argc, argv); });
}
