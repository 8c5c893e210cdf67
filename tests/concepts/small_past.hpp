// A past for the tests of concepts: the bundled universe in the middle of 2025, and the same past before noise.
#pragma once

#include "basket/backtest/engine_access.hpp"
#include "basket/backtest/lookahead.hpp"
#include "basket/source/synthetic.hpp"

namespace basket_test {

struct small_past {
  basket::universe everything = basket::source::synthetic{.events = 40}.make();
  basket::instant now = basket::utc_day(20'254).close();  // 2025-06-15
  basket::universe otherwise = basket::backtest::noise_after(everything, now, 1);
  basket::history past = basket::backtest::engine_access::past(everything, now);
  basket::history another_future = basket::backtest::engine_access::past(otherwise, now);

  small_past() = default;
  small_past(const small_past&) = delete;  // the histories point into it
  small_past& operator=(const small_past&) = delete;

  /// What a cheat that has the whole universe sees of a contract: its last close, whenever that is.
  [[nodiscard]] static double final_close(const basket::universe& u, basket::contract_id id) {
    double last = 0.5;
    for (const double close : u.closes.series(id)) {
      if (!basket::is_missing(close)) last = close;
    }
    return last;
  }
};

}  // namespace basket_test
