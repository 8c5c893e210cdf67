// A universe of daily closes as a stream: each close a candle, each step of a contract's life a message.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/model/universe.hpp"

namespace basket::source {

/// Candles of the days `first` to `last` of a universe, known at the close of their day, in the order of contracts, and
/// the lives of all contracts up to the last close. Contract i of the stream is contract i of the universe, which has
/// to outlive the source and is what an engine takes as the past of the run.
///
/// Missing: a day without a close has no candle; a candle has one price, and no volume.
/// Fails:   precondition_error when the universe breaks `check`, or its panel does not cover the days.
/// Cost:    O(1) a message; one pass over the panel, a day's column at a time.
class panel_bars {
 public:
  panel_bars(const universe& source, utc_day first, utc_day last, std::string name = "daily closes")
      : source_(&source), name_(std::move(name)), day_(first), last_(last) {
    check(source);
    if (first > last || !source.closes.covers(first) || !source.closes.covers(last)) {
      throw precondition_error("the days " + to_string(first) + " to " + to_string(last) +
                               " are not covered by the panel");
    }
    for (std::size_t i = 0; i < source.contracts.size(); ++i) {
      const contract& c = source.contracts[i];
      market_terms t{.name = c.name, .venue = c.venue};
      t.tick = t.grid = price::micros(10);
      if (!c.versions.empty()) t.listed = c.versions.front().known_at;
      markets_.push_back(std::move(t));
      bool opened = false;  // an engine's contracts begin open
      for (const life_event& e : c.life) {
        if (e.known_at > last.close()) break;
        if (opened) lives_.push_back(message::life(e.known_at, contract_id(i), {.stage = e.stage, .payout = e.payout}));
        opened = true;
      }
    }
    // A contract's steps at one instant stay in their order: rows are numbered anew when they are told.
    for (std::size_t i = 0; i < lives_.size(); ++i) lives_[i].row = static_cast<std::uint32_t>(i);
    std::sort(lives_.begin(), lives_.end(), comes_before);
  }
  /// All days of the panel.
  explicit panel_bars(const universe& source)
      : panel_bars(source, source.closes.first_day(), source.closes.end_day() - days(1)) {}

  [[nodiscard]] std::size_t next(std::span<message> room) {
    std::size_t filled = 0;
    while (filled < room.size()) {
      const bool candles_left = day_ <= last_;
      if (next_life_ < lives_.size() && (!candles_left || lives_[next_life_].known_at <= day_.close())) {
        room[filled] = lives_[next_life_++];
        room[filled++].row = row_++;
        continue;
      }
      if (!candles_left) break;
      if (column_ == markets_.size()) {
        column_ = 0;
        ++day_;
        continue;
      }
      const contract_id c(column_++);
      const double close = source_->closes.close(day_, c);
      if (is_missing(close)) continue;
      const price at = price::nearest(close);
      room[filled] = message::candle(day_.close(), c, outcome::yes, {.open = at, .high = at, .low = at, .close = at});
      room[filled++].row = row_++;
    }
    return filled;
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return {.candles = true, .settlements = true}; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }

 private:
  const universe* source_;
  std::string name_;
  std::vector<market_terms> markets_ = {};
  std::vector<message> lives_ = {};
  std::size_t next_life_ = 0, column_ = 0;
  utc_day day_, last_;
  std::uint32_t row_ = 0;
};

static_assert(MessageSource<panel_bars>);

}  // namespace basket::source
