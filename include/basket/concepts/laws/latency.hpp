// The laws of LatencyModel, and the least type that models it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "basket/concepts/latency.hpp"

namespace basket::laws {

/// No time passes.
struct latency_archetype {
  [[nodiscard]] std::int64_t to_venue(instant, std::uint64_t) const { return 0; }
  [[nodiscard]] std::int64_t to_strategy(instant, std::uint64_t) const { return 0; }
};
static_assert(LatencyModel<latency_archetype>);

/// The broken laws of a model over its first thousand travels at a few instants, a sentence each.
template <LatencyModel L>
[[nodiscard]] std::vector<std::string> broken_laws(const L& model) {
  std::vector<std::string> broken;
  for (const std::int64_t sent : {std::int64_t{0}, std::int64_t{1'740'000'000'000'000'000}}) {
    const instant when = instant::nanoseconds(sent);
    for (std::uint64_t number = 0; number < 1'000 && broken.size() < 10; ++number) {
      const std::int64_t there = model.to_venue(when, number), back = model.to_strategy(when, number);
      const std::string which = "travel " + std::to_string(number) + ": ";
      if (there < 0 || back < 0) broken.push_back(which + "it takes less than no time");
      if (model.to_venue(when, number) != there || model.to_strategy(when, number) != back) {
        broken.push_back(which + "asked twice, the model gives two answers");
      }
    }
  }
  return broken;
}

}  // namespace basket::laws
