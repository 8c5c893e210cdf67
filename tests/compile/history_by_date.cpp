// A history is asked by lag, never by date: a date could lie ahead.
// expect: utc_day.* to .*lag
#include "basket/model/history.hpp"

double close(const basket::history& past, basket::contract_id contract) {
#ifdef BASKET_REJECT
  return past.close(contract, past.today() + basket::days(1));
#else
  return past.close(contract, basket::lag(1));
#endif
}
