// Money and shares do not add up.
// expect: (no match for 'operator\+'.*money.*shares|invalid operands to binary expression.*money.*shares)
#include "basket/core/units.hpp"

basket::money sum(basket::money cash, basket::shares held) {
#ifdef BASKET_REJECT
  return cash + held;
#else
  return cash + (basket::price::cents(50) * held).to_money(basket::rounding::down);
#endif
}
