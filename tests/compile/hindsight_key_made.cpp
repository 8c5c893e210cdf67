// The key to hindsight cannot be made by whoever wants it.
// expect: hindsight_key::hindsight_key\(\).*private|calling a private constructor of class 'basket::hindsight_key'
#include "basket/backtest/engine_access.hpp"

basket::hindsight_key key() {
#ifdef BASKET_REJECT
  return basket::hindsight_key();
#else
  return basket::backtest::engine_access::key();
#endif
}
