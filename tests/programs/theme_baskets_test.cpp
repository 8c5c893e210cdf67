// The program as a person meets it: good runs, and one sentence for each kind of nonsense.
#include <doctest/doctest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "programs/workplace.hpp"

namespace basket_test::programs_theme_baskets {

using basket_test::read_file;
using basket_test::write_file;
namespace fs = std::filesystem;

struct workplace : basket_test::workplace {
  workplace() : basket_test::workplace("theme_baskets") {}
};

const std::string markets = "market_id,venue,title,listed\nm1,x,Will Bitcoin reach $150K?,2025-01-31\n";
const std::string prices = "market_id,date,close\nm1,2025-01-31,0.5\nm1,2025-02-01,0.5\nm1,2025-02-02,0.6\n";

TEST_CASE("without data it runs on the built-in universe, writes its files whole, and the same bytes twice") {
  const workplace here;
  REQUIRE(here.run("--out a --chart no").status == 0);
  REQUIRE(here.run("--out b --chart no").status == 0);
  for (const char* name : {"report.txt", "summary.json", "nav.csv", "trades.csv", "audit.jsonl"}) {
    CHECK(fs::file_size(here.at("a") / name) > 200);
    CHECK(read_file(here.at("a") / name) == read_file(here.at("b") / name));
  }
  CHECK(fs::exists(here.at("a") / "manifest.json"));
  const std::string report = read_file(here.at("a") / "report.txt");
  CHECK(report.find("Bias: ") < report.find("Result"));
  CHECK(report.find("Every identity holds to the last unit.") != std::string::npos);
  const auto explained = here.run("--explain syn-0001-1");
  CHECK(explained.status == 0);
  CHECK(explained.out.find("Market syn-0001-1") == 0);
}

TEST_CASE("a tidy folder of one's own runs, and one market is explained") {
  const workplace here;
  here.write_tidy("mine", markets, prices);
  const auto run = here.run("--data mine --min-events 1 --out r --chart no");
  CHECK(run.err.empty());
  CHECK(run.status == 0);
  CHECK(read_file(here.at("r") / "trades.csv").find("2025-02-01,2025-02-02,m1,buy") != std::string::npos);
  const auto explained = here.run("--data mine --min-events 1 --explain m1");
  CHECK(explained.status == 0);
  CHECK(explained.out.find("stands for its event") != std::string::npos);
}

TEST_CASE("each nonsense gets one sentence that names it, a status, and leaves nothing behind") {
  const workplace here;
  here.write_tidy("good", markets, prices);
  here.write_tidy("empty", "", prices);
  here.write_tidy("no-column", "market_id,venue\nm1,x\n", prices);
  here.write_tidy("close", markets, "market_id,date,close\nm1,2025-01-31,1.5\n");
  here.write_tidy("date", markets, "market_id,date,close\nm1,2025-02-30,0.5\n");
  here.write_tidy("stranger", markets, "market_id,date,close\nm2,2025-02-01,0.5\n");
  here.write_tidy("twice", markets, prices + "m1,2025-02-02,0.6\n");
  write_file(here.at("file"), "x");
  write_file(here.at("broken.yaml"), "themes: [");
  write_file(here.at("odd.yaml"), "themes:\n  - name: a\n    anny: [b]\n");
  struct nonsense {
    std::string arguments;
    int status;
    std::string named;  // must be in the sentence
  };
  const nonsense cases[] = {
      {"--dta x", 2, "--dta"},
      {"--out", 2, "--out"},
      {"--out a --out b", 2, "--out"},
      {"--from 2025-13-01", 2, "2025-13-01"},
      {"--to yesterday", 2, "yesterday"},
      {"--capital -5", 2, "-5"},
      {"--capital 1e5", 2, "1e5"},
      {"--capital 99999999999999999999", 2, "--capital"},
      {"--fee-bps 10001", 2, "10001"},
      {"--fee-bps ten", 2, "ten"},
      {"--min-price 0.9 --max-price 0.1", 2, "--min-price"},
      {"--min-price 1.1", 2, "1.1"},
      {"--min-events 0", 2, "--min-events"},
      {"--chart maybe", 2, "maybe"},
      {"--venue polymarket", 2, "--venue"},
      {"--data good --venue kalshi", 2, "--venue"},
      {"--data nowhere", 1, "nowhere"},
      {"--data file", 1, "file"},
      {"--data empty", 1, "markets.csv"},
      {"--data no-column", 1, "title"},
      {"--data close", 1, "1.5"},
      {"--data date", 1, "2025-02-30"},
      {"--data stranger", 1, "m2"},
      {"--data twice", 1, "line"},
      {"--data good --bad-rows drop", 2, "drop"},
      {"--data good --from 2020-01-01", 1, "2020-01-01"},
      {"--data good --from 2025-02-02 --to 2025-02-01", 1, "2025-02-01"},
      {"--data good --explain nobody", 1, "nobody"},
      {"--rules nowhere.yaml", 1, "nowhere.yaml"},
      {"--rules broken.yaml", 1, "broken.yaml"},
      {"--rules odd.yaml", 1, "anny"},
      {"--out file", 1, "file"},
      {"--out file/below", 1, "file"},
  };
  for (const nonsense& n : cases) {
    CAPTURE(n.arguments);
    const bool names_out = n.arguments.find("--out") != std::string::npos;
    const auto run = here.run(n.arguments + (names_out ? "" : " --out result"));
    CAPTURE(run.err);
    CHECK(run.status == n.status);
    CHECK(run.err.find(n.named) != std::string::npos);
    CHECK(run.err.rfind("theme_baskets: ", 0) == 0);
    CHECK(std::count(run.err.begin(), run.err.end(), '\n') == 1);
    CHECK(run.out.empty());
    CHECK_FALSE(fs::exists(here.at("result")));
  }
  CHECK(read_file(here.at("file")) == "x");
}

TEST_CASE("a failed run leaves an older report as it was") {
  const workplace here;
  here.write_tidy("good", markets, prices);
  here.write_tidy("bad", markets, "market_id,date,close\nm1,2025-01-31,1.5\n");
  REQUIRE(here.run("--data good --out r --chart no").status == 0);
  const std::string before = read_file(here.at("r") / "report.txt");
  CHECK(here.run("--data bad --out r --chart no").status == 1);
  CHECK(read_file(here.at("r") / "report.txt") == before);
}

}  // namespace basket_test::programs_theme_baskets
