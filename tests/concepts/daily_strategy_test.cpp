#include "basket/concepts/laws/daily_strategy.hpp"

#include <doctest/doctest.h>

#include "basket/model/weights.hpp"
#include "concepts/small_past.hpp"

namespace basket_test::concepts_daily_strategy {

using namespace basket;

/// Everything live at the same weight, summing to `total`.
struct all_alike {
  double total = 1.0;
  decision decide(const history& past) const {
    decision made = laws::daily_strategy_archetype{}.decide(past);
    for (considered& c : made.contracts) c.weight = total / static_cast<double>(made.contracts.size());
    return made;
  }
};
struct skips_one {
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    made.contracts.pop_back();
    return made;
  }
};
struct unsorted {
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    std::swap(made.contracts.front(), made.contracts.back());
    return made;
  }
};
struct short_seller {
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    made.contracts.front().weight = -0.1;
    return made;
  }
};
struct misdated {
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    made.at = instant::never();
    return made;
  }
};
struct mute {
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    made.contracts.front().reason.clear();
    return made;
  }
};
struct restless {
  mutable double total = 0.0;
  decision decide(const history& past) const { return all_alike{.total = total += 0.01}.decide(past); }
};
struct knows_the_end {
  const small_past* all = nullptr;
  decision decide(const history& past) const {
    decision made = all_alike{}.decide(past);
    for (considered& c : made.contracts) {
      const bool true_world = past.closes(c.contract).data() == all->past.closes(c.contract).data();
      c.weight *= small_past::final_close(true_world ? all->everything : all->otherwise, c.contract);
    }
    return made;
  }
};
struct bare_weights {
  weights<contract_id> decide(const history&) const { return {}; }
};
struct asks_the_universe {
  decision decide(const universe&) const { return {}; }
};
static_assert(!DailyStrategy<bare_weights> && !DailyStrategy<asks_the_universe> && DailyStrategy<all_alike>);

TEST_CASE("a decision names every live contract once, weighs at most one, and knows nothing later") {
  const small_past at;
  CHECK(laws::broken_laws(laws::daily_strategy_archetype{}, at.past, at.another_future).empty());
  CHECK(laws::broken_laws(all_alike{}, at.past, at.another_future).empty());
  const auto only = [&](const auto& strategy) {
    const auto broken = laws::broken_laws(strategy, at.past, at.another_future);
    REQUIRE(broken.size() == 1);
    return broken.front();
  };
  CHECK(only(all_alike{.total = 2.0}) == "the weights sum to 2.000000");
  CHECK(only(skips_one{}) == "the contracts are not the live ones, each once, in id order");
  CHECK(only(unsorted{}) == "the contracts are not the live ones, each once, in id order");
  CHECK(only(short_seller{}).find("has the weight -0.1") != std::string::npos);
  CHECK(only(misdated{}).find("the decision is dated") == 0);
  CHECK(only(mute{}).find("without a reason") != std::string::npos);
  CHECK(laws::broken_laws(restless{}, at.past).front() == "asked twice, the strategy decides differently");
  CHECK(laws::broken_laws(knows_the_end{&at}, at.past).empty());
  CHECK(only(knows_the_end{&at}) == "the decision depends on what became known later");
}

}  // namespace basket_test::concepts_daily_strategy
