#include "basket/files/clob_recording.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "basket/concepts/laws/message_source.hpp"
#include "basket/cost/flat.hpp"
#include "basket/files/fields.hpp"
#include "basket/model/book_audit.hpp"
#include "basket/replay_engine.hpp"
#include "basket/strategy/two_sided_quoter.hpp"
#include "files/temporary_folder.hpp"
#include "support/data_dir.hpp"

namespace basket_test::files_clob_recording {

using namespace basket;

const std::string header = "ts_ms,event,asset,side,price,size,hash\n";

std::vector<message> read(const std::string& rows, std::int64_t gap_ns = 0) {
  files::clob_recording in(header + rows, "a game", files::on_bad_row::raise, gap_ns);
  std::vector<message> all, room(3);
  for (std::size_t n = in.next(room); n > 0; n = in.next(room)) {
    all.insert(all.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return all;
}
std::string refusal(const std::string& rows) {
  return sentence<data_error>([&] { (void)read(rows); });
}

TEST_CASE("rows of one snapshot become a snapshot and its levels, in the words of their token") {
  const auto all = read(
      "1750205358013,B,0,a,0.99,2000,9537\n1750205358013,B,0,b,0.4,12.5,9537\n"
      "1750205358013,B,1,b,0.01,2000,77aa\n"
      "1750205358020,P,1,a,0.6,3,\n");
  REQUIRE(all.size() == 6);
  CHECK(all[0].kind() == message_kind::snapshot);
  CHECK(all[0].snapshot_levels() == 2);
  CHECK(all[0].of == outcome::yes);
  CHECK(all[0].known_at == instant::milliseconds(1'750'205'358'013));
  CHECK(all[1].level().of == side::sell);
  CHECK(all[1].level().at == price::cents(99));
  CHECK(all[2].level().size == shares::micros(12'500'000));
  CHECK(all[3].snapshot_levels() == 1);
  CHECK(all[3].of == outcome::no);
  CHECK(all[5].level().size == shares::whole(3));
  CHECK(all[5].row == 5);
}

TEST_CASE("two snapshots of a token at one instant are told apart by their hash") {
  const auto all = read("1750205358013,B,0,a,0.99,1,x\n1750205358013,B,0,a,0.98,1,y\n");
  REQUIRE(all.size() == 4);
  CHECK(all[2].kind() == message_kind::snapshot);
}

TEST_CASE("the first price between cents makes the tick finer, once; a silence is a hole where that is asked for") {
  const auto fine = read("1750205358013,B,0,a,0.99,1,x\n1750205358014,P,0,a,0.995,1,\n1750205358015,P,0,a,0.996,1,\n");
  REQUIRE(fine.size() == 5);
  CHECK(fine[2].market().change == market_change::tick);
  CHECK(fine[2].market().step == price::micros(1'000));
  const std::string quiet = "1750205358013,B,0,a,0.99,1,x\n1750205368014,P,0,a,0.99,2,\n";
  CHECK(read(quiet).size() == 3);
  const auto holed = read(quiet, 10'000'000'000);
  REQUIRE(holed.size() == 4);
  CHECK(holed[2].market().change == market_change::gap);
}

TEST_CASE("a row that goes back in time is delivered behind the one in front of it, and counted") {
  files::clob_recording in(header + "1750205358013,B,0,a,0.99,1,x\n1750205358010,P,0,a,0.99,2,\n", "a game");
  std::vector<message> room(10);
  REQUIRE(in.next(room) == 3);
  CHECK(room[2].known_at == room[1].known_at);
  CHECK(in.rows_back() == 1);
}

TEST_CASE("every field that cannot be is refused, with its line") {
  CHECK(refusal("1750205358,B,0,a,0.99,1,x\n") ==
        "a game, line 2, field 'ts_ms': a time stamp outside the years 2000 to 2099: is its unit right?: '1750205358'");
  CHECK(refusal("1750205358013,X,0,a,0.99,1,x\n") == "a game, line 2, field 'event': neither B nor P: 'X'");
  CHECK(refusal("1750205358013,B,2,a,0.99,1,x\n") == "a game, line 2, field 'asset': neither 0 nor 1: '2'");
  CHECK(refusal("1750205358013,B,0,bid,0.99,1,x\n") == "a game, line 2, field 'side': neither b nor a: 'bid'");
  CHECK(refusal("1750205358013,B,0,a,1.01,1,x\n") ==
        "a game, line 2, field 'price': not a price in [0, 1] with at most six decimals: '1.01'");
  CHECK(refusal("1750205358013,B,0,a,0.99,-1,x\n") ==
        "a game, line 2, field 'size': not a number of shares with at most six decimals: '-1'");
  CHECK(refusal("1750205358013,B,0,a,nan,1,x\n").find("not a price") != std::string::npos);
  CHECK(sentence<data_error>([] {
          files::clob_recording in("ts_ms,event\n", "short");
        }).starts_with("short, line 1, field 'asset': there is no such column"));
  // Skipped and counted where asked for: the rest is read.
  files::clob_recording in(
      header + "1750205358013,B,0,a,0.99,1,x\nrubbish,P,0,a,0.99,1,\n1750205358014,P,0,a,0.98,1,\n", "a game",
      files::on_bad_row::skip_and_count);
  std::vector<message> room(10);
  CHECK(in.next(room) == 3);
  CHECK(in.refused().total() == 1);
}

TEST_CASE("the laws of sources hold") {
  CHECK(laws::broken_laws([] {
          return files::clob_recording(header +
                                           "1750205358013,B,0,a,0.99,2000,9537\n1750205358013,B,0,b,0.4,12.5,9537\n"
                                           "1750205358010,P,1,a,0.6,3,\n1750205358013,B,1,b,0.01,2000,77aa\n",
                                       "a game");
        }).empty());
}

TEST_SUITE("slow files") {
  TEST_CASE("the 22 recordings held against themselves: token agreement, gaps and rows back as their manifest says") {
    const auto data = data_dir("the audit of 22 recorded order books");
    if (!data) return;
    const std::filesystem::path folder = *data / "polymarket-clob-mlb-l2";
    files::csv_reader manifest(folder / "manifest.csv");
    const auto slug = manifest.column("market_slug"), match = manifest.column("replay_level_match"),
               gaps = manifest.column("gaps_over_60s"), snapshots = manifest.column("n_book_snapshots"),
               changes = manifest.column("n_level_changes");
    std::size_t recordings = 0, back = 0;
    while (const auto row = manifest.next()) {
      const std::string name((*row)[slug]);
      CAPTURE(name);
      files::clob_recording in(folder / "events" / (name + ".csv.gz"));
      book_audit audit;
      std::vector<message> room(1'000);
      for (std::size_t n = in.next(room); n > 0; n = in.next(room)) {
        for (std::size_t i = 0; i < n; ++i) audit.add(room[i]);
      }
      const auto found = audit.finish();
      CHECK(found.snapshots == static_cast<std::uint64_t>(files::whole_in(*row, snapshots)));
      CHECK(found.level_changes == static_cast<std::uint64_t>(files::whole_in(*row, changes)));
      CHECK(found.gaps.spells == static_cast<std::uint64_t>(files::whole_in(*row, gaps)));
      CHECK(std::abs(found.token.share().value() - files::number_in(*row, match)) <= 0.5e-4 + 1e-12);
      // Both tokens together know at least what each knows alone.
      CHECK(found.joint.share().value() >= found.token.share().value() - 1e-3);
      CHECK(found.contradictions * 100 <= found.two_told);
      CHECK(found.defects.off_grid + found.defects.at_the_end + found.defects.impossible_size == 0);
      back += in.rows_back();
      ++recordings;
    }
    CHECK(recordings == 22);
    CHECK(back == 2);
  }

  TEST_CASE("every state of the joint book on the 22 recordings equals that of a book in maps") {
    const auto data = data_dir("the books of 22 recordings against a book in maps");
    if (!data) return;
    std::size_t states = 0, differ = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*data / "polymarket-clob-mlb-l2" / "events")) {
      CAPTURE(entry.path().string());
      files::clob_recording in(entry.path());
      order_book book(in.markets()[0].grid);
      std::map<std::int64_t, shares> bids, asks;  // by micro-dollars of YES
      std::uint32_t due = 0;
      std::vector<message> room(1'000);
      for (std::size_t n = in.next(room); n > 0; n = in.next(room)) {
        for (std::size_t i = 0; i < n; ++i) {
          const message& m = room[i];
          (void)book.apply(m);
          if (m.kind() == message_kind::snapshot) {
            bids.clear();
            asks.clear();
            due = m.snapshot_levels();
            continue;
          }
          if (m.kind() != message_kind::level) continue;
          const level_size l = m.level();
          const bool bid = (l.of == side::buy) == (m.of == outcome::yes);
          const std::int64_t at = m.of == outcome::yes ? l.at.micros() : micro - l.at.micros();
          std::map<std::int64_t, shares>& levels = bid ? bids : asks;
          levels.erase(at);
          if (l.size > shares{}) levels.emplace(at, l.size);
          due -= due > 0 ? 1 : 0;
          if (due > 0) continue;
          std::map<std::int64_t, shares> seen_bids, seen_asks;
          book.for_each_level(side::buy, [&](price p, shares size) {
            seen_bids.emplace(p.micros(), size);
            return true;
          });
          book.for_each_level(side::sell, [&](price p, shares size) {
            seen_asks.emplace(p.micros(), size);
            return true;
          });
          const auto best = [](const auto& map, bool highest) {
            return map.empty() ? std::nullopt
                               : std::optional(price::micros(highest ? map.rbegin()->first : map.begin()->first));
          };
          differ += seen_bids != bids || seen_asks != asks || book.best_bid() != best(bids, true) ||
                            book.best_ask() != best(asks, false)
                        ? 1
                        : 0;
          ++states;
        }
      }
    }
    CHECK(states > 110'000);
    CHECK(differ == 0);
  }

  TEST_CASE("a quoter on each of the 22 recordings: the journal booked again gives the same ledger to the last unit") {
    const auto data = data_dir("replays of 22 recorded order books");
    if (!data) return;
    std::size_t recordings = 0;
    std::uint64_t fills = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*data / "polymarket-clob-mlb-l2" / "events")) {
      CAPTURE(entry.path().string());
      const replay_engine<strategy::two_sided_quoter, execution::crossed_only, cost::flat> replay{
          .cost = {.rate = basis_points{10}}};
      files::clob_recording in(entry.path());
      const auto run = replay.run(in);
      ledger again;
      for (const ledger_entry& e : run.journal) {
        again.repeat(e);
        REQUIRE(again.audit() == 0);
      }
      CHECK(again.cash() == run.books.cash());
      CHECK(again.locked() == run.books.locked());
      CHECK(again.fees() == run.books.fees());
      CHECK(again.residue() == run.books.residue());
      CHECK(again.position(contract_id(0)).yes == run.books.position(contract_id(0)).yes);
      CHECK(again.position(contract_id(0)).no == run.books.position(contract_id(0)).no);
      CHECK(run.books.audit() == 0);
      CHECK(run.left.size() <= 1);
      for (const backtest::held_position& held : run.left) CHECK(held.stage == life_stage::data_ended);
      fills += run.totals.maker_fills;
      ++recordings;
    }
    CHECK(recordings == 22);
    CHECK(fills > 0);
  }
}

}  // namespace basket_test::files_clob_recording
