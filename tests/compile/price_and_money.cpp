// A price a share is not an amount of money.
// expect: (no match for 'operator\+'.*price.*money|invalid operands to binary expression.*price.*money)
#include "basket/core/units.hpp"

basket::money sum(basket::price p, basket::money cash) {
#ifdef BASKET_REJECT
  return p + cash;
#else
  return (p * basket::shares::whole(1)).to_money(basket::rounding::up) + cash;
#endif
}
