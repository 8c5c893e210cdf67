// Ids of two kinds do not compare, even where their numbers are the same.
// expect: (no match for 'operator=='|invalid operands to binary expression).*(contract|event)
#include "basket/core/id.hpp"

bool same(basket::contract_id contract, basket::event_id event) {
#ifdef BASKET_REJECT
  return contract == event;
#else
  return contract.index() == event.index();
#endif
}
