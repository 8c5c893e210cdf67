#include "basket/source/synthetic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "basket/backtest/engine_access.hpp"

namespace basket_test::source_synthetic {

using namespace basket;

/// Everything of a universe in one text, so that two can be compared byte for byte.
std::string bytes(const universe& u, std::size_t contracts) {
  std::string out;
  const auto key = backtest::engine_access::key();
  for (std::size_t i = 0; i < contracts; ++i) {
    const contract& c = u.contracts[i];
    out += c.name + '|' + c.venue + '\n';
    for (const metadata_version& v : c.versions) {
      out += to_string(v.known_at) + '|' + v.title + '|' + v.slug + '|' + v.event + '|' +
             (v.scheduled_end ? to_string(*v.scheduled_end) : "-") + '\n';
    }
    for (const life_event& e : c.life) {
      out += to_string(e.known_at) + '|' + std::string(to_string(e.stage)) + '|' +
             (e.payout ? to_string(*e.payout) : "-") + '\n';
    }
    const lifetime_facts& after = c.after.open(key);
    out += after.theme + '|' + to_string(*after.last_priced) + '|';
    const auto series = u.closes.series(contract_id(i));
    const auto raw = [&](const void* from, std::size_t size) { out.append(static_cast<const char*>(from), size); };
    raw(&*after.volume, sizeof(double));
    for (const double close : series) {
      if (is_missing(close)) {
        out += '?';
      } else {
        raw(&close, sizeof close);
      }
    }
  }
  return out;
}

life final_life(const contract& c) {
  life walk;
  for (const life_event& e : c.life) walk.apply(e);
  return walk;
}

std::vector<double> observed(const universe& u, std::size_t i) {
  std::vector<double> out;
  for (const double close : u.closes.series(contract_id(i))) {
    if (!is_missing(close)) out.push_back(close);
  }
  return out;
}

TEST_CASE("the bundled universe is whole: checked, about 400 contracts over 16 months") {
  const universe u = source::synthetic{}.make();
  CHECK_NOTHROW(check(u));
  CHECK(u.contracts.size() >= 350);
  CHECK(u.contracts.size() <= 450);
  CHECK(to_string(u.closes.first_day()) == "2024-11-01");
  CHECK(to_string(u.closes.end_day()) == "2026-03-01");
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    CAPTURE(u.contracts[i].name);
    REQUIRE_FALSE(u.contracts[i].versions.empty());
    CHECK(u.contracts[i].life.front().known_at == u.contracts[i].versions.front().known_at);
    CHECK_FALSE(observed(u, i).empty());
    CHECK(u.contracts[i].versions.front().title.find_first_of("{}") == std::string::npos);
    CHECK(u.contracts[i].life.back().known_at <= (u.closes.end_day() - days(1)).close());
  }
}

TEST_CASE("the same seed gives the same bytes; another seed another universe") {
  const universe a = source::synthetic{}.make(), b = source::synthetic{}.make();
  REQUIRE(a.contracts.size() == b.contracts.size());
  CHECK(bytes(a, a.contracts.size()) == bytes(b, b.contracts.size()));
  const universe other = source::synthetic{.seed = 26}.make();
  const std::size_t both = std::min(a.contracts.size(), other.contracts.size());
  CHECK(bytes(a, both) != bytes(other, both));
}

TEST_CASE("more questions leave the earlier ones as they were") {
  const universe few = source::synthetic{.events = 20}.make(), many = source::synthetic{.events = 60}.make();
  REQUIRE(few.contracts.size() < many.contracts.size());
  CHECK(bytes(few, few.contracts.size()) == bytes(many, few.contracts.size()));
}

TEST_CASE("every way of ending is there, and every kind of question") {
  const universe u = source::synthetic{}.make();
  std::map<std::string, int> stages;
  int early = 0, halves = 0, lost = 0, won = 0, scalar = 0, late = 0, versions = 0, without_end = 0, gaps = 0,
      unthemed = 0;
  std::set<std::string> themes;
  const auto key = backtest::engine_access::key();
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    const contract& c = u.contracts[i];
    const life end = final_life(c);
    ++stages[std::string(to_string(end.stage()))];
    if (end.stage() == life_stage::voided) {  // a cancelled binary pays a half, a cancelled set an equal part each
      const double payout = end.payout()->to_double();
      CHECK(payout > 0.15);
      CHECK(payout <= 0.5);
      halves += payout == 0.5;
    }
    if (end.stage() == life_stage::settled) {
      lost += *end.payout() == price::micros(0);
      won += *end.payout() == price::micros(micro);
      scalar += *end.payout() != price::micros(0) && *end.payout() != price::micros(micro);
      const utc_day last_close = *c.after.open(key).last_priced;
      late += day_of(c.life.back().known_at) > last_close + days(3);
    }
    const auto announced = c.versions.back().scheduled_end;  // a ladder whose event happened pays before its deadlines
    early += announced && end.payout() && c.life.back().known_at < announced->open();
    versions += c.versions.size() > 1;
    without_end += !c.versions.front().scheduled_end;
    const auto series = u.closes.series(contract_id(i));
    std::size_t first = 0, last = series.size() - 1;
    while (is_missing(series[first])) ++first;
    while (is_missing(series[last])) --last;
    for (std::size_t d = first; d <= last; ++d) gaps += is_missing(series[d]);
    const std::string& theme = c.after.open(key).theme;
    unthemed += theme.empty();
    themes.insert(theme);
  }
  for (const char* stage : {"open", "closed", "pending", "settled", "voided", "data_ended"}) {
    CHECK_MESSAGE(stages[stage] > 0, stage);
  }
  CHECK(early > 5);
  CHECK(halves > 0);
  CHECK(lost > 20);
  CHECK(won > 20);
  CHECK(scalar > 0);
  CHECK(late > 5);
  CHECK(versions > 0);
  CHECK(without_end > 0);
  CHECK(gaps > 500);
  CHECK(unthemed > 0);
  CHECK(themes.size() == 11);
  int exhaustive = 0, open_ended = 0, ladders = 0;
  for (const outcome_set& s : u.sets) {
    exhaustive += s.exhaustive == exhaustiveness::exhaustive;
    open_ended += s.exclusive == exclusivity::exclusive && s.exhaustive == exhaustiveness::open_ended;
    ladders += s.exclusive == exclusivity::overlapping;
  }
  CHECK(exhaustive > 5);
  CHECK(open_ended > 3);
  CHECK(ladders > 3);
}

TEST_CASE("nothing is observed before the listing or after the close, and no payout comes before it") {
  for (const std::uint64_t seed : {19u, 1u, 2u, 3u}) {
    const universe u = source::synthetic{.seed = seed}.make();
    for (std::size_t i = 0; i < u.contracts.size(); ++i) {
      const contract& c = u.contracts[i];
      const auto series = u.closes.series(contract_id(i));
      instant closed = instant::never();
      for (const life_event& e : c.life) {
        if (e.stage == life_stage::closed) closed = e.known_at;
        if (e.payout) CHECK(e.known_at > closed);
      }
      for (std::size_t d = 0; d < series.size(); ++d) {
        if (is_missing(series[d])) continue;
        const instant known = (u.closes.first_day() + days(static_cast<std::int32_t>(d))).close();
        CHECK(known > c.versions.front().known_at);
        CHECK(known <= closed);
      }
    }
  }
}

TEST_CASE("sets add up: exhaustive ones to one, open-ended ones to at most one, ladders rise with the deadline") {
  const double grid = 0.005 + 1e-12;  // half a tick a price; clamping to 0.001 adds at most a tenth of a cent
  const universe u = source::synthetic{.events = 300, .missing_probability = 0.0}.make();
  int sums = 0, steps = 0;
  for (const outcome_set& s : u.sets) {
    const double n = static_cast<double>(s.outcomes.size());
    for (utc_day day = u.closes.first_day(); day < u.closes.end_day(); ++day) {
      double sum = 0.0, below = -1.0;
      for (const contract_id id : s.outcomes) {
        const double close = u.closes.close(day, id);
        sum += close;
        if (s.exclusive == exclusivity::overlapping && !is_missing(close) && below >= 0.0) {
          CHECK(close >= below);
          ++steps;
        }
        if (!is_missing(close)) below = close;
      }
      if (is_missing(sum) || s.exclusive != exclusivity::exclusive) continue;
      ++sums;
      CHECK(sum <= 1.0 + n * grid);
      if (s.exhaustive == exhaustiveness::exhaustive) CHECK(sum >= 1.0 - n * grid);
    }
    double paid = 0.0;
    bool all = true;
    for (const contract_id id : s.outcomes) {
      const life end = final_life(u.contracts[id.index()]);
      all = all && end.payout();
      paid += end.payout() ? end.payout()->to_double() : 0.0;
    }
    if (!all || s.exclusive != exclusivity::exclusive) continue;
    if (s.exhaustive == exhaustiveness::exhaustive) CHECK(paid == doctest::Approx(1.0).epsilon(1e-5));
    CHECK(paid <= 1.0 + 1e-5);
  }
  CHECK(sums > 1000);
  CHECK(steps > 1000);
}

TEST_CASE("the grid is the venue's and no close is 0 or 1") {
  const universe u = source::synthetic{}.make();
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    for (const double close : observed(u, i)) {
      const auto micros = price::nearest(close).micros();
      const bool at_an_end = micros < 40'000 || micros > 960'000;
      CHECK(micros % (at_an_end ? 1'000 : 10'000) == 0);
      CHECK(micros >= 1'000);
      CHECK(micros <= 999'000);
    }
  }
}

/// What a sample says of a mean that should be zero, in standard errors.
struct moment {
  double sum = 0.0, squares = 0.0;
  int n = 0;
  void add(double x) {
    sum += x;
    squares += x * x;
    ++n;
  }
  [[nodiscard]] double standard_errors() const { return sum / std::sqrt(squares); }
};

TEST_CASE("closes are fair: increments have mean zero, their squares add up to p (1 - p), and prices are calibrated") {
  // One contract a question, so that the sample is independent; 40 seeds of 100 questions. No voids and no unfinished
  // recordings here: a payout is then 0 or 1 for all but the scalar questions.
  moment whole, mid, quadratic;
  moment bins[10];
  double steps = 0.0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const universe u =
        source::synthetic{.seed = seed, .last = utc_day(20800), .void_probability = 0.0, .unfinished_probability = 0.0}
            .make();
    std::set<std::string> seen;
    for (std::size_t i = 0; i < u.contracts.size(); ++i) {
      const life end = final_life(u.contracts[i]);
      if (!end.payout() || !seen.insert(u.contracts[i].versions.front().event).second) continue;
      const double payout = end.payout()->to_double();
      const std::vector<double> path = observed(u, i);
      whole.add(payout - path.front());
      const double half = path[path.size() / 2];
      mid.add((payout - half) * (half - 0.5));
      bins[static_cast<std::size_t>(half * 10.0)].add(payout - half);
      if (payout != 0.0 && payout != 1.0) continue;
      double sum = 0.0, before = path.front();
      for (const double close : path) {
        sum += (close - before) * (close - before);
        before = close;
      }
      sum += (payout - before) * (payout - before);
      steps += static_cast<double>(path.size());
      quadratic.add(sum - path.front() * (1.0 - path.front()));
    }
  }
  REQUIRE(whole.n > 2500);
  CHECK(std::abs(whole.standard_errors()) < 4.0);
  CHECK(std::abs(mid.standard_errors()) < 4.0);
  // Rounding to a cent adds at most 2 * 0.01^2 / 12 a step to the squares, which the bound grants.
  const double mean = quadratic.sum / quadratic.n;
  const double error = std::sqrt(quadratic.squares) / quadratic.n;
  CHECK(mean > -4.0 * error);
  CHECK(mean < 4.0 * error + steps / quadratic.n * 2.0 * 1e-4 / 12.0);
  int filled = 0;
  for (const moment& bin : bins) {
    if (bin.n < 50) continue;
    ++filled;
    CHECK(std::abs(bin.standard_errors()) < 4.0);
  }
  CHECK(filled >= 8);
}

TEST_CASE("cancellations are priced in: with many of them prices still have mean increments of zero") {
  moment whole;
  int voided = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const universe u = source::synthetic{.seed = seed, .last = utc_day(20800), .void_probability = 0.15}.make();
    std::set<std::string> seen;
    for (std::size_t i = 0; i < u.contracts.size(); ++i) {
      const life end = final_life(u.contracts[i]);
      if (!end.payout() || !seen.insert(u.contracts[i].versions.front().event).second) continue;
      voided += end.stage() == life_stage::voided;
      whole.add(end.payout()->to_double() - observed(u, i).front());
    }
  }
  CHECK(voided > 100);
  CHECK(std::abs(whole.standard_errors()) < 4.0);
}

TEST_CASE("a synthetic universe refuses nonsense") {
  const utc_day first(20028);
  CHECK_THROWS_WITH_AS((void)(source::synthetic{.first = first, .last = first + days(58)}.make()),
                       "a synthetic universe needs at least 60 days", precondition_error);
  CHECK_NOTHROW((void)(source::synthetic{.first = first, .last = first + days(59)}.make()));
  CHECK_THROWS_AS((void)(source::synthetic{.first = first, .last = first - days(400)}.make()), precondition_error);
  CHECK_THROWS_AS((void)(source::synthetic{.events = 0}.make()), precondition_error);
  CHECK_THROWS_AS((void)(source::synthetic{.void_probability = 0.2}.make()), precondition_error);
  CHECK_THROWS_AS((void)(source::synthetic{.late_probability = -0.1}.make()), precondition_error);
  CHECK_THROWS_AS((void)(source::synthetic{.missing_probability = std::nan("")}.make()), precondition_error);
}

}  // namespace basket_test::source_synthetic
