// One contract per event: the one whose price moved on most days lately.
#pragma once

#include <string>

#include "basket/concepts/representative.hpp"

namespace basket::weight {

/// Chooses the candidate with most changes of its close in the trailing window; ties go to the smaller name.
///
/// Missing: a change is between two observed closes, however far apart, and counts on the later day.
/// Fails:   precondition_error without a candidate.
/// Cost:    O(candidates x window).
struct most_price_changes {
  days window = days(30);

  /// Days of the window, today included, on which the close differs from the observed close before it.
  [[nodiscard]] int count(const history& past, contract_id contract) const {
    const auto closes = past.closes(contract);
    const auto rows = static_cast<std::size_t>(window.count < 0 ? 0 : window.count);
    const std::size_t begin = closes.size() > rows ? closes.size() - rows : 0;
    double before = missing;
    for (std::size_t i = begin; i-- > 0;) {
      if (!is_missing(closes[i])) {
        before = closes[i];
        break;
      }
    }
    int changes = 0;
    for (std::size_t i = begin; i < closes.size(); ++i) {
      if (is_missing(closes[i])) continue;
      if (!is_missing(before) && closes[i] != before) ++changes;
      before = closes[i];
    }
    return changes;
  }

  [[nodiscard]] choice choose(const history& past, std::span<const contract_id> candidates) const {
    require(!candidates.empty(), "a choice needs at least one candidate");
    contract_id best = candidates.front();
    int most = -1;
    for (const contract_id candidate : candidates) {
      const int changes = count(past, candidate);
      if (changes > most || (changes == most && past.name(candidate) < past.name(best))) {
        best = candidate;
        most = changes;
      }
    }
    return {.contract = best,
            .reason = std::to_string(most) + " price changes in " + std::to_string(window.count) + " days"};
  }
};

static_assert(Representative<most_price_changes>);

}  // namespace basket::weight
