// A price is not a probability: what is compared says which it is.
// expect: (no match for 'operator<'.*price.*probability|invalid operands to binary expression.*price.*probability)
#include "basket/core/units.hpp"

bool is_cheap(basket::price p, basket::probability belief) {
#ifdef BASKET_REJECT
  return p < belief;
#else
  return basket::probability(p.to_double()) < belief;
#endif
}
