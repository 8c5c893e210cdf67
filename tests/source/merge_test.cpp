#include "basket/source/merge.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "basket/concepts/laws/message_source.hpp"
#include "basket/core/random.hpp"
#include "basket/source/any_source.hpp"
#include "basket/source/message_list.hpp"
#include "support/stream.hpp"

namespace basket_test::source_merge {

using namespace basket;
using source::any_source;
using source::message_list;

template <class Error, class Body>
std::string sentence_of(const Body& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was refused";
}

/// A list of timers and trades of the markets named, at whole seconds drawn with many ties.
message_list drawn(const std::string& name, const std::vector<std::string>& markets, std::uint64_t seed,
                   std::size_t count) {
  random_stream random(seed);
  std::vector<market_terms> terms;
  for (const std::string& m : markets) terms.push_back({.name = m});
  std::vector<message> all;
  std::int64_t second = 0;
  for (std::size_t i = 0; i < count; ++i) {
    second += random.below(3) == 0 ? 1 : 0;
    const contract_id c(random.below(static_cast<std::uint32_t>(markets.size())));
    if (random.below(5) == 0) {
      all.push_back(message::snapshot(at_second(second), c, outcome::yes, 2));
      all.push_back(
          message::level(at_second(second), c, outcome::yes, {.of = side::buy, .at = cents(40), .size = whole(1)}));
      all.push_back(
          message::level(at_second(second), c, outcome::yes, {.of = side::sell, .at = cents(60), .size = whole(1)}));
    } else {
      all.push_back(
          message::trade(at_second(second), c, outcome::yes, {.at = cents(50), .size = whole(1 + random.below(9))}));
    }
  }
  return message_list(name, terms, {.depth = true, .tops = true, .sizes = true, .trades = true}, all);
}

std::vector<message> all_of(source::merge<any_source>&& merged, std::size_t room_size = 100) {
  std::vector<message> out, room(room_size);
  for (std::size_t n = merged.next(room); n > 0; n = merged.next(room)) {
    out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return out;
}

source::merge<any_source> three(std::vector<std::size_t> order, std::size_t room = 8) {
  std::vector<any_source> list;
  for (const std::size_t i : order) {
    if (i == 0) list.emplace_back(drawn("a", {"x", "y"}, 1, 300));
    if (i == 1) list.emplace_back(drawn("b", {"y", "z"}, 2, 500));
    if (i == 2) list.emplace_back(drawn("c", {"w"}, 3, 50));
  }
  return source::merge<any_source>(std::move(list), "three", room);
}

TEST_CASE("a merge is what sorting everything would give, and markets of one name are one contract") {
  const auto merged = all_of(three({0, 1, 2}));
  // The naive twin: everything in one list, sorted by (known_at, source, row).
  const std::vector<std::string> names = {"w", "x", "y", "z"};
  std::vector<message> naive;
  std::uint16_t number = 0;
  for (const message_list& s :
       {drawn("a", {"x", "y"}, 1, 300), drawn("b", {"y", "z"}, 2, 500), drawn("c", {"w"}, 3, 50)}) {
    for (message m : s.messages()) {
      m.source = number;
      const std::string& name = s.markets()[m.contract.index()].name;
      m.contract = contract_id(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
      naive.push_back(m);
    }
    ++number;
  }
  std::sort(naive.begin(), naive.end(), comes_before);
  CHECK(merged == naive);
}

TEST_CASE("the order in which sources are listed, and the room, change nothing") {
  const auto first = all_of(three({0, 1, 2}));
  for (const auto& order : std::vector<std::vector<std::size_t>>{{2, 1, 0}, {1, 2, 0}, {0, 2, 1}}) {
    for (const std::size_t room : {std::size_t{1}, std::size_t{3}, std::size_t{4096}}) {
      CHECK(all_of(three(order, room), room + 1) == first);
    }
  }
  CHECK(laws::broken_laws([] { return three({2, 0, 1}); }, false).empty());
  CHECK(laws::broken_laws([] { return drawn("a", {"x"}, 5, 100); }).empty());
  CHECK(laws::broken_laws([] { return laws::message_source_archetype{}; }).empty());
}

TEST_CASE("what a merge provides is what every market is told of") {
  const std::vector<market_terms> x = {{.name = "x"}}, y = {{.name = "y", .category = "tests"}};
  const recorded book = {.depth = true, .tops = true, .sizes = true}, trades = {.trades = true};
  const auto provided = [&](std::vector<message_list> lists) {
    return source::merge<message_list>(std::move(lists)).provides();
  };
  CHECK(provided({message_list("a", x, book, {}), message_list("b", x, trades, {})}) == (book | trades));
  CHECK(provided({message_list("a", x, book | trades, {}), message_list("b", y, trades, {})}) == trades);
  CHECK(provided({message_list("a", x, book, {}), message_list("b", y, trades, {})}) == recorded{});
}

TEST_CASE("terms are united; terms that contradict each other, names given twice and time going back are refused") {
  const auto list = [](const char* name, market_terms t) { return message_list(name, {std::move(t)}, {}, {}); };
  std::vector<message_list> fits;
  fits.push_back(list("a", {.name = "x", .venue = "v"}));
  fits.push_back(list("b", {.name = "x", .category = "c", .listed = at_second(5)}));
  const source::merge<message_list> merged(std::move(fits));
  REQUIRE(merged.markets().size() == 1);
  CHECK(merged.markets()[0].venue == "v");
  CHECK(merged.markets()[0].category == "c");
  CHECK(merged.markets()[0].listed == at_second(5));

  const auto refusal = [](std::vector<message_list> lists) {
    return sentence_of<precondition_error>([&] { const source::merge<message_list> m(std::move(lists)); });
  };
  CHECK(refusal({}) == "a merge needs at least one source");
  CHECK(refusal({list("a", {.name = "x"}), list("a", {.name = "y"})}) == "two sources are named a");
  CHECK(refusal({list("a", {.name = "x", .venue = "v"}), list("b", {.name = "x", .venue = "w"})}) ==
        "two sources state different terms for market x: its venue");
  CHECK(refusal({list("a", {.name = "x"}), list("b", {.name = "x", .grid = price::cents(1)})}) ==
        "two sources state different terms for market x: its tick or grid");

  struct going_back {
    std::vector<market_terms> terms = {{.name = "x"}};
    std::uint32_t row = 0;
    std::size_t next(std::span<message> room) {
      if (row == 3) return 0;
      room[0] = message::timer(at_second(3 - row));
      room[0].row = row++;
      return 1;
    }
    const std::vector<market_terms>& markets() const { return terms; }
    recorded provides() const { return {}; }
    std::string_view name() const { return "going back"; }
  };
  const std::string said = sentence_of<data_error>([] {
    std::vector<going_back> one(1);
    source::merge<going_back> m(std::move(one));
    std::vector<message> room(10);
    while (m.next(room) > 0) {
    }
  });
  CHECK(said == "going back, line 2, field 'known_at': the source goes back in time");
}

TEST_CASE("the laws of sources catch what breaks them") {
  const auto with = [](std::vector<message> all, std::vector<std::uint32_t> rows) {
    struct hostile {
      std::vector<market_terms> terms = {{.name = "x"}};
      std::vector<message> all = {};
      std::size_t at = 0;
      std::size_t next(std::span<message> room) {
        std::size_t n = 0;
        while (n < room.size() && at < all.size()) room[n++] = all[at++];
        return n;
      }
      const std::vector<market_terms>& markets() const { return terms; }
      recorded provides() const { return {}; }
      std::string_view name() const { return "hostile"; }
    };
    for (std::size_t i = 0; i < all.size(); ++i) all[i].row = i < rows.size() ? rows[i] : static_cast<std::uint32_t>(i);
    return laws::broken_laws([all] { return hostile{.all = all}; });
  };
  const contract_id c(0), other(7);
  CHECK(with({message::timer(at_second(2)), message::timer(at_second(1))}, {}) ==
        std::vector<std::string>{"message 1: it was known before the one in front of it"});
  CHECK(with({message::timer(at_second(1))}, {4}) == std::vector<std::string>{"message 0: its row is 4"});
  CHECK(with({message::life(at_second(1), other, {})}, {}) ==
        std::vector<std::string>{"message 0: it speaks of a contract that is not among the markets"});
  CHECK(with({message::snapshot(at_second(1), c, outcome::yes, 2), message::timer(at_second(1))}, {}) ==
        std::vector<std::string>{"message 1: it comes between a snapshot and its levels"});
  CHECK(with({message::snapshot(at_second(1), c, outcome::yes, 2)}, {}) ==
        std::vector<std::string>{"the source ends inside a snapshot"});
  CHECK(with({message::own(at_second(1), c, outcome::yes, {})}, {0}).front() ==
        "message 0: only an engine answers a strategy");
}

}  // namespace basket_test::source_merge
