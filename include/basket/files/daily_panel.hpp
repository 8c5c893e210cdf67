// The daily panel of real markets (markets.csv with 21 columns, prices_daily.csv.gz), with its defects counted.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "basket/files/closes.hpp"
#include "basket/files/column_rule.hpp"
#include "basket/files/csv.hpp"
#include "basket/files/daily_panel_columns.hpp"
#include "basket/files/daily_panel_defects.hpp"
#include "basket/files/daily_panel_rows.hpp"
#include "basket/files/refusal.hpp"
#include "basket/model/universe.hpp"

namespace basket::files {

/// A step of the way from the files into the universe, and what was left after it.
struct coverage_step {
  std::string step = {};
  std::size_t markets = 0;
  std::size_t closes = 0;
};

/// What the panel's folder held.
struct daily_panel_data {
  universe data = {};
  std::vector<panel_defect> defects = {};
  std::vector<column_rule> columns = {};
  std::vector<coverage_step> coverage = {};
  refusals refused = {};
};

namespace detail {

inline contract make_panel_contract(const panel_market& m, std::span<const close_row> closes, utc_day last_of_all) {
  const utc_day listed = closes.front().day;
  contract out{.name = m.name, .venue = m.venue == panel_venue::kalshi ? "kalshi" : "polymarket"};
  metadata_version version{.known_at = listed.close(), .title = m.title, .event = m.event};
  // A Polymarket event is the words of its address; a Kalshi event is a ticker, which has none.
  if (m.venue == panel_venue::polymarket) version.slug = m.event;
  if (m.end && *m.end >= listed) version.scheduled_end = m.end;
  out.versions.push_back(std::move(version));
  out.life.push_back({.known_at = listed.close(), .stage = life_stage::open});
  if (m.is_settled()) {
    out.life.push_back({.known_at = m.resolved->close(), .stage = life_stage::settled, .payout = m.payout});
  } else {
    out.life.push_back(
        {.known_at = instant::nanoseconds(last_of_all.close().nanoseconds() + 1), .stage = life_stage::data_ended});
  }
  out.after = hindsight<lifetime_facts>(
      {.volume = m.volume, .last_priced = closes.back().day, .tags = m.tags, .theme = m.theme});
  return out;
}

}  // namespace detail

/// Reads the panel. Contracts come in the order of their ids, whatever the order of the files; the panel of closes
/// spans all days of the file, whatever the venue.
///
/// A market without a settlement gets life_stage::data_ended in the instant after the last close of the whole panel:
/// earlier, nobody can know it. Closes after the day on which the payout became known are left out.
///
/// Missing: a (market, date) without a row is a missing close; nothing is filled.
/// Fails:   data_error(file, line, field, reason); rows are skipped and counted instead under skip_and_count, but never
///          a damaged file or one without a usable row.
/// Bias:    titles, events and scheduled ends are as captured later and taken as known at the listing; the markets
///          themselves were chosen afterwards.
/// Cost:    O(rows log rows); 8 bytes for each (market, day).
struct daily_panel {
  std::filesystem::path folder = {};
  panel_venue venue = panel_venue::polymarket;
  on_bad_row bad_rows = on_bad_row::raise;

  [[nodiscard]] daily_panel_data read() const {
    daily_panel_data out;
    csv_reader markets_file(table_in(folder, "markets.csv"));
    out.columns = daily_panel_columns();
    for (const std::string& name : markets_file.header()) {
      if (std::none_of(out.columns.begin(), out.columns.end(),
                       [&](const column_rule& r) { return r.file == "markets.csv" && r.column == name; })) {
        out.columns.push_back({"markets.csv", name, known_from::not_read, "not one of the panel's columns"});
      }
    }
    auto markets = read_panel_markets(markets_file, bad_rows, out.refused);
    const std::size_t market_rows = markets.size();
    csv_reader closes_file(table_in(folder, "prices_daily.csv"));
    const close_table table = read_panel_closes(closes_file, markets, bad_rows, out.refused);
    if (table.rows.empty()) throw data_error(table.source, 0, "", "there is no close in it that can be used");

    select(markets, table, out.coverage);
    out.coverage.insert(
        out.coverage.begin(),
        {"rows in the files", market_rows + refused_in(out.refused, markets_file.source()), table.rows_read});
    out.defects = count_panel_defects(markets, table);
    fill(markets, table, out.data);
    return out;
  }

 private:
  static std::size_t refused_in(const refusals& refused, const std::string& source) {
    std::size_t rows = 0;
    for (const refusals::entry& e : refused.entries) rows += e.source == source ? e.rows : 0;
    return rows;
  }

  /// Marks what goes into the universe and writes down what each condition leaves.
  void select(std::vector<panel_market>& markets, const close_table& table,
              std::vector<coverage_step>& coverage) const {
    for (panel_market& m : markets) m.selected = true;
    const auto keep = [&](const char* step, const auto& condition) {
      coverage_step left{.step = step};
      for (std::size_t i = 0; i < markets.size(); ++i) {
        const auto closes = table.of(static_cast<std::uint32_t>(i));
        markets[i].selected = markets[i].selected && condition(markets[i], closes);
        if (!markets[i].selected) continue;
        ++left.markets;
        left.closes += closes.size();
      }
      coverage.push_back(std::move(left));
    };
    using market = panel_market;
    using closes = std::span<const close_row>;
    keep("readable", [](const market&, closes) { return true; });
    keep("of the venue", [&](const market& m, closes) { return venue == panel_venue::all || m.venue == venue; });
    keep("with a title or an event", [](const market& m, closes) { return !m.title.empty() || !m.event.empty(); });
    keep("with a close", [](const market&, closes c) { return !c.empty(); });
    keep("in the universe", [](const market& m, closes c) { return !m.resolved || *m.resolved >= c.front().day; });
  }

  static void fill(const std::vector<panel_market>& markets, const close_table& table, universe& out) {
    for (std::size_t i = 0; i < markets.size(); ++i) {
      if (!markets[i].selected) continue;
      out.contracts.push_back(
          detail::make_panel_contract(markets[i], table.of(static_cast<std::uint32_t>(i)), *table.last_day));
    }
    const auto rows = static_cast<std::size_t>((*table.last_day - *table.first_day).count) + 1;
    out.closes = panel(*table.first_day, rows, out.contracts.size());
    std::size_t column = 0;
    for (std::size_t i = 0; i < markets.size(); ++i) {
      if (!markets[i].selected) continue;
      for (const close_row& row : table.of(static_cast<std::uint32_t>(i))) {
        if (markets[i].is_settled() && row.day > *markets[i].resolved) break;
        out.closes.set_close(row.day, contract_id(column), row.close);
      }
      ++column;
    }
  }
};

}  // namespace basket::files
