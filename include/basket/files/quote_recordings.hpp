// Recordings of best bids and asks without sizes: Polymarket up-or-down windows and Kalshi quote changes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/files/clob_recording.hpp"
#include "basket/files/closes.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/recorded_rows.hpp"

namespace basket::files {

namespace detail {

/// Nobody quotes at 0 or 1.
inline std::optional<price> quoted_at(price p) {
  return p == price{} || p == price::micros(micro) ? std::nullopt : std::optional(p);
}

/// The different texts of a column, sorted. One pass over the file.
inline std::vector<std::string> names_in(const std::filesystem::path& file, std::string_view column,
                                         on_bad_row policy) {
  csv_reader in(file);
  const csv_column at = in.column(column);
  std::vector<std::string> names;
  refusals ignored;  // whoever reads the rows counts them
  for_each_row(in, policy, ignored, [&](const csv_row& row) {
    const std::string_view name = row[at];
    if (!names.empty() && names.back() == name) return;
    const auto place = std::lower_bound(names.begin(), names.end(), name);
    if (place == names.end() || *place != name) names.insert(place, std::string(id_in(row, at)));
  });
  return names;
}

}  // namespace detail

/// Streams a table with the columns window_start_ts, ts_ms, up_bid, up_ask, down_bid, down_ask: quotes of both tokens
/// of one market after another, each named "<file>-<window_start_ts>" and closed `window_seconds` later if the
/// recording goes on for so long. "Up" is YES; the quote of "down" comes behind it, and is left out where it says the
/// same.
///
/// Missing: an empty price, 0 or 1 means that nobody quotes; sizes and payouts are not told.
/// Fails:   data_error as `csv_reader`; refused_row, raised or counted, for what is no stamp or price.
/// Cost:    two passes in bounded memory, the first for the names.
class updown_recording {
 public:
  explicit updown_recording(const std::filesystem::path& file, on_bad_row policy = on_bad_row::raise,
                            std::int64_t window_seconds = 900)
      : in_(std::make_unique<csv_reader>(file)),
        policy_(policy),
        window_ns_(window_seconds * 1'000'000'000),
        name_(clob_recording::name_of(file)) {
    for (const std::string& start : detail::names_in(file, "window_start_ts", policy)) {
      starts_.add(start, static_cast<std::uint32_t>(markets_.size()));
      markets_.push_back(
          {.name = name_ + "-" + start, .venue = "polymarket", .tick = price::cents(1), .grid = price::micros(500)});
    }
    starts_.finish();
    start_ = in_->column("window_start_ts");
    ts_ = in_->column("ts_ms");
    constexpr std::string_view names[] = {"up_bid", "up_ask", "down_bid", "down_ask"};
    for (const std::string_view n : names) prices_.push_back(in_->column(n));
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return queue_.fill(room, [this] { return parse_more(); });
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return {.tops = true}; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::size_t rows_back() const noexcept { return queue_.rows_back(); }
  [[nodiscard]] const refusals& refused() const noexcept { return refused_; }
  /// Rows whose two tokens do not mirror each other.
  [[nodiscard]] std::size_t contradictions() const noexcept { return contradictions_; }

 private:
  struct window {
    contract_id market = {};
    instant ends = {};
  };

  bool parse_more() {
    bool more = true;
    accept(policy_, refused_, [&] {
      const std::optional<csv_row> row = in_->next();
      more = row.has_value();
      if (more) add(*row);
    });
    return more;
  }
  void add(const csv_row& row) {
    const instant stamp = stamp_in(row, *ts_, 1'000'000);
    const instant begins = stamp_in(row, *start_, 1'000'000'000);
    const auto market = starts_.find(row[*start_]);
    if (!market) row.refuse(*start_, "a window that appeared while the file was read");
    std::optional<price> at[4];
    for (std::size_t i = 0; i < 4; ++i) {
      if (!row[prices_[i]].empty()) at[i] = detail::quoted_at(price_in(row, prices_[i]));
    }
    const contract_id c(*market);
    queue_.note_stamp(stamp);
    if (seen_.size() < markets_.size()) seen_.resize(markets_.size(), false);
    if (!seen_[c.index()]) {
      seen_[c.index()] = true;
      ends_.push_back({.market = c, .ends = instant::nanoseconds(begins.nanoseconds() + window_ns_)});
    }
    for (std::size_t i = 0; i < ends_.size();) {
      if (ends_[i].ends > stamp) {
        ++i;
        continue;
      }
      queue_.add(message::life(ends_[i].ends, ends_[i].market, {.stage = life_stage::closed}));
      ends_.erase(ends_.begin() + static_cast<std::ptrdiff_t>(i));
    }
    queue_.add(message::quote(stamp, c, outcome::yes, {.bid = at[0], .ask = at[1]}));
    const auto mirror = [](std::optional<price> p) { return p ? std::optional(p->complement()) : std::nullopt; };
    if (at[2] != mirror(at[1]) || at[3] != mirror(at[0])) {
      queue_.add(message::quote(stamp, c, outcome::no, {.bid = at[2], .ask = at[3]}));
      ++contradictions_;
    }
  }

  std::unique_ptr<csv_reader> in_;  // rows point into it: it must not move
  on_bad_row policy_;
  std::int64_t window_ns_;
  std::string name_;
  refusals refused_ = {};
  name_index starts_ = {};
  std::vector<market_terms> markets_ = {};
  std::optional<csv_column> start_, ts_;
  std::vector<csv_column> prices_ = {};
  message_queue queue_ = {};
  std::vector<bool> seen_ = {};
  std::vector<window> ends_ = {};  // of markets that are open
  std::size_t contradictions_ = 0;
};

/// Streams a table with the columns ts_us, ticker, yes_bid_c, no_bid_c: the best bids of both sides in cents, 0 where
/// nobody bids; the ask of YES is what the best bid of NO leaves of a dollar.
///
/// Missing: sizes, trades and payouts are not told.
/// Fails:   data_error as `csv_reader`; refused_row, raised or counted, for what is no stamp, ticker or price.
/// Cost:    two passes in bounded memory, the first for the tickers.
class kalshi_quotes {
 public:
  explicit kalshi_quotes(const std::filesystem::path& file, on_bad_row policy = on_bad_row::raise)
      : in_(std::make_unique<csv_reader>(file)), policy_(policy), name_(clob_recording::name_of(file)) {
    for (const std::string& ticker : detail::names_in(file, "ticker", policy)) {
      tickers_.add(ticker, static_cast<std::uint32_t>(markets_.size()));
      markets_.push_back(kalshi_terms(ticker));
    }
    tickers_.finish();
    ts_ = in_->column("ts_us");
    ticker_ = in_->column("ticker");
    yes_ = in_->column("yes_bid_c");
    no_ = in_->column("no_bid_c");
  }
  /// What every market of the venue has; its category is the series, the ticker's first part.
  [[nodiscard]] static market_terms kalshi_terms(const std::string& ticker) {
    return {.name = ticker,
            .venue = "kalshi",
            .category = ticker.substr(0, ticker.find('-')),
            .tick = price::cents(1),
            .grid = price::cents(1)};
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return queue_.fill(room, [this] { return parse_more(); });
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return {.tops = true}; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::size_t rows_back() const noexcept { return queue_.rows_back(); }
  [[nodiscard]] const refusals& refused() const noexcept { return refused_; }

 private:
  bool parse_more() {
    bool more = true;
    accept(policy_, refused_, [&] {
      const std::optional<csv_row> row = in_->next();
      more = row.has_value();
      if (!more) return;
      const instant stamp = stamp_in(*row, *ts_, 1'000);
      const auto market = tickers_.find((*row)[*ticker_]);
      if (!market) row->refuse(*ticker_, "a ticker that appeared while the file was read");
      const auto yes = detail::quoted_at(cents_in(*row, *yes_)), no = detail::quoted_at(cents_in(*row, *no_));
      queue_.note_stamp(stamp);
      queue_.add(message::quote(stamp, contract_id(*market), outcome::yes,
                                {.bid = yes, .ask = no ? std::optional(no->complement()) : std::nullopt}));
    });
    return more;
  }

  std::unique_ptr<csv_reader> in_;  // rows point into it: it must not move
  on_bad_row policy_;
  std::string name_;
  refusals refused_ = {};
  name_index tickers_ = {};
  std::vector<market_terms> markets_ = {};
  std::optional<csv_column> ts_, ticker_, yes_, no_;
  message_queue queue_ = {};
};

static_assert(MessageSource<updown_recording> && MessageSource<kalshi_quotes>);

}  // namespace basket::files
