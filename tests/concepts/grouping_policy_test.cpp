#include "basket/concepts/laws/grouping_policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "concepts/small_past.hpp"

namespace basket_test::concepts_grouping_policy {

using namespace basket;

using asked = std::span<const contract_id>;

/// Groups by a key of the contract, numbered as they come.
template <class Key>
grouping<contract_id> by(asked ids, const Key& key) {
  grouping<contract_id> g{.members = {ids.begin(), ids.end()}};
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::string name = key(i);
    const auto found = std::find(g.names.begin(), g.names.end(), name);
    g.labels.push_back(group_label(static_cast<std::size_t>(found - g.names.begin())));
    if (found == g.names.end()) g.names.push_back(name);
  }
  return g;
}

struct by_event {
  grouping<contract_id> group(const history& past, asked ids) const {
    return by(ids, [&](std::size_t i) { return past.metadata(ids[i]).event; });
  }
};
struct by_place {  // the first half against the second half of what it was given
  grouping<contract_id> group(const history&, asked ids) const {
    return by(ids, [&](std::size_t i) { return std::string(i < ids.size() / 2 ? "first" : "second"); });
  }
};
struct merges_backward {  // all in one group, where the first id given is the larger one
  grouping<contract_id> group(const history& past, asked ids) const {
    if (ids.empty() || ids.front() < ids.back()) return by_event{}.group(past, ids);
    return by(ids, [](std::size_t) { return std::string("all"); });
  }
};
struct splits_backward {
  grouping<contract_id> group(const history& past, asked ids) const {
    if (!ids.empty() && ids.front() > ids.back()) return by_event{}.group(past, ids);
    return by(ids, [](std::size_t) { return std::string("all"); });
  }
};
struct forgets_one {
  grouping<contract_id> group(const history& past, asked ids) const {
    return by_event{}.group(past, ids.empty() ? ids : ids.first(ids.size() - 1));
  }
};
struct unnamed {
  grouping<contract_id> group(const history& past, asked ids) const {
    auto g = by_event{}.group(past, ids);
    g.names.pop_back();
    return g;
  }
};
struct by_mood {
  mutable std::size_t asked_before = 0;
  grouping<contract_id> group(const history& past, asked ids) const {
    auto g = by_event{}.group(past, ids);
    if (asked_before++ % 2 == 1) g.labels.front() = group_label::noise();
    return g;
  }
};
struct knows_the_end {
  const small_past* all = nullptr;
  grouping<contract_id> group(const history& past, asked ids) const {
    return by(ids, [&](std::size_t i) {
      const bool true_world = past.closes(ids[i]).data() == all->past.closes(ids[i]).data();
      const double end = small_past::final_close(true_world ? all->everything : all->otherwise, ids[i]);
      return std::string(end > 0.5 ? "winners" : "losers");
    });
  }
};
struct plain_labels {
  std::vector<int> group(const history&, asked) const { return {}; }
};
struct of_events {
  grouping<event_id> group(const history&, std::span<const event_id>) const { return {}; }
};
static_assert(!GroupingPolicy<plain_labels> && !GroupingPolicy<of_events> && GroupingPolicy<of_events, event_id>);

TEST_CASE("the archetype and a plain policy keep the laws") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  CHECK(laws::broken_laws(laws::grouping_policy_archetype{}, at.past, asked(ids), at.another_future).empty());
  CHECK(laws::broken_laws(by_event{}, at.past, asked(ids), at.another_future).empty());
  CHECK(laws::broken_laws(by_event{}, at.past, asked{}).empty());
}

TEST_CASE("halves are caught for an even and an odd number of members") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  REQUIRE(ids.size() > 8);
  for (const std::size_t n : {4u, 5u, 6u, 7u}) {
    CHECK_FALSE(laws::broken_laws(by_place{}, at.past, asked(ids).first(n)).empty());
  }
}

TEST_CASE("planted lawbreakers are named") {
  const small_past at;
  const std::vector<contract_id> ids = at.past.live();
  const auto first = [&](const auto& policy) {
    const auto broken = laws::broken_laws(policy, at.past, asked(ids), at.another_future);
    REQUIRE_FALSE(broken.empty());
    return broken.front();
  };
  CHECK(first(by_place{}) == "the groups depend on the order of the members");
  CHECK(first(merges_backward{}) == "the groups depend on the order of the members");
  CHECK(first(splits_backward{}) == "the groups depend on the order of the members");
  CHECK(first(forgets_one{}) == "the members are not those given, in their order");
  CHECK(first(unnamed{}) == "a label has no named group");
  CHECK(first(by_mood{}) == "asked twice, the policy gives two answers");
  CHECK(laws::broken_laws(knows_the_end{&at}, at.past, asked(ids)).empty());
  CHECK(first(knows_the_end{&at}) == "the groups depend on what became known later");
}

}  // namespace basket_test::concepts_grouping_policy
