// The defects of the daily panel: how many rows each hits, and what is done about it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "basket/files/closes.hpp"
#include "basket/files/daily_panel_rows.hpp"

namespace basket::files {

/// A defect and its remedy. Every count is made from the files as they are read.
struct panel_defect {
  std::string defect = {};
  std::string unit = {};        ///< what is counted: "markets", "closes" or "days"
  std::size_t in_files = 0;     ///< of any venue, in the universe or not
  std::size_t in_universe = 0;  ///< of these, in the universe
  std::string action = {};
};

/// Goes through what was read and counts; `selected` of a market says whether it is in the universe.
///
/// Cost: one pass over the closes.
[[nodiscard]] inline std::vector<panel_defect> count_panel_defects(const std::vector<panel_market>& markets,
                                                                   const close_table& table) {
  std::vector<panel_defect> out;
  const auto closes_of = [&](const panel_market& m) {
    return table.of(static_cast<std::uint32_t>(&m - markets.data()));
  };
  const auto count = [&](const char* defect, const char* unit, const char* action, const auto& hits) {
    panel_defect line{.defect = defect, .unit = unit, .action = action};
    for (const panel_market& m : markets) {
      const auto n = static_cast<std::size_t>(hits(m, closes_of(m)));
      line.in_files += n;
      if (m.selected) line.in_universe += n;
    }
    out.push_back(std::move(line));
  };
  using market = panel_market;
  using closes = std::span<const close_row>;
  const auto priced = [](const auto& test) {  // a test that needs a first and a last close
    return [test](const market& m, closes c) { return !c.empty() && test(m, c); };
  };
  const auto flagged = [](std::uint32_t flag) {
    return [flag](const market&, closes c) {
      std::size_t n = 0;
      for (const close_row& row : c) n += (row.flags & flag) != 0 ? 1 : 0;
      return n;
    };
  };
  const auto missing_days = [](closes c) {
    return c.empty() ? 0 : static_cast<std::size_t>((c.back().day - c.front().day).count) + 1 - c.size();
  };

  count("neither title nor event", "markets", "dropped: nothing says what they are about",
        [](const market& m, closes) { return m.title.empty() && m.event.empty(); });
  count("an event but no title", "markets", "kept: grouped by the event",
        [](const market& m, closes) { return m.title.empty() && !m.event.empty(); });
  count("a title but no event", "markets", "kept: the ticker stands for the event",
        [](const market& m, closes) { return !m.title.empty() && m.event.empty(); });
  count("event inferred from neighbouring ids", "markets", "used: about 95 % are right",
        [](const market& m, closes) { return m.event_inferred; });
  count("no id of the venue's own", "markets", "kept: market_id names them",
        [](const market& m, closes) { return m.without_native_id; });
  count("found in several sources", "markets", "kept: the panel holds the longest series only",
        [](const market& m, closes) { return m.in_several_sources; });
  count("no scheduled end", "markets", "kept: the end is unknown", [](const market& m, closes) { return !m.end; });
  count("end in the year 2100 or later", "markets", "kept: as the venue has it",
        [](const market& m, closes) { return m.end && static_cast<int>(m.end->date().year()) >= 2100; });
  count("end before the first close", "markets", "the end is dropped: unknown",
        priced([](const market& m, closes c) { return m.end && *m.end < c.front().day; }));
  count("traded past the end", "markets", "kept: the end does not stop trading",
        priced([](const market& m, closes c) { return m.end && *m.end < c.back().day; }));
  count("no payout", "markets", "kept: the data ends, which is not a settlement",
        [](const market& m, closes) { return !m.payout; });
  count("payout without resolved_at", "markets", "the payout is not used: nothing says when it was known",
        [](const market& m, closes) { return m.payout && !m.resolved; });
  count("resolved on the last priced day", "markets", "kept: that close is known with the payout and is not traded",
        priced([](const market& m, closes c) { return m.resolved && *m.resolved == c.back().day; }));
  count("resolved before the first close", "markets", "dropped: never open while priced",
        priced([](const market& m, closes c) { return m.resolved && *m.resolved < c.front().day; }));
  count("closes after resolved_at", "closes", "left out: no price is left to find", [](const market& m, closes c) {
    std::size_t n = 0;
    for (const close_row& row : c) n += m.resolved && row.day > *m.resolved ? 1 : 0;
    return n;
  });
  count("resolved after the last day of the panel", "markets", "kept: the settlement is never reached",
        [&](const market& m, closes) { return m.resolved && table.last_day && *m.resolved > *table.last_day; });
  count("no close at all", "markets", "dropped: nothing says when they were listed",
        [](const market&, closes c) { return c.empty(); });
  count("start is not the first priced day", "markets", "the first close counts",
        priced([](const market& m, closes c) { return m.start != c.front().day; }));
  count("stop is not the last priced day", "markets", "the last close counts",
        priced([](const market& m, closes c) { return m.stop != c.back().day; }));
  count("n_days is not the number of closes", "markets", "the closes count",
        [](const market& m, closes c) { return m.n_days != c.size(); });
  count("days missing between first and last close", "markets", "kept: nothing is filled",
        [&](const market&, closes c) { return missing_days(c) != 0; });
  count("the same, with at least 30 closes", "markets", "kept: nothing is filled",
        [&](const market&, closes c) { return c.size() >= 30 && missing_days(c) != 0; });
  count("missing days of these gaps", "days", "missing: such a day does not trade",
        [&](const market&, closes c) { return missing_days(c); });
  count("close off the price grid (0.01; 0.001 at the ends)", "closes", "kept: mid prices",
        flagged(panel_flag::off_grid));
  count("close with more decimals than 0.001", "closes", "kept: mid prices", flagged(panel_flag::finer_than_grid));
  count("close of exactly 0 or 1", "closes", "kept: as recorded", flagged(panel_flag::at_a_bound));
  count("volume is a lower bound", "closes", "daily volume is not read", flagged(panel_flag::lower_bound_volume));
  count("no lifetime volume", "markets", "kept: hindsight in any case",
        [](const market& m, closes) { return !m.volume; });
  return out;
}

}  // namespace basket::files
