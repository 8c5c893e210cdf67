// One strategy on one recording: every fill, order and cent, and a picture.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basket/cost/any_schedule.hpp"
#include "basket/cost/flat.hpp"
#include "basket/cost/quadratic.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/files/output.hpp"
#include "basket/model/book_audit.hpp"
#include "basket/replay_engine.hpp"
#include "basket/report/gnuplot.hpp"
#include "basket/report/manifest.hpp"
#include "basket/report/replay_chart.hpp"
#include "basket/report/replay_files.hpp"
#include "basket/strategy/any_strategy.hpp"
#include "basket/strategy/idle.hpp"
#include "basket/strategy/mean_reversion.hpp"
#include "basket/strategy/random_taker.hpp"
#include "basket/strategy/two_sided_quoter.hpp"
#include "open_recording.hpp"
#include "options.hpp"

namespace {

using namespace basket;

/// All that was chosen on the command line.
struct choices {
  examples::recording_options data = {};
  std::string data_text = {}, market = {}, strategy = {}, cost = {}, fills = {}, out = {};
  money capital = {};
  std::int64_t latency_ns = 0, every_ns = 0;
  std::uint64_t seed = 1;
  shares size = {}, quote_size = {};
  bool chart = true;
};

strategy::any_strategy strategy_called(const choices& c, contract_id market) {
  if (c.strategy == "quoter") return strategy::two_sided_quoter{.market = market, .size = c.size};
  if (c.strategy == "mean-reversion") return strategy::mean_reversion{.market = market, .size = c.size};
  if (c.strategy == "random") return strategy::random_taker{.seed = c.seed, .size = c.size};
  return strategy::idle{};
}

/// "zero", "flat:BPS" or "quadratic:RATE", RATE as in 0.07.
cost::any_schedule cost_called(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon), number = colon == std::string::npos ? "" : text.substr(colon + 1);
  if (name == "zero" && colon == std::string::npos) return cost::zero{};
  const auto value = price::parse(number);
  if (name == "quadratic" && value) return cost::quadratic{.law = {{.taker = value->micros()}}};
  if (name == "flat") {
    std::int64_t bps = -1;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), bps);
    if (error == std::errc() && end == number.data() + number.size() && bps >= 0 && bps <= 10'000) {
      return cost::flat{.rate = basis_points{bps}};
    }
  }
  throw examples::usage_error("option --cost takes zero, flat:BASIS_POINTS or quadratic:RATE, not '" + text + "'");
}

struct finished {
  backtest::replay_result run = {};
  std::string name = {};
  recorded told = {};
};

template <class Queue, class Quotes = execution::quotes_fill_nothing, class Bars = execution::bars_fill_nothing>
finished replay_with(const choices& c, const Quotes& quotes = {}, const Bars& bars = {}) {
  auto source = examples::open_all(c.data);
  const auto& markets = source.markets();
  std::optional<contract_id> market;
  for (std::size_t i = 0; i < markets.size(); ++i) {
    if (markets[i].name == c.market || (c.market.empty() && markets.size() == 1)) market = contract_id(i);
  }
  if (!market) {
    std::string some;
    for (std::size_t i = 0; i < markets.size() && i < 5; ++i) some += (i == 0 ? "" : ", ") + markets[i].name;
    throw examples::usage_error((c.market.empty() ? "--market is needed" : "there is no market '" + c.market + "'") +
                                std::string(": the recording has ") + std::to_string(markets.size()) + ", " + some +
                                (markets.size() > 5 ? ", ..." : ""));
  }
  const execution::constant_latency latency{.order_ns = c.latency_ns, .answer_ns = c.latency_ns};
  const replay_engine<strategy::any_strategy, Queue, cost::any_schedule, execution::constant_latency, Quotes, Bars>
      engine{.strategy = strategy_called(c, *market),
             .queue = {},
             .cost = cost_called(c.cost),
             .latency = latency,
             .quotes = quotes,
             .bars = bars,
             .capital = c.capital,
             .equity_every_ns = c.every_ns};
  return {.run = engine.run(source), .name = std::string(source.name()), .told = source.provides()};
}

finished replay(const choices& c) {
  if (c.fills == "back-of-queue") return replay_with<execution::back_of_queue>(c);
  if (c.fills == "even-cancels") return replay_with<execution::even_cancels>(c);
  if (c.fills == "decreases-trade") return replay_with<execution::decreases_trade>(c);
  if (c.fills == "quotes") {
    return replay_with<execution::crossed_only>(c, execution::assumed_quote_size{.each = c.quote_size});
  }
  if (c.fills == "bars-any-size") {
    return replay_with<execution::crossed_only>(
        c, execution::quotes_fill_nothing{},
        execution::next_bar<execution::half_tick<>>{.without_volume = execution::unknown_volume::fills_any_size});
  }
  if (c.fills == "bars") {
    return replay_with<execution::crossed_only>(c, execution::quotes_fill_nothing{},
                                                execution::next_bar<execution::half_tick<>>{});
  }
  return replay_with<execution::crossed_only>(c);
}

report::section about_source(const finished& f) {
  const std::string lacks = missing_from(
      f.told, {.depth = true, .tops = true, .sizes = true, .trades = true, .candles = true, .settlements = true});
  return {.title = "The recording",
          .sentences = {lacks.empty() ? "It records everything." : "It does not record " + lacks + "."}};
}

/// What the recorded book of the market is worth, held against itself; nothing where only quotes or candles are told.
std::optional<report::section> about_book(const choices& c, contract_id market) {
  auto source = examples::open_all(c.data);
  if (!source.provides().depth) return std::nullopt;
  book_audit audit(source.markets()[market.index()].grid);
  std::vector<message> room(4096);
  for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
    for (std::size_t i = 0; i < n; ++i) {
      if (room[i].contract == market) audit.add(room[i]);
    }
  }
  const book_audit_result r = audit.finish();
  const auto share = [](const level_agreement& a) {
    return a.share() ? fmt::format("{:.2f} % of {} levels", 100.0 * *a.share(), a.levels) : std::string("never");
  };
  const auto spells = [](const spell_count& s) {
    return fmt::format("{} (longest {:.1f} s, in all {:.1f} s)", s.spells, static_cast<double>(s.longest_ns) / 1e9,
                       static_cast<double>(s.total_ns) / 1e9);
  };
  report::section out{.title = "The recorded book, held against itself"};
  out.rows.columns = {{""}, {""}};
  out.rows.rows = {
      {"joint book agrees with the next snapshot on", share(r.joint)},
      {"each token's book does on", share(r.token)},
      {"levels on which the tokens contradict each other", fmt::format("{} of {}", r.contradictions, r.two_told)},
      {"crossed spells", spells(r.crossed)},
      {"silences over a minute", spells(r.gaps)},
      {"levels off the grid or at its ends", std::to_string(r.defects.off_grid + r.defects.at_the_end)},
      {"impossible sizes", std::to_string(r.defects.impossible_size)},
      {"levels without a book", std::to_string(r.defects.without_book)}};
  return out;
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

report::file_fact fact_of(const std::string& name, const std::string& bytes) {
  report::crc32 sum;
  sum.update(bytes);
  return {.name = name, .bytes = bytes.size(), .checksum = sum.text()};
}

instant clock_now() {
  return instant::nanoseconds(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

choices choices_of(const examples::options& given) {
  choices c;
  c.data_text = given.text("--data").value_or("");
  c.data.paths = examples::split(c.data_text);
  c.data.payouts = given.text("--payouts");
  c.data.payout_delay_ns = given.whole("--payout-delay", 0, 31'536'000).value_or(43'200) * 1'000'000'000;
  c.data.gap_ns = given.whole("--gap", 1, 86'400).value_or(0) * 1'000'000'000;
  c.data.bad_rows = given.one_of("--bad-rows", {"raise", "skip"}) == "skip" ? files::on_bad_row::skip_and_count
                                                                            : files::on_bad_row::raise;
  c.seed = c.data.seed = static_cast<std::uint64_t>(given.whole("--seed", 0, INT64_MAX).value_or(1));
  c.market = given.text("--market").value_or("");
  c.strategy = given.one_of("--strategy", {"quoter", "mean-reversion", "random", "idle"});
  c.cost = given.text("--cost").value_or("zero");
  (void)cost_called(c.cost);
  // Real books come without trades: what may fill a waiting order is a choice, and the default is the pessimistic one.
  c.fills = given.one_of(
      "--fills", c.data.paths.empty() ? std::vector<std::string>{"back-of-queue", "even-cancels", "decreases-trade",
                                                                 "crossed", "quotes", "bars", "bars-any-size"}
                                      : std::vector<std::string>{"crossed", "back-of-queue", "even-cancels",
                                                                 "decreases-trade", "quotes", "bars", "bars-any-size"});
  c.quote_size = shares::whole(given.whole("--quote-size", 1, 1'000'000).value_or(10));
  if (given.text("--quote-size") && c.fills != "quotes") {
    throw examples::usage_error("option --quote-size goes with --fills quotes");
  }
  c.size = shares::whole(given.whole("--size", 1, 1'000'000'000).value_or(10));
  c.latency_ns = given.whole("--latency-ms", 0, 86'400'000).value_or(0) * 1'000'000;
  c.every_ns = given.whole("--every", 1, 86'400).value_or(60) * 1'000'000'000;
  c.capital = given.money("--capital").value_or(money::dollars(10'000));
  c.chart = given.one_of("--chart", {"yes", "no"}) == "yes";
  c.out = given.text("--out").value_or("out/replay");
  return c;
}

int run(int argc, char** argv) {
  const examples::options given(
      argc, argv,
      {{"--data", "PATH[,PATH]", "recordings (docs/message-layout.md); without it, a synthetic stream"},
       {"--market", "NAME", "the market to trade; needed where the recording has several"},
       {"--payouts", "FILE", "table of Kalshi markets with close_time and result"},
       {"--payout-delay", "SECONDS", "from the close to the payout; default 43200"},
       {"--strategy", "NAME", "quoter (default), mean-reversion, random or idle"},
       {"--size", "SHARES", "of an order; default 10"},
       {"--cost", "LAW", "zero (default), flat:BASIS_POINTS or quadratic:RATE"},
       {"--fills", "MODEL", "crossed, back-of-queue, even-cancels, decreases-trade, quotes, bars or bars-any-size"},
       {"--quote-size", "SHARES", "what a quote without a size offers, with --fills quotes; default 10"},
       {"--latency-ms", "N", "each way; default 0"},
       {"--gap", "SECONDS", "a silence longer than that is a hole in a book recording; default none"},
       {"--capital", "DOLLARS", "starting capital; default 10000"},
       {"--every", "SECONDS", "between equity points; default 60"},
       {"--seed", "N", "of the synthetic stream and the random strategy; default 1"},
       {"--bad-rows", "POLICY", "raise (default) or skip: what a bad row of the data does"},
       {"--out", "FOLDER", "where the files go; default out/replay"},
       {"--chart", "yes|no", "draw price, fills and equity with gnuplot; default yes"}});
  if (given.help()) {
    fmt::print("{}", given.usage("replay", "a strategy on a recording, message by message"));
    return 0;
  }
  const instant started = clock_now();
  const choices c = choices_of(given);
  const finished done = replay(c);
  const backtest::replay_result& result = done.run;
  const std::size_t traded = static_cast<std::size_t>(
      std::find(result.names.begin(), result.names.end(), c.market.empty() ? result.names.front() : c.market) -
      result.names.begin());
  const contract_id market(traded);

  report::replay_notes notes{.title = c.strategy + " on " + result.names[traded]};
  notes.bias = c.data.paths.empty() ? std::vector<std::string>{"The stream is synthetic and fair: nothing can be earned "
                                                               "before costs, and it tells nothing of a real market."}
                                    : std::vector<std::string>{"One recording of one market is an anecdote: nothing "
                                                               "about a strategy follows from it."};
  notes.settings = {{"data", c.data_text.empty() ? "synthetic stream" : c.data_text},
                    {"market", result.names[traded]},
                    {"strategy", c.strategy},
                    {"order size", to_string(c.size)},
                    {"cost", c.cost},
                    {"fills", c.fills},
                    {"latency each way, ms", std::to_string(c.latency_ns / 1'000'000)},
                    {"capital", to_string(c.capital)}};
  notes.before.push_back(about_source(done));
  if (auto book = c.data.paths.empty() ? std::nullopt : about_book(c, market)) notes.before.push_back(std::move(*book));

  std::vector<std::pair<std::string, std::string>> outputs{
      {"report.txt", report::replay_text(result, notes)}, {"summary.json", report::replay_summary_json(result, notes)},
      {"fills.csv", report::fills_csv(result)},           {"orders.csv", report::orders_csv(result)},
      {"equity.csv", report::equity_csv(result)},         {"ledger.jsonl", report::ledger_jsonl(result)}};
  if (c.chart) {
    auto again = examples::open_all(c.data);
    const auto mids = report::mids_of(again, market, c.every_ns / 10 > 0 ? c.every_ns / 10 : 1);
    const std::string script =
        report::replay_chart{.title = notes.title, .caption = notes.bias.front(), .market = market}.script(result,
                                                                                                           mids);
    outputs.emplace_back("replay.png", report::render(script, {.kind = report::terminal::format::png}));
  }
  report::manifest manifest{.program = "replay", .seed = c.seed, .started = started, .finished = clock_now()};
  for (int i = 1; i + 1 < argc; i += 2) manifest.options.emplace_back(argv[i], argv[i + 1]);
  for (const auto& [option, value] : notes.settings) manifest.options.emplace_back(option, value);
  std::size_t assumptions = 0;
  for (const std::vector<std::string>* list : {&std::as_const(notes.bias), &result.bias}) {
    for (const std::string& sentence : *list) {
      manifest.options.emplace_back("assumption " + std::to_string(++assumptions), sentence);
    }
  }
  for (const std::string& path : c.data.paths) {
    if (std::filesystem::is_regular_file(path)) manifest.inputs.push_back(fact_of(path, bytes_of(path)));
    for (const char* name : {"markets.csv", "messages.csv", "messages.csv.gz"}) {
      const auto file = std::filesystem::path(path) / name;
      if (std::filesystem::is_regular_file(file)) manifest.inputs.push_back(fact_of(file.string(), bytes_of(file)));
    }
  }
  if (c.data.payouts) manifest.inputs.push_back(fact_of(*c.data.payouts, bytes_of(*c.data.payouts)));
  for (const auto& [name, bytes] : outputs) manifest.outputs.push_back(fact_of(name, bytes));
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0) manifest.host = host;
  outputs.emplace_back("manifest.json", report::manifest_json(manifest));

  files::output_folder out(c.out);
  for (const auto& [name, bytes] : outputs) out.add(name, bytes);
  out.commit();
  fmt::print("{}\nWritten to {}: ", outputs.front().second, c.out);
  for (std::size_t i = 0; i < outputs.size(); ++i) fmt::print("{}{}", i == 0 ? "" : ", ", outputs[i].first);
  fmt::print("\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("replay", [&] { return run(argc, argv); });
}
