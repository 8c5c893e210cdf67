#include "basket/files/closes.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>

#include "files/temporary_folder.hpp"

namespace basket_test::files_closes {

using namespace basket;
using files::on_bad_row;

files::close_table read(std::string text, on_bad_row policy, files::refusals& refused) {
  files::csv_reader in(std::move(text), "p.csv");
  return files::read_closes(
      in, policy, refused,
      [](const files::csv_row& row, files::csv_column column) -> std::uint32_t {
        if (row[column] == "a") return 0;
        if (row[column] == "b") return 1;
        row.refuse(column, "unknown");
      },
      [](const files::csv_row& row) { return row.line() == 2 ? 1U : 0U; });
}

TEST_CASE("closes: any order of rows gives the same table") {
  files::refusals none;
  const auto sorted =
      read("market_id,date,close\na,2025-01-01,0.1\na,2025-01-02,0.2\nb,2025-01-01,0.3\n", on_bad_row::raise, none);
  const auto mixed = read("close,market_id,date,more\n0.3,b,2025-01-01,x\n0.2,a,2025-01-02,\n0.1,a,2025-01-01,\n",
                          on_bad_row::raise, none);
  REQUIRE(sorted.rows.size() == 3);
  REQUIRE(mixed.rows.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(sorted.rows[i].market == mixed.rows[i].market);
    CHECK(sorted.rows[i].day == mixed.rows[i].day);
    CHECK(sorted.rows[i].close == mixed.rows[i].close);
  }
  CHECK(sorted.rows[0].flags == 1);
  CHECK(mixed.rows[2].flags == 1);
  CHECK(sorted.first_day == utc_day::parse("2025-01-01"));
  CHECK(sorted.last_day == utc_day::parse("2025-01-02"));
  CHECK(sorted.of(0).size() == 2);
  CHECK(sorted.of(1).size() == 1);
  CHECK(sorted.of(2).empty());
}

TEST_CASE("closes: of two closes on one day the first of the file stays") {
  files::refusals refused;
  const std::string text =
      "market_id,date,close\nb,2025-01-01,0.3\na,2025-01-01,0.1\na,2025-01-01,0.2\nc,2025-01-01,0.2\n";
  const auto table = read(text, on_bad_row::skip_and_count, refused);
  CHECK(table.rows_read == 4);
  CHECK(table.rows.size() == 2);
  CHECK(table.of(0)[0].close == 0.1);
  REQUIRE(refused.entries.size() == 2);
  CHECK(refused.entries[0].reason == "unknown");
  CHECK(refused.entries[1].example ==
        "p.csv, line 4, field 'date': a second close of one market on one day: '2025-01-01, first on line 3'");
  CHECK_THROWS_AS((void)read(text, on_bad_row::raise, refused), files::refused_row);
}

TEST_CASE("closes: a table without rows has no days") {
  files::refusals none;
  const auto table = read("market_id,date,close\n", on_bad_row::raise, none);
  CHECK(table.rows.empty());
  CHECK_FALSE(table.first_day);
}

TEST_CASE("closes: the table of a folder, plain or packed, but one of them") {
  const temporary_folder folder;
  const auto refusal = [&](const std::filesystem::path& where) {
    return sentence<data_error>([&] { (void)files::table_in(where, "p.csv"); });
  };
  CHECK(refusal(folder.path()) == folder.path().string() + ": holds neither p.csv nor p.csv.gz");
  CHECK(refusal(folder.path() / "no") == (folder.path() / "no").string() + ": there is no such folder");
  const auto plain = folder.file("p.csv", "x");
  CHECK(refusal(plain) == plain.string() + ": this is not a folder");
  CHECK(files::table_in(folder.path(), "p.csv") == plain);
  const auto packed = folder.file("p.csv.gz", "x");
  CHECK(refusal(folder.path()) == folder.path().string() + ": holds both p.csv and p.csv.gz");
  std::filesystem::remove(plain);
  CHECK(files::table_in(folder.path(), "p.csv") == packed);
}

TEST_CASE("closes: names are found in any order") {
  files::name_index index;
  for (const auto& [name, value] : {std::pair("m", 1U), std::pair("a", 2U), std::pair("mm", 3U)})
    index.add(name, value);
  index.finish();
  for (int round = 0; round < 2; ++round) {
    CHECK(index.find("mm") == 3U);
    CHECK(index.find("mm") == 3U);
    CHECK(index.find("a") == 2U);
    CHECK_FALSE(index.find("b"));
    CHECK_FALSE(index.find(""));
    CHECK(index.find("m") == 1U);
  }
}

}  // namespace basket_test::files_closes
