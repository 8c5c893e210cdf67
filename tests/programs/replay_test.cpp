// The programs that replay recordings, as a person meets them: good runs, and one sentence for each kind of nonsense.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>

#include "programs/workplace.hpp"

namespace basket_test::programs_replay {

namespace fs = std::filesystem;

struct workplace : basket_test::workplace {
  explicit workplace(const char* program = "replay") : basket_test::workplace(program) {}
  /// A minute of a market of one's own, in the layout of docs/message-layout.md.
  void write_own(const std::string& name, const std::string& market, int second) const {
    fs::create_directories(at(name));
    write_file(at(name) / "markets.csv", "name,venue,category,tells\n" + market + ",v,c,depth|tops|sizes|trades\n");
    std::string rows = "known_at_ns,market,kind,side,price,size\n";
    const auto row = [&](int at, const std::string& rest) {
      rows += std::to_string(1'740'000'000 + at) + "000000000," + market + "," + rest + "\n";
    };
    row(second, "snapshot,,,");
    row(second, "book,buy,0.4,100");
    row(second, "book,sell,0.5,100");
    for (int i = 1; i < 60; ++i) {
      row(second + i, i % 2 == 0 ? "level,buy,0.42,0" : "level,buy,0.42,50");
      row(second + i, "trade,sell,0.4,30");
    }
    write_file(at(name) / "messages.csv", rows);
  }
};

TEST_CASE("without data it replays a synthetic stream, writes its files whole, and the same bytes twice") {
  const workplace here;
  REQUIRE(here.run("--out a --chart no").status == 0);
  REQUIRE(here.run("--out b --chart no").status == 0);
  for (const char* name : {"report.txt", "summary.json", "fills.csv", "orders.csv", "equity.csv", "ledger.jsonl"}) {
    CHECK(fs::file_size(here.at("a") / name) > 200);
    CHECK(read_file(here.at("a") / name) == read_file(here.at("b") / name));
  }
  const std::string manifest = read_file(here.at("a") / "manifest.json");
  for (const char* sentence :
       {"The stream is synthetic and fair", "Nobody reacts to the strategy's orders; what it took",
        "A resting order waits behind everything displayed", "Trading is free of fees",
        "Orders and answers always travel equally long", "Quotes without a size fill nothing",
        "Candles fill no order"}) {
    CHECK(manifest.find(sentence) != std::string::npos);
  }
  CHECK(manifest.find("\"seed\": \"1\"") != std::string::npos);
  const std::string report = read_file(here.at("a") / "report.txt");
  CHECK(report.find("Bias: ") < report.find("What happened"));
  CHECK(report.find("Every identity holds to the last unit over") != std::string::npos);
  // Another seed is another stream.
  REQUIRE(here.run("--out c --chart no --seed 2").status == 0);
  CHECK(read_file(here.at("a") / "fills.csv") != read_file(here.at("c") / "fills.csv"));
}

TEST_CASE("recordings of one's own, listed in any order, give the same run") {
  const workplace here;
  here.write_own("one", "m1", 0);
  here.write_own("two", "m2", 3);
  const std::string rest = " --market m2 --fills back-of-queue --every 10 --chart no";
  const auto first = here.run("--data one,two --out a" + rest), second = here.run("--data two,one --out b" + rest);
  REQUIRE(first.status == 0);
  REQUIRE(second.status == 0);
  for (const char* name : {"fills.csv", "orders.csv", "equity.csv", "ledger.jsonl"}) {
    CHECK(read_file(here.at("a") / name) == read_file(here.at("b") / name));
  }
  CHECK(first.out.find("It does not record candles, settlements.") != std::string::npos);
}

TEST_CASE("nonsense gets one sentence, a non-zero status, and leaves nothing behind") {
  const workplace here;
  here.write_own("one", "m1", 0);
  write_file(here.at("strange.csv"), "a,b\n1,2\n");
  fs::create_directories(here.at("bad"));
  write_file(here.at("bad") / "markets.csv", "name,tells\nm,depth|tops|sizes\n");
  write_file(here.at("bad") / "messages.csv", "known_at_ns,market,kind\n1740000000000000000,m,rumour\n");
  const auto refused = [&](const std::string& arguments, int status, const std::string& sentence) {
    CAPTURE(arguments);
    const auto ran = here.run(arguments + " --out nothing");
    CHECK(ran.status == status);
    CHECK(ran.out.empty());
    CHECK_MESSAGE(ran.err.find(sentence) != std::string::npos, ran.err);
    CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
    CHECK_FALSE(fs::exists(here.at("nothing")));
  };
  refused("--data nowhere", 1, "replay: nowhere: there is no such file");
  refused("--data strange.csv", 1, "the columns are those of no recording that is known");
  refused("--data bad", 1, "messages.csv, line 2, field 'kind': no kind of message: 'rumour'");
  refused("--data one --market m2", 2, "there is no market 'm2': the recording has 1, m1");
  here.write_own("two", "m2", 0);
  refused("--data one,two", 2, "--market is needed: the recording has 2, m1, m2");
  refused("--data one,one", 1, "two sources are named one");
  refused("--strategy hope", 2, "option --strategy is one of quoter, mean-reversion, random, idle, not 'hope'");
  refused("--cost quadratic:x", 2, "option --cost takes zero, flat:BASIS_POINTS or quadratic:RATE");
  refused("--cost flat:-1", 2, "option --cost takes zero, flat:BASIS_POINTS or quadratic:RATE");
  refused("--size 0", 2, "option --size takes a whole number from 1 to 1000000000, not '0'");
  refused("--quote-size 5", 2, "option --quote-size goes with --fills quotes");
  refused("--fills magic", 2, "option --fills is one of");
  refused("--payouts nowhere.csv", 1, "nowhere.csv: there is no such file");
}

TEST_CASE("a recording that lacks what a queue model needs is refused with a sentence") {
  const workplace here;
  write_file(here.at("quotes.csv"),
             "ts_us,ticker,yes_bid_c,no_bid_c\n1764880036079996,T,1,96\n1764880037079996,T,2,96\n");
  const auto ran = here.run("--data quotes.csv --fills back-of-queue --out nothing");
  CHECK(ran.status == 1);
  CHECK(ran.err.find("does not record sizes, trades, which the queue model needs") != std::string::npos);
}

TEST_CASE("the ladder of fidelity: every rung fills, and its books balance") {
  const workplace here("fidelity_ladder");
  const auto ran = here.run("");
  REQUIRE(ran.status == 0);
  for (const char* name : {"bars of 10 s", "best prices", "full depth, first in the queue", "decreases trade",
                           "even cancels", "cancels behind"}) {
    const std::size_t at = ran.out.find(name);
    REQUIRE(at != std::string::npos);
    const std::string line = ran.out.substr(at, ran.out.find('\n', at) - at);
    CHECK(line.back() == '0');
    CHECK(line.find("  0  ") == std::string::npos);  // no column of zeros: orders, maker and taker fills
  }
}

TEST_CASE("the audit of recordings says what it needs") {
  const workplace here("audit_recordings");
  CHECK(here.run("").status == 2);
  CHECK(here.run("--data nowhere").err == "audit_recordings: nowhere: there is no such folder\n");
  fs::create_directories(here.at("empty"));
  CHECK(here.run("--data empty").err == "audit_recordings: empty: holds no recording\n");
  fs::create_directories(here.at("books"));
  write_file(here.at("books") / "game.csv",
             "ts_ms,event,asset,side,price,size,hash\n1750205358013,B,0,a,0.99,1,x\n1750205358014,B,0,a,0.99,1,y\n");
  const auto ran = here.run("--data books");
  CHECK(ran.status == 0);
  CHECK(ran.out.find("1.0000  1.0000") != std::string::npos);
}

}  // namespace basket_test::programs_replay
