// A user's own data: markets.csv and prices.csv in one folder, as docs/data-layout.md defines them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basket/files/closes.hpp"
#include "basket/files/column_rule.hpp"
#include "basket/files/csv.hpp"
#include "basket/files/fields.hpp"
#include "basket/files/refusal.hpp"
#include "basket/model/universe.hpp"

namespace basket::files {

/// What a folder in the tidy layout held.
struct tidy_data {
  universe data = {};
  refusals refused = {};
  std::size_t market_rows = 0;                    ///< rows of markets.csv, refused ones included
  std::size_t price_rows = 0;                     ///< rows of prices.csv, refused ones included
  std::vector<std::string> ignored_columns = {};  ///< "file: column", of no meaning in the layout
};

/// The columns of the tidy layout and when each is taken to be known.
[[nodiscard]] inline const std::vector<column_rule>& tidy_columns() {
  using enum known_from;
  static const std::vector<column_rule> rules = {
      {"markets.csv", "market_id", listing, "the venue's name of the contract"},
      {"markets.csv", "venue", listing, "where it trades"},
      {"markets.csv", "title", date, "from the close of known_at, else from the listing"},
      {"markets.csv", "slug", date, "from the close of known_at, else from the listing"},
      {"markets.csv", "event", date, "from the close of known_at, else from the listing"},
      {"markets.csv", "end", date, "the scheduled end: from the close of known_at, else from the listing"},
      {"markets.csv", "known_at", date, "it is the date"},
      {"markets.csv", "listed", listing, "the close of that day; without it, the close of the first priced day"},
      {"markets.csv", "payout", date, "from the close of settled"},
      {"markets.csv", "settled", date, "from its own close"},
      {"markets.csv", "stage", date, "from the close of settled"},
      {"markets.csv", "tags", hindsight, "the last tag set"},
      {"markets.csv", "theme", hindsight, "a label given afterwards"},
      {"markets.csv", "volume", hindsight, "of the whole life"},
      {"prices.csv", "market_id", date, "with its close"},
      {"prices.csv", "date", date, "with its close"},
      {"prices.csv", "close", date, "24:00 UTC of its date"},
      {"prices.csv", "volume", not_read, "checked to be a number, used by nothing yet"},
  };
  return rules;
}

namespace detail {

/// What markets.csv may say once of a market, in any of its rows.
struct tidy_facts {
  std::string venue = {};
  std::optional<utc_day> listed = {}, settled = {};
  std::optional<price> payout = {};
  std::optional<life_stage> stage = {};
  std::optional<double> volume = {};
  std::vector<std::string> tags = {};
  std::string theme = {};
};

struct tidy_version {
  std::optional<utc_day> known_at = {};
  std::size_t line = 0;
  metadata_version words = {};
};

struct tidy_market {
  std::string name = {};
  tidy_facts facts = {};
  std::vector<tidy_version> versions = {};
};

/// The columns of markets.csv; those the layout leaves optional may be absent.
struct tidy_header {
  explicit tidy_header(const csv_reader& in)
      : market_id(in.column("market_id")),
        venue(in.column("venue")),
        title(in.column("title")),
        slug(in.find_column("slug")),
        event(in.find_column("event")),
        end(in.find_column("end")),
        known_at(in.find_column("known_at")),
        listed(in.find_column("listed")),
        payout(in.find_column("payout")),
        settled(in.find_column("settled")),
        stage(in.find_column("stage")),
        tags(in.find_column("tags")),
        theme(in.find_column("theme")),
        volume(in.find_column("volume")) {}
  csv_column market_id, venue, title;
  std::optional<csv_column> slug, event, end, known_at, listed, payout, settled, stage, tags, theme, volume;
};

/// Takes over what a row says; refuses the row when an earlier one said something else.
template <class T>
void agree(const csv_row& row, csv_column column, T& known, T said) {
  if (said == T{} || said == known) return;
  if (known != T{}) row.refuse(column, "not what an earlier row of this market says");
  known = std::move(said);
}

inline std::optional<life_stage> stage_in(const csv_row& row, csv_column column) {
  if (row[column].empty()) return std::nullopt;
  if (row[column] == "settled") return life_stage::settled;
  if (row[column] == "voided") return life_stage::voided;
  row.refuse(column, "neither 'settled' nor 'voided'");
}

inline void read_market_row(const csv_row& row, const tidy_header& at, tidy_market& market) {
  tidy_facts facts = market.facts;
  agree(row, at.venue, facts.venue, id_in(row, at.venue));
  if (at.listed) agree(row, *at.listed, facts.listed, optional_date_in(row, *at.listed));
  if (at.settled) agree(row, *at.settled, facts.settled, optional_date_in(row, *at.settled));
  if (at.payout) agree(row, *at.payout, facts.payout, payout_in(row, *at.payout));
  if (at.stage) agree(row, *at.stage, facts.stage, stage_in(row, *at.stage));
  if (at.volume) agree(row, *at.volume, facts.volume, amount_in(row, *at.volume));
  if (at.tags) agree(row, *at.tags, facts.tags, list_in(row, *at.tags));
  if (at.theme) agree(row, *at.theme, facts.theme, text_in(row, *at.theme));
  tidy_version version{.line = row.line()};
  if (at.known_at) version.known_at = optional_date_in(row, *at.known_at);
  version.words.title = text_in(row, at.title);
  if (at.slug) version.words.slug = text_in(row, *at.slug);
  if (at.event) version.words.event = text_in(row, *at.event);
  if (at.end) version.words.scheduled_end = optional_date_in(row, *at.end);
  for (const tidy_version& other : market.versions) {
    if (other.known_at == version.known_at) {
      throw refused_row(row.source(), row.line(), "known_at", "two rows of one market with the same known_at",
                        market.name);
    }
  }
  market.facts = std::move(facts);
  market.versions.push_back(std::move(version));
}

/// What a market's rows must say together.
inline void check_facts(const std::string& source, const tidy_market& market) {
  const tidy_facts& f = market.facts;
  const auto refuse = [&](const char* field, const char* kind) {
    throw refused_row(source, market.versions.front().line, field, kind, market.name);
  };
  if (f.payout && !f.settled) refuse("settled", "a payout without the day on which it became known");
  if (f.settled && !f.payout) refuse("payout", "settled without a payout");
  if (f.stage && !f.payout) refuse("payout", "a stage without a payout");
  if (f.settled && f.listed && *f.settled < *f.listed) refuse("settled", "settled before it was listed");
}

/// The versions in the order they became known; what was known before the listing counts from the listing.
inline std::vector<metadata_version> versions_of(const std::string& source, tidy_market market, utc_day listed) {
  const auto day = [&](const tidy_version& v) { return std::max(v.known_at.value_or(listed), listed); };
  std::sort(market.versions.begin(), market.versions.end(), [](const tidy_version& a, const tidy_version& b) {
    return a.known_at.value_or(utc_day()) < b.known_at.value_or(utc_day());
  });
  const tidy_version& first = market.versions.front();
  if (day(first) > listed) {
    throw refused_row(source, first.line, "known_at", "nothing is known of the market on the day it is listed",
                      to_string(listed) + " " + market.name);
  }
  std::vector<metadata_version> out;
  for (tidy_version& version : market.versions) {
    if (version.words.scheduled_end && *version.words.scheduled_end < listed) {
      throw refused_row(source, version.line, "end", "the end lies before the listing on " + to_string(listed),
                        to_string(*version.words.scheduled_end) + " " + market.name);
    }
    version.words.known_at = day(version).close();
    if (!out.empty() && out.back().known_at == version.words.known_at) out.pop_back();
    out.push_back(std::move(version.words));
  }
  return out;
}

}  // namespace detail

/// Reads the tidy layout. Contracts come in the order of their ids, whatever the order of the files.
///
/// A market without a payout gets life_stage::data_ended in the instant after the last close of the whole recording:
/// earlier, nobody can know it.
///
/// Missing: a (market, date) without a row is a missing close; nothing is filled.
/// Fails:   data_error(file, line, field, reason), sentence by sentence in docs/data-layout.md; rows are skipped and
///          counted instead under on_bad_row::skip_and_count, but never a damaged file or one without a usable row.
/// Cost:    O(rows log rows); 8 bytes for each (market, day) of the panel.
struct tidy {
  std::filesystem::path folder = {};
  on_bad_row bad_rows = on_bad_row::raise;

  [[nodiscard]] tidy_data read() const {
    tidy_data out;
    std::map<std::string, detail::tidy_market, std::less<>> markets;  // in the order of ids
    const std::string markets_source = read_markets(markets, out);

    std::vector<detail::tidy_market> list;
    name_index index;
    for (auto& [name, market] : markets) {
      index.add(name, static_cast<std::uint32_t>(list.size()));
      list.push_back(std::move(market));
    }
    index.finish();
    const close_table table = read_prices(list, index, out);
    const utc_day recorded = *table.last_day;

    utc_day end = recorded;
    for (const auto& market : list) end = std::max(end, market.facts.listed.value_or(end));
    std::vector<std::span<const close_row>> series;
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].versions.empty()) continue;  // its rows and its closes were counted as they were refused
      const auto closes = table.of(static_cast<std::uint32_t>(i));
      if (accept(bad_rows, out.refused, [&] {
            out.data.contracts.push_back(make_contract(markets_source, list[i], closes, end));
            series.push_back(closes);
          })) {
        continue;
      }
      for (const close_row& row : closes) {
        out.refused.add(refused_row(table.source, row.line, "market_id", of_refused_market, list[i].name));
      }
    }
    require_some(!series.empty(), markets_source, out.refused);

    const auto rows = static_cast<std::size_t>((recorded - *table.first_day).count) + 1;
    out.data.closes = panel(*table.first_day, rows, series.size());
    for (std::size_t i = 0; i < series.size(); ++i) {
      for (const close_row& row : series[i]) out.data.closes.set_close(row.day, contract_id(i), row.close);
    }
    return out;
  }

 private:
  static constexpr const char* of_refused_market = "a market whose row in markets.csv was refused";

  static void require_some(bool some, const std::string& source, const refusals& refused) {
    if (some) return;
    for (const refusals::entry& e : refused.entries) {
      if (e.source == source) throw data_error(source, 0, "", "no row can be used; the first refusal: " + e.example);
    }
    throw data_error(source, 0, "", "there is no row in it");
  }

  static void note_ignored(const csv_reader& in, const char* file, tidy_data& out) {
    for (const std::string& column : in.header()) {
      const auto& rules = tidy_columns();
      if (std::none_of(rules.begin(), rules.end(),
                       [&](const column_rule& r) { return r.file == file && r.column == column; })) {
        out.ignored_columns.push_back(std::string(file) + ": " + column);
      }
    }
  }

  std::string read_markets(std::map<std::string, detail::tidy_market, std::less<>>& markets, tidy_data& out) const {
    csv_reader in(table_in(folder, "markets.csv"));
    note_ignored(in, "markets.csv", out);
    const detail::tidy_header at(in);
    std::size_t taken = 0;
    for_each_row(in, bad_rows, out.refused, [&](const csv_row& row) {
      const std::string name = id_in(row, at.market_id);
      detail::tidy_market& market = markets[name];  // stays, without versions, when its rows are refused
      market.name = name;
      detail::read_market_row(row, at, market);
      ++taken;
    });
    out.market_rows = taken + out.refused.total();
    for (auto& [name, market] : markets) {
      if (market.versions.empty()) continue;
      if (!accept(bad_rows, out.refused, [&] { detail::check_facts(in.source(), market); })) market.versions.clear();
    }
    require_some(std::any_of(markets.begin(), markets.end(), [](const auto& m) { return !m.second.versions.empty(); }),
                 in.source(), out.refused);
    return in.source();
  }

  close_table read_prices(const std::vector<detail::tidy_market>& list, name_index& index, tidy_data& out) const {
    csv_reader in(table_in(folder, "prices.csv"));
    note_ignored(in, "prices.csv", out);
    const std::optional<csv_column> volume = in.find_column("volume");
    const csv_column date = in.column("date");
    const auto market_of = [&](const csv_row& row, csv_column column) {
      const std::optional<std::uint32_t> found = index.find(row[column]);
      if (!found) row.refuse(column, "not a market of markets.csv");
      const detail::tidy_market& market = list[*found];
      if (market.versions.empty()) row.refuse(column, of_refused_market);
      const utc_day day = date_in(row, date);
      if (market.facts.listed && day < *market.facts.listed) row.refuse(date, "a close before the market was listed");
      if (market.facts.settled && day > *market.facts.settled) row.refuse(date, "a close after the payout was known");
      return *found;
    };
    const auto flags_of = [&](const csv_row& row) -> std::uint32_t {
      if (volume) (void)amount_in(row, *volume);
      return 0;
    };
    close_table table = read_closes(in, bad_rows, out.refused, market_of, flags_of);
    out.price_rows = table.rows_read;
    require_some(!table.rows.empty(), in.source(), out.refused);
    return table;
  }

  static contract make_contract(const std::string& source, const detail::tidy_market& market,
                                std::span<const close_row> closes, utc_day end) {
    const detail::tidy_facts& facts = market.facts;
    if (!facts.listed && closes.empty()) {
      throw refused_row(source, market.versions.front().line, "listed",
                        "neither a close nor a listing: nothing says when it was listed", market.name);
    }
    const utc_day listed = facts.listed ? *facts.listed : closes.front().day;
    contract out{.name = market.name, .venue = facts.venue};
    out.versions = detail::versions_of(source, market, listed);
    out.life.push_back({.known_at = listed.close(), .stage = life_stage::open});
    if (facts.payout) {
      out.life.push_back({.known_at = facts.settled->close(),
                          .stage = facts.stage.value_or(life_stage::settled),
                          .payout = facts.payout});
    } else {
      out.life.push_back({.known_at = after_all(end), .stage = life_stage::data_ended});
    }
    lifetime_facts after{.volume = facts.volume, .tags = facts.tags, .theme = facts.theme};
    if (!closes.empty()) after.last_priced = closes.back().day;
    out.after = hindsight<lifetime_facts>(std::move(after));
    return out;
  }

  static instant after_all(utc_day last) { return instant::nanoseconds(last.close().nanoseconds() + 1); }
};

}  // namespace basket::files
