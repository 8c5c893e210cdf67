// A history cannot be turned back into the universe that it was cut from.
// expect: a history cannot be turned into a panel or a universe: they hold the future
#include "basket/model/history.hpp"

std::size_t count(const basket::history& past) {
#ifdef BASKET_REJECT
  return static_cast<basket::universe>(past).contracts.size();
#else
  return past.live().size();
#endif
}
