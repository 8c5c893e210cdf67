// The reports' own door to what is only known after a market's life.
#pragma once

#include "basket/model/hindsight.hpp"

namespace basket::report {

/// Opens `hindsight` for reports, which come after every decision: comparing our themes with somebody's final labels,
/// say. Whoever decides with it has left the rules.
struct after_the_fact {
  [[nodiscard]] static hindsight_key key() noexcept { return hindsight_key(); }
};

}  // namespace basket::report
