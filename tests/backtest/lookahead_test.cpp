#include "basket/backtest/lookahead.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "basket/backtest/daily.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "support/universes.hpp"

namespace basket_test::backtest_lookahead {

using namespace basket;

// Forty contracts over eight months: random walks, listed over time, half of them settled, some revised.
universe many_contracts() {
  universe_builder build("2025-01-01", 240);
  for (std::size_t c = 0; c < 40; ++c) {
    random_stream bits(7, c);
    std::vector<double> closes(240, missing);
    double p = 0.2 + 0.6 * bits.uniform();
    const std::size_t start = bits.below(100), end = start + 60 + bits.below(80);
    for (std::size_t d = start; d < end; ++d) {
      p = std::min(0.97, std::max(0.03, p + 0.04 * (bits.uniform() - 0.5)));
      if (bits.below(10) != 0 || d == start) closes[d] = std::round(p * 1000) / 1000;
    }
    build.add("c" + std::to_string(c), "e" + std::to_string(c / 2), "title", closes);
    if (c % 2 == 0) {
      build.settled(to_string(day("2025-01-01") + days(static_cast<std::int32_t>(end))).c_str(),
                    c % 4 == 0 ? 0 : 1'000'000);
    }
  }
  universe u = build.make();
  for (std::size_t c = 0; c < u.contracts.size(); ++c) {
    metadata_version revised = u.contracts[c].versions.front();
    revised.known_at = day("2025-06-15").close() > revised.known_at ? day("2025-06-15").close() : revised.known_at;
    revised.scheduled_end = day("2025-08-01") + days(static_cast<std::int32_t>(c));
    u.contracts[c].versions.push_back(revised);
    lifetime_facts facts;
    facts.volume = static_cast<double>((c * 37) % 41);
    facts.tags = {c % 3 == 0 ? "good" : "bad"};
    facts.last_priced = day("2025-04-01") + days(static_cast<std::int32_t>(c));
    u.contracts[c].after = hindsight<lifetime_facts>(facts);
  }
  return u;
}

// Equal weights over the live contracts for which `likes` says yes. What it looks at is the cheat's affair.
struct chooser {
  std::function<bool(const history&, contract_id)> likes;
  [[nodiscard]] decision decide(const history& past) const {
    decision out{.at = past.now()};
    std::size_t count = 0;
    for (const contract_id id : past.live()) {
      out.contracts.push_back({.contract = id});
      if (likes(past, id)) {
        out.contracts.back().weight = 1.0;
        ++count;
      }
    }
    for (considered& line : out.contracts) line.weight /= static_cast<double>(count == 0 ? 1 : count);
    return out;
  }
};

// A cheat is handed the universe itself, past every guard of the type system.
using cheat = std::function<bool(const universe&, const history&, contract_id)>;

std::vector<std::string> caught(const universe& u, const cheat& rule) {
  std::vector<instant> decisions;
  for (utc_day d = day("2025-01-01"); d < day("2025-08-28"); ++d) {
    if (calendar::first_of_month{}.is_due(d)) decisions.push_back(d.close());
  }
  return backtest::look_ahead(u, decisions, [&](const universe& world) {
    const backtest::daily engine{
        .schedule = calendar::first_of_month{},
        .strategy = chooser{[&](const history& past, contract_id id) { return rule(world, past, id); }},
        .execution = execution::half_tick{},
        .cost = cost::flat{.rate = basis_points{10}}};
    return engine.run(world, day("2025-01-01"), day("2025-08-28"));
  });
}

TEST_CASE("an honest rule passes: its past does not move when the future does") {
  const universe u = many_contracts();
  CHECK(caught(u, [](const universe&, const history& past, contract_id id) {
          const auto last = past.last_close(id);
          return last && last->close > 0.4 && past.metadata(id).title == "title" &&
                 past.stage(id) == life_stage::open && past.closes(id).size() > 5;
        }).empty());
}

TEST_CASE("a planted peek at each thing that is only known later is caught") {
  const universe u = many_contracts();
  const auto key = backtest::engine_access::key();
  SUBCASE("tomorrow's close") {
    CHECK_FALSE(caught(u, [](const universe& w, const history& past, contract_id id) {
                  return w.closes.close(past.today() + days(1), id) > 0.5;
                }).empty());
  }
  SUBCASE("the final payout") {
    CHECK_FALSE(caught(u, [](const universe& w, const history&, contract_id id) {
                  const auto& life = w.contracts[id.index()].life;
                  return !life.empty() && life.back().payout && life.back().payout->micros() > 500'000;
                }).empty());
  }
  SUBCASE("the day of settlement") {
    CHECK_FALSE(caught(u, [](const universe& w, const history& past, contract_id id) {
                  const auto& life = w.contracts[id.index()].life;
                  return life.back().payout && day_of(life.back().known_at) - past.today() < days(60);
                }).empty());
  }
  SUBCASE("a scheduled end announced later") {
    CHECK_FALSE(caught(u, [](const universe& w, const history&, contract_id id) {
                  const auto end = w.contracts[id.index()].versions.back().scheduled_end;
                  return end && end->since_epoch() % 2 == 0;
                }).empty());
  }
  SUBCASE("the last tags") {
    CHECK_FALSE(caught(u, [&](const universe& w, const history&, contract_id id) {
                  return w.contracts[id.index()].after.open(key).tags == std::vector<std::string>{"good"};
                }).empty());
  }
  SUBCASE("lifetime volume") {
    CHECK_FALSE(caught(u, [&](const universe& w, const history&, contract_id id) {
                  return *w.contracts[id.index()].after.open(key).volume > 20.0;
                }).empty());
  }
  SUBCASE("the last priced day") {
    CHECK_FALSE(caught(u, [&](const universe& w, const history& past, contract_id id) {
                  return *w.contracts[id.index()].after.open(key).last_priced > past.today() + days(20);
                }).empty());
  }
  SUBCASE("contracts that are not listed yet") {
    CHECK_FALSE(caught(u, [](const universe& w, const history& past, contract_id id) {
                  std::size_t later = 0;
                  for (const contract& c : w.contracts) {
                    later += c.versions.front().known_at > past.now() && c.name.size() % 2 == 0;
                  }
                  return (later + id.index()) % 2 == 0;
                }).empty());
  }
  SUBCASE("how many closes there will be in the end") {
    CHECK_FALSE(caught(u, [](const universe& w, const history&, contract_id id) {
                  std::size_t n = 0;
                  for (const double x : w.closes.series(id)) n += !is_missing(x);
                  return n > 90;
                }).empty());
  }
}

TEST_CASE("noise keeps the past and moves the future") {
  const universe u = many_contracts();
  const instant now = day("2025-04-01").close();
  const universe noisy = backtest::noise_after(u, now, 3);
  CHECK_NOTHROW(check(noisy));
  std::size_t moved = 0;
  for (std::size_t c = 0; c < u.contracts.size(); ++c) {
    for (std::size_t d = 0; d < u.closes.days(); ++d) {
      const double before = u.closes.series(contract_id(c))[d], after = noisy.closes.series(contract_id(c))[d];
      const bool same = before == after || (is_missing(before) && is_missing(after));
      if ((u.closes.first_day() + days(static_cast<std::int32_t>(d))).close() <= now) {
        CHECK(same);
      } else {
        moved += !same;
      }
    }
  }
  CHECK(moved > 4000);
}

}  // namespace basket_test::backtest_lookahead
