// Daily closes in rows, as files hold them, and their way into a panel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "basket/files/csv.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/refusal.hpp"
#include "basket/model/panel.hpp"

namespace basket::files {

/// The table `name` in a folder, plain or with ".gz" behind its name.
///
/// Fails: data_error when the folder is none, and when neither or both are there.
[[nodiscard]] inline std::filesystem::path table_in(const std::filesystem::path& folder, const std::string& name) {
  const auto is = [](const std::filesystem::path& path, auto test) {
    std::error_code failed;
    return test(std::filesystem::status(path, failed));
  };
  const auto exists = [&](const std::filesystem::path& path) {
    return is(path, [](std::filesystem::file_status s) { return std::filesystem::exists(s); });
  };
  if (!exists(folder)) throw data_error(folder.string(), 0, "", "there is no such folder");
  if (!is(folder, [](std::filesystem::file_status s) { return std::filesystem::is_directory(s); })) {
    throw data_error(folder.string(), 0, "", "this is not a folder");
  }
  const bool plain = exists(folder / name), packed = exists(folder / (name + ".gz"));
  if (plain && packed) throw data_error(folder.string(), 0, "", "holds both " + name + " and " + name + ".gz");
  if (!plain && !packed) throw data_error(folder.string(), 0, "", "holds neither " + name + " nor " + name + ".gz");
  return folder / (plain ? name : name + ".gz");
}

/// Names and what they stand for, looked up while a table is read; the last answer is tried first, since tables are
/// mostly in runs of one market.
class name_index {
 public:
  void add(std::string name, std::uint32_t value) { entries_.emplace_back(std::move(name), value); }
  /// To be called once, after the last `add`.
  void finish() { std::sort(entries_.begin(), entries_.end()); }

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view name) {
    if (last_ < entries_.size() && entries_[last_].first == name) return entries_[last_].second;
    const auto at = std::lower_bound(entries_.begin(), entries_.end(), name,
                                     [](const auto& entry, std::string_view n) { return entry.first < n; });
    if (at == entries_.end() || at->first != name) return std::nullopt;
    last_ = static_cast<std::size_t>(at - entries_.begin());
    return at->second;
  }

 private:
  std::vector<std::pair<std::string, std::uint32_t>> entries_;
  std::size_t last_ = 0;
};

/// One close as a file states it. `market` and `flags` mean what the reader of the file says.
struct close_row {
  std::uint32_t market = 0;
  std::uint32_t flags = 0;
  utc_day day = {};
  double close = missing;
  std::size_t line = 0;
};

/// All closes of a file, by market, then day; each (market, day) once.
struct close_table {
  std::string source = {};
  std::size_t rows_read = 0;  ///< data rows of the file, refused ones included
  std::vector<close_row> rows = {};
  std::optional<utc_day> first_day = std::nullopt, last_day = std::nullopt;  ///< of all rows; empty without any

  /// The rows of one market. O(log rows).
  [[nodiscard]] std::span<const close_row> of(std::uint32_t market) const {
    const auto [from, to] =
        std::equal_range(rows.begin(), rows.end(), close_row{.market = market},
                         [](const close_row& a, const close_row& b) { return a.market < b.market; });
    return {from, to};
  }

  /// The refusal of a row after it was read.
  [[nodiscard]] refused_row refusal(const close_row& row, std::string kind, std::string_view name) const {
    return refused_row(source, row.line, "date", std::move(kind), std::string(name) + " " + to_string(row.day));
  }
};

/// Reads the columns market_id, date and close of a table in any order of rows. `market_of(row, column)` gives a row's
/// market or refuses it; `flags_of(row)` gives its flags and may refuse it too.
///
/// Fails: data_error for what `csv_reader` refuses; refused_row (raised or counted) for a date or close that is none
/// and
///        for a second close of a market on one day: the one that stands first in the file is kept.
/// Cost:  one pass; a sort where the file is not sorted by market and date.
template <class MarketOf, class FlagsOf>
[[nodiscard]] close_table read_closes(csv_reader& in, on_bad_row policy, refusals& refused, const MarketOf& market_of,
                                      const FlagsOf& flags_of) {
  const csv_column market = in.column("market_id"), date = in.column("date"), close = in.column("close");
  close_table table{.source = in.source()};
  std::vector<close_row> read;
  const std::size_t refused_before = refused.total();
  for_each_row(in, policy, refused, [&](const csv_row& row) {
    close_row one{.market = market_of(row, market), .day = panel_day_in(row, date), .close = close_in(row, close)};
    one.flags = flags_of(row);
    one.line = row.line();
    read.push_back(one);
  });
  table.rows_read = read.size() + (refused.total() - refused_before);

  const auto order = [](const close_row& a, const close_row& b) {
    return std::tie(a.market, a.day, a.line) < std::tie(b.market, b.day, b.line);
  };
  if (!std::is_sorted(read.begin(), read.end(), order)) std::sort(read.begin(), read.end(), order);
  table.rows.reserve(read.size());
  for (const close_row& row : read) {
    accept(policy, refused, [&] {
      if (!table.rows.empty() && table.rows.back().market == row.market && table.rows.back().day == row.day) {
        throw refused_row(table.source, row.line, "date", "a second close of one market on one day",
                          to_string(row.day) + ", first on line " + std::to_string(table.rows.back().line));
      }
      table.rows.push_back(row);
    });
  }
  for (const close_row& row : table.rows) {
    table.first_day = std::min(table.first_day.value_or(row.day), row.day);
    table.last_day = std::max(table.last_day.value_or(row.day), row.day);
  }
  return table;
}

}  // namespace basket::files
