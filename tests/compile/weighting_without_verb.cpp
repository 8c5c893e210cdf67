// A scheme without the verb `weigh` is refused by name.
// expect: (requires  Weighting|does not satisfy 'Weighting')
#include "basket/concepts/weighting.hpp"

struct equal {
#ifdef BASKET_REJECT
  basket::weights<basket::contract_id> allocate(const basket::history&, basket::members<basket::contract_id> who) const
#else
  basket::weights<basket::contract_id> weigh(const basket::history&, basket::members<basket::contract_id> who) const
#endif
  {
    return {.members = {who.ids.begin(), who.ids.end()},
            .values = std::vector<double>(who.size(), 1.0 / static_cast<double>(who.size()))};
  }
};

template <basket::Weighting Scheme>
struct portfolio {
  Scheme scheme = {};
};

portfolio<equal> mine;
