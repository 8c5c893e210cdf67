// The laws of GroupingPolicy, and the least type that models it.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basket/concepts/grouping_policy.hpp"

namespace basket::laws {

/// Leaves everything unclassified.
struct grouping_policy_archetype {
  template <class Id>
  [[nodiscard]] grouping<Id> group(const history&, std::span<const Id> ids) const {
    return {.members = {ids.begin(), ids.end()}, .labels = std::vector<group_label>(ids.size())};
  }
};
static_assert(GroupingPolicy<grouping_policy_archetype> && GroupingPolicy<grouping_policy_archetype, event_id>);

namespace detail {

/// True when `b`, whose members are a permutation of those of `a`, has the same groups under other numbers.
template <class Id>
bool same_partition(const grouping<Id>& a, const grouping<Id>& b) {
  std::map<Id, group_label> label_in_b;
  for (std::size_t i = 0; i < b.members.size(); ++i) label_in_b.emplace(b.members[i], b.labels[i]);
  std::map<std::size_t, std::size_t> there, back;  // group of a <-> group of b
  for (std::size_t i = 0; i < a.members.size(); ++i) {
    const auto found = label_in_b.find(a.members[i]);
    if (found == label_in_b.end()) return false;
    const group_label x = a.labels[i], y = found->second;
    if (x.has_group() != y.has_group() || x.is_noise() != y.is_noise()) return false;
    if (!x.has_group()) continue;
    if (there.emplace(x.group(), y.group()).first->second != y.group()) return false;
    if (back.emplace(y.group(), x.group()).first->second != x.group()) return false;
  }
  return true;
}

}  // namespace detail

/// The broken laws of a policy on `ids` (each once), a sentence each. `another_future`, where given, is the same past
/// cut out of a universe whose later part differs: the groups must not.
template <class G, class Id>
  requires GroupingPolicy<G, Id>
[[nodiscard]] std::vector<std::string> broken_laws(const G& policy, const history& past, std::span<const Id> ids,
                                                   const std::optional<history>& another_future = std::nullopt) {
  std::vector<std::string> broken;
  const grouping<Id> given = policy.group(past, ids);
  const auto sound = [&](const grouping<Id>& g, std::span<const Id> asked, const std::string& when) {
    if (!std::equal(g.members.begin(), g.members.end(), asked.begin(), asked.end())) {
      broken.push_back(when + "the members are not those given, in their order");
      return false;
    }
    try {
      check(g);
    } catch (const precondition_error& e) {
      broken.push_back(when + e.what());
      return false;
    }
    return true;
  };
  if (!sound(given, ids, "")) return broken;
  if (const grouping<Id> again = policy.group(past, ids); again.labels != given.labels || again.names != given.names) {
    broken.push_back("asked twice, the policy gives two answers");
  }
  std::vector<Id> backward(ids.rbegin(), ids.rend()), riffled;  // backward; and every second one first
  for (std::size_t i = 1; i < ids.size(); i += 2) riffled.push_back(ids[i]);
  for (std::size_t i = 0; i < ids.size(); i += 2) riffled.push_back(ids[i]);
  for (const std::vector<Id>& other : {backward, riffled}) {
    const grouping<Id> moved = policy.group(past, std::span<const Id>(other));
    if (sound(moved, other, "in another order, ") && !detail::same_partition(given, moved)) {
      broken.push_back("the groups depend on the order of the members");
    }
  }
  if (another_future) {
    const grouping<Id> later = policy.group(*another_future, ids);
    if (later.labels != given.labels || later.names != given.names || later.reasons != given.reasons) {
      broken.push_back("the groups depend on what became known later");
    }
  }
  return broken;
}

}  // namespace basket::laws
