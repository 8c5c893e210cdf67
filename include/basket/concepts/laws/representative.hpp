// The laws of Representative, and the least type that models it.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basket/concepts/representative.hpp"

namespace basket::laws {

/// Chooses the smallest id.
struct representative_archetype {
  [[nodiscard]] choice choose(const history&, std::span<const contract_id> candidates) const {
    return {.contract = *std::min_element(candidates.begin(), candidates.end()), .reason = "the smallest id"};
  }
};
static_assert(Representative<representative_archetype>);

/// The broken laws of a rule on at least one candidate, a sentence each. `another_future`, where given, is the same
/// past cut out of a universe whose later part differs: the choice must not.
template <Representative R>
[[nodiscard]] std::vector<std::string> broken_laws(const R& rule, const history& past,
                                                   std::span<const contract_id> candidates,
                                                   const std::optional<history>& another_future = std::nullopt) {
  require(!candidates.empty(), "a representative is chosen of at least one candidate");
  std::vector<std::string> broken;
  const choice chosen = rule.choose(past, candidates);
  if (std::find(candidates.begin(), candidates.end(), chosen.contract) == candidates.end()) {
    broken.push_back("the choice, number " + std::to_string(chosen.contract.index()) + ", is none of the candidates");
  }
  if (chosen.reason.empty()) broken.push_back("the choice has no reason");
  if (rule.choose(past, candidates).contract != chosen.contract) {
    broken.push_back("asked twice, the rule gives two answers");
  }
  std::vector<contract_id> order(candidates.begin(), candidates.end());
  for (std::size_t i = 0; i < order.size(); ++i) {  // each candidate first once, forward and backward
    std::rotate(order.begin(), order.begin() + 1, order.end());
    const contract_id forward = rule.choose(past, order).contract;
    std::reverse(order.begin(), order.end());
    const contract_id backward = rule.choose(past, order).contract;
    std::reverse(order.begin(), order.end());
    if (forward != chosen.contract || backward != chosen.contract) {
      broken.push_back("the choice depends on the order of the candidates");
      break;
    }
  }
  for (const contract_id alone : candidates) {
    if (rule.choose(past, std::span<const contract_id>(&alone, 1)).contract != alone) {
      broken.push_back("a single candidate is not chosen");
      break;
    }
  }
  if (another_future && rule.choose(*another_future, candidates).contract != chosen.contract) {
    broken.push_back("the choice depends on what became known later");
  }
  return broken;
}

}  // namespace basket::laws
