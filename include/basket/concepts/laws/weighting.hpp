// The laws of Weighting, and the least type that models it.
#pragma once

#include <bit>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "basket/concepts/weighting.hpp"

namespace basket::laws {

/// Leaves everything in cash.
struct weighting_archetype {
  template <class Id>
  [[nodiscard]] weights<Id> weigh(const history&, members<Id> who) const {
    return {.members = {who.ids.begin(), who.ids.end()}, .values = std::vector<double>(who.size(), 0.0)};
  }
};
static_assert(Weighting<weighting_archetype> && Weighting<weighting_archetype, theme_id>);

/// The broken laws of a scheme on `who`, a sentence each. `another_future`, where given, is the same past cut out of a
/// universe whose later part differs: the weights must not, to the last bit.
template <class W, class Id>
  requires Weighting<W, Id>
[[nodiscard]] std::vector<std::string> broken_laws(const W& scheme, const history& past, members<Id> who,
                                                   const std::optional<history>& another_future = std::nullopt) {
  std::vector<std::string> broken;
  const weights<Id> given = scheme.weigh(past, who);
  if (given.members != std::vector<Id>(who.ids.begin(), who.ids.end())) {
    broken.push_back("the members are not those given, in their order");
  }
  try {
    check(given);
  } catch (const precondition_error& e) {
    broken.push_back(e.what());
  }
  const auto same = [&](const weights<Id>& other) {
    if (other.members != given.members || other.values.size() != given.values.size()) return false;
    for (std::size_t i = 0; i < given.values.size(); ++i) {
      if (std::bit_cast<std::uint64_t>(given.values[i]) != std::bit_cast<std::uint64_t>(other.values[i])) return false;
    }
    return true;
  };
  const W copy = scheme;
  if (!same(copy.weigh(past, who)) || !same(scheme.weigh(past, who))) {
    broken.push_back("asked twice, the scheme gives two answers");
  }
  if (another_future && !same(scheme.weigh(*another_future, who))) {
    broken.push_back("the weights depend on what became known later");
  }
  const weights<Id> none = scheme.weigh(past, members<Id>{});
  if (!none.members.empty() || !none.values.empty()) broken.push_back("nobody is given a weight");
  return broken;
}

}  // namespace basket::laws
