// A fee schedule must be able to say that it does not know: a bare fee is refused.
// expect: (requires  FeeSchedule|does not satisfy 'FeeSchedule')
#include "basket/concepts/fee_schedule.hpp"

struct ten_cents {
#ifdef BASKET_REJECT
  basket::fee_charge charge(const basket::fee_request&, basket::fee_carry&) const
#else
  std::optional<basket::fee_charge> charge(const basket::fee_request&, basket::fee_carry&) const
#endif
  {
    return basket::fee_charge{.cash = basket::money::cents(10)};
  }
};

template <basket::FeeSchedule Schedule>
struct venue {
  Schedule schedule = {};
};

venue<ten_cents> mine;
