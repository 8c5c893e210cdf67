// The laws of DailyStrategy, and the least type that models it.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "basket/concepts/daily_strategy.hpp"

namespace basket::laws {

/// Looks at everything and holds nothing.
struct daily_strategy_archetype {
  [[nodiscard]] decision decide(const history& past) const {
    decision made{.at = past.now()};
    for (const contract_id id : past.live()) made.contracts.push_back({.contract = id, .reason = "holds nothing"});
    return made;
  }
};
static_assert(DailyStrategy<daily_strategy_archetype>);

/// The broken laws of a strategy at one instant, a sentence each. `another_future`, where given, is the same past cut
/// out of a universe whose later part differs: the decision must not, to the last bit.
template <DailyStrategy S>
[[nodiscard]] std::vector<std::string> broken_laws(const S& strategy, const history& past,
                                                   const std::optional<history>& another_future = std::nullopt) {
  std::vector<std::string> broken;
  const decision made = strategy.decide(past);
  if (made.at != past.now()) broken.push_back("the decision is dated " + to_string(made.at));
  std::vector<contract_id> seen;
  double sum = 0.0;
  for (const considered& c : made.contracts) {
    seen.push_back(c.contract);
    if (!(c.weight >= 0.0) || !std::isfinite(c.weight)) {
      broken.push_back("contract number " + std::to_string(c.contract.index()) + " has the weight " +
                       std::to_string(c.weight));
    }
    if (c.reason.empty()) {
      broken.push_back("contract number " + std::to_string(c.contract.index()) + " is in or out without a reason");
    }
    sum += c.weight;
  }
  if (seen != past.live()) broken.push_back("the contracts are not the live ones, each once, in id order");
  if (!(sum <= 1.0 + 1e-9)) broken.push_back("the weights sum to " + std::to_string(sum));
  const auto same = [&](const decision& other) {
    if (other.at != made.at || other.contracts.size() != made.contracts.size()) return false;
    for (std::size_t i = 0; i < made.contracts.size(); ++i) {
      const considered &a = made.contracts[i], &b = other.contracts[i];
      if (a.contract != b.contract || a.event != b.event || a.theme != b.theme || a.reason != b.reason ||
          std::bit_cast<std::uint64_t>(a.weight) != std::bit_cast<std::uint64_t>(b.weight)) {
        return false;
      }
    }
    return true;
  };
  if (!same(strategy.decide(past))) broken.push_back("asked twice, the strategy decides differently");
  if (another_future && !same(strategy.decide(*another_future))) {
    broken.push_back("the decision depends on what became known later");
  }
  return broken;
}

}  // namespace basket::laws
