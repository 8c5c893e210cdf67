// The universe behind a history is out of reach.
// expect: 'source_' is (private|a private member)|'const basket::universe\* basket::history::source_' is private
#include "basket/model/history.hpp"

double last(const basket::history& past, basket::contract_id contract) {
#ifdef BASKET_REJECT
  return past.source_->closes.series(contract).back();
#else
  return past.closes(contract).back();
#endif
}
