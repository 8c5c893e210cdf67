// The bundled universe: seeded questions whose prices are what a Bayesian would pay, so that a fresh clone runs.
#pragma once

#include <algorithm>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/random.hpp"
#include "basket/model/tick.hpp"
#include "basket/model/universe.hpp"
#include "basket/source/belief.hpp"
#include "basket/source/wording.hpp"

namespace basket::source {

namespace detail {

/// The nearest price on the venue's grid; never 0 or 1, at which nobody trades.
inline double on_the_grid(double fair) {
  const price exact = price::nearest(fair);
  const std::int64_t step = tick::cent_fine_at_ends{}.step(exact).micros();
  const std::int64_t rounded = (exact.micros() + step / 2) / step * step;
  return price::micros(std::clamp<std::int64_t>(rounded, 1'000, micro - 1'000)).to_double();
}

inline instant hours_after(instant when, std::int64_t hours) {
  return instant::nanoseconds(when.nanoseconds() + hours * 3'600'000'000'000);
}

}  // namespace detail

/// Questions in the words of real markets, with daily closes from `first` to `last`. Each answer is drawn from a prior
/// and each close is its conditional expected payout given a noisy public signal, rounded to the venue's grid: prices
/// are martingales up to that rounding, an exclusive and exhaustive set sums to one before it, and cancellations are
/// priced in. Questions differ in how early their answer shows. Contract numbers follow the questions, and question i
/// is the same whatever the number of questions.
///
/// Missing: closes are left out at random; one recording in a while stops for good (`life_stage::data_ended`); what has
///          no close in the window is left out.
/// Fails:   precondition_error when the days are fewer than 60, there is no event, or a probability does not fit.
/// Cost:    O(days x contracts); about 400 contracts and 16 months in 10 ms.
/// Bias:    prices are fair by construction: no strategy earns anything on it before costs.
struct synthetic {
  std::uint64_t seed = 19;
  utc_day first = utc_day(20028);  ///< 2024-11-01
  utc_day last = utc_day(20512);   ///< 2026-02-28
  std::size_t events = 240;
  double void_probability = 0.04;        ///< of an event, a priori; one in six bears all of it
  double late_probability = 0.15;        ///< that a payout is announced days or weeks after the last close
  double unfinished_probability = 0.06;  ///< that a recording stops before the end
  double missing_probability = 0.05;     ///< of a close

  [[nodiscard]] universe make() const {
    require(last - first >= days(59), "a synthetic universe needs at least 60 days");
    require(events > 0, "a synthetic universe needs at least one event");
    for (const double p : {void_probability * 6.0, late_probability, unfinished_probability, missing_probability}) {
      require(p >= 0.0 && p <= 1.0, "a probability of the synthetic universe lies outside [0, 1] (voids: [0, 1/6])");
    }
    universe made;
    std::vector<std::vector<double>> closes;
    for (std::size_t event = 0; event < events; ++event) add(event, made, closes);
    made.closes = panel(first, static_cast<std::size_t>((last - first).count) + 1, closes.size());
    for (std::size_t i = 0; i < closes.size(); ++i) {
      std::copy(closes[i].begin(), closes[i].end(), made.closes.mutable_series(contract_id(i)).begin());
    }
    return made;
  }

 private:
  /// One question: its plan, its paths, its contracts.
  void add(std::size_t event, universe& made, std::vector<std::vector<double>>& closes) const;

  /// A contract's own course within its question.
  struct course {
    std::string title = {};     ///< {date} and {month} still in it
    std::int32_t deadline = 0;  ///< trading days from the listing to the announced end
    std::int32_t traded = 0;    ///< trading days until the answer was out
    double payout = 0.0;
    std::vector<double> path = {};  ///< fair value at each close
  };
};

inline void synthetic::add(std::size_t event, universe& made, std::vector<std::vector<double>>& closes) const {
  using wording::shape;
  random_stream random(seed, event);
  const auto chance = [&](double p) { return random.uniform() < p; };
  const auto between = [&](std::int32_t low, std::int32_t high) {
    return low + static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(high - low + 1)));
  };

  // The wording: the shape first, so that the mixture does not hang on the number of forms.
  const double mix = random.uniform();
  const shape kind = mix < 0.72   ? shape::binary
                     : mix < 0.80 ? shape::exhaustive
                     : mix < 0.87 ? shape::open_ended
                     : mix < 0.96 ? shape::ladder
                                  : shape::scalar;
  std::vector<wording::form> suited;
  for (const wording::form& f : wording::forms) {
    if (f.kind == kind) suited.push_back(f);
  }
  const wording::form form = suited[random.below(static_cast<std::uint32_t>(suited.size()))];
  std::string title(form.title), listed(form.answers);
  for (const auto& [word, choices] : wording::fillers) {
    const auto parts = wording::split(choices);
    const auto choice = parts[random.below(static_cast<std::uint32_t>(parts.size()))];
    title = wording::replaced(title, word, choice);
    listed = wording::replaced(listed, word, choice);
  }
  const auto answers = wording::split(listed);

  // When: the end is spread over the window and 200 days beyond, so that the number of live questions is steady.
  const utc_day end = first + days(between(20, (last - first).count + 200));
  const std::int32_t length = std::max(between(40, 300), (end - last).count + 20);
  const utc_day listing = end - days(length);
  const bool cancellable = kind != shape::ladder && chance(1.0 / 6.0);
  const double strength = std::exp(-2.0 + 2.4 * random.uniform());  // from a late surprise to an early certainty

  // The hidden answers and the fair value of each contract at each close.
  std::vector<course> courses;
  const auto dirichlet = [&](std::size_t n, double each) {
    boost::random::gamma_distribution<double> gamma(each);
    std::vector<double> q(n);
    double sum = 0.0;
    for (double& x : q) sum += x = gamma(random) + 1e-3;
    for (double& x : q) x /= sum;
    return q;
  };
  const auto noon = [](std::int32_t day, std::int32_t whole) { return (day + 0.5) / whole; };
  bool voided = false;
  if (kind == shape::ladder) {
    const std::int32_t rungs = between(3, 4);
    std::vector<belief> stages;  // does it happen between this deadline and the one before?
    for (std::int32_t k = 0; k < rungs; ++k) {
      const double hazard = 0.05 + 0.35 * random.uniform();
      stages.emplace_back(std::vector<double>{1.0 - hazard, hazard}, strength, random);
      courses.push_back({.title = title, .deadline = length * (k + 1) / rungs});
    }
    bool happened = false;
    for (std::size_t k = 0; k < courses.size(); ++k) {
      courses[k].traded = happened ? courses[k - 1].traded : courses[k].deadline;
      happened = happened || stages[k].truth() == 1;
      courses[k].payout = happened ? 1.0 : 0.0;
    }
    for (std::int32_t day = 0; day < length; ++day) {
      double still_open = 1.0;
      for (std::size_t k = 0; k < courses.size(); ++k) {
        still_open *= stages[k].advance(noon(day, courses[k].deadline), random)[0];
        courses[k].path.push_back(1.0 - still_open);
      }
    }
  } else {
    // What each contract pays in each case: the listed answers, one that is not listed, a cancellation.
    std::vector<std::vector<double>> pays;
    std::size_t contracts = 1;
    std::vector<double> prior;
    if (kind == shape::binary) {
      pays = {{1.0}, {0.0}};
      prior = dirichlet(2, 1.5);
    } else if (kind == shape::scalar) {
      for (int tenth = 0; tenth <= 10; ++tenth) pays.push_back({0.04 + 0.092 * tenth});
      prior = dirichlet(pays.size(), 1.0);
    } else {
      contracts = answers.size();
      for (std::size_t j = 0; j < contracts; ++j) {
        pays.emplace_back(contracts, 0.0);
        pays.back()[j] = 1.0;
      }
      if (kind == shape::open_ended) pays.emplace_back(contracts, 0.0);
      prior = dirichlet(pays.size(), 1.0);
    }
    if (cancellable && void_probability > 0.0) {
      for (double& q : prior) q *= 1.0 - 6.0 * void_probability;
      prior.push_back(6.0 * void_probability);
      pays.emplace_back(contracts, contracts == 1 ? 0.5 : 1.0 / static_cast<double>(contracts));
    }
    belief answer(prior, strength, random);
    voided = cancellable && void_probability > 0.0 && answer.truth() + 1 == prior.size();
    for (std::size_t k = 0; k < contracts; ++k) {
      courses.push_back({.title = wording::replaced(title, "answer", answers[kind == shape::binary ? 0 : k]),
                         .deadline = length,
                         .traded = length,
                         .payout = pays[answer.truth()][k]});
    }
    for (std::int32_t day = 0; day < length; ++day) {
      const auto& posterior = answer.advance(noon(day, length), random);
      for (std::size_t k = 0; k < contracts; ++k) {
        double fair = 0.0;
        for (std::size_t j = 0; j < posterior.size(); ++j) fair += posterior[j] * pays[j][k];
        courses[k].path.push_back(std::min(fair, 1.0));
      }
    }
  }

  // What was recorded of it.
  const bool unfinished = chance(unfinished_probability), late = chance(late_probability);
  const bool postponed = kind != shape::ladder && length > 60 && chance(0.08), unknown_end = chance(0.04);
  const std::int32_t stops = between(length / 3, 2 * length / 3), delay = between(2, 20), weeks = between(4, 30);
  const instant open = detail::hours_after(listing.open(), between(1, 20));
  boost::random::normal_distribution<double> normal;
  const auto padded = [](std::size_t n) {
    const std::string digits = std::to_string(n);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
  };
  outcome_set set{.name = "question-" + padded(event)};
  for (std::size_t k = 0; k < courses.size(); ++k) {
    const course& own = courses[k];
    contract c{.name = "syn-" + padded(event) + "-" + std::to_string(k + 1), .venue = "synthetic"};
    const auto version = [&](instant known_at, std::int32_t deadline) {
      const utc_day ends = listing + days(deadline - 1);
      const std::string text = wording::dated(own.title, ends);
      c.versions.push_back({.known_at = known_at, .title = text, .slug = wording::slug(text), .event = set.name});
      if (!unknown_end) c.versions.back().scheduled_end = ends;
    };
    version(open, postponed ? own.deadline - 20 : own.deadline);
    if (postponed) version(detail::hours_after((listing + days(length / 2)).open(), 15), own.deadline);

    const utc_day last_traded = listing + days(own.traded - 1);
    const bool stopped = unfinished && stops < own.traded && listing + days(stops) <= last;
    c.life.push_back({.known_at = open, .stage = life_stage::open});
    if (stopped) {
      // That a recording stopped for good is known when the whole recording is over, not on the day.
      c.life.push_back({.known_at = last.close(), .stage = life_stage::data_ended});
    } else {
      const instant shut = last_traded.close();
      c.life.push_back({.known_at = shut, .stage = life_stage::closed});
      if (late) c.life.push_back({.known_at = detail::hours_after(shut, delay), .stage = life_stage::pending});
      c.life.push_back({.known_at = detail::hours_after(shut, late ? 24 * weeks : delay),
                        .stage = voided ? life_stage::voided : life_stage::settled,
                        .payout = price::nearest(own.payout)});
    }
    const auto after_the_end = [&](const auto& known) { return known.known_at > last.close(); };
    std::erase_if(c.life, after_the_end);
    std::erase_if(c.versions, after_the_end);

    std::vector<double> column(static_cast<std::size_t>((last - first).count) + 1, missing);
    lifetime_facts facts{.volume = std::exp(11.0 + 1.5 * normal(random)), .theme = std::string(form.theme)};
    if (!form.theme.empty()) facts.tags = {facts.theme};
    for (std::int32_t day = 0; day < (stopped ? stops : own.traded); ++day) {
      const utc_day on = listing + days(day);
      const bool lost = chance(missing_probability) && day > 0;
      if (lost || on < first || on > last) continue;
      column[static_cast<std::size_t>((on - first).count)] =
          detail::on_the_grid(own.path[static_cast<std::size_t>(day)]);
      facts.last_priced = on;
    }
    if (!facts.last_priced) continue;  // over before the first day, or never recorded
    c.after = hindsight(std::move(facts));
    set.outcomes.push_back(contract_id(made.contracts.size()));
    made.contracts.push_back(std::move(c));
    closes.push_back(std::move(column));
  }
  if (kind == shape::exhaustive || kind == shape::open_ended) set.exclusive = exclusivity::exclusive;
  if (kind == shape::ladder) set.exclusive = exclusivity::overlapping;
  if (kind == shape::exhaustive) set.exhaustive = exhaustiveness::exhaustive;
  if (kind == shape::open_ended || kind == shape::ladder) set.exhaustive = exhaustiveness::open_ended;
  if (set.outcomes.size() > 1) made.sets.push_back(std::move(set));
}

}  // namespace basket::source
