// Ids of two kinds do not convert.
// expect: event_kind.*contract_kind|(event_id.*contract_id)
#include "basket/model/history.hpp"

double close(const basket::history& past, basket::contract_id contract, basket::event_id event) {
#ifdef BASKET_REJECT
  (void)contract;
  return past.close(event);
#else
  (void)event;
  return past.close(contract);
#endif
}
