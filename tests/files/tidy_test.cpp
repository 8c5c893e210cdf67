#include "basket/files/tidy.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "basket/core/random.hpp"
#include "files/temporary_folder.hpp"
#include "files/universe_text.hpp"
#include "support/universes.hpp"

namespace basket_test::files_tidy {

using namespace basket;
namespace fs = std::filesystem;
using files::on_bad_row;

const fs::path sample = fs::path(BASKET_SOURCE_DIR) / "examples" / "sample";

/// The sample, of which a test changes a copy.
struct texts {
  std::string markets = bytes_of(sample / "markets.csv");
  std::string prices = bytes_of(sample / "prices.csv");
};

files::tidy_data read(const texts& t, on_bad_row policy = on_bad_row::raise) {
  const temporary_folder folder;
  folder.file("markets.csv", t.markets);
  folder.file("prices.csv", t.prices);
  return files::tidy{.folder = folder.path(), .bad_rows = policy}.read();
}

/// What the reader says to a broken copy, without the path of the folder.
std::string refusal(const texts& t, on_bad_row policy = on_bad_row::raise) {
  const std::string said = sentence<data_error>([&] { (void)read(t, policy); });
  const std::size_t at = said.find("basket_test_");
  return at == std::string::npos ? said : said.substr(said.find('/', at) + 1);
}
std::string markets_refusal(std::string_view from, std::string_view to) {
  texts t;
  t.markets = with(t.markets, from, to);
  return refusal(t);
}
std::string prices_refusal(std::string_view from, std::string_view to) {
  texts t;
  t.prices = with(t.prices, from, to);
  return refusal(t);
}

TEST_CASE("tidy: the sample is what its rows say") {
  const files::tidy_data got = files::tidy{.folder = sample}.read();
  check(got.data);
  CHECK(got.market_rows == 6);
  CHECK(got.price_rows == 20);
  CHECK(got.refused.total() == 0);
  CHECK(got.ignored_columns.empty());
  CHECK(text_of(got.data) ==
        "2025-05-29 8 days\n"
        "XCUP-25-HARB on kalshi\n"
        "  version 2025-06-01T00:00:00.000000000Z [Will the Harbour Pilots win the 2025 \"Example Cup\"?] [] [XCUP-25] "
        "2025-06-04\n"
        "  life 2025-06-01T00:00:00.000000000Z open -\n"
        "  life 2025-06-05T00:00:00.000000000Z settled 1.000000\n"
        "  after 15200.000000 2025-06-03 sports Sports\n"
        " - - 0.550000 0.570000 0.640000 0.930000 - -\n"
        "XCUP-25-MILL on kalshi\n"
        "  version 2025-06-01T00:00:00.000000000Z [Will the Mill Town Weavers win the 2025 \"Example Cup\"?] [] "
        "[XCUP-25] 2025-06-04\n"
        "  life 2025-06-01T00:00:00.000000000Z open -\n"
        "  life 2025-06-05T00:00:00.000000000Z settled 0.000000\n"
        "  after 7100.000000 2025-06-03 sports Sports\n"
        " - - 0.450000 0.430000 - 0.070000 - -\n"
        "XRAIN-25JUN03 on kalshi\n"
        "  version 2025-06-02T00:00:00.000000000Z [Will it rain more than 1 inch in Port Sample on Jun 3, 2025?] [] "
        "[XRAIN-25JUN03] 2025-06-03\n"
        "  life 2025-06-02T00:00:00.000000000Z open -\n"
        "  life 2025-06-06T00:00:00.000000000Z voided 0.500000\n"
        "  after 640.000000 2025-06-03 weather_climate Climate and Weather\n"
        " - - - 0.220000 0.350000 0.410000 - -\n"
        "pm:900101 on polymarket\n"
        "  version 2025-05-31T00:00:00.000000000Z [Will the central bank of Ruritania cut rates in July 2025?] "
        "[ruritania-rate-cut-in-july-2025] [ruritania-rate-decision-july-2025] 2025-07-17\n"
        "  life 2025-05-31T00:00:00.000000000Z open -\n"
        "  life 2025-06-06T00:00:00.000000001Z data_ended -\n"
        "  after 41250.500000 2025-06-05 economics economy rates\n"
        " - 0.620000 0.635000 0.640000 - 0.710000 - 0.705000\n"
        "pm:900102 on polymarket\n"
        "  version 2025-05-30T00:00:00.000000000Z [Will Examplecoin reach $120,000 in June?] "
        "[will-examplecoin-reach-120000-in-june] [examplecoin-in-june-2025] 2025-06-30\n"
        "  version 2025-06-03T00:00:00.000000000Z [Will Examplecoin reach $120,000 before July 15?] "
        "[will-examplecoin-reach-120000-in-june] [examplecoin-in-june-2025] 2025-07-15\n"
        "  life 2025-05-30T00:00:00.000000000Z open -\n"
        "  life 2025-06-06T00:00:00.000000001Z data_ended -\n"
        "  after 9800.000000 2025-06-04 crypto crypto\n"
        " 0.310000 0.290000 - 0.275000 0.340000 - 0.330000 -\n");
}

TEST_CASE("tidy: a decision sees what was known, and the end of the recording is never known inside it") {
  const universe u = files::tidy{.folder = sample}.read().data;
  const contract_id rain(2), coin(4);
  const auto at = [&](const char* date) { return backtest::engine_access::past(u, day(date).close()); };
  CHECK_FALSE(at("2025-05-31").is_listed(rain));
  CHECK(at("2025-06-01").is_listed(rain));
  CHECK(at("2025-06-04").stage(rain) == life_stage::open);
  CHECK(at("2025-06-05").stage(rain) == life_stage::voided);
  CHECK(at("2025-06-05").settlement(rain) == price::micros(500'000));
  CHECK(at("2025-06-01").metadata(coin).scheduled_end == day("2025-06-30"));
  CHECK(at("2025-06-02").metadata(coin).scheduled_end == day("2025-07-15"));
  CHECK(at("2025-06-05").stage(coin) == life_stage::open);  // the last close of all
  CHECK(at("2025-06-06").stage(coin) == life_stage::data_ended);
}

TEST_CASE("tidy: the order of rows, CRLF, a byte order mark, gzip and a missing last line end change nothing") {
  const texts original;
  const std::string expected = text_of(read(original).data);
  for (std::size_t turn = 0; turn < 6; ++turn) {
    texts t;
    t.markets = reordered(t.markets, turn);
    t.prices = reordered(t.prices, 3 * turn);
    CHECK(text_of(read(t).data) == expected);
  }
  texts t;
  t.markets = "\xef\xbb\xbf" + with_crlf(t.markets);
  t.prices = with_crlf(t.prices.substr(0, t.prices.size() - 1));
  CHECK(text_of(read(t).data) == expected);
  const temporary_folder folder;
  folder.file("markets.csv", original.markets);
  folder.file("prices.csv.gz", gzipped(original.prices));
  CHECK(text_of(files::tidy{.folder = folder.path()}.read().data) == expected);
}

TEST_CASE("tidy: three columns and three columns are enough; others are ignored by name") {
  const files::tidy_data got = read(
      {.markets = "market_id,venue,title,colour\nm,here,,red\n", .prices = "market_id,date,close\nm,2025-01-31,0.5\n"});
  CHECK(text_of(got.data) ==
        "2025-01-31 1 days\n"
        "m on here\n"
        "  version 2025-02-01T00:00:00.000000000Z [] [] [] no end\n"
        "  life 2025-02-01T00:00:00.000000000Z open -\n"
        "  life 2025-02-01T00:00:00.000000001Z data_ended -\n"
        "  after - 2025-01-31 \n"
        " 0.500000\n");
  CHECK(got.ignored_columns == std::vector<std::string>{"markets.csv: colour"});
}

TEST_CASE("tidy: versions known before the listing count from the listing, the latest of them") {
  const files::tidy_data got = read({.markets = "market_id,venue,title,known_at,listed\n"
                                                "m,here,third,2025-02-03,\n"
                                                "m,here,first,,2025-02-01\n"
                                                "m,here,second,2025-01-20,2025-02-01\n",
                                     .prices = "market_id,date,close\nm,2025-02-02,0.5\n"});
  const auto& versions = got.data.contracts[0].versions;
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].title == "second");
  CHECK(versions[0].known_at == day("2025-02-01").close());
  CHECK(versions[1].title == "third");
  CHECK(versions[1].known_at == day("2025-02-03").close());
}

TEST_CASE("tidy: a market without a close needs a listing, and may be listed behind the last close") {
  const std::string prices = "market_id,date,close\nm,2025-02-02,0.5\n";
  const files::tidy_data got =
      read({.markets = "market_id,venue,title,listed\nm,here,,\nn,here,,2025-03-01\n", .prices = prices});
  check(got.data);
  CHECK(got.data.closes.days() == 1);
  CHECK(got.data.contracts[1].life[0].known_at == day("2025-03-01").close());
  CHECK(got.data.contracts[1].life[1].stage == life_stage::data_ended);
  CHECK(refusal({.markets = "market_id,venue,title\nm,here,\nn,here,\n", .prices = prices}) ==
        "markets.csv, line 3, field 'listed': neither a close nor a listing: nothing says when it was listed: 'n'");
}

TEST_CASE("tidy: the last close may be of the day of the settlement, the first of the day of the listing") {
  const files::tidy_data got = read({.markets = "market_id,venue,title,listed,payout,settled\n"
                                                "m,here,,2025-02-01,1,2025-02-02\n"
                                                "n,here,,2025-02-02,0.25,2025-02-02\n",
                                     .prices = "market_id,date,close\nm,2025-02-01,0.5\nm,2025-02-02,0.9\n"});
  check(got.data);
  CHECK(got.data.closes.close(day("2025-02-01"), contract_id(0)) == 0.5);
  CHECK(got.data.closes.close(day("2025-02-02"), contract_id(0)) == 0.9);
  CHECK(got.data.contracts[1].life.back().payout == price::micros(250'000));
}

TEST_CASE("tidy: every broken row of markets.csv has its sentence") {
  const std::string at2 = "markets.csv, line 2, field ";
  CHECK(markets_refusal("\npm:900101,polymarket", "\n,polymarket") == at2 + "'market_id': empty: ''");
  CHECK(markets_refusal("\npm:900101,polymarket", "\npm:900101,") == at2 + "'venue': empty: ''");
  CHECK(markets_refusal("2025-07-17", "17.07.2025") == at2 + "'end': not a calendar date YYYY-MM-DD: '17.07.2025'");
  CHECK(markets_refusal("2025-07-17", "2025-05-01") ==
        at2 + "'end': the end lies before the listing on 2025-05-30: '2025-05-01 pm:900101'");
  CHECK(markets_refusal("41250.5", "-1") == at2 + "'volume': negative: '-1'");
  CHECK(markets_refusal("41250.5", "many") == at2 + "'volume': not a number: 'many'");
  CHECK(
      markets_refusal("Ruritania cut", "Rurit\xe4nia cut").starts_with(at2 + "'title': not UTF-8: 'Will the central"));
  CHECK(markets_refusal("economics,41250.5", "41250.5") ==
        "markets.csv, line 2: not as many fields as the header: '13 instead of 14'");
  CHECK(markets_refusal("2025-06-02,,,,", ",,,,") ==
        "markets.csv, line 4, field 'known_at': two rows of one market with the same known_at: 'pm:900102'");
  CHECK(markets_refusal("July 15?\",will-examplecoin-reach-120000-in-june,examplecoin-in-june-2025,,",
                        "July 15?\",,,2025-05-28,") ==
        "markets.csv, line 4, field 'listed': not what an earlier row of this market says: '2025-05-28'");
  CHECK(markets_refusal("2025-06-30,,", "2025-06-30,2025-06-01,") ==
        "markets.csv, line 3, field 'known_at': nothing is known of the market on the day it is listed: '2025-05-29 "
        "pm:900102'");
  CHECK(markets_refusal("1,2025-06-04,settled", "1.5,2025-06-04,settled") ==
        "markets.csv, line 5, field 'payout': not a payout in [0, 1] with at most six decimals: '1.5'");
  CHECK(markets_refusal("1,2025-06-04,settled", "1,,settled") ==
        "markets.csv, line 5, field 'settled': a payout without the day on which it became known: 'XCUP-25-HARB'");
  CHECK(markets_refusal("1,2025-06-04,settled", ",2025-06-04,") ==
        "markets.csv, line 5, field 'payout': settled without a payout: 'XCUP-25-HARB'");
  CHECK(markets_refusal("1,2025-06-04,settled", ",,settled") ==
        "markets.csv, line 5, field 'payout': a stage without a payout: 'XCUP-25-HARB'");
  CHECK(markets_refusal("1,2025-06-04,settled", "1,2025-06-04,paid") ==
        "markets.csv, line 5, field 'stage': neither 'settled' nor 'voided': 'paid'");
  texts t;
  t.markets = with(t.markets, "XCUP-25,,2025-06-04,,1,2025-06-04", "XCUP-25,2025-06-01,2025-06-04,,1,2025-05-30");
  CHECK(refusal(t) == "markets.csv, line 5, field 'settled': settled before it was listed: 'XCUP-25-HARB'");
}

TEST_CASE("tidy: every broken row of prices.csv has its sentence") {
  const std::string at2 = "prices.csv, line 2, field ";
  CHECK(prices_refusal("05-30,0.62,", "05-30,1.5,") == at2 + "'close': outside [0, 1]: '1.5'");
  CHECK(prices_refusal("05-30,0.62,", "05-30,-0.1,") == at2 + "'close': outside [0, 1]: '-0.1'");
  CHECK(prices_refusal("05-30,0.62,", "05-30,nan,") == at2 + "'close': not a finite number: 'nan'");
  CHECK(prices_refusal("05-30,0.62,", "05-30,inf,") == at2 + "'close': not a finite number: 'inf'");
  CHECK(prices_refusal("05-30,0.62,", "05-30,,") == at2 + "'close': empty: ''");
  CHECK(prices_refusal("05-30,0.62,", "05-30,62c,") == at2 + "'close': not a number: '62c'");
  CHECK(prices_refusal("05-30,0.62,", "05-32,0.62,") == at2 + "'date': not a calendar date YYYY-MM-DD: '2025-05-32'");
  CHECK(prices_refusal("\npm:900101,2025-05-30", "\npm:900101,") == at2 + "'date': empty: ''");
  CHECK(prices_refusal("\npm:900101,2025-05-30", "\npm:900101,2205-05-30") ==
        at2 + "'date': a date outside the years 2000 to 2099: '2205-05-30'");
  CHECK(prices_refusal("\npm:900101,2025-05-30", "\npm:900100,2025-05-30") ==
        at2 + "'market_id': not a market of markets.csv: 'pm:900100'");
  CHECK(prices_refusal("0.62,1800", "0.62,-3") == at2 + "'volume': negative: '-3'");
  CHECK(prices_refusal("0.62,1800", "0.62,NaN") == at2 + "'volume': not a finite number: 'NaN'");
  CHECK(prices_refusal("0.62,1800", "0.62") ==
        "prices.csv, line 2: not as many fields as the header: '3 instead of 4'");
  CHECK(prices_refusal("0.62,1800", "\"0.62,1800") == "prices.csv, line 2: a quote opens here and is not closed");
  CHECK(prices_refusal("2025-05-31,0.635", "2025-05-30,0.635") ==
        "prices.csv, line 3, field 'date': a second close of one market on one day: '2025-05-30, first on line 2'");
  CHECK(prices_refusal("2025-06-03,0.93", "2025-06-05,0.93") ==
        "prices.csv, line 15, field 'date': a close after the payout was known: '2025-06-05'");
  CHECK(prices_refusal("2025-05-29,0.31", "2025-05-28,0.31") ==
        "prices.csv, line 7, field 'date': a close before the market was listed: '2025-05-28'");
}

TEST_CASE("tidy: broken files have their sentence, also where rows may be skipped") {
  for (const on_bad_row policy : {on_bad_row::raise, on_bad_row::skip_and_count}) {
    for (const std::string column : {"market_id", "venue", "title"}) {
      texts t;
      t.markets.replace(t.markets.find(column), column.size(), "x");
      CHECK(refusal(t, policy).starts_with("markets.csv, line 1, field '" + column +
                                           "': there is no such column; the header has "));
    }
    for (const std::string column : {"market_id", "date", "close"}) {
      texts t;
      t.prices.replace(t.prices.find(column), column.size(), "x");
      CHECK(refusal(t, policy).starts_with("prices.csv, line 1, field '" + column +
                                           "': there is no such column; the header has "));
    }
    texts t;
    t.prices = with(t.prices, "close,volume", "close,close");
    CHECK(refusal(t, policy) == "prices.csv, line 1, field 'close': two columns have this name");
    CHECK(refusal({.markets = texts{}.markets, .prices = ""}, policy) == "prices.csv: the file is empty");
    CHECK(refusal({.markets = "", .prices = ""}, policy) == "markets.csv: the file is empty");
    CHECK(refusal({.markets = "market_id,venue,title\n", .prices = ""}, policy) ==
          "markets.csv: there is no row in it");
    CHECK(refusal({.markets = texts{}.markets, .prices = "market_id,date,close\n"}, policy) ==
          "prices.csv: there is no row in it");
    const std::string packed = gzipped(texts{}.prices);
    CHECK(refusal({.markets = texts{}.markets, .prices = packed.substr(0, packed.size() / 2)}, policy) ==
          "prices.csv: the gzip data is cut off before its end");
  }
  CHECK(refusal({.markets = texts{}.markets, .prices = "market_id,date,close\nm,2025-01-01,0.5\nm,2025-01-02,0.5\n"},
                on_bad_row::skip_and_count)
            .starts_with("prices.csv: no row can be used; the first refusal: "));
  CHECK(sentence<data_error>([] { (void)files::tidy{.folder = "/no/such/folder"}.read(); }) ==
        "/no/such/folder: there is no such folder");
}

TEST_CASE("tidy: skipped rows are counted by reason, and what is left is the rest") {
  texts t;
  t.prices = with(t.prices, "05-30,0.62,", "05-30,1.5,");
  t.prices = with(t.prices, "05-31,0.635,", "05-31,-3,");
  t.prices = with(t.prices, "2025-06-03,0.71", "soon,0.71");
  t.prices += "elsewhere,2025-06-01,0.5,\nXRAIN-25JUN03,2025-06-03,0.9,\n";
  t.markets = with(t.markets, "0,2025-06-04,,Sports", "0,,,Sports");        // XCUP-25-MILL is refused, with 3 closes
  t.markets = with(t.markets, "2025-07-15,2025-06-02", "soon,2025-06-02");  // one version of pm:900102
  const temporary_folder folder;
  folder.file("markets.csv", t.markets);
  folder.file("prices.csv", t.prices);
  // [read]
  const files::tidy reader{.folder = folder.path(), .bad_rows = files::on_bad_row::skip_and_count};
  const files::tidy_data got = reader.read();
  std::string table;
  for (const files::refusals::entry& e : got.refused.entries) {
    table += std::to_string(e.rows) + " " + e.field + ": " + e.reason + "\n";
  }
  // [/read]
  CHECK(table ==
        "1 end: not a calendar date YYYY-MM-DD\n"
        "1 settled: a payout without the day on which it became known\n"
        "2 close: outside [0, 1]\n"
        "1 date: not a calendar date YYYY-MM-DD\n"
        "3 market_id: a market whose row in markets.csv was refused\n"
        "1 market_id: not a market of markets.csv\n"
        "1 date: a second close of one market on one day\n");
  CHECK(got.refused.total() == 10);
  CHECK(got.market_rows == 6);
  CHECK(got.price_rows == 22);
  check(got.data);
  REQUIRE(got.data.contracts.size() == 4);
  CHECK(got.data.contracts[3].versions.size() == 1);
  std::size_t closes = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (const double close : got.data.closes.series(contract_id(i))) closes += is_missing(close) ? 0 : 1;
  }
  CHECK(closes == 20 - 3 - 3);
  CHECK(got.data.closes.close(day("2025-06-03"), contract_id(1)) == 0.41);  // the first of the two stays

  // A market refused for what its closes show loses them too, and they are counted.
  t = {};
  t.markets = with(t.markets, "2025-07-17", "2025-05-01");
  const files::tidy_data dropped = read(t, on_bad_row::skip_and_count);
  CHECK(dropped.data.contracts.size() == 4);
  CHECK(dropped.refused.total() == 1 + 5);
}

TEST_CASE("tidy: a damaged copy is read or refused, and what is read passes the checks of a universe") {
  random_stream random(11);
  const std::string letters = "0159.-,\"\n\r|:ae \x80\xff";
  const auto damage = [&](std::string text) {
    for (std::uint32_t changes = 1 + random.below(3); changes > 0; --changes) {
      const std::size_t at = random.below(static_cast<std::uint32_t>(text.size()));
      const char letter = letters[random.below(static_cast<std::uint32_t>(letters.size()))];
      switch (random.below(4)) {
        case 0:
          text[at] = letter;
          break;
        case 1:
          text.insert(at, 1, letter);
          break;
        case 2:
          text.erase(at, 1 + random.below(20));
          break;
        default:
          text.insert(at, text.substr(random.below(static_cast<std::uint32_t>(text.size())), random.below(80)));
      }
    }
    return text;
  };
  int whole = 0, raised = 0, skipped = 0;
  for (int round = 0; round < 150; ++round) {
    texts t;
    std::string& one = random.below(2) == 0 ? t.markets : t.prices;
    one = damage(one);
    for (const on_bad_row policy : {on_bad_row::raise, on_bad_row::skip_and_count}) {
      try {
        const files::tidy_data got = read(t, policy);
        check(got.data);
        (got.refused.total() == 0 ? whole : skipped) += 1;
      } catch (const data_error&) {
        ++raised;
      }
    }
  }
  CHECK(whole > 15);
  CHECK(raised > 15);
  CHECK(skipped > 15);
}

TEST_CASE("tidy: the rules name every column of the sample once") {
  for (const char* file : {"markets.csv", "prices.csv"}) {
    files::csv_reader in(sample / file);
    std::vector<std::string> ruled;
    for (const files::column_rule& rule : files::tidy_columns()) {
      if (rule.file == file) ruled.push_back(rule.column);
      CHECK_FALSE(rule.why.empty());
    }
    std::vector<std::string> header = in.header();
    std::sort(header.begin(), header.end());
    std::sort(ruled.begin(), ruled.end());
    CHECK(ruled == header);
  }
}

}  // namespace basket_test::files_tidy
