// Which contracts may be held: a recent price, inside a band, far enough from the end.
#pragma once

#include <optional>
#include <string>

#include "basket/concepts/eligibility.hpp"

namespace basket::weight {

/// What an unknown value means to a threshold; there is no default.
enum class unknown { refuse, pass };

/// A contract must be scheduled to trade for at least so many days more.
struct days_to_end {
  days at_least;
  unknown when_unknown;
  constexpr days_to_end(days minimum, unknown policy) : at_least(minimum), when_unknown(policy) {}
};

/// Refuses contracts that no longer trade, have no recent close, whose last close lies outside [min_price, max_price],
/// or that end too soon.
///
/// Missing: a contract never priced is refused; an unknown end is treated as `min_days_to_end` says.
struct eligibility {
  double min_price = 0.0;
  double max_price = 1.0;
  days max_age = days(3);  ///< of the last observed close
  std::optional<days_to_end> min_days_to_end = std::nullopt;

  [[nodiscard]] std::optional<std::string> refusal(const history& past, contract_id contract) const {
    if (const life_stage stage = past.stage(contract); stage != life_stage::open) {
      return "not trading: " + std::string(to_string(stage));
    }
    const auto last = past.last_close(contract);
    if (!last) return "never priced";
    if (const days age = past.today() - last->day; age > max_age) {
      return "last close is " + std::to_string(age.count) + " days old";
    }
    if (last->close < min_price || last->close > max_price) {
      return "price " + to_string(price::nearest(last->close)) + " outside the band";
    }
    if (min_days_to_end) {
      const auto end = past.metadata(contract).scheduled_end;
      if (!end) {
        if (min_days_to_end->when_unknown == unknown::refuse) return "scheduled end unknown";
      } else if (const days rest = *end - past.today(); rest < min_days_to_end->at_least) {
        return "scheduled to end in " + std::to_string(rest.count) + " days";
      }
    }
    return std::nullopt;
  }
};

static_assert(Eligibility<eligibility>);

}  // namespace basket::weight
