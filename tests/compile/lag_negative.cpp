// A lag looks back; one that looks ahead does not compile.
// expect: a_lag_looks_back_it_cannot_be_negative
#include "basket/model/history.hpp"

double close(const basket::history& past, basket::contract_id contract) {
#ifdef BASKET_REJECT
  return past.close(contract, basket::lag(-1));
#else
  return past.close(contract, basket::lag(1));
#endif
}
