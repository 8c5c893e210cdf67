// Recordings of a Polymarket order book: full snapshots and level changes of both tokens of one market.
#pragma once

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
#include "basket/files/csv.hpp"
#include "basket/files/recorded_rows.hpp"
#include "basket/files/refusal.hpp"

namespace basket::files {

/// Streams a table with the columns ts_ms, event, asset, side, price, size, hash (docs/message-layout.md): event B is
/// one level of a snapshot, whose rows share stamp, asset and hash; event P sets the size of a level, 0 removes it.
/// Asset 0 is YES, asset 1 NO. The market is named after the file. The venue's tick is a cent until the first price
/// between cents is told; from then on it is a tenth of one, and a message says so. A recording does not tell trades,
/// lives, or whether messages were lost: a silence of more than `gap_ns` is taken for a hole where that is positive.
///
/// Missing: nothing is filled in. A row stamped before the one in front of it is delivered behind it and counted.
/// Fails:   data_error as `csv_reader`; refused_row, raised or counted, for what is no stamp, event, asset, side, price
///          or size.
/// Cost:    one pass in bounded memory: the longest snapshot.
class clob_recording {
 public:
  explicit clob_recording(const std::filesystem::path& file, on_bad_row policy = on_bad_row::raise,
                          std::int64_t gap_ns = 0)
      : in_(std::make_unique<csv_reader>(file)), policy_(policy), gap_ns_(gap_ns) {
    begin(name_of(file));
  }
  /// A text in memory.
  clob_recording(std::string text, std::string name, on_bad_row policy = on_bad_row::raise, std::int64_t gap_ns = 0)
      : in_(std::make_unique<csv_reader>(std::move(text), name)), policy_(policy), gap_ns_(gap_ns) {
    begin(name);
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return queue_.fill(room, [this] { return parse_more(); });
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return {.depth = true, .tops = true, .sizes = true}; }
  [[nodiscard]] std::string_view name() const noexcept { return markets_[0].name; }

  [[nodiscard]] std::size_t rows_back() const noexcept { return queue_.rows_back(); }
  [[nodiscard]] const refusals& refused() const noexcept { return refused_; }

  /// The file's name without ".csv" and ".gz".
  [[nodiscard]] static std::string name_of(const std::filesystem::path& file) {
    std::string name = file.filename().string();
    for (const std::string_view tail : {".gz", ".csv"}) {
      if (name.ends_with(tail)) name.resize(name.size() - tail.size());
    }
    return name;
  }

 private:
  struct level_row {
    instant stamp = {};
    bool of_snapshot = false;
    outcome of = outcome::yes;
    std::string hash = {};
    level_size level = {};
  };

  void begin(std::string name) {
    markets_.push_back(
        {.name = std::move(name), .venue = "polymarket", .tick = price::cents(1), .grid = price::micros(1'000)});
    ts_ = in_->column("ts_ms");
    event_ = in_->column("event");
    asset_ = in_->column("asset");
    side_ = in_->column("side");
    price_ = in_->column("price");
    size_ = in_->column("size");
    hash_ = in_->column("hash");
  }

  [[nodiscard]] level_row read(const csv_row& row) const {
    level_row r;
    r.stamp = stamp_in(row, *ts_, 1'000'000);
    const std::string_view event = row[*event_], asset = row[*asset_], of = row[*side_];
    if (event != "B" && event != "P") row.refuse(*event_, "neither B nor P");
    if (asset != "0" && asset != "1") row.refuse(*asset_, "neither 0 nor 1");
    if (of != "b" && of != "a") row.refuse(*side_, "neither b nor a");
    r.of_snapshot = event == "B";
    r.of = asset == "0" ? outcome::yes : outcome::no;
    r.level = {.of = of == "b" ? side::buy : side::sell, .at = price_in(row, *price_), .size = size_in(row, *size_)};
    if (r.of_snapshot) r.hash = row[*hash_];
    return r;
  }

  void open_instant(instant stamp) {
    queue_.note_stamp(stamp);
    if (gap_ns_ > 0 && seen_any_ && stamp.nanoseconds() - last_.nanoseconds() > gap_ns_) {
      queue_.add(message::market(stamp, contract_id(0), {.change = market_change::gap}));
    }
    last_ = stamp;
    seen_any_ = true;
  }
  void finer_tick(const level_row& r) {
    if (fine_ || r.level.at.micros() % 10'000 == 0) return;
    fine_ = true;
    queue_.add(message::market(r.stamp, contract_id(0), {.change = market_change::tick, .step = price::micros(1'000)}));
  }
  void end_snapshot() {
    if (snapshot_.empty()) return;
    const level_row& first = snapshot_.front();
    for (const level_row& r : snapshot_) finer_tick(r);
    queue_.add(message::snapshot(first.stamp, contract_id(0), first.of, static_cast<std::uint32_t>(snapshot_.size())));
    for (const level_row& r : snapshot_) queue_.add(message::level(r.stamp, contract_id(0), r.of, r.level));
    snapshot_.clear();
  }

  bool parse_more() {
    bool more = true;
    accept(policy_, refused_, [&] {
      const std::optional<csv_row> row = in_->next();
      if (!row) {
        more = false;
        return;
      }
      const level_row r = read(*row);
      if (!snapshot_.empty() &&
          (!r.of_snapshot || r.stamp != snapshot_[0].stamp || r.of != snapshot_[0].of || r.hash != snapshot_[0].hash)) {
        end_snapshot();
      }
      open_instant(r.stamp);
      if (r.of_snapshot) {
        snapshot_.push_back(r);
      } else {
        finer_tick(r);
        queue_.add(message::level(r.stamp, contract_id(0), r.of, r.level));
      }
    });
    if (!more) end_snapshot();
    return more;
  }

  std::unique_ptr<csv_reader> in_;  // rows point into it: it must not move
  on_bad_row policy_;
  std::int64_t gap_ns_;
  refusals refused_ = {};
  std::vector<market_terms> markets_ = {};
  std::optional<csv_column> ts_, event_, asset_, side_, price_, size_, hash_;
  std::vector<level_row> snapshot_ = {};
  message_queue queue_ = {};
  instant last_ = instant::earliest();
  bool seen_any_ = false, fine_ = false;
};

static_assert(MessageSource<clob_recording>);

}  // namespace basket::files
