// The seed's published table, recomputed from its NAV under its own convention, beside the same NAV on 365 days.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/backtest/metrics.hpp"
#include "basket/files/csv.hpp"
#include "basket/report/text.hpp"
#include "options.hpp"

namespace {

using namespace basket;

constexpr double tolerance = 1e-9;
constexpr std::array columns{"annual_return", "annual_vol", "sharpe", "sortino",
                             "max_drawdown",  "calmar",     "n_days", "pct_positive_days"};
using figures = std::array<double, columns.size()>;

double number(const files::csv_row& row, files::csv_column column) {
  const std::string_view text = row[column];
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    row.refuse(column, "not a number");
  }
  return value;
}

/// Strategies in the order of the file, each with its NAV from the 1.0 of the day before the first row on.
std::vector<std::pair<std::string, std::vector<double>>> read_navs(const std::filesystem::path& file) {
  files::csv_reader in(file);
  const files::csv_column date = in.column("date");
  std::vector<std::pair<std::string, std::vector<double>>> out;
  std::vector<files::csv_column> at;
  for (const std::string& name : in.header()) {
    if (name == "date") continue;
    out.push_back({name, {1.0}});
    at.push_back(in.column(name));
  }
  std::optional<utc_day> before;
  while (const auto row = in.next()) {
    const auto day = utc_day::parse((*row)[date]);
    if (!day) row->refuse(date, "not a date such as 2025-03-01");
    if (before && *day - *before != days(1)) row->refuse(date, "not the day after " + to_string(*before));
    before = day;
    for (std::size_t i = 0; i < at.size(); ++i) {
      const double nav = number(*row, at[i]);
      if (nav < 0.0) row->refuse(at[i], "a NAV below zero");
      out[i].second.push_back(nav);
    }
  }
  if (!before) throw data_error(file.string(), 0, "", "there is no row of data");
  return out;
}

std::map<std::string, figures> read_published(const std::filesystem::path& file) {
  files::csv_reader in(file);
  const files::csv_column name = in.column("name");
  std::map<std::string, figures> out;
  while (const auto row = in.next()) {
    figures& line = out[std::string((*row)[name])];
    for (std::size_t i = 0; i < columns.size(); ++i) line[i] = number(*row, in.column(columns[i]));
  }
  return out;
}

figures by_the_seed(const std::vector<double>& nav) {
  const auto f = backtest::seed_convention{}.measure({.values = nav});
  return {
      f.annual_return,    f.annual_vol, f.sharpe, f.sortino, f.max_drawdown, f.calmar, static_cast<double>(f.n_days),
      f.pct_positive_days};
}

figures on_calendar_days(const backtest::performance<calendar::every_day>& p) {
  return {p.arithmetic_annual_return,     p.annual_volatility, p.sharpe, p.sortino, p.falls.deepest, p.calmar,
          static_cast<double>(p.periods), p.positive_share};
}

int run(int argc, char** argv) {
  const examples::options given(argc, argv, {{"--data", "FOLDER", "holds backtest_nav.csv and backtest_metrics.csv"}});
  if (given.help()) {
    fmt::print("{}", given.usage("seed_table", "the seed's published table, checked, and on calendar days"));
    return 0;
  }
  const auto data = given.text("--data");
  if (!data) throw examples::usage_error("option --data is needed: the folder with backtest_nav.csv");
  const std::filesystem::path folder(*data);
  if (!std::filesystem::is_directory(folder)) {
    throw examples::usage_error("option --data names no folder: '" + *data + "'");
  }
  const auto navs = read_navs(folder / "backtest_nav.csv");
  const auto published = read_published(folder / "backtest_metrics.csv");

  double worst = 0.0;
  std::string text;
  for (const auto& [name, nav] : navs) {
    const auto row = published.find(name);
    if (row == published.end()) throw data_error("backtest_metrics.csv", 0, "name", "there is no row for " + name);
    const figures seed = by_the_seed(nav);
    const auto p = backtest::metrics<calendar::every_day>{}.measure({.values = nav});
    const figures ours = on_calendar_days(p);
    text += report::heading(name);
    const auto right = report::align::right;
    report::table t{.columns = {{""},
                                {"published", right},
                                {"seed convention", right},
                                {"difference", right},
                                {"365 days", right},
                                {"less published", right}}};
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const double off = std::abs(seed[i] - row->second[i]);
      worst = is_missing(off) ? off : std::max(worst, off);
      t.rows.push_back({columns[i], report::fixed(row->second[i], 12), report::fixed(seed[i], 12),
                        fmt::format("{:.1e}", seed[i] - row->second[i]), report::fixed(ours[i], 6),
                        report::fixed(ours[i] - row->second[i], 6)});
    }
    text += t.text();
    text += fmt::format(
        "  On 365 days: annual return {} arithmetic, {} geometric; Sharpe {}, standard error {} (independent normal) "
        "or "
        "{} (of this shape).\n",
        report::percent(p.arithmetic_annual_return), report::percent(p.annual_return), report::fixed(p.sharpe, 2),
        report::fixed(p.sharpe_error, 2), report::fixed(p.sharpe_error_any_shape, 2));
    if (is_missing(worst)) break;
  }
  fmt::print(
      "Seed convention: mean x 252 and sample deviation x sqrt(252) over calendar days, deviation of the negative\n"
      "returns as downside, drawdown without the starting capital. 365 days: the same NAV on its own calendar, "
      "downside\n"
      "deviation over all days, drawdown from the starting capital; its annual_return is arithmetic to compare, its\n"
      "calmar stands on the geometric one.\n{}\nLargest difference between published and recomputed: {:.1e}.\n",
      text, worst);
  if (!(worst <= tolerance)) {
    throw data_error((folder / "backtest_metrics.csv").string(), 0, "",
                     fmt::format("the table does not follow from the NAV to {:.0e}", tolerance));
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("seed_table", [&] { return run(argc, argv); });
}
