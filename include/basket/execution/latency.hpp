// Latency models.
#pragma once

#include <cstdint>
#include <string_view>

#include "basket/concepts/latency.hpp"
#include "basket/core/random.hpp"

namespace basket::execution {

/// Orders and answers arrive at the instant of sending, behind everything that was known at it.
struct no_latency {
  static constexpr std::string_view bias =
      "Orders reach the venue at the instant of the decision, behind every message of that instant; nobody is that "
      "fast.";
  [[nodiscard]] constexpr std::int64_t to_venue(instant, std::uint64_t) const noexcept { return 0; }
  [[nodiscard]] constexpr std::int64_t to_strategy(instant, std::uint64_t) const noexcept { return 0; }
};

/// Always the same.
struct constant_latency {
  std::int64_t order_ns = 50'000'000;
  std::int64_t answer_ns = 50'000'000;
  static constexpr std::string_view bias = "Orders and answers always travel equally long.";
  [[nodiscard]] constexpr std::int64_t to_venue(instant, std::uint64_t) const noexcept { return order_ns; }
  [[nodiscard]] constexpr std::int64_t to_strategy(instant, std::uint64_t) const noexcept { return answer_ns; }
};

/// Drawn evenly between bounds, by (seed, number).
struct uniform_latency {
  std::uint64_t seed = 1;
  std::int64_t least_ns = 20'000'000;
  std::int64_t most_ns = 200'000'000;
  static constexpr std::string_view bias = "Latencies are drawn independently and evenly between two bounds.";
  [[nodiscard]] std::int64_t to_venue(instant, std::uint64_t number) const noexcept { return draw(2 * number); }
  [[nodiscard]] std::int64_t to_strategy(instant, std::uint64_t number) const noexcept { return draw(2 * number + 1); }

 private:
  [[nodiscard]] std::int64_t draw(std::uint64_t stream) const noexcept {
    random_stream random(seed, stream);
    return least_ns + static_cast<std::int64_t>(random.uniform() * static_cast<double>(most_ns - least_ns));
  }
};

static_assert(LatencyModel<no_latency> && LatencyModel<constant_latency> && LatencyModel<uniform_latency>);

}  // namespace basket::execution
