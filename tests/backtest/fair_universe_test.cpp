// On fair prices nothing is earned: the engine as a whole, against the one thing that is known of a martingale.
#include <doctest/doctest.h>

#include <cmath>

#include "basket/backtest/daily.hpp"
#include "basket/backtest/lookahead.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/source/synthetic.hpp"
#include "basket/strategy/theme_baskets.hpp"
#include "basket/taxonomy/events.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"

namespace basket_test::backtest_fair_universe {

using namespace basket;

struct one_theme {
  [[nodiscard]] grouping<contract_id> group(const history&, std::span<const contract_id> ids) const {
    return {.members = {ids.begin(), ids.end()},
            .labels = std::vector<group_label>(ids.size(), group_label(0)),
            .names = {"all"}};
  }
};

const backtest::daily engine{
    .schedule = calendar::first_of_month{},
    .strategy = strategy::theme_baskets{.eligible = weight::eligibility{.min_price = 0.05, .max_price = 0.95},
                                        .events = taxonomy::events{},
                                        .themes = one_theme{},
                                        .pick = weight::most_price_changes{},
                                        .within = weight::equal{},
                                        .across = weight::equal{}},
    .execution = execution::half_tick{},
    .cost = cost::flat{.rate = basis_points{10}}};

TEST_SUITE("slow fair universe") {
  TEST_CASE("over many fair universes the gain before costs is zero within its error, and costs are what is lost") {
    const int seeds = 500;
    double sum = 0.0, squares = 0.0, costs = 0.0;
    for (int seed = 1; seed <= seeds; ++seed) {
      const source::synthetic source{.seed = static_cast<std::uint64_t>(seed)};
      const universe u = source.make();
      const backtest::result run = engine.run(u, source.first, source.last);
      double cost = 0.0;
      for (const backtest::trade& t : run.trades) {
        cost += t.fee.to_double() + std::abs(t.paid.to_double() - t.close.to_double()) * t.quantity.to_double();
      }
      CHECK(run.books.imbalance() == 0);
      CHECK(run.books.audit() == 0);
      const double gain = (run.nav.back().nav - run.capital).to_double() + cost;
      sum += gain;
      squares += gain * gain;
      costs += cost;
    }
    const double mean = sum / seeds;
    const double error = std::sqrt((squares / seeds - mean * mean) / seeds);
    MESSAGE("mean gain before costs " << mean << " dollars, standard error " << error << "; mean costs "
                                      << costs / seeds << " of 100,000 dollars");
    CHECK(std::abs(mean) < 3.5 * error);
    CHECK(error < 5'000.0);
    CHECK(costs / seeds > 1'000.0);
  }
}

TEST_CASE("the synthetic universe passes the look-ahead check at every decision") {
  const source::synthetic source;
  const universe u = source.make();
  std::vector<instant> decisions;
  for (utc_day d = source.first; d < source.last; ++d) {
    if (calendar::first_of_month{}.is_due(d)) decisions.push_back(d.close());
  }
  const auto found = backtest::look_ahead(
      u, decisions, [&](const universe& world) { return engine.run(world, source.first, source.last); });
  CHECK(found.empty());
  for (const std::string& sentence : found) MESSAGE(sentence);
}

TEST_CASE("the same universe gives the same lines twice") {
  const source::synthetic source;
  const universe u = source.make();
  const auto lines = [&] {
    return backtest::lines_until(engine.run(u, source.first, source.last), source.last.close());
  };
  const auto once = lines();
  CHECK(once.size() > 1'000);
  CHECK(once == lines());
}

}  // namespace basket_test::backtest_fair_universe
