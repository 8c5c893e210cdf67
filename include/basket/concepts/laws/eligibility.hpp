// The laws of Eligibility, and the least type that models it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "basket/concepts/eligibility.hpp"

namespace basket::laws {

/// Refuses nothing.
struct eligibility_archetype {
  [[nodiscard]] std::optional<std::string> refusal(const history&, contract_id) const { return std::nullopt; }
};
static_assert(Eligibility<eligibility_archetype>);

/// The broken laws of a rule on the contracts live in `past`, a sentence each. `another_future`, where given, is the
/// same past cut out of a universe whose later part differs: the answers must not.
template <Eligibility E>
[[nodiscard]] std::vector<std::string> broken_laws(const E& rule, const history& past,
                                                   const std::optional<history>& another_future = std::nullopt) {
  const std::vector<contract_id> live = past.live();
  std::vector<std::optional<std::string>> answers;
  for (const contract_id id : live) answers.push_back(rule.refusal(past, id));
  std::vector<std::string> broken;
  const E copy = rule;
  for (std::size_t i = live.size(); i-- > 0;) {
    const std::string name(past.name(live[i]));
    if (answers[i] && answers[i]->empty()) broken.push_back(name + " is refused without a reason");
    if (rule.refusal(past, live[i]) != answers[i] || copy.refusal(past, live[i]) != answers[i]) {
      broken.push_back("asked twice, the rule gives two answers for " + name);
    }
    if (another_future && rule.refusal(*another_future, live[i]) != answers[i]) {
      broken.push_back("the answer for " + name + " depends on what became known later");
    }
  }
  return broken;
}

}  // namespace basket::laws
