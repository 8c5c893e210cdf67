// A day is not an instant: whoever compares them says whether its open or its close is meant.
// expect: (no match for 'operator<='|invalid operands to binary expression).*(instant|utc_day)
#include "basket/core/time.hpp"

bool known(basket::utc_day day, basket::instant now) {
#ifdef BASKET_REJECT
  return day <= now;
#else
  return day.close() <= now;
#endif
}
