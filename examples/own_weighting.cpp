// A weighting scheme of one's own, outside the library, swapped in by one template argument.
#include <fmt/core.h>

#include <cstdio>

#include "basket/backtest/daily.hpp"
#include "basket/core/calendar.hpp"
#include "basket/cost/flat.hpp"
#include "basket/execution/half_tick.hpp"
#include "basket/source/synthetic.hpp"
#include "basket/strategy/theme_baskets.hpp"
#include "basket/taxonomy/events.hpp"
#include "basket/taxonomy/themes.hpp"
#include "basket/weight/eligibility.hpp"
#include "basket/weight/equal.hpp"
#include "basket/weight/most_price_changes.hpp"
#include "options.hpp"

namespace {

using namespace basket;

// [own_weighting]
// More capital to the questions that are still open: p (1 - p) of the last close, normalised.
struct by_openness {
  weights<contract_id> weigh(const history& past, members<contract_id> who) const {
    weights<contract_id> out{.members = {who.ids.begin(), who.ids.end()}, .values = {}};
    double sum = 0.0;
    for (const contract_id id : who.ids) {
      const auto last = past.last_close(id);  // what is known now, and nothing later
      out.values.push_back(last ? last->close * (1.0 - last->close) : 0.0);
      sum += out.values.back();
    }
    for (double& value : out.values) value = sum > 0.0 ? value / sum : 0.0;
    return out;
  }
};
static_assert(Weighting<by_openness>);
// [/own_weighting]

// [engine_of]
template <Weighting<contract_id> Within>
auto engine_of(taxonomy::theme_rules rules) {
  return backtest::daily{
      .schedule = calendar::first_of_month{},
      .strategy = strategy::theme_baskets{.eligible = weight::eligibility{.min_price = 0.05, .max_price = 0.95},
                                          .events = taxonomy::events{},
                                          .themes = taxonomy::themes{.rules = std::move(rules)},
                                          .pick = weight::most_price_changes{.window = days(30)},
                                          .within = Within{},
                                          .across = weight::equal{}},
      .execution = execution::half_tick{},
      .cost = cost::flat{.rate = basis_points{10}},
      .capital = money::dollars(100'000)};
}
// [/engine_of]

int run() {
  const taxonomy::theme_rules rules({{.name = "politics", .any = {"election", "president", "senate", "governor"}},
                                     {.name = "economics", .any = {"fed", "cpi", "inflation", "rates", "recession"}},
                                     {.name = "crypto", .any = {"bitcoin", "ethereum", "solana"}},
                                     {.name = "sports", .any = {"nba", "nfl", "champion", "cup", "league"}}});
  const source::synthetic source;
  const universe markets = source.make();
  // [swap]
  const auto equal = engine_of<weight::equal>(rules).run(markets, source.first, source.last);
  const auto own = engine_of<by_openness>(rules).run(markets, source.first, source.last);
  // [/swap]
  fmt::print("equal weight      {} dollars\n", to_string(equal.nav.back().nav));
  fmt::print("own weighting     {} dollars\n", to_string(own.nav.back().nav));
  return 0;
}

}  // namespace

int main() { return examples::guarded("own_weighting", run); }
