// Which one contract stands for an event.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string>

#include "basket/model/history.hpp"

namespace basket {

/// The chosen contract and why.
struct choice {
  contract_id contract = {};
  std::string reason = {};
};

/// Chooses one of at least one contract.
/// Laws: the choice is one of those given; it does not depend on their order.
template <class R>
concept Representative = requires(const R& rule, const history& past, std::span<const contract_id> candidates) {
  { rule.choose(past, candidates) } -> std::same_as<choice>;
};

}  // namespace basket
