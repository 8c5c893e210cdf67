// Progress: an argument, never a print. A long operation tells a sink how far it is.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>

namespace basket {

/// A sink is told the stage and how many of how many steps are done; it must not change the result.
template <class S>
concept ProgressSink =
    requires(S& sink, std::string_view stage, std::size_t done, std::size_t total) { sink.report(stage, done, total); };

/// The default: nobody is told.
struct no_progress {
  constexpr void report(std::string_view, std::size_t, std::size_t) const noexcept {}
};

static_assert(ProgressSink<no_progress>);

}  // namespace basket
