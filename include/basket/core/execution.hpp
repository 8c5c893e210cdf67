// Execution policies: how a loop over independent items is run. Results never depend on the choice.
#pragma once

#include <concepts>
#include <cstddef>

namespace basket::execution_policy {

/// Runs `body(i)` for i = 0 .. count-1, in order, on the calling thread.
struct sequential {
  template <class Body>
  void for_each_index(std::size_t count, const Body& body) const {
    for (std::size_t i = 0; i < count; ++i) body(i);
  }
  [[nodiscard]] static constexpr std::size_t concurrency() noexcept { return 1; }
};

}  // namespace basket::execution_policy

namespace basket {

/// An execution policy runs a body once for each index; the bodies are independent and write to places of their own.
/// Law: after the call each index was run exactly once, and what the bodies wrote is visible to the caller.
template <class P>
concept ExecutionPolicy = requires(const P& policy, std::size_t count, void (*body)(std::size_t)) {
  policy.for_each_index(count, body);
  { policy.concurrency() } -> std::convertible_to<std::size_t>;
};

static_assert(ExecutionPolicy<execution_policy::sequential>);

}  // namespace basket
