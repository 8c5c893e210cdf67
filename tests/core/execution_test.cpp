#include "basket/core/execution.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace basket_test::core_execution {

using namespace basket;

TEST_CASE("each index is run once, in order") {
  std::vector<std::size_t> seen;
  execution_policy::sequential{}.for_each_index(5, [&](std::size_t i) { seen.push_back(i); });
  CHECK(seen == std::vector<std::size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("nothing to do is done") {
  int calls = 0;
  execution_policy::sequential{}.for_each_index(0, [&](std::size_t) { ++calls; });
  CHECK(calls == 0);
  CHECK(execution_policy::sequential::concurrency() == 1);
}

TEST_CASE("what a body throws reaches the caller") {
  CHECK_THROWS_AS(execution_policy::sequential{}.for_each_index(3,
                                                                [](std::size_t i) {
                                                                  if (i == 1) throw 7;
                                                                }),
                  int);
}

struct silent {
  template <class Body>
  void for_each_index(std::size_t, const Body&) const {}
};
static_assert(ExecutionPolicy<execution_policy::sequential> && !ExecutionPolicy<silent>);

}  // namespace basket_test::core_execution
