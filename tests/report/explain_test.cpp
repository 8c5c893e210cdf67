// The story of one market.
#include "basket/report/explain.hpp"

#include <doctest/doctest.h>

#include <string>

#include "hand_made_run.hpp"

namespace basket_test::report_explain {

using namespace basket;

TEST_CASE("a market that was bought, cut and settled") {
  const std::string text = report::explain(hand_made::run(), "rate, \"cut\"");
  CHECK(text ==
        "Market rate, \"cut\"\n"
        "\nDecisions\n=========\n"
        "  close of            weight  theme     event  reason\n"
        "  ----------  ---  ---------  --------  -----  -----------------------\n"
        "  2025-02-01  in   50.0000 %  politics  rates  stands for rates\n"
        "  2025-02-04  out                              already settled or void\n"
        "\nWhat was done\n=============\n"
        "  day                           shares     price          cash\n"
        "  ----------  ----------  ------------  --------  ------------"
        "  ---------------------------------------------------\n"
        "  2025-02-02  bought      1,000.000000  0.505000   -505.505000"
        "  decided on 2025-02-01, close 0.500000, fee 0.505000\n"
        "  2025-02-04  not bought     10.000000                        "
        "  decided on 2025-02-01: the contract is settled\n"
        "  2025-02-04  settled     1,000.000000  1.000000  1,000.000000\n"
        "\n  Gain over the run, fees included: 494.495000\n");
}

TEST_CASE("a market still held after its data ended") {
  const std::string text = report::explain(hand_made::run(), "C-\xC3\xA9lection");
  CHECK(text.find("2025-02-01  in   1.2500 %  economy  vote   stands for vote") != std::string::npos);
  CHECK(text.find("2025-02-04  out            economy  vote   not eligible: stale") != std::string::npos);
  CHECK(text.find("worth 6.666000 at the close of 2025-02-03; the data ends there, and no payout is known") !=
        std::string::npos);
  CHECK(text.find("Gain over the run, fees included: -4.453989") != std::string::npos);
}

TEST_CASE("a market that was never ordered") {
  const std::string text = report::explain(hand_made::run(), "D");
  CHECK(text.find("not eligible: too few prices") != std::string::npos);
  CHECK(text.find("Nothing: it was never ordered.") != std::string::npos);
}

TEST_CASE("why a market was not looked at: before its listing, after its end, or not told") {
  backtest::result run = hand_made::run();
  run.names.push_back("E");
  run.names.push_back("F");
  run.decisions[1].contracts.push_back({.contract = contract_id(4), .reason = "not eligible: new"});
  CHECK(report::explain(run, "E").find("2025-02-01  out                        not yet listed\n") != std::string::npos);
  CHECK(report::explain(run, "F").find("not live: not yet listed, or already settled or void\n") != std::string::npos);
}

TEST_CASE("an unknown name is a sentence with what is called alike") {
  const auto refusal = [](std::string_view name) -> std::string {
    try {
      (void)report::explain(hand_made::run(), name);
    } catch (const precondition_error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(refusal("zebra") == "there is no market called 'zebra' in this run");
  CHECK(refusal("lection") == "there is no market called 'lection' in this run; there is C-\xC3\xA9lection");
  CHECK(refusal("") == "there is no market called '' in this run");
  CHECK(refusal("a\nb") == "there is no market called 'a b' in this run");
}

}  // namespace basket_test::report_explain
