// An execution policy on oneTBB.
#pragma once

#include <oneapi/tbb/info.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <cstddef>

#include "basket/core/execution.hpp"

namespace basket::parallel {

/// Runs independent bodies on oneTBB's pool, on at most `count` threads, the calling one included, and never on more
/// than the machine offers; 0 means all of those. An exception of a body reaches the caller, after which some bodies
/// may not have run.
///
/// Cost: some microseconds a call; a body should be worth as much.
struct threads {
  std::size_t count = 0;

  template <class Body>
  void for_each_index(std::size_t bodies, const Body& body) const {
    const std::size_t at_once = concurrency();
    if (at_once == 1) return execution_policy::sequential{}.for_each_index(bodies, body);
    oneapi::tbb::task_arena arena(static_cast<int>(at_once));
    arena.execute([&] { oneapi::tbb::parallel_for(std::size_t{0}, bodies, body); });
  }

  [[nodiscard]] std::size_t concurrency() const {
    const auto offered = static_cast<std::size_t>(std::max(1, oneapi::tbb::info::default_concurrency()));
    return count == 0 ? offered : std::min(count, offered);
  }
};

static_assert(ExecutionPolicy<threads>);

}  // namespace basket::parallel
