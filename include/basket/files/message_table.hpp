// A recording of one's own as two tables, markets.csv and messages.csv: reading and writing (docs/message-layout.md).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/csv_field.hpp"
#include "basket/files/closes.hpp"
#include "basket/files/csv.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/output.hpp"
#include "basket/files/recorded_rows.hpp"

namespace basket::files {

namespace detail {

inline constexpr std::array<std::string_view, 16> message_columns = {
    "known_at_ns", "market", "kind",     "outcome", "side", "price", "size", "bid",
    "bid_size",    "ask",    "ask_size", "open",    "high", "low",   "word", "payout"};
enum class message_column : std::size_t {
  known_at,
  market,
  kind,
  of,
  side,
  price,
  size,
  bid,
  bid_size,
  ask,
  ask_size,
  open,
  high,
  low,
  word,
  payout
};

inline constexpr std::array<std::string_view, 6> told_words = {"depth",  "tops",    "sizes",
                                                               "trades", "candles", "settlements"};
inline bool& told_flag(recorded& r, std::size_t i) {
  bool* const flags[] = {&r.depth, &r.tops, &r.sizes, &r.trades, &r.candles, &r.settlements};
  return *flags[i];
}
inline std::string told_text(recorded r) {
  std::string out;
  for (std::size_t i = 0; i < told_words.size(); ++i) {
    if (!told_flag(r, i)) continue;
    out += (out.empty() ? "" : "|") + std::string(told_words[i]);
  }
  return out;
}

/// The stage, change or side of that name.
template <class Enum>
std::optional<Enum> named(std::string_view word, Enum last) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    if (to_string(static_cast<Enum>(i)) == word) return static_cast<Enum>(i);
  }
  return std::nullopt;
}

}  // namespace detail

/// Streams a folder with the tables markets.csv and messages.csv, plain or gzip.
///
/// Missing: an empty field is unknown, never zero; what a market's recording tells is declared in its column `tells`.
/// Fails:   data_error for a folder or table that is not there, a market stated twice, terms that cannot be;
///          refused_row, raised or counted, for a row of unknown market or kind, one without a field that its kind
///          needs, and a level of a snapshot that has not begun.
/// Cost:    one pass in bounded memory: the longest snapshot.
class message_folder {
 public:
  explicit message_folder(const std::filesystem::path& folder, on_bad_row policy = on_bad_row::raise)
      : in_(std::make_unique<csv_reader>(table_in(folder, "messages.csv"))),
        policy_(policy),
        name_(folder.filename().string()) {
    if (name_.empty()) name_ = folder.parent_path().filename().string();
    read_markets(table_in(folder, "markets.csv"));
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      columns_[i] = i < 3 ? in_->column(detail::message_columns[i]) : in_->find_column(detail::message_columns[i]);
    }
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return queue_.fill(room, [this] { return parse_more(); });
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return told_; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] std::size_t rows_back() const noexcept { return queue_.rows_back(); }
  [[nodiscard]] const refusals& refused() const noexcept { return refused_; }

 private:
  using column = detail::message_column;

  void read_markets(const std::filesystem::path& file) {
    csv_reader in(file);
    const csv_column name = in.column("name"), tells = in.column("tells");
    const auto venue = in.find_column("venue"), category = in.find_column("category"),
               listed = in.find_column("listed"), tick = in.find_column("tick"), grid = in.find_column("grid"),
               least = in.find_column("minimum_size");
    const auto step = [](const csv_row& row, std::optional<csv_column> c, price unstated) {
      if (!c || row[*c].empty()) return unstated;
      const price p = price_in(row, *c);
      if (p == price{} || micro % p.micros() != 0) row.refuse(*c, "not a step that divides a dollar");
      return p;
    };
    bool first = true;
    while (const auto row = in.next()) {
      market_terms t{.name = id_in(*row, name)};
      if (venue) t.venue = text_in(*row, *venue);
      if (category) t.category = text_in(*row, *category);
      if (listed && !(*row)[*listed].empty()) t.listed = utc_stamp_in(*row, *listed);
      t.tick = step(*row, tick, t.tick);
      t.grid = step(*row, grid, t.grid);
      if (t.grid < price::micros(10)) row->refuse(*grid, "finer than 0.00001");
      if (least && !(*row)[*least].empty()) t.minimum_size = size_in(*row, *least);
      recorded told;
      for (const std::string& word : list_in(*row, tells)) {
        bool known = false;
        for (std::size_t i = 0; i < detail::told_words.size(); ++i) {
          if (word != detail::told_words[i]) continue;
          detail::told_flag(told, i) = known = true;
        }
        if (!known) row->refuse(tells, "none of depth, tops, sizes, trades, candles, settlements");
      }
      told_ = first ? told : told_ & told;
      first = false;
      names_.add(t.name, static_cast<std::uint32_t>(markets_.size()));
      markets_.push_back(std::move(t));
    }
    if (markets_.empty()) throw data_error(in.source(), 0, "", "the table lists no market");
    names_.finish();
    std::vector<std::string> sorted;
    for (const market_terms& t : markets_) sorted.push_back(t.name);
    std::sort(sorted.begin(), sorted.end());
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end());
    if (twice != sorted.end()) throw data_error(in.source(), 0, "name", "market " + *twice + " is stated twice");
  }

  [[nodiscard]] csv_column at(const csv_row& row, column c) const {
    const auto& found = columns_[static_cast<std::size_t>(c)];
    if (!found) {
      row.refuse(*columns_[static_cast<std::size_t>(column::kind)],
                 "the table has no column " + std::string(detail::message_columns[static_cast<std::size_t>(c)]) +
                     ", which this kind needs");
    }
    return *found;
  }
  [[nodiscard]] bool told(const csv_row& row, column c) const {
    const auto& found = columns_[static_cast<std::size_t>(c)];
    return found && !row[*found].empty();
  }
  [[nodiscard]] price price_at(const csv_row& row, column c) const { return price_in(row, at(row, c)); }
  [[nodiscard]] shares size_at(const csv_row& row, column c) const { return size_in(row, at(row, c)); }
  [[nodiscard]] std::optional<price> price_if(const csv_row& row, column c) const {
    return told(row, c) ? std::optional(price_at(row, c)) : std::nullopt;
  }
  [[nodiscard]] std::optional<shares> size_if(const csv_row& row, column c) const {
    return told(row, c) ? std::optional(size_at(row, c)) : std::nullopt;
  }
  template <class Enum>
  [[nodiscard]] Enum word_at(const csv_row& row, column c, Enum last) const {
    const auto word = detail::named(row[at(row, c)], last);
    if (!word) row.refuse(at(row, c), "no word of this kind");
    return *word;
  }

  bool parse_more() {
    bool more = true;
    accept(policy_, refused_, [&] {
      const std::optional<csv_row> row = in_->next();
      more = row.has_value();
      if (more) add(*row);
    });
    if (!more) end_snapshot();
    return more;
  }
  void end_snapshot() {
    if (!snapshot_) return;
    queue_.add(message::snapshot(snapshot_->known_at, snapshot_->contract, snapshot_->of,
                                 static_cast<std::uint32_t>(levels_.size())));
    for (const message& m : levels_) queue_.add(m);
    levels_.clear();
    snapshot_.reset();
  }

  void add(const csv_row& row) {
    const instant when = instant::nanoseconds(stamp_in(row, at(row, column::known_at), 1).nanoseconds());
    const std::string_view kind = row[at(row, column::kind)];
    contract_id c;
    if (kind != "timer") {
      const auto found = names_.find(row[at(row, column::market)]);
      if (!found) row.refuse(at(row, column::market), "a market that markets.csv does not list");
      c = contract_id(*found);
    }
    outcome of = outcome::yes;
    if (told(row, column::of)) {
      const std::string_view word = row[at(row, column::of)];
      if (word != "yes" && word != "no") row.refuse(at(row, column::of), "neither yes nor no");
      of = word == "yes" ? outcome::yes : outcome::no;
    }
    if (kind == "book") {
      const message m = message::level(when, c, of, level_at(row));
      if (!snapshot_ || snapshot_->known_at != when || snapshot_->contract != c || snapshot_->of != of) {
        row.refuse(at(row, column::kind), "a level of a snapshot that has not begun");
      }
      levels_.push_back(m);
      return;
    }
    const message m = read(row, kind, when, c, of);
    end_snapshot();
    queue_.note_stamp(when);
    if (m.kind() == message_kind::snapshot) {
      snapshot_ = m;
    } else {
      queue_.add(m);
    }
  }
  [[nodiscard]] level_size level_at(const csv_row& row) const {
    return {.of = word_at(row, column::side, side::sell),
            .at = price_at(row, column::price),
            .size = size_at(row, column::size)};
  }
  [[nodiscard]] message read(const csv_row& row, std::string_view kind, instant when, contract_id c, outcome of) const {
    if (kind == "snapshot") return message::snapshot(when, c, of, 0);
    if (kind == "level") return message::level(when, c, of, level_at(row));
    if (kind == "trade") {
      public_trade t{.at = price_at(row, column::price), .size = size_at(row, column::size)};
      if (told(row, column::side)) t.aggressor = word_at(row, column::side, side::sell);
      return message::trade(when, c, of, t);
    }
    if (kind == "quote") {
      return message::quote(when, c, of,
                            {.bid = price_if(row, column::bid),
                             .ask = price_if(row, column::ask),
                             .bid_size = size_if(row, column::bid_size),
                             .ask_size = size_if(row, column::ask_size)});
    }
    if (kind == "candle") {
      return message::candle(when, c, of,
                             {.open = price_at(row, column::open),
                              .high = price_at(row, column::high),
                              .low = price_at(row, column::low),
                              .close = price_at(row, column::price),
                              .volume = size_if(row, column::size).value_or(shares{})});
    }
    if (kind == "life") {
      return message::life(
          when, c,
          {.stage = word_at(row, column::word, life_stage::data_ended), .payout = price_if(row, column::payout)});
    }
    if (kind == "market") {
      market_news n{.change = word_at(row, column::word, market_change::gap)};
      if (n.change == market_change::tick) n.step = price_at(row, column::price);
      return message::market(when, c, n);
    }
    if (kind == "timer") return message::timer(when);
    row.refuse(at(row, column::kind), "no kind of message");
  }

  std::unique_ptr<csv_reader> in_;  // rows point into it: it must not move
  on_bad_row policy_;
  std::string name_;
  std::vector<market_terms> markets_ = {};
  recorded told_ = {};
  name_index names_ = {};
  refusals refused_ = {};
  std::array<std::optional<csv_column>, detail::message_columns.size()> columns_ = {};
  message_queue queue_ = {};
  std::optional<message> snapshot_ = std::nullopt;
  std::vector<message> levels_ = {};
};

static_assert(MessageSource<message_folder>);

namespace detail {

/// One line of messages.csv. `in_snapshot`: the message is a level of the snapshot in front of it.
inline std::string message_line(const message& m, std::string_view market, bool in_snapshot) {
  std::array<std::string, message_columns.size()> f;
  const auto put = [&f](message_column c, std::string text) { f[static_cast<std::size_t>(c)] = std::move(text); };
  const auto put_if = [&](message_column c, const auto& value) {
    if (value) put(c, to_string(*value));
  };
  using column = message_column;
  put(column::known_at, std::to_string(m.known_at.nanoseconds()));
  put(column::kind, in_snapshot ? "book" : std::string(to_string(m.kind())));
  if (m.kind() != message_kind::timer) put(column::market, csv_field(market));
  if (m.of == outcome::no) put(column::of, "no");
  switch (m.kind()) {
    case message_kind::level:
      put(column::side, std::string(to_string(m.level().of)));
      put(column::price, to_string(m.level().at));
      put(column::size, to_string(m.level().size));
      break;
    case message_kind::trade:
      put(column::price, to_string(m.trade().at));
      put(column::size, to_string(m.trade().size));
      if (m.trade().aggressor) put(column::side, std::string(to_string(*m.trade().aggressor)));
      break;
    case message_kind::quote: {
      const top_quote q = m.quote();
      put_if(column::bid, q.bid);
      put_if(column::bid_size, q.bid_size);
      put_if(column::ask, q.ask);
      put_if(column::ask_size, q.ask_size);
      break;
    }
    case message_kind::candle: {
      const price_candle c = m.candle();
      put(column::open, to_string(c.open));
      put(column::high, to_string(c.high));
      put(column::low, to_string(c.low));
      put(column::price, to_string(c.close));
      if (c.volume > shares{}) put(column::size, to_string(c.volume));
      break;
    }
    case message_kind::life:
      put(column::word, std::string(to_string(m.life().stage)));
      put_if(column::payout, m.life().payout);
      break;
    case message_kind::market:
      put(column::word, std::string(to_string(m.market().change)));
      if (m.market().change == market_change::tick) put(column::price, to_string(m.market().step));
      break;
    default:
      break;
  }
  std::string line = f[0];
  for (std::size_t i = 1; i < f.size(); ++i) line += "," + f[i];
  return line + "\n";
}

}  // namespace detail

/// Writes what a source delivers into a folder that `message_folder` reads back as the same messages.
///
/// Fails: as `output_folder`; nothing is written then.
/// Cost:  one pass in bounded memory.
template <MessageSource Source>
void write_messages(Source& source, const std::filesystem::path& folder) {
  output_folder out(folder);
  std::string markets = "name,venue,category,listed,tick,grid,minimum_size,tells\n";
  for (const market_terms& t : source.markets()) {
    const std::string listed = t.listed ? to_string(*t.listed).substr(0, 19) + "Z" : std::string();
    markets += csv_field(t.name) + "," + csv_field(t.venue) + "," + csv_field(t.category) + "," + listed + "," +
               to_string(t.tick) + "," + to_string(t.grid) + "," + to_string(t.minimum_size) + "," +
               detail::told_text(source.provides()) + "\n";
  }
  out.add("markets.csv", markets);

  const std::filesystem::path path = out.reserve("messages.csv");
  struct closer {
    void operator()(std::FILE* f) const noexcept { (void)std::fclose(f); }
  };
  std::unique_ptr<std::FILE, closer> file(std::fopen(path.c_str(), "wb"));
  const auto failed = [&] { throw data_error(path.string(), 0, "", "cannot be written"); };
  if (!file) failed();
  const auto write = [&](std::string_view text) {
    if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size()) failed();
  };
  std::string text;
  for (const std::string_view c : detail::message_columns) text += (text.empty() ? "" : ",") + std::string(c);
  write(text + "\n");
  std::vector<message> room(4096);
  std::uint32_t levels = 0;
  for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
    text.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const message& m = room[i];
      const bool timer = m.kind() == message_kind::timer;
      const std::string_view market = timer ? std::string_view() : source.markets()[m.contract.index()].name;
      text += detail::message_line(m, market, levels > 0);
      levels = m.kind() == message_kind::snapshot ? m.snapshot_levels() : levels - (levels > 0 ? 1 : 0);
    }
    write(text);
  }
  if (std::fflush(file.get()) != 0) failed();
  file.reset();
  out.commit();
}

}  // namespace basket::files
