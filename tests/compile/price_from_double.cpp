// A double becomes a price by naming the rounding, never by itself.
// expect: (could not convert 'close'|no viable conversion from .*'double').*'basket::price'
// .*price)
#include "basket/core/units.hpp"

basket::price convert(double close) {
#ifdef BASKET_REJECT
  return close;
#else
  return basket::price::nearest(close);
#endif
}
