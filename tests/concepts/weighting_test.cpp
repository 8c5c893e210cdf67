#include "basket/concepts/laws/weighting.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "concepts/small_past.hpp"

namespace basket_test::concepts_weighting {

using namespace basket;

using answer = weights<contract_id>;
using asked = members<contract_id>;

/// Equal weights, times a number: one that sums to `total`.
struct equal_to {
  double total = 1.0;
  answer weigh(const history&, asked who) const {
    return {.members = {who.ids.begin(), who.ids.end()},
            .values = std::vector<double>(who.size(), total / static_cast<double>(who.size()))};
  }
};
struct backward {
  answer weigh(const history& past, asked who) const {
    answer a = equal_to{}.weigh(past, who);
    std::reverse(a.members.begin(), a.members.end());
    return a;
  }
};
struct restless {
  mutable double total = 0.0;
  answer weigh(const history& past, asked who) const { return equal_to{.total = total += 0.001}.weigh(past, who); }
};
struct invents {
  answer weigh(const history& past, asked who) const {
    if (who.size() == 0) return {.members = {contract_id(0)}, .values = {1.0}};
    return equal_to{}.weigh(past, who);
  }
};
struct knows_the_end {
  const small_past* all = nullptr;
  answer weigh(const history& past, asked who) const {
    answer a = equal_to{}.weigh(past, who);
    for (std::size_t i = 0; i < who.size(); ++i) {
      const bool true_world = past.closes(who.ids[i]).data() == all->past.closes(who.ids[i]).data();
      a.values[i] *= small_past::final_close(true_world ? all->everything : all->otherwise, who.ids[i]);
    }
    return a;
  }
};
struct without_the_verb {
  answer allocate(const history&, asked) const { return {}; }
};
struct bare_numbers {
  std::vector<double> weigh(const history&, asked) const { return {}; }
};
struct must_change_itself {
  answer weigh(const history&, asked) { return {}; }
};
static_assert(!Weighting<without_the_verb> && !Weighting<bare_numbers> && !Weighting<must_change_itself>);
static_assert(Weighting<equal_to> && !Weighting<equal_to, theme_id>);
static_assert(Weighting<laws::weighting_archetype, event_id>);

TEST_CASE("the archetype and a plain scheme keep the laws, for contracts and for baskets") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  CHECK(laws::broken_laws(laws::weighting_archetype{}, at.past, asked{.ids = ids}, at.another_future).empty());
  const std::vector<theme_id> themes = {theme_id(2), theme_id(0)};
  CHECK(laws::broken_laws(laws::weighting_archetype{}, at.past, members<theme_id>{.ids = themes}).empty());
  CHECK(laws::broken_laws(equal_to{}, at.past, asked{.ids = ids}, at.another_future).empty());
}

TEST_CASE("planted lawbreakers are named") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  const asked who{.ids = ids};
  const auto only = [](const std::vector<std::string>& broken) {
    REQUIRE(broken.size() == 1);
    return broken.front();
  };
  CHECK(only(laws::broken_laws(equal_to{.total = 2.0}, at.past, who)) ==
        "weights must sum to at most 1; these sum to 2.000000");
  CHECK(only(laws::broken_laws(equal_to{.total = -0.5}, at.past, who)).find("not negative") != std::string::npos);
  CHECK(only(laws::broken_laws(backward{}, at.past, who)) == "the members are not those given, in their order");
  CHECK(only(laws::broken_laws(restless{}, at.past, who)) == "asked twice, the scheme gives two answers");
  CHECK(only(laws::broken_laws(invents{}, at.past, who)) == "nobody is given a weight");
  CHECK(laws::broken_laws(knows_the_end{&at}, at.past, who).empty());
  CHECK(only(laws::broken_laws(knows_the_end{&at}, at.past, who, at.another_future)) ==
        "the weights depend on what became known later");
}

}  // namespace basket_test::concepts_weighting
