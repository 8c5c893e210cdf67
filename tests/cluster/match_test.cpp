#include "basket/cluster/match.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::cluster_match {

using namespace basket;
using cluster::match_groups;

std::vector<group_label> of(std::initializer_list<int> numbers) {
  std::vector<group_label> out;
  for (const int v : numbers) out.push_back(v < 0 ? group_label::noise() : group_label(static_cast<std::size_t>(v)));
  return out;
}

TEST_CASE("groups change their numbers, members come and go") {
  const std::vector<std::string> before = {"a", "b", "c", "d", "e", "f", "g"};
  const std::vector<std::string> after = {"b", "a", "d", "c", "x", "y", "g"};
  const auto m = match_groups<std::string>(before, of({0, 0, 0, 1, 1, 2, -1}), after, of({1, 1, 0, 1, 0, 2, 2}));
  REQUIRE(m.matched.size() == 2);
  CHECK(m.matched[0].before == 0);
  CHECK(m.matched[0].after == 1);
  CHECK(m.matched[0].shared == 3);
  CHECK(m.matched[0].jaccard == 1.0);
  CHECK(m.matched[1].before == 1);
  CHECK(m.matched[1].after == 0);
  CHECK(m.matched[1].jaccard == doctest::Approx(1.0 / 3.0));
  CHECK(m.vanished == std::vector<std::size_t>{2});
  CHECK(m.appeared == std::vector<std::size_t>{2});
  CHECK(m.stayed == 4);
}

TEST_CASE("the greedy choice is not the best one") {
  // Shared members: 0-0: 3, 0-1: 2, 1-0: 2, 1-1: 0. Greedy takes 3 + 0, the best is 2 + 2.
  const std::vector<int> ids = {1, 2, 3, 4, 5, 6, 7};
  const auto m = match_groups<int>(ids, of({0, 0, 0, 0, 0, 1, 1}), ids, of({0, 0, 0, 1, 1, 0, 0}));
  REQUIRE(m.matched.size() == 2);
  CHECK(m.matched[0].after == 1);
  CHECK(m.matched[1].after == 0);
}

TEST_CASE("no assignment shares more: every permutation tried") {
  random_stream random(3, 0);
  for (int trial = 0; trial < 300; ++trial) {
    const std::size_t rows = 1 + random.below(5), columns = rows + random.below(3);
    std::vector<std::int64_t> w(rows * columns);
    for (std::int64_t& v : w) v = random.below(6);
    const auto chosen = cluster::detail::heaviest_assignment(w, rows, columns);
    std::int64_t ours = 0;
    std::vector<bool> used(columns, false);
    for (std::size_t r = 0; r < rows; ++r) {
      REQUIRE(chosen[r] < columns);
      CHECK_FALSE(used[chosen[r]]);
      used[chosen[r]] = true;
      ours += w[r * columns + chosen[r]];
    }
    std::vector<std::size_t> order(columns);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::int64_t best = 0;
    do {
      std::int64_t sum = 0;
      for (std::size_t r = 0; r < rows; ++r) sum += w[r * columns + order[r]];
      best = std::max(best, sum);
    } while (std::next_permutation(order.begin(), order.end()));
    CHECK(ours == best);
  }
}

TEST_CASE("numbers last over dates and are never given twice") {
  cluster::lasting_numbers<int> numbers;
  const std::vector<int> ids = {1, 2, 3, 4, 5, 6};
  CHECK(numbers.next(ids, of({0, 0, 0, 1, 1, 1})) == std::vector<std::size_t>{0, 1});
  CHECK(numbers.next(ids, of({1, 1, 1, 0, 0, 0})) == std::vector<std::size_t>{1, 0});
  // The second group goes, another comes.
  CHECK(numbers.next(ids, of({0, 0, 0, -1, -1, -1})) == std::vector<std::size_t>{0});
  CHECK(numbers.next(ids, of({0, 0, 0, 1, 1, 1})) == std::vector<std::size_t>{0, 2});
  CHECK(numbers.given() == 3);
  CHECK_THROWS_AS(numbers.next(ids, of({0})), precondition_error);
  CHECK(numbers.next(ids, of({1, 1, 1, 0, 0, 0})) == std::vector<std::size_t>{2, 0});
}

TEST_CASE("nobody, and ids that appear twice") {
  CHECK(match_groups<int>({}, {}, {}, {}).matched.empty());
  const std::vector<int> ids = {1, 2};
  const auto from_nothing = match_groups<int>({}, {}, ids, of({0, 1}));
  CHECK(from_nothing.appeared == std::vector<std::size_t>{0, 1});
  CHECK(match_groups<int>(ids, of({0, 1}), {}, {}).vanished == std::vector<std::size_t>{0, 1});
  const std::vector<int> twice = {1, 1};
  CHECK_THROWS_AS((void)match_groups<int>(twice, of({0, 0}), ids, of({0, 0})), precondition_error);
  CHECK_THROWS_AS((void)match_groups<int>(ids, of({0, 0}), twice, of({0, 0})), precondition_error);
}

}  // namespace basket_test::cluster_match
