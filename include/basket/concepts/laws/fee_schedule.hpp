// The laws of FeeSchedule, and the least type that models it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "basket/concepts/fee_schedule.hpp"

namespace basket::laws {

/// Knows no law: every order is refused.
struct fee_schedule_archetype {
  [[nodiscard]] std::optional<fee_charge> charge(const fee_request&, fee_carry&) const { return std::nullopt; }
};
static_assert(FeeSchedule<fee_schedule_archetype>);

/// The broken laws of a schedule on `matches`, taken as the fills of one order in turn, a sentence each.
template <FeeSchedule S>
[[nodiscard]] std::vector<std::string> broken_laws(const S& schedule, std::span<const fee_request> matches) {
  std::vector<std::string> broken;
  fee_carry carry;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const std::string which = "match " + std::to_string(i) + ": ";
    const fee_request& match = matches[i];
    fee_carry after = carry, again_after = carry;
    const std::optional<fee_charge> charged = schedule.charge(match, after);
    const S copy = schedule;
    if (copy.charge(match, again_after) != charged || again_after.rounding_picos != after.rounding_picos) {
      broken.push_back(which + "the same match and carry are charged differently the second time");
    }
    if (!charged) {
      if (after.rounding_picos != carry.rounding_picos) {
        broken.push_back(which + "a match whose law is not known moves the carry");
      }
      continue;
    }
    if (charged->in_shares < shares{}) broken.push_back(which + "a fee in shares is negative");
    if (charged->in_shares > match.quantity) broken.push_back(which + "a fee in shares exceeds the quantity");
    if (charged->in_shares != shares{} && match.direction == side::sell) {
      broken.push_back(which + "a sale is charged in shares");
    }
    carry = after;
  }
  return broken;
}

}  // namespace basket::laws
