// A product becomes money by naming the rounding.
// expect: (cannot convert|could not convert|no viable conversion|conversion from).*notional.*money
#include "basket/core/units.hpp"

basket::money cost(basket::price p, basket::shares s) {
#ifdef BASKET_REJECT
  return p * s;
#else
  return (p * s).to_money(basket::rounding::up);
#endif
}
