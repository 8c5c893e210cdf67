// What is known afterwards opens with the key of settlement and reports, and with nothing else.
// expect: hindsight is opened by settlement and reports only: what is known afterwards decides nothing
#include "basket/backtest/engine_access.hpp"
#include "basket/model/contract.hpp"

bool has_volume(const basket::contract& c) {
#ifdef BASKET_REJECT
  struct my_key {};
  return c.after.open(my_key{}).volume.has_value();
#else
  return c.after.open(basket::backtest::engine_access::key()).volume.has_value();
#endif
}
