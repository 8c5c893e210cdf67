// Theme baskets from daily closes: markets into events and themes, one contract an event, a NAV whose every cent is
// accounted for.
#include "basket/strategy/theme_baskets.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "basket/backtest/daily.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/files/daily_panel.hpp"
#include "basket/files/output.hpp"
#include "basket/files/taxonomy_yaml.hpp"
#include "basket/files/tidy.hpp"
#include "basket/report/after_the_fact.hpp"
#include "basket/report/chart.hpp"
#include "basket/report/daily_report.hpp"
#include "basket/report/explain.hpp"
#include "basket/report/gnuplot.hpp"
#include "basket/report/manifest.hpp"
#include "basket/report/run_files.hpp"
#include "basket/report/summary.hpp"
#include "basket/source/synthetic.hpp"
#include "basket/taxonomy/events.hpp"
#include "basket/taxonomy/themes.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"
#include "options.hpp"

namespace {

using namespace basket;

// [choices]
// Every choice of the pipeline; change a line and the strategy changes.
using schedule = calendar::first_of_month;
using events = taxonomy::events;
using themes = taxonomy::themes;
using pick = weight::most_price_changes;
using within_theme = weight::equal;
using across_themes = weight::equal;
using execution_model = execution::half_tick<tick::cent_fine_at_ends>;
using fees = cost::flat;
using timing = backtest::next_close;
// [/choices]

/// A universe and all that the report says of where it came from.
struct input {
  universe data = {};
  utc_day first = {}, last = {};
  std::string about = {};
  std::vector<std::string> bias = {};
  std::vector<report::section> sections = {};
  std::vector<std::filesystem::path> files = {};
  std::optional<std::uint64_t> seed = {};
};

report::section column_section(const std::vector<files::column_rule>& rules) {
  report::section s{.title = "When each column is taken to be known"};
  s.rows.columns = {{"file"}, {"column"}, {"known"}, {"why"}};
  for (const files::column_rule& r : rules) {
    s.rows.rows.push_back({r.file, r.column, std::string(to_string(r.when)), r.why});
  }
  return s;
}

report::section refusal_section(const files::refusals& refused) {
  report::section s{.title = "Refused rows"};
  if (refused.entries.empty()) s.sentences.push_back("None.");
  s.rows.columns = {{"rows", report::align::right}, {"field"}, {"reason"}, {"the first"}};
  for (const files::refusals::entry& e : refused.entries) {
    s.rows.rows.push_back({std::to_string(e.rows), e.field, e.reason, e.example});
  }
  return s;
}

input from_panel(const std::filesystem::path& folder, files::panel_venue venue, files::on_bad_row bad_rows) {
  files::daily_panel_data read = files::daily_panel{.folder = folder, .venue = venue, .bad_rows = bad_rows}.read();
  input in{.data = std::move(read.data),
           .first = utc_day(std::chrono::year(2024) / 11 / 10),
           .last = utc_day(std::chrono::year(2026) / 2 / 28),
           .about = "daily panel"};
  in.bias = {
      "The markets of this panel were chosen afterwards, among resolved and high-volume ones: whatever is "
      "earned here was earned on survivors.",
      "Titles, events and scheduled ends are as captured later and taken as known from the first priced day."};
  report::section funnel{.title = "Coverage of the data"};
  funnel.rows.columns = {{"step"}, {"markets", report::align::right}, {"closes", report::align::right}};
  for (const files::coverage_step& c : read.coverage) {
    funnel.rows.rows.push_back({c.step, std::to_string(c.markets), std::to_string(c.closes)});
  }
  report::section defects{.title = "Defects of the data"};
  defects.rows.columns = {
      {"defect"}, {"hit", report::align::right}, {"in universe", report::align::right}, {"of"}, {"action taken"}};
  for (const files::panel_defect& d : read.defects) {
    defects.rows.rows.push_back(
        {d.defect, std::to_string(d.in_files), std::to_string(d.in_universe), d.unit, d.action});
  }
  in.sections = {funnel, defects, refusal_section(read.refused), column_section(read.columns)};
  in.files = {folder / "markets.csv", folder / "prices_daily.csv.gz", folder / "prices_daily.csv"};
  return in;
}

input from_tidy(const std::filesystem::path& folder, files::on_bad_row bad_rows) {
  files::tidy_data read = files::tidy{.folder = folder, .bad_rows = bad_rows}.read();
  input in{.data = std::move(read.data), .about = "tidy folder"};
  in.first = in.data.closes.first_day();
  in.last = in.data.closes.end_day() - days(1);
  in.bias = {"Whether the markets of this folder were chosen by what became of them is not known here."};
  report::section counts{.title = "Coverage of the data"};
  counts.rows.columns = {{"step"}, {"markets", report::align::right}};
  counts.rows.rows = {{"rows of markets.csv", std::to_string(read.market_rows)},
                      {"in the universe", std::to_string(in.data.contracts.size())}};
  for (const std::string& column : read.ignored_columns) counts.sentences.push_back("Column not read: " + column);
  in.sections = {counts, refusal_section(read.refused), column_section(files::tidy_columns())};
  in.files = {folder / "markets.csv", folder / "prices.csv", folder / "prices.csv.gz"};
  return in;
}

input from_nothing() {
  const source::synthetic made;
  input in{.data = made.make(), .first = made.first, .last = made.last, .about = "built-in synthetic universe"};
  in.bias = {
      "The markets are synthetic and their prices fair: nothing can be earned before costs, and nothing here tells of "
      "any real market."};
  report::section counts{.title = "Coverage of the data"};
  counts.rows.columns = {{"step"}, {"markets", report::align::right}};
  counts.rows.rows = {{"in the universe", std::to_string(in.data.contracts.size())}};
  in.sections = {counts};
  in.seed = made.seed;
  return in;
}

input load(const examples::options& given) {
  const auto bad_rows = given.one_of("--bad-rows", {"raise", "skip"}) == "skip" ? files::on_bad_row::skip_and_count
                                                                                : files::on_bad_row::raise;
  const std::string venue = given.one_of("--venue", {"polymarket", "kalshi", "all"});
  const auto data = given.text("--data");
  if (!data) {
    for (const char* only_with_data : {"--venue", "--bad-rows"}) {
      if (given.text(only_with_data)) {
        throw examples::usage_error(std::string("option ") + only_with_data + " goes with --data");
      }
    }
    return from_nothing();
  }
  const std::filesystem::path folder(*data);
  if (!std::filesystem::is_directory(folder)) throw data_error(folder.string(), 0, "", "there is no such folder");
  if (std::filesystem::exists(folder / "prices_daily.csv.gz") || std::filesystem::exists(folder / "prices_daily.csv")) {
    return from_panel(folder, *files::panel_venue_called(venue), bad_rows);
  }
  if (given.text("--venue")) throw examples::usage_error("option --venue goes with the daily panel, not a tidy folder");
  return from_tidy(folder, bad_rows);
}

/// What each decision kept: live contracts, with an event, with a theme, eligible, held.
report::section decision_funnel(const backtest::result& run) {
  report::section s{.title = "Coverage at each decision, in contracts"};
  const auto right = report::align::right;
  s.rows.columns = {{"close of"},        {"live", right}, {"with event", right}, {"with theme", right},
                    {"eligible", right}, {"held", right}, {"themes held", right}};
  for (const decision& d : run.decisions) {
    std::size_t event = 0, theme = 0, eligible = 0, held = 0;
    std::set<std::string> held_themes;
    for (const considered& c : d.contracts) {
      event += !c.event.empty();
      theme += !c.theme.empty();
      eligible += !c.theme.empty() && c.reason.rfind("not eligible", 0) != 0;
      if (c.weight > 0.0) {
        ++held;
        held_themes.insert(c.theme);
      }
    }
    s.rows.rows.push_back({to_string(last_closed_day(d.at)), std::to_string(d.contracts.size()), std::to_string(event),
                           std::to_string(theme), std::to_string(eligible), std::to_string(held),
                           std::to_string(held_themes.size())});
  }
  return s;
}

/// Our themes beside the labels that the data came with. Only a report may look at those.
std::optional<report::section> theme_agreement(const universe& data, const taxonomy::theme_rules& rules) {
  std::map<std::string, std::map<std::string, std::size_t>> table;  // theirs, ours
  std::size_t labelled = 0, both = 0, same = 0;
  for (const contract& c : data.contracts) {
    const std::string& theirs = c.after.open(report::after_the_fact::key()).theme;
    if (theirs.empty()) continue;
    ++labelled;
    const auto found = rules.match(c.versions.back().title, c.versions.back().slug);
    const std::string ours = found ? rules.name(found->theme) : "(unclassified)";
    ++table[theirs][ours];
    both += found.has_value();
    same += ours == theirs;
  }
  if (labelled == 0) return std::nullopt;
  report::section s{.title = "Agreement with the themes that the data came with, in contracts"};
  s.sentences.push_back(fmt::format(
      "{} contracts carry a label; the rules classify {} of them and agree on {}: {:.1f} % of all labelled, {:.1f} % "
      "of "
      "those classified. The label 'other' has no counterpart here. The labels are rule-based too and no ground truth; "
      "the rules never read them.",
      labelled, both, same, 100.0 * static_cast<double>(same) / static_cast<double>(labelled),
      both == 0 ? 0.0 : 100.0 * static_cast<double>(same) / static_cast<double>(both)));
  const auto right = report::align::right;
  s.rows.columns = {{"their theme"}, {"contracts", right}, {"agree", right}, {"share", right}, {"otherwise mostly"}};
  for (const auto& [theirs, row] : table) {
    std::size_t sum = 0, agree = 0;
    std::vector<std::pair<std::size_t, std::string>> others;
    for (const auto& [ours, n] : row) {
      sum += n;
      if (ours == theirs) {
        agree = n;
      } else {
        others.emplace_back(n, ours);
      }
    }
    std::sort(others.begin(), others.end(), [](const auto& a, const auto& b) {
      return a.first != b.first ? a.first > b.first : a.second < b.second;
    });
    std::string mostly;
    for (std::size_t i = 0; i < others.size() && i < 3; ++i) {
      mostly += (i == 0 ? "" : ", ") + others[i].second + " " + std::to_string(others[i].first);
    }
    s.rows.rows.push_back({theirs, std::to_string(sum), std::to_string(agree),
                           report::percent(static_cast<double>(agree) / static_cast<double>(sum), 1), mostly});
  }
  return s;
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

int run(int argc, char** argv) {
  const examples::options given(
      argc, argv,
      {{"--data", "FOLDER", "daily panel or tidy folder (docs/data-layout.md); without it, synthetic markets"},
       {"--venue", "NAME", "polymarket (default), kalshi or all; of the daily panel"},
       {"--from", "DATE", "first day, e.g. 2024-11-10"},
       {"--to", "DATE", "last day"},
       {"--rules", "FILE", "themes and their words; default: taxonomy.yaml beside this example"},
       {"--capital", "DOLLARS", "starting capital; default 100000"},
       {"--fee-bps", "N", "fee on every trade in basis points; default 10"},
       {"--min-price", "PRICE", "lowest eligible close; default 0.05"},
       {"--max-price", "PRICE", "highest eligible close; default 0.95"},
       {"--min-events", "N", "events that a theme needs to be held; default 5"},
       {"--bad-rows", "POLICY", "raise (default) or skip: what a bad row of the data does"},
       {"--out", "FOLDER", "where the report goes; default out/theme_baskets"},
       {"--chart", "yes|no", "draw the NAV with gnuplot; default yes"},
       {"--explain", "MARKET", "print why a market was in or out at each decision, and write nothing"}});
  if (given.help()) {
    fmt::print("{}", given.usage("theme_baskets", "one basket a theme, one contract an event, from daily closes"));
    return 0;
  }
  const instant started = clock_now();
  const auto price_option = [&](const char* name, double otherwise) {
    const auto text = given.text(name);
    if (!text) return otherwise;
    const auto parsed = price::parse(*text);
    if (!parsed)
      throw examples::usage_error(std::string("option ") + name + " takes a price in [0, 1], not '" + *text + "'");
    return parsed->to_double();
  };
  const double min_price = price_option("--min-price", 0.05), max_price = price_option("--max-price", 0.95);
  if (min_price > max_price) throw examples::usage_error("--min-price lies above --max-price");
  const bool chart = given.one_of("--chart", {"yes", "no"}) == "yes";
  const std::string rules_file = given.text("--rules").value_or(BASKET_EXAMPLES_SOURCE_DIR "/taxonomy.yaml");
  const auto fee = basis_points{given.whole("--fee-bps", 0, 10'000).value_or(10)};
  const auto min_events = static_cast<std::size_t>(given.whole("--min-events", 1, 1'000'000).value_or(5));
  const money capital = given.money("--capital").value_or(money::dollars(100'000));
  const auto market = given.text("--explain");
  const std::string out_folder = given.text("--out").value_or("out/theme_baskets");

  const taxonomy::theme_rules rules(files::read_theme_rules<taxonomy::theme_rule>(rules_file));
  input in = load(given);
  const utc_day first = given.day("--from").value_or(in.first), last = given.day("--to").value_or(in.last);

  // [engine]
  const backtest::daily engine{
      .schedule = schedule{},
      .strategy =
          strategy::theme_baskets{
              .eligible = weight::eligibility{.min_price = min_price, .max_price = max_price, .max_age = days(3)},
              .events = events{},
              .themes = themes{.rules = rules},
              .pick = pick{.window = days(30)},
              .within = within_theme{},
              .across = across_themes{},
              .min_events = min_events},
      .execution = execution_model{},
      .cost = fees{.rate = fee},
      .capital = capital,
      .timing = timing{}};
  const backtest::result result = engine.run(in.data, first, last);
  // [/engine]

  if (market) {
    fmt::print("{}", report::explain(result, *market));
    return 0;
  }

  report::run_notes notes{.title = "Theme baskets on the " + in.about};
  notes.bias = in.bias;
  notes.bias.push_back("Positions are marked at the last observed close, which need not be a price anybody could get.");
  notes.settings = {
      {"data", in.about},
      {"schedule", "first UTC day of each month; decided on that close, traded at each market's next one"},
      {"eligible", fmt::format("open, last close in [{}, {}], at most 3 days old", min_price, max_price)},
      {"one contract an event", "most price changes in the trailing 30 days, ties by id"},
      {"weights", fmt::format("equal inside a theme and across themes of at least {} events", min_events)},
      {"execution", "close plus or minus half a tick (0.01; 0.001 below 0.04 and above 0.96)"},
      {"fee", fmt::format("{} basis points of the amount traded", fee.value)}};
  if (in.data.contracts.empty())
    throw data_error(given.text("--data").value_or(""), 0, "", "no market is left to trade");
  for (const contract& c : in.data.contracts) notes.market_titles.push_back(c.versions.back().title);
  notes.before = in.sections;
  notes.before.push_back(decision_funnel(result));
  if (auto agreement = theme_agreement(in.data, rules)) notes.before.push_back(std::move(*agreement));

  std::vector<std::pair<std::string, std::string>> outputs{{"report.txt", report::report_text(result, notes)},
                                                           {"summary.json", report::summary_json(result, notes)},
                                                           {"nav.csv", report::nav_csv(result)},
                                                           {"trades.csv", report::trades_csv(result)},
                                                           {"audit.jsonl", report::audit_jsonl(result)}};
  if (chart) {
    const std::string script = report::nav_chart{.title = notes.title, .caption = notes.bias.front()}.script(result);
    outputs.emplace_back("nav.png", report::render(script, {.kind = report::terminal::format::png}));
    outputs.emplace_back("nav.svg", report::render(script, {.kind = report::terminal::format::svg}));
  }
  report::manifest manifest{.program = "theme_baskets", .seed = in.seed, .started = started, .finished = clock_now()};
  for (int i = 1; i + 1 < argc; i += 2) manifest.options.emplace_back(argv[i], argv[i + 1]);
  manifest.options.emplace_back("days", to_string(first) + " to " + to_string(last));
  for (const auto& [option, value] : notes.settings) manifest.options.emplace_back(option, value);
  in.files.emplace_back(rules_file);
  for (const std::filesystem::path& path : in.files) {
    if (std::filesystem::exists(path)) manifest.inputs.push_back(fact_of(path.string(), bytes_of(path)));
  }
  for (const auto& [name, bytes] : outputs) manifest.outputs.push_back(fact_of(name, bytes));
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0) manifest.host = host;
  outputs.emplace_back("manifest.json", report::manifest_json(manifest));

  files::output_folder out(out_folder);
  for (const auto& [name, bytes] : outputs) out.add(name, bytes);
  out.commit();
  fmt::print("{}\nWritten to {}: ", outputs.front().second, out_folder);
  for (std::size_t i = 0; i < outputs.size(); ++i) fmt::print("{}{}", i == 0 ? "" : ", ", outputs[i].first);
  fmt::print("\n");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("theme_baskets", [&] { return run(argc, argv); });
}
