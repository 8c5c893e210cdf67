// What a strategy decided at one instant, with the reason for every contract it looked at.
#pragma once

#include <string>
#include <vector>

#include "basket/core/id.hpp"
#include "basket/core/time.hpp"

namespace basket {

/// One contract in one decision. `weight` is its share of the net asset value, 0 when it is out; `reason` says why.
struct considered {
  contract_id contract = {};
  std::string event = {};
  std::string theme = {};
  double weight = 0.0;
  std::string reason = {};
};

/// Every contract that was live at `at`, each once, in id order.
struct decision {
  instant at = {};
  std::vector<considered> contracts = {};
};

}  // namespace basket
