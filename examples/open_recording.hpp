// Recordings as the programs take them: which reader a path needs is told by what lies there.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "basket/files/clob_recording.hpp"
#include "basket/files/kalshi_candles.hpp"
#include "basket/files/message_table.hpp"
#include "basket/files/quote_recordings.hpp"
#include "basket/source/any_source.hpp"
#include "basket/source/merge.hpp"
#include "basket/source/synthetic_stream.hpp"

namespace examples {

/// Settings of reading.
struct recording_options {
  std::vector<std::string> paths = {};  ///< none: a synthetic stream
  std::optional<std::string> payouts = std::nullopt;
  std::int64_t payout_delay_ns = 0;
  std::int64_t gap_ns = 0;
  std::int64_t candle_seconds = 300;  ///< of tables that tell when a candle begins
  basket::files::on_bad_row bad_rows = basket::files::on_bad_row::raise;
  std::uint64_t seed = 1;
  std::size_t messages = 100'000;       ///< of the synthetic stream
  std::int64_t spacing_ns = 1'000'000;  ///< of the synthetic stream
};

/// The recording at a path, by the columns of its table.
/// Fails: data_error when the table is none of those that are known.
inline basket::source::any_source open_one(const std::filesystem::path& path, const recording_options& o) {
  using namespace basket;
  if (std::filesystem::is_directory(path)) return files::message_folder(path, o.bad_rows);
  const files::csv_reader head(path);
  const auto has = [&](const char* name) { return head.find_column(name).has_value(); };
  if (has("ts_ms") && has("event") && has("asset")) return files::clob_recording(path, o.bad_rows, o.gap_ns);
  if (has("window_start_ts")) return files::updown_recording(path, o.bad_rows);
  if (has("ts_us") && has("yes_bid_c")) return files::kalshi_quotes(path, o.bad_rows);
  if (has("end_ts") && has("price_close")) return files::read_kalshi_candles(path, o.bad_rows);
  if (has("start_ts") && has("close_c")) return files::read_trade_candles(path, o.candle_seconds, o.bad_rows);
  throw data_error(path.string(), 1, "",
                   "the columns are those of no recording that is known (docs/message-layout.md)");
}

/// All of them as one source.
inline basket::source::merge<basket::source::any_source> open_all(const recording_options& o) {
  using namespace basket;
  std::vector<source::any_source> list;
  for (const std::string& path : o.paths) list.push_back(open_one(path, o));
  if (list.empty())
    list.emplace_back(source::synthetic_stream(
        {.seed = o.seed, .messages = o.messages, .spacing_ns = o.spacing_ns, .gap_every = 5'000}));
  if (o.payouts) list.emplace_back(files::read_kalshi_payouts(*o.payouts, o.payout_delay_ns, o.bad_rows));
  const std::string name = list.size() == 1 ? std::string(list[0].name()) : "merged recordings";
  return source::merge<source::any_source>(std::move(list), name);
}

/// The parts between commas.
inline std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size());
    if (to != from) parts.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return parts;
}

}  // namespace examples
