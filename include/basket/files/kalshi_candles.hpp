// Kalshi candles and payouts from tables, as messages in memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/files/clob_recording.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/quote_recordings.hpp"
#include "basket/files/recorded_rows.hpp"
#include "basket/source/message_list.hpp"

namespace basket::files {

namespace detail {

/// Messages of a table in any order of rows as a source: by instant, then market, then row.
inline source::message_list in_order(const std::filesystem::path& file, std::vector<market_terms> markets,
                                     recorded told, std::vector<message> all) {
  for (std::size_t i = 0; i < all.size(); ++i) all[i].row = static_cast<std::uint32_t>(i);
  std::sort(all.begin(), all.end(), [](const message& a, const message& b) {
    return std::tuple(a.known_at, a.contract.index(), a.row) < std::tuple(b.known_at, b.contract.index(), b.row);
  });
  return source::message_list(clob_recording::name_of(file), std::move(markets), told, std::move(all));
}

/// Markets numbered by the order of their tickers.
struct ticker_list {
  std::vector<market_terms> markets = {};
  name_index index = {};
  ticker_list(const std::filesystem::path& file, on_bad_row policy) {
    for (const std::string& ticker : names_in(file, "ticker", policy)) {
      index.add(ticker, static_cast<std::uint32_t>(markets.size()));
      markets.push_back(kalshi_quotes::kalshi_terms(ticker));
    }
    index.finish();
  }
};

inline price_candle candle_in(const csv_row& row, const std::vector<csv_column>& ohlc) {
  const price_candle c{.open = cents_in(row, ohlc[0]),
                       .high = cents_in(row, ohlc[1]),
                       .low = cents_in(row, ohlc[2]),
                       .close = cents_in(row, ohlc[3])};
  if (c.low > c.high || c.open < c.low || c.open > c.high || c.close < c.low || c.close > c.high) {
    row.refuse(ohlc[1], "a candle whose open or close lies outside low and high");
  }
  return c;
}

}  // namespace detail

/// A table with the columns ticker, end_ts, yes_bid, yes_ask, price_open, price_high, price_low, price_close, volume
/// (cents, contracts, unix seconds), rows in any order: at the end of each candle the quotes that closed it, then what
/// was traded in it.
///
/// Missing: empty prices mean that nothing traded; a bid of 0 and an ask of 100 that nobody quotes.
/// Fails:   data_error as `csv_reader`; refused_row, raised or counted.
/// Cost:    two passes and a sort; 48 bytes a message in memory.
[[nodiscard]] inline source::message_list read_kalshi_candles(const std::filesystem::path& file,
                                                              on_bad_row policy = on_bad_row::raise,
                                                              refusals* refused = nullptr) {
  detail::ticker_list tickers(file, policy);
  csv_reader in(file);
  const csv_column ticker = in.column("ticker"), end = in.column("end_ts"), bid = in.column("yes_bid"),
                   ask = in.column("yes_ask"), volume = in.column("volume");
  const std::vector<csv_column> ohlc = {in.column("price_open"), in.column("price_high"), in.column("price_low"),
                                        in.column("price_close")};
  std::vector<message> all;
  refusals counted;
  for_each_row(in, policy, counted, [&](const csv_row& row) {
    const contract_id c(tickers.index.find(row[ticker]).value());
    const instant stamp = stamp_in(row, end, 1'000'000'000);
    const top_quote quote{.bid = detail::quoted_at(cents_in(row, bid)), .ask = detail::quoted_at(cents_in(row, ask))};
    std::optional<price_candle> candle;
    if (!row[ohlc[3]].empty()) {
      candle = detail::candle_in(row, ohlc);
      candle->volume = size_in(row, volume);
    }
    all.push_back(message::quote(stamp, c, outcome::yes, quote));
    if (candle) all.push_back(message::candle(stamp, c, outcome::yes, *candle));
  });
  if (refused != nullptr) *refused = counted;
  return detail::in_order(file, std::move(tickers.markets), {.tops = true, .candles = true}, std::move(all));
}

/// A table with the columns ticker, start_ts, open_c, high_c, low_c, close_c: candles of trades, each `span_seconds`
/// long and known at its end. Volumes are not told.
///
/// Fails: as `read_kalshi_candles`.
[[nodiscard]] inline source::message_list read_trade_candles(const std::filesystem::path& file,
                                                             std::int64_t span_seconds,
                                                             on_bad_row policy = on_bad_row::raise,
                                                             refusals* refused = nullptr) {
  require(span_seconds > 0, "a candle is longer than nothing");
  detail::ticker_list tickers(file, policy);
  csv_reader in(file);
  const csv_column ticker = in.column("ticker"), start = in.column("start_ts");
  const std::vector<csv_column> ohlc = {in.column("open_c"), in.column("high_c"), in.column("low_c"),
                                        in.column("close_c")};
  std::vector<message> all;
  refusals counted;
  for_each_row(in, policy, counted, [&](const csv_row& row) {
    const contract_id c(tickers.index.find(row[ticker]).value());
    const instant from = stamp_in(row, start, 1'000'000'000);
    const instant known = instant::nanoseconds(from.nanoseconds() + span_seconds * 1'000'000'000);
    all.push_back(message::candle(known, c, outcome::yes, detail::candle_in(row, ohlc)));
  });
  if (refused != nullptr) *refused = counted;
  return detail::in_order(file, std::move(tickers.markets), {.candles = true}, std::move(all));
}

/// A table with the columns ticker, close_time ("2025-04-28T03:59:00Z") and result (yes, no, or empty): each market
/// closes at its time and is paid `payout_delay_ns` later. The table does not tell when a venue paid, so
/// whoever reads it says how long that takes; too short a delay looks into the future.
///
/// Missing: without a result a market stays closed.
/// Fails:   as `read_kalshi_candles`; precondition_error when the delay is negative.
[[nodiscard]] inline source::message_list read_kalshi_payouts(const std::filesystem::path& file,
                                                              std::int64_t payout_delay_ns,
                                                              on_bad_row policy = on_bad_row::raise,
                                                              refusals* refused = nullptr) {
  require(payout_delay_ns >= 0, "a payout cannot come before the close");
  detail::ticker_list tickers(file, policy);
  csv_reader in(file);
  const csv_column ticker = in.column("ticker"), close = in.column("close_time"), result = in.column("result");
  std::vector<message> all;
  refusals counted;
  for_each_row(in, policy, counted, [&](const csv_row& row) {
    const contract_id c(tickers.index.find(row[ticker]).value());
    const instant closes = utc_stamp_in(row, close);
    std::optional<price> payout;
    if (row[result] == "yes") payout = price::micros(micro);
    if (row[result] == "no") payout = price{};
    if (!payout && !row[result].empty()) row.refuse(result, "neither yes nor no nor empty");
    all.push_back(message::life(closes, c, {.stage = life_stage::closed}));
    if (payout) {
      const instant paid = instant::nanoseconds(closes.nanoseconds() + payout_delay_ns);
      all.push_back(message::life(paid, c, {.stage = life_stage::settled, .payout = payout}));
    }
  });
  if (refused != nullptr) *refused = counted;
  return detail::in_order(file, std::move(tickers.markets), {.settlements = true}, std::move(all));
}

}  // namespace basket::files
