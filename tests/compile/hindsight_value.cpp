// The value behind hindsight is no public member.
// expect: value_.* is (private|a private member)
#include "basket/backtest/engine_access.hpp"
#include "basket/model/hindsight.hpp"

int payout(const basket::hindsight<int>& later) {
#ifdef BASKET_REJECT
  return later.value_;
#else
  return later.open(basket::backtest::engine_access::key());
#endif
}
