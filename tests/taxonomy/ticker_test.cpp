#include "basket/taxonomy/ticker.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::taxonomy_ticker {

using namespace basket::taxonomy;

std::string text(std::string_view title) { return strip_time(title).text; }

void check_all(std::string_view ticker, const std::vector<std::string_view>& titles) {
  for (const std::string_view title : titles) CHECK_MESSAGE(text(title) == ticker, title);
}

void check_kept(const std::vector<std::string_view>& titles) {
  for (const std::string_view title : titles) {
    const ticker_name found = strip_time(title);
    CHECK_MESSAGE(found.text == fold(title), title);
    CHECK_MESSAGE(!found.when, title);
  }
}

TEST_CASE("one question, every deadline") {
  check_all("ship sail", {
                             "Will the ship sail by March 31?",
                             "Will the ship sail by March 31, 2026?",
                             "Will the ship sail by Mar 31st",
                             "Ship sail by February 28th",
                             "The ship sail in Q1?",
                             "Ship sail before 2027",
                             "Ship sail by March 2028",
                             "Will the ship sail in March?",
                             "Will the ship sail by end of 2026?",
                             "Will the ship sail by the end of the year?",
                             "Will the ship sail on 2026-02-22?",
                             "Will the ship sail on 2/22?",
                             "Will the ship sail from February 17 to February 24, 2026?",
                             "Will the ship sail between February 20-23, 2026?",
                             "Will the ship sail this week?",
                             "Will the ship sail during the week of March 1-7, 2026 (ET)?",
                             "Will the ship sail on or before March 31?",
                             "Will the ship sail no later than April 5?",
                             "Will the ship sail on Friday, March 6 at 3 p.m. ET?",
                             "Will the ship sail today?",
                             "Ship sail - February 21, 8:00AM-12:00PM ET",
                             "Ship sail: March",
                             "Will the ship sail in 2025 or 2026?",
                             "Will the ship sail 2024-2026?",
                             "In 2026, will the ship sail?",
                             "Will the ship sail on the final trading day of June 2026?",
                             "Will the ship (2026) sail by EOY?",
                             "Will the ship sail in the summer of 2026?",
                             "Will the ship sail by mid-2026?",
                             "Will the ship sail on the 5th of March?",
                             "Will the ship sail prior to March 2026?",
                             "Ship sail [26MAR31]",
                         });
}

TEST_CASE("a noun behind a date keeps its preposition") {
  check_all("ann win the open in the world cup",
            {"Will Ann win the Open in the 2026 World Cup?", "Will Ann win the Open in 2026 World Cup?"});
  check_all("bank cut rates after the meeting",
            {"Will the Bank cut rates after the March 2026 meeting?", "Bank cut rates after March 2026 meeting?",
             "Bank cut rates after 2026 March meeting", "Will the Bank cut rates after the May Meeting?"});
  check_all("ann be top scorer during the nba season", {"Will Ann be top scorer during the 2025–26 NBA season?",
                                                        "Will Ann be top scorer during the 2026-2027 NBA season?"});
  CHECK(text("2028 election winner") == "election winner");
  CHECK(text("Winter Games 2026: Curling - Men's Final at the 2026 Winter Games") ==
        "winter games: curling - men's final at the winter games");
  CHECK(text("Will the November unemployment rate be 4.0% or less?") == "unemployment rate be 4.0% or less");
}

TEST_CASE("what is no time stays") {
  check_kept({"bitcoin above $150,000",
              "fed cut by 25 bps",
              "party win by 0-4",
              "team win by 35-64",
              "over 2.5 goals",
              "theresa may resign",
              "trump may march on washington",
              "march madness winner",
              "total kills in game 3",
              "winner of round 2",
              "beast games: season 2",
              "nfl week 5 winner",
              "executive orders on day 1",
              "at least 2000 cases",
              "more than 2026 tweets",
              "usd/krw hit 2000 (high)",
              "s&p 500 above 6,026",
              "10-year yield dip below 3.7%",
              "ann say \"march 31\"",
              "ann say \"agenda 2030\" at the rally",
              "april be the best month for bitcoin",
              "trump pardon jan 6 rioters",
              "a token one week after launch",
              "war end or not",
              "born on the fourth of july",
              "hottest since 2016"});
  CHECK(text("Will May be the best month in 2026?") != text("Will April be the best month in 2026?"));
}

TEST_CASE("thresholds, amounts and directions make different tickers") {
  const std::set<std::string> tickers = {
      text("Bitcoin above $100K on March 1?"),  text("Bitcoin above $150K on March 1?"),
      text("Bitcoin below $100K on March 1?"),  text("Fed cuts by 25 bps in March?"),
      text("Fed cuts by 50 bps in March?"),     text("Fed cuts by 50+ bps in March?"),
      text("Ann posts 20-39 times, March 3-9"), text("Ann posts 40-59 times, March 3-9"),
      text("Democrats win by 0-4 in 2026"),     text("Democrats win by 5-9 in 2026")};
  CHECK(tickers.size() == 10);
}

TEST_CASE("amounts and questions have one spelling") {
  check_all("bitcoin reach $150,000", {"Will Bitcoin reach $150K in August?", "Bitcoin reaches $150k by March 31",
                                       "Will Bitcoin reach $150,000 in 2026?", "bitcoin reach $150000"});
  check_all("us strike iran", {"US strikes Iran by June 30?", "Will the U.S. strike Iran in 2026?"});
  check_all("nicolas maduro out", {"Nicolás Maduro out by June?", "Will Nicolas Maduro out before 2027?"});
  CHECK(text("Will Levis: Passing Yards O/U 200.5") == "will levis: passing yards o/u 200.5");
  CHECK(text("Will Doom: The Sequel sell out?") == "doom: the sequel sell out");
}

TEST_CASE("the deadline is kept") {
  const auto when = [](std::string_view title) { return strip_time(title).when; };
  using relation = time_relation;
  CHECK(when("X by March 31, 2026?") == deadline{relation::by, 2026, 3, 31});
  CHECK(when("X by March 31?") == deadline{relation::by, std::nullopt, 3, 31});
  CHECK(when("X before 2027?") == deadline{relation::before, 2027, std::nullopt, std::nullopt});
  CHECK(when("X in March?") == deadline{relation::in, std::nullopt, 3, std::nullopt});
  CHECK(when("X on 2026-02-22?") == deadline{relation::on, 2026, 2, 22});
  CHECK(when("X after the March 2026 meeting?") == deadline{relation::after, 2026, 3, std::nullopt});
  CHECK(when("X from February 27 to March 5, 2026?") == deadline{relation::between, 2026, 3, 5});
  CHECK(when("X on or before April 5?") == deadline{relation::by, std::nullopt, 4, 5});
  CHECK(when("X in 2025 or 2026?") == deadline{relation::in, 2026, std::nullopt, std::nullopt});
  CHECK(when("X in Q3 2026?") == deadline{relation::in, 2026, 9, std::nullopt});
  CHECK(when("2026 World Cup") == deadline{relation::none, 2026, std::nullopt, std::nullopt});
  CHECK(when("2026 World Cup: X out by June 20?") == deadline{relation::by, 2026, 6, 20});
  CHECK(when("X this week?") == deadline{});
  CHECK(!when("X above 25"));
}

TEST_CASE("nothing is left dangling") {
  for (const std::string_view lead : {"by", "before", "after", "until", "through", "in", "during", "of", "for", "from",
                                      "by the", "on the", "in the", "by end of", "at the end of", "as of"}) {
    for (const std::string_view time : {"March 31, 2026", "2026", "Q1 2026", "March 2026", "2024-2026"}) {
      const std::string title = "Ship sail " + std::string(lead) + " " + std::string(time) + "?";
      CHECK_MESSAGE(text(title) == "ship sail", title);
    }
  }
}

TEST_CASE("titles that are nothing but time, or nothing") {
  CHECK(text("") == "");
  CHECK(text("  ? ") == "");
  CHECK(text("March 31, 2026") == "march 31, 2026");
  CHECK(text("In 2026?") == "in 2026");
  CHECK(strip_time("In 2026?").when == deadline{time_relation::in, 2026, std::nullopt, std::nullopt});
  CHECK(text("2024-2026") == "2024-2026");
}

TEST_CASE("hostile titles") {
  CHECK(text("a\xFF by March 31") == "a\xEF\xBF\xBD");
  CHECK(text(std::string("a\0b in 2026", 11)) == "a b");
  CHECK(text("東京 2026年 by March 31") == "東京 2026年");
  CHECK(text(std::string(10000, 'a') + " in 2026") == std::string(10000, 'a'));
  std::string many;
  for (int i = 0; i < 1500; ++i) many += "in 2026 ";
  CHECK(!text("x " + many).empty());
  std::string nested = "x ";
  for (int i = 0; i < 1000; ++i) nested += "end of ";
  CHECK(text(nested + "2026").starts_with("x"));
  for (const std::string_view marks : {"((((((", "\"\"\"", "-----", "$$$ $1", "1/2/3/4/5", "March-March-March-March"}) {
    CHECK(text(text(marks)) == text(marks));
  }
}

// ---- laws on made-up titles ----------------------------------------------------------------------------------------

class title_maker {
 public:
  explicit title_maker(std::uint64_t seed) : random_(seed) {}

  std::string one_of(const std::vector<std::string_view>& list) {
    return std::string(list[random_.below(static_cast<std::uint32_t>(list.size()))]);
  }
  std::string month() { return one_of({"January", "Feb", "March", "Apr.", "May", "June", "Sept", "December"}); }
  std::string year() { return std::to_string(2020 + random_.below(15)); }
  std::string date() {
    const std::string day = std::to_string(1 + random_.below(28)) + one_of({"", "th"});
    switch (random_.below(8)) {
      case 0:
        return one_of({"by ", "before ", "on ", "until "}) + month() + " " + day;
      case 1:
        return one_of({"by ", "before ", "on "}) + month() + " " + day + ", " + year();
      case 2:
        return one_of({"by ", "before ", "in ", "by the end of "}) + year();
      case 3:
        return one_of({"by ", "before ", "in ", "by end of "}) + month() + " " + year();
      case 4:
        return "in Q" + std::to_string(1 + random_.below(4)) + one_of({"", " " + std::string("2026")});
      case 5:
        return "from " + month() + " 3 to " + month() + " 24, " + year();
      case 6:
        return "on " + year() + "-0" + std::to_string(1 + random_.below(9)) + "-1" + std::to_string(random_.below(9));
      default:
        return "- " + month() + " " + day + ", 3:15-3:30PM ET";
    }
  }
  std::string subject() {
    return one_of({"Bitcoin", "the Fed", "Theresa May", "Real Madrid", "Player 112", "\"March\" the movie", "O'Neill"});
  }
  std::string claim() {
    return one_of({"reach", "hit", "win by", "strike", "be above", "get over"}) + " " +
           one_of({"$150K", "$1.5 million", "25 bps", "0-4", "2.5%", "3rd place", "2,026 votes", "5-9 seats"});
  }

 private:
  basket::random_stream random_;
};

TEST_CASE("law: another date is the same ticker, and stripping twice is stripping once") {
  title_maker make(5);
  for (int round = 0; round < 3000; ++round) {
    const std::string head = make.one_of({"Will ", ""}) + make.subject() + " " + make.claim() + " ";
    const std::string first = head + make.date() + make.one_of({"", "?"});
    const std::string second = head + make.date() + make.one_of({"", "?", " ?"});
    const ticker_name a = strip_time(first);
    const ticker_name b = strip_time(second);
    REQUIRE_MESSAGE(a.text == b.text, first, " | ", second);
    REQUIRE_MESSAGE(a.when, first);
    REQUIRE_MESSAGE(text(a.text) == a.text, first);
    REQUIRE_MESSAGE(a.text == text(head), first);
  }
}

std::string scramble(basket::random_stream& random) {
  static const std::vector<std::string_view> parts = {
      "Will",    "the",     "The",      "X",       "reach",   "reaches",   "$150K",  "$1.5 million",
      "$10-20k", "by",      "before",   "after",   "in",      "on",        "for",    "of",
      "from",    "to",      "and",      "or",      "March",   "March's",   "May",    "Jan.",
      "31",      "31st",    "5",        "2026",    "2025-26", "2024-2026", "2026,",  "25",
      "bps",     "%",       "Q1",       "H1",      "half",    "first",     "second", "last",
      "week",    "year",    "month",    "end",     "mid-",    "-",         "–",      ",",
      ":",       "?",       "!",        "(",       ")",       "[",         "]",      "\"",
      "'",       "/",       ".",        "...",     "(ET)",    "3PM",       "3:15",   "noon",
      "am",      "Friday",  "this",     "next",    "today",   "meeting",   "season", "2026-02-22",
      "2/22",    "26MAR31", "no",       "later",   "than",    "as",        "ending", "EOY",
      "U.S.",    "\xff",    "\xe2\x80", "0-4",     "over",    "#1",        "$",      "+",
      "|",       "madness", "one's",    "trading", "day",     "summer",    "win",    "wins",
      "100k",    "5m",      "-5",       "1.50",    "é",       "中"};
  std::string title;
  for (std::uint32_t count = random.below(14); count > 0; --count) {
    title += parts[random.below(static_cast<std::uint32_t>(parts.size()))];
    if (random.below(6) != 0) title += ' ';
  }
  return title;
}

void check_scrambled(std::uint64_t seed, int rounds) {
  basket::random_stream random(seed);
  for (int round = 0; round < rounds; ++round) {
    const std::string title = scramble(random);
    const std::string once = text(title);
    REQUIRE_MESSAGE(text(once) == once, title);
    REQUIRE_MESSAGE(fold(once) == once, title);
  }
}

TEST_CASE("law: stripping twice is stripping once on scrambled parts of titles") { check_scrambled(1, 30000); }

TEST_SUITE("slow ticker") {
  TEST_CASE("law: stripping twice is stripping once on a million scrambled titles") { check_scrambled(2, 1000000); }
}

}  // namespace basket_test::taxonomy_ticker
