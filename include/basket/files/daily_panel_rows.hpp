// The rows of the daily panel's two tables, checked one by one; daily_panel.hpp makes a universe of them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "basket/files/closes.hpp"
#include "basket/files/csv.hpp"
#include "basket/files/daily_panel_columns.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/refusal.hpp"
#include "basket/model/tick.hpp"

namespace basket::files {

/// Whose markets of the panel are taken.
enum class panel_venue { polymarket, kalshi, all };

/// The venue of that name; empty when there is none.
[[nodiscard]] constexpr std::optional<panel_venue> panel_venue_called(std::string_view name) noexcept {
  if (name == "polymarket") return panel_venue::polymarket;
  if (name == "kalshi") return panel_venue::kalshi;
  if (name == "all") return panel_venue::all;
  return std::nullopt;
}

/// A row of markets.csv. `start`, `stop` and `n_days` are what the file says; the closes say what is so.
struct panel_market {
  std::string name = {};
  std::size_t line = 0;
  panel_venue venue = panel_venue::all;
  std::string title = {}, event = {}, theme = {};
  std::vector<std::string> tags = {};
  bool event_inferred = false, in_several_sources = false, without_native_id = false;
  utc_day start = {}, stop = {};
  std::optional<utc_day> end = {}, resolved = {};
  std::optional<price> payout = {};
  std::optional<double> volume = {};
  std::size_t n_days = 0;
  bool selected = false;  ///< in the universe

  [[nodiscard]] bool is_settled() const noexcept { return payout && resolved; }
};

/// What is noted of a close in its `flags`; the grid is 0.01, and 0.001 below 0.04 and above 0.96.
struct panel_flag {
  static constexpr std::uint32_t off_grid = 1;
  static constexpr std::uint32_t finer_than_grid = 2;  ///< not even a multiple of 0.001
  static constexpr std::uint32_t at_a_bound = 4;       ///< exactly 0 or 1
  static constexpr std::uint32_t lower_bound_volume = 8;
};

/// The markets, sorted by name, each once.
///
/// Fails: data_error for a column that is missing; refused_row, raised or counted, for a field that does not fit.
[[nodiscard]] inline std::vector<panel_market> read_panel_markets(csv_reader& in, on_bad_row policy,
                                                                  refusals& refused) {
  const csv_column market_id = in.column("market_id"), venue = in.column("venue"), also_in = in.column("also_in"),
                   native_id = in.column("native_id"), title = in.column("title"), event = in.column("event"),
                   event_from = in.column("event_from"), tags = in.column("tags"), theme = in.column("theme"),
                   start = in.column("start"), stop = in.column("stop"), end = in.column("end"),
                   n_days = in.column("n_days"), payout = in.column("payout"), resolved_at = in.column("resolved_at"),
                   volume_total = in.column("volume_total");
  for (const column_rule& rule : daily_panel_columns()) {
    if (rule.file == "markets.csv")
      (void)in.column(rule.column);  // also those that are not read: a wrong file is noticed
  }
  std::vector<panel_market> markets;
  for_each_row(in, policy, refused, [&](const csv_row& row) {
    panel_market m{.name = id_in(row, market_id), .line = row.line()};
    const auto known_venue = panel_venue_called(row[venue]);
    if (!known_venue || *known_venue == panel_venue::all) row.refuse(venue, "neither 'polymarket' nor 'kalshi'");
    m.venue = *known_venue;
    m.title = text_in(row, title);
    m.event = text_in(row, event);
    m.event_inferred = row[event_from] == "inferred";
    if (!m.event_inferred && row[event_from] != "source" && !row[event_from].empty()) {
      row.refuse(event_from, "none of 'source', 'inferred' and empty");
    }
    if (m.event.empty() != row[event_from].empty())
      row.refuse(event_from, "an event without its source, or the reverse");
    m.tags = list_in(row, tags);
    m.theme = text_in(row, theme);
    m.start = date_in(row, start);
    m.stop = date_in(row, stop);
    m.end = optional_date_in(row, end);
    m.resolved = optional_date_in(row, resolved_at);
    m.payout = payout_in(row, payout);
    if (m.resolved && !m.payout) row.refuse(resolved_at, "resolved without a payout");
    m.volume = amount_in(row, volume_total);
    m.n_days = static_cast<std::size_t>(std::min(amount_in(row, n_days).value_or(0.0), 1e9));
    m.in_several_sources = !row[also_in].empty();
    m.without_native_id = row[native_id].empty();
    markets.push_back(std::move(m));
  });
  std::sort(markets.begin(), markets.end(),
            [](const auto& a, const auto& b) { return std::tie(a.name, a.line) < std::tie(b.name, b.line); });
  std::vector<panel_market> once;
  for (panel_market& m : markets) {
    accept(policy, refused, [&] {
      if (!once.empty() && once.back().name == m.name) {
        throw refused_row(in.source(), m.line, "market_id", "a second row of one market",
                          m.name + ", first on line " + std::to_string(once.back().line));
      }
      once.push_back(std::move(m));
    });
  }
  return once;
}

/// The closes with their flags; `market` of a row is the place in `markets`, which must be sorted by name.
///
/// Fails: as read_closes; also for a market that is not among them and a volume that is no amount.
[[nodiscard]] inline close_table read_panel_closes(csv_reader& in, const std::vector<panel_market>& markets,
                                                   on_bad_row policy, refusals& refused) {
  name_index index;
  for (std::size_t i = 0; i < markets.size(); ++i) index.add(markets[i].name, static_cast<std::uint32_t>(i));
  index.finish();
  const csv_column close = in.column("close"), volume = in.column("volume"), bound = in.column("volume_lower_bound");
  const auto market_of = [&](const csv_row& row, csv_column column) {
    const std::optional<std::uint32_t> found = index.find(row[column]);
    if (!found) row.refuse(column, "not a market of markets.csv");
    return *found;
  };
  const auto flags_of = [&](const csv_row& row) {
    (void)amount_in(row, volume);
    if (!row[bound].empty() && row[bound] != "1") row.refuse(bound, "neither '1' nor empty");
    std::uint32_t flags = row[bound].empty() ? 0U : panel_flag::lower_bound_volume;
    const std::optional<price> exact = price::parse(row[close]);
    const tick::cent_fine_at_ends grid;
    if (!exact || exact->micros() % grid.step(*exact).micros() != 0) flags |= panel_flag::off_grid;
    if (!exact || exact->micros() % 1'000 != 0) flags |= panel_flag::finer_than_grid;
    if (exact && (exact->micros() == 0 || exact->micros() == micro)) flags |= panel_flag::at_a_bound;
    return flags;
  };
  return read_closes(in, policy, refused, market_of, flags_of);
}

}  // namespace basket::files
