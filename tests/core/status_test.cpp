#include "basket/core/status.hpp"

#include <doctest/doctest.h>

#include <set>

namespace basket_test::core_status {

using namespace basket;

struct answer {
  int value = 0;
  status state = status::ok;
};
struct without_state {
  int value = 0;
};

template <class T>
concept CanBeRequired = requires(const T& x) { require_ok(x); };
static_assert(CanBeRequired<answer> && !CanBeRequired<without_state>);

TEST_CASE("a good answer passes through, a bad one is said") {
  const answer good{.value = 3};
  CHECK(&require_ok(good) == &good);
  const answer bad{.value = 3, .state = status::rank_deficient};
  CHECK_THROWS_WITH_AS((void)require_ok(bad), "the numeric result is not usable: rank_deficient", numeric_error);
}

TEST_CASE("each status has a word of its own") {
  std::set<std::string_view> words;
  for (const status s : {status::ok, status::too_few_observations, status::rank_deficient, status::ill_conditioned,
                         status::not_converged, status::infeasible, status::constant_input}) {
    words.insert(to_string(s));
    if (s != status::ok) CHECK_THROWS_AS((void)require_ok(answer{.state = s}), numeric_error);
  }
  CHECK(words.size() == 7);
  CHECK_FALSE(words.contains("unknown"));
}

}  // namespace basket_test::core_status
