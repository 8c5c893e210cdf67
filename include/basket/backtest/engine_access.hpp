// The engines' own door: cuts a history out of a universe and opens what is only known afterwards.
#pragma once

#include "basket/model/hindsight.hpp"
#include "basket/model/history.hpp"

namespace basket::backtest {

/// For engines and for tests of parts that need a history. Whoever decides with it has left the rules.
struct engine_access {
  /// The universe as known at `now`; valid while `source` lives.
  [[nodiscard]] static history past(const universe& source, instant now) noexcept { return history(&source, now); }
  [[nodiscard]] static hindsight_key key() noexcept { return hindsight_key(); }
};

}  // namespace basket::backtest
