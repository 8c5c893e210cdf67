#include "basket/files/message_table.hpp"

#include <doctest/doctest.h>

#include "basket/concepts/laws/message_source.hpp"
#include "basket/source/message_list.hpp"
#include "basket/source/synthetic_stream.hpp"
#include "files/temporary_folder.hpp"
#include "support/stream.hpp"

namespace basket_test::files_message_table {

using namespace basket;

const std::string markets =
    "name,venue,category,listed,tick,grid,minimum_size,tells\nx,v,c,,0.01,0.001,5,depth|tops|sizes\n";

std::string refusal(const std::string& market_rows, const std::string& message_rows) {
  const temporary_folder folder;
  folder.file("markets.csv", market_rows);
  folder.file("messages.csv", message_rows);
  return sentence<data_error>([&] {
    files::message_folder in(folder.path());
    (void)source::read_all(in);
  });
}

TEST_CASE("what is written is read back as the same messages, of every kind") {
  const temporary_folder folder;
  constexpr std::int64_t year_2025 = 1'740'000'000;
  stream_builder s(2);
  s.terms(0).name = "one, \"quoted\"";
  s.terms(1).listed = at_second(year_2025);
  s.terms(1).minimum_size = whole(5);
  s.at(year_2025).book({{40, 10}, {39, 2}}, {{45, 7}}).trade(45, 3, side::buy).level(side::sell, 45, 4);
  s.of(1).book({}, {}, outcome::no).tick();
  s.at(year_2025 + 1)
      .add(message::trade(at_second(year_2025 + 1), contract_id(1), outcome::no,
                          {.at = cents(3), .size = shares::micros(1)}));
  s.add(message::quote(at_second(year_2025 + 1), contract_id(1), outcome::no, {.bid = cents(3), .ask_size = whole(2)}));
  s.add(message::candle(at_second(year_2025 + 1), contract_id(1), outcome::yes,
                        {.open = cents(3), .high = cents(9), .low = cents(1), .close = cents(4), .volume = whole(8)}));
  s.news(market_change::tick, price::micros(1'000)).news(market_change::halted).news(market_change::resumed);
  s.news(market_change::gap).life(life_stage::closed).life(life_stage::voided, price::micros(500'000));
  auto source = s.source();
  files::write_messages(source, folder.path() / "mine");
  files::message_folder back(folder.path() / "mine");
  CHECK(back.name() == "mine");
  CHECK(back.provides() == source.provides());
  REQUIRE(back.markets().size() == 2);
  CHECK(back.markets()[0].name == "one, \"quoted\"");
  CHECK(back.markets()[1].listed == at_second(year_2025));
  CHECK(back.markets()[1].minimum_size == whole(5));
  CHECK(source::read_all(back) == source.messages());
  CHECK(laws::broken_laws([&] { return files::message_folder(folder.path() / "mine"); }).empty());
}

TEST_CASE("a synthetic stream of ten thousand messages goes through the table unchanged") {
  const temporary_folder folder;
  const source::stream_options options{.seed = 5, .messages = 10'000, .gap_every = 500};
  source::synthetic_stream written(options), again(options);
  files::write_messages(written, folder.path() / "s");
  files::message_folder back(folder.path() / "s");
  CHECK(source::read_all(back) == source::read_all(again));
}

TEST_CASE("every field that cannot be is refused, with its line") {
  const std::string head = "known_at_ns,market,kind,outcome,side,price,size,word,payout\n";
  const std::string t = "1740000000000000000";
  CHECK(refusal(markets, head + "17400000,x,timer,,,,,,\n").find("line 2, field 'known_at_ns': a time stamp outside") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",y,level,,buy,0.4,1,,\n")
            .find("field 'market': a market that markets.csv does not list: 'y'") != std::string::npos);
  CHECK(refusal(markets, head + t + ",x,offer,,buy,0.4,1,,\n").find("field 'kind': no kind of message: 'offer'") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",x,own,,buy,0.4,1,,\n").find("no kind of message: 'own'") != std::string::npos);
  CHECK(refusal(markets, head + t + ",x,level,maybe,buy,0.4,1,,\n")
            .find("field 'outcome': neither yes nor no: 'maybe'") != std::string::npos);
  CHECK(refusal(markets, head + t + ",x,level,,bid,0.4,1,,\n").find("field 'side': no word of this kind: 'bid'") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",x,level,,buy,,1,,\n").find("field 'price': not a price in [0, 1]") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",x,book,,buy,0.4,1,,\n").find("a level of a snapshot that has not begun") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",x,life,,,,,paid,\n").find("field 'word': no word of this kind: 'paid'") !=
        std::string::npos);
  CHECK(refusal(markets, head + t + ",x,candle,,,0.4,1,,\n")
            .find("the table has no column open, which this kind needs") != std::string::npos);
  const std::string none = "known_at_ns,market,kind\n";
  CHECK(refusal("name,tells\n", none).find("the table lists no market") != std::string::npos);
  CHECK(refusal("name,tells\nx,\nx,\n", none).find("market x is stated twice") != std::string::npos);
  CHECK(refusal("name,tells\nx,rumours\n", none).find("none of depth, tops, sizes, trades, candles, settlements") !=
        std::string::npos);
  CHECK(refusal("name,tells,tick\nx,,0.03\n", none).find("not a step that divides a dollar: '0.03'") !=
        std::string::npos);
  CHECK(refusal("name\nx\n", none).find("there is no such column") != std::string::npos);
}

TEST_CASE("what every market of the folder is told of is what the folder provides") {
  const temporary_folder folder;
  folder.file("markets.csv", "name,tells\nx,depth|tops|sizes|trades\ny,tops|trades\n");
  folder.file("messages.csv", "known_at_ns,market,kind\n");
  files::message_folder in(folder.path());
  CHECK(in.provides() == recorded{.tops = true, .trades = true});
  CHECK(source::read_all(in).empty());
}

}  // namespace basket_test::files_message_table
