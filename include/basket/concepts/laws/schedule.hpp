// The laws of Schedule, and the least type that models it.
#pragma once

#include <string>
#include <vector>

#include "basket/concepts/schedule.hpp"

namespace basket::laws {

/// Never rebalances.
struct schedule_archetype {
  [[nodiscard]] bool is_due(utc_day) const { return false; }
};
static_assert(Schedule<schedule_archetype>);

/// The broken laws of a schedule over the days [first, end), a sentence each: it is asked forward, backward and as a
/// copy, and must answer by the day alone.
template <Schedule S>
[[nodiscard]] std::vector<std::string> broken_laws(const S& schedule, utc_day first, utc_day end) {
  std::vector<bool> answers;
  for (utc_day day = first; day < end; ++day) answers.push_back(schedule.is_due(day));
  std::vector<std::string> broken;
  const S copy = schedule;
  for (std::size_t i = answers.size(); i-- > 0;) {
    const utc_day day = first + days(static_cast<std::int32_t>(i));
    if (schedule.is_due(day) != answers[i] || copy.is_due(day) != answers[i]) {
      broken.push_back("the answer for " + to_string(day) + " depends on more than the day");
    }
  }
  return broken;
}

}  // namespace basket::laws
