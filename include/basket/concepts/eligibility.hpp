// Which contracts may be held at all.
#pragma once

#include <concepts>
#include <optional>
#include <string>

#include "basket/model/history.hpp"

namespace basket {

/// Gives the reason why a live contract may not be held now, or nothing when it may.
/// Law: depends on the history alone; the same history gives the same answer.
template <class E>
concept Eligibility = requires(const E& rule, const history& past, contract_id contract) {
  { rule.refusal(past, contract) } -> std::same_as<std::optional<std::string>>;
};

}  // namespace basket
