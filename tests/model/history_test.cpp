#include "basket/model/history.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "basket/backtest/engine_access.hpp"
#include "basket/core/random.hpp"

namespace basket_test::model_history {

using namespace basket;
using backtest::engine_access;

constexpr utc_day day(std::int32_t n) { return utc_day(20'000 + n); }

/// Three contracts over ten days. 0: listed on day 0, renamed on day 4, closes on day 6, settled late on day 8.
/// 1: listed on day 3 at noon, recording ends. 2: never listed.
universe small() {
  universe u;
  u.closes = panel(day(0), 10, 3);
  u.contracts.resize(3);
  contract& a = u.contracts[0];
  a.name = "a";
  a.venue = "here";
  a.versions = {{.known_at = day(0).open(), .title = "first words", .scheduled_end = day(5)},
                {.known_at = day(4).open(), .title = "second words", .scheduled_end = day(6)}};
  a.life = {{.known_at = day(0).open(), .stage = life_stage::open},
            {.known_at = day(6).close(), .stage = life_stage::closed},
            {.known_at = day(7).open(), .stage = life_stage::pending},
            {.known_at = day(8).close(), .stage = life_stage::settled, .payout = price::cents(24)}};
  // The event at day(7).open() is the same instant as day(6).close(): both are known then, in this order.
  for (int d = 0; d <= 6; ++d) {
    if (d != 2) u.closes.set_close(day(d), contract_id(0), 0.10 + 0.01 * d);
  }
  contract& b = u.contracts[1];
  b.name = "b";
  const instant noon = instant::nanoseconds(day(3).open().nanoseconds() + nanoseconds_per_day / 2);
  b.versions = {{.known_at = noon, .title = "other words"}};
  b.life = {{.known_at = noon, .stage = life_stage::open},
            {.known_at = day(9).close(), .stage = life_stage::data_ended}};
  u.closes.set_close(day(3), contract_id(1), 0.7);
  u.closes.set_close(day(4), contract_id(1), 0.8);
  u.contracts[2].name = "c";
  check(u);
  return u;
}

TEST_CASE("what is listed grows with time, and what is settled leaves") {
  const universe u = small();
  const auto live = [&](instant now) {
    std::vector<std::size_t> ids;
    for (const contract_id id : engine_access::past(u, now).live()) ids.push_back(id.index());
    return ids;
  };
  const instant before = instant::nanoseconds(day(0).open().nanoseconds() - 1);
  CHECK(live(before).empty());
  CHECK(live(day(0).open()) == std::vector<std::size_t>{0});
  CHECK(live(day(3).open()) == std::vector<std::size_t>{0});
  CHECK(live(day(3).close()) == std::vector<std::size_t>{0, 1});
  CHECK(live(day(7).close()) == std::vector<std::size_t>{0, 1});  // closed and pending still hold capital
  CHECK(live(instant::nanoseconds(day(8).close().nanoseconds() - 1)) == std::vector<std::size_t>{0, 1});
  CHECK(live(day(8).close()) == std::vector<std::size_t>{1});
  CHECK(live(instant::never()) == std::vector<std::size_t>{1});
}

TEST_CASE("a close of a day is known at 24:00 of it and not a nanosecond before") {
  const universe u = small();
  const history late = engine_access::past(u, day(1).close());
  CHECK(late.today() == day(1));
  CHECK(late.close(contract_id(0)) == doctest::Approx(0.11));
  CHECK(late.close(contract_id(0), lag(1)) == doctest::Approx(0.10));
  CHECK(is_missing(late.close(contract_id(0), lag(2))));  // before the data
  CHECK(late.closes(contract_id(0)).size() == 2);

  const history early = engine_access::past(u, instant::nanoseconds(day(1).close().nanoseconds() - 1));
  CHECK(early.today() == day(0));
  CHECK(early.closes(contract_id(0)).size() == 1);
  CHECK(early.close(contract_id(0)) == doctest::Approx(0.10));

  CHECK(engine_access::past(u, day(0).open()).closes(contract_id(0)).empty());
  CHECK(is_missing(engine_access::past(u, day(0).open()).close(contract_id(0))));
  CHECK(engine_access::past(u, instant::never()).closes(contract_id(0)).size() == 10);
}

TEST_CASE("series are a view of the panel, not a copy") {
  const universe u = small();
  CHECK(engine_access::past(u, day(5).close()).closes(contract_id(1)).data() == u.closes.series(contract_id(1)).data());
}

TEST_CASE("the last close steps over gaps and says its day") {
  const universe u = small();
  const auto seen = engine_access::past(u, day(2).close()).last_close(contract_id(0));
  REQUIRE(seen.has_value());
  CHECK(seen->day == day(1));
  CHECK(seen->close == doctest::Approx(0.11));
  CHECK(engine_access::past(u, day(9).close()).last_close(contract_id(1))->day == day(4));
  // listed at noon of day 3, no close yet
  const instant noon = u.contracts[1].versions[0].known_at;
  CHECK_FALSE(engine_access::past(u, noon).last_close(contract_id(1)).has_value());
}

TEST_CASE("metadata reads as it read then") {
  const universe u = small();
  const auto title = [&](instant now) { return engine_access::past(u, now).metadata(contract_id(0)).title; };
  CHECK(title(day(0).open()) == "first words");
  CHECK(title(instant::nanoseconds(day(4).open().nanoseconds() - 1)) == "first words");
  CHECK(title(day(4).open()) == "second words");
  CHECK(title(instant::never()) == "second words");
  CHECK(engine_access::past(u, day(0).open()).metadata(contract_id(0)).scheduled_end == day(5));
  CHECK(engine_access::past(u, day(0).open()).name(contract_id(0)) == "a");
  CHECK(engine_access::past(u, day(0).open()).venue(contract_id(0)) == "here");
}

TEST_CASE("a late settlement is known late") {
  const universe u = small();
  const auto at = [&](instant now) { return engine_access::past(u, now); };
  CHECK(at(day(6).open()).stage(contract_id(0)) == life_stage::open);
  CHECK(at(day(6).close()).stage(contract_id(0)) == life_stage::pending);
  CHECK(at(day(7).close()).stage(contract_id(0)) == life_stage::pending);
  CHECK_FALSE(at(day(7).close()).settlement(contract_id(0)).has_value());
  CHECK(at(day(8).close()).stage(contract_id(0)) == life_stage::settled);
  CHECK(at(day(8).close()).settlement(contract_id(0)) == price::cents(24));
  CHECK(at(day(9).open()).stage(contract_id(1)) == life_stage::open);
  CHECK(at(day(9).close()).stage(contract_id(1)) == life_stage::data_ended);
}

TEST_CASE("a contract that is not listed yet cannot be asked anything") {
  const universe u = small();
  const history past = engine_access::past(u, day(2).close());
  for (const contract_id hidden : {contract_id(1), contract_id(2), contract_id(99)}) {
    CAPTURE(hidden.index());
    CHECK_FALSE(past.is_listed(hidden));
    CHECK_THROWS_AS((void)past.name(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.venue(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.metadata(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.stage(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.settlement(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.closes(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.close(hidden), precondition_error);
    CHECK_THROWS_AS((void)past.last_close(hidden), precondition_error);
  }
  CHECK_THROWS_WITH_AS((void)past.name(contract_id(1)),
                       "contract number 1 is not listed at 2024-10-07T00:00:00.000000000Z", precondition_error);
}

/// All that a history answers, as one text.
std::string everything(const history& past, std::size_t contracts) {
  std::string out = to_string(past.now()) + to_string(past.today());
  for (const contract_id id : past.live()) out += " live " + std::to_string(id.index());
  for (std::size_t i = 0; i < contracts; ++i) {
    const contract_id id(i);
    if (!past.is_listed(id)) continue;
    out += "\n" + std::string(past.name(id)) + past.metadata(id).title + std::string(to_string(past.stage(id)));
    if (const auto end = past.metadata(id).scheduled_end) out += to_string(*end);
    if (const auto paid = past.settlement(id)) out += to_string(*paid);
    for (const double close : past.closes(id)) out += is_missing(close) ? "?" : std::to_string(close);
    for (std::size_t back = 0; back < 12; ++back) {
      const double close = past.close(id, lag::of(back));
      out += is_missing(close) ? "?" : std::to_string(close);
    }
    if (const auto last = past.last_close(id)) out += to_string(last->day) + std::to_string(last->close);
  }
  return out;
}

TEST_CASE("replacing everything that became known later by noise changes no answer") {
  const universe u = small();
  random_stream random(1);
  for (int d = -1; d <= 10; ++d) {
    const instant now = day(d).close();
    for (int round = 0; round < 20; ++round) {
      universe noisy = u;
      for (std::size_t i = 0; i < 3; ++i) {
        contract& c = noisy.contracts[i];
        for (std::int32_t later = d + 1; later < 10; ++later) {
          if (later >= 0) noisy.closes.set_close(day(later), contract_id(i), random.uniform());
        }
        for (metadata_version& v : c.versions) {
          if (v.known_at <= now) continue;
          v.title = std::to_string(random());
          v.scheduled_end = day(static_cast<std::int32_t>(random.below(100)));
          v.known_at = instant::nanoseconds(v.known_at.nanoseconds() + 1);
        }
        for (life_event& e : c.life) {
          if (e.known_at <= now) continue;
          if (e.payout) e.payout = price::micros(random.below(1'000'001));
          e.known_at = instant::nanoseconds(e.known_at.nanoseconds() + 1);
        }
        c.after = hindsight(lifetime_facts{.volume = random.uniform(), .tags = {std::to_string(random())}});
      }
      REQUIRE(everything(engine_access::past(noisy, now), 3) == everything(engine_access::past(u, now), 3));
    }
  }
  // The text does say something: a nanosecond of knowledge changes it.
  CHECK(everything(engine_access::past(u, day(3).close()), 3) != everything(engine_access::past(u, day(4).close()), 3));
}

TEST_CASE("a lag too large for any date is missing: it never wraps around into the future") {
  const universe u = small();
  const history past = engine_access::past(u, day(4).close());
  for (const std::size_t huge : {std::size_t{5}, std::size_t{0x7fffffff}, std::size_t{0xffffffff},
                                 std::size_t{0x100000000}, std::size_t(-1), std::size_t(-2)}) {
    CHECK(is_missing(past.close(contract_id(0), lag::of(huge))));
  }
}

TEST_CASE("a lag is a number of days back") {
  CHECK(lag(0).count() == 0);
  CHECK(lag(30).count() == 30);
  CHECK(lag::of(7).count() == 7);
}

TEST_CASE("a huge lag finds nothing; it does not come around into the future") {
  const universe u = small();
  const history past = engine_access::past(u, day(3).close());
  for (const std::size_t back :
       {std::size_t{4}, (std::size_t{1} << 32) - 1, std::size_t{1} << 32, std::numeric_limits<std::size_t>::max(),
        std::numeric_limits<std::size_t>::max() - 2}) {
    CAPTURE(back);
    CHECK(is_missing(past.close(contract_id(0), lag::of(back))));
  }
  CHECK_FALSE(is_missing(past.close(contract_id(0), lag::of(3))));
}

static_assert(!std::is_default_constructible_v<history>);
static_assert(std::is_trivially_copyable_v<history> && sizeof(history) <= 2 * sizeof(void*));
static_assert(!std::is_convertible_v<int, lag>);
static_assert(!std::is_default_constructible_v<hindsight_key>);

}  // namespace basket_test::model_history
