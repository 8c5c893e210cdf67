// Everything a source delivers for a daily run: contracts, outcome sets and their panel.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "basket/model/contract.hpp"
#include "basket/model/panel.hpp"

namespace basket {

/// A set of contracts with their closes; column i of the panel belongs to contract i. It holds the future: engines cut
/// a `history` out of it, and nothing that decides ever sees it.
struct universe {
  std::vector<contract> contracts = {};
  panel closes = {};
  std::vector<outcome_set> sets = {};  ///< where the source knows them; may be empty
};

/// Checks what the engines rely on: a column a contract, unique names, versions and life events in order of knowledge,
/// a legal life, prices in [0, 1]. O(cells).
///
/// Fails: precondition_error naming the contract.
inline void check(const universe& u) {
  if (u.closes.contracts() != u.contracts.size()) {
    throw precondition_error("a universe of " + std::to_string(u.contracts.size()) + " contracts has a panel of " +
                             std::to_string(u.closes.contracts()) + " columns");
  }
  std::vector<std::string_view> names;
  names.reserve(u.contracts.size());
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    const contract& c = u.contracts[i];
    names.push_back(c.name);
    const auto known = [](const auto& a, const auto& b) { return a.known_at < b.known_at; };
    if (!std::is_sorted(c.versions.begin(), c.versions.end(), known)) {
      throw precondition_error("the metadata versions of " + c.name + " are not in the order they became known");
    }
    if (!std::is_sorted(c.life.begin(), c.life.end(), known)) {
      throw precondition_error("the life of " + c.name + " is not in the order it became known");
    }
    life walk;
    for (const life_event& event : c.life) {
      if (!walk.apply(event)) {
        throw precondition_error("the life of " + c.name + " has no step from " + std::string(to_string(walk.stage())) +
                                 " to " + std::string(to_string(event.stage)));
      }
    }
    for (const double close : u.closes.series(contract_id(i))) {
      if (!is_missing(close) && !(close >= 0.0 && close <= 1.0)) {
        throw precondition_error("a close of " + c.name + " lies outside [0, 1]");
      }
    }
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    throw precondition_error("two contracts are called " + std::string(*twice));
  }
}

}  // namespace basket
