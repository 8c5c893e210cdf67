// A history cannot be turned back into the panel that it was cut from.
// expect: a history cannot be turned into a panel or a universe: they hold the future
#include "basket/model/history.hpp"

double first_close(const basket::history& past, basket::contract_id contract) {
#ifdef BASKET_REJECT
  return static_cast<basket::panel>(past).series(contract).front();
#else
  return past.closes(contract).front();
#endif
}
