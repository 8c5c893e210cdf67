// When each column of the daily panel is taken to be known, and why.
#pragma once

#include <vector>

#include "basket/files/column_rule.hpp"

namespace basket::files {

/// The rule of every column of the panel's two files. Listing means the close of the first priced day.
[[nodiscard]] inline const std::vector<column_rule>& daily_panel_columns() {
  using enum known_from;
  static const std::vector<column_rule> rules = {
      {"markets.csv", "market_id", listing, "the venue's id with a prefix; names never change"},
      {"markets.csv", "venue", listing, "part of the id"},
      {"markets.csv", "source", not_read, "where the prices were taken from; of no use to a decision"},
      {"markets.csv", "also_in", hindsight, "which recordings hold the market; counted only"},
      {"markets.csv", "native_id", not_read, "the same market by another id; counted where empty"},
      {"markets.csv", "title", listing, "as captured later, taken as unchanged: venues do reword titles"},
      {"markets.csv", "event", listing, "as captured later, taken as unchanged; on Polymarket also read as the slug"},
      {"markets.csv", "event_from", listing,
       "inferred events (about 95 % right) are used like the others, and counted"},
      {"markets.csv", "tags", hindsight, "the last tag set; compared with results only"},
      {"markets.csv", "theme", hindsight, "made from the last tags; compared with results only"},
      {"markets.csv", "start", listing, "compared with the first close, which is what counts"},
      {"markets.csv", "stop", hindsight, "the last close of a whole life; compared only"},
      {"markets.csv", "end", listing, "as captured later, taken as announced at the listing: venues do move it"},
      {"markets.csv", "n_days", hindsight, "counted over a whole life; compared only"},
      {"markets.csv", "span_days", hindsight, "counted over a whole life; not read"},
      {"markets.csv", "n_distinct", hindsight, "counted over a whole life; not read"},
      {"markets.csv", "zero_change", hindsight, "counted over a whole life; not read"},
      {"markets.csv", "payout", date, "from the close of resolved_at; never without that date"},
      {"markets.csv", "resolved_at", date, "from its own close"},
      {"markets.csv", "volume_total", hindsight, "of a whole life; for reports only"},
      {"markets.csv", "volume_days", hindsight, "counted over a whole life; not read"},
      {"prices_daily.csv", "market_id", date, "with its close"},
      {"prices_daily.csv", "date", date, "with its close"},
      {"prices_daily.csv", "close", date, "24:00 UTC of its date"},
      {"prices_daily.csv", "volume", not_read, "known for few days, mostly a lower bound; checked to be a number"},
      {"prices_daily.csv", "volume_lower_bound", not_read, "counted only"},
  };
  return rules;
}

}  // namespace basket::files
