#include "basket/cluster/agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::cluster_agreement {

using namespace basket;
using cluster::agree;
using cluster::ungrouped;

std::vector<group_label> of(std::initializer_list<int> numbers) {
  std::vector<group_label> out;
  for (const int v : numbers) out.push_back(v < 0 ? group_label::noise() : group_label(static_cast<std::size_t>(v)));
  return out;
}

std::vector<group_label> drawn(std::size_t n, std::uint32_t groups, random_stream& random) {
  std::vector<group_label> out;
  for (std::size_t i = 0; i < n; ++i) out.emplace_back(random.below(groups));
  return out;
}

/// Hubert and Arabie by counting pairs one by one.
double rand_by_pairs(const std::vector<group_label>& a, const std::vector<group_label>& b) {
  double both = 0, first = 0, second = 0, all = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = i + 1; j < a.size(); ++j) {
      both += a[i] == a[j] && b[i] == b[j];
      first += a[i] == a[j];
      second += b[i] == b[j];
      all += 1;
    }
  }
  return (both - first * second / all) / (0.5 * (first + second) - first * second / all);
}

TEST_CASE("six members, on paper") {
  const auto m = agree(of({0, 0, 0, 1, 1, 1}), of({0, 0, 1, 1, 2, 2}), ungrouped::leave_out);
  CHECK(m.rows == 2);
  CHECK(m.columns == 3);
  CHECK(m(0, 0) == 2);
  CHECK(m(1, 1) == 1);
  // pairs together in both: 2; in the first: 6; in the second: 3; of 15
  CHECK(cluster::adjusted_rand(m) == doctest::Approx((2.0 - 1.2) / (4.5 - 1.2)));
  CHECK(cluster::purity(m) == doctest::Approx(4.0 / 6.0));
  const double h1 = std::log(2.0), h2 = std::log(3.0);
  const double mutual = h1 + h2 - (2 * (1.0 / 3.0) * std::log(3.0) + 2 * (1.0 / 6.0) * std::log(6.0));
  CHECK(cluster::variation_of_information(m) == doctest::Approx(h1 + h2 - 2.0 * mutual));
}

TEST_CASE("who has no group: three policies, three figures") {
  const auto a = of({0, 0, 1, 1, -1, -1}), b = of({0, 0, 1, 1, 1, -1});
  const auto out = agree(a, b, ungrouped::leave_out);
  CHECK(out.members == 4);
  CHECK(out.left_out == 2);
  CHECK(cluster::adjusted_rand(out) == 1.0);
  const auto one = agree(a, b, ungrouped::one_group);
  CHECK(one.members == 6);
  CHECK(one.rows == 3);
  CHECK(cluster::adjusted_rand(one) < 1.0);
  const auto single = agree(a, b, ungrouped::singletons);
  CHECK(single.rows == 4);
  CHECK(single.columns == 3);
  CHECK(cluster::adjusted_rand(single) != cluster::adjusted_rand(one));
  CHECK(cluster::adjusted_rand(agree(a, a, ungrouped::singletons)) == 1.0);
}

TEST_CASE("laws: pairs counted one by one, symmetry, renaming, bounds, a metric") {
  random_stream random(4, 0);
  for (int trial = 0; trial < 200; ++trial) {
    const std::size_t n = 2 + random.below(40);
    const auto a = drawn(n, 1 + random.below(6), random), b = drawn(n, 1 + random.below(6), random),
               c = drawn(n, 1 + random.below(6), random);
    const auto ab = agree(a, b, ungrouped::leave_out), ba = agree(b, a, ungrouped::leave_out);
    const double expected = rand_by_pairs(a, b);
    if (std::isfinite(expected)) CHECK(cluster::adjusted_rand(ab) == doctest::Approx(expected).epsilon(1e-12));
    CHECK(cluster::adjusted_rand(ab) == doctest::Approx(cluster::adjusted_rand(ba)).epsilon(1e-12));
    CHECK(cluster::adjusted_mutual_information(ab) ==
          doctest::Approx(cluster::adjusted_mutual_information(ba)).epsilon(1e-9));
    std::vector<group_label> renamed;
    for (const group_label l : b) renamed.emplace_back(7 - l.group());
    CHECK(cluster::variation_of_information(agree(a, renamed, ungrouped::leave_out)) ==
          doctest::Approx(cluster::variation_of_information(ab)).epsilon(1e-12));
    const auto self = agree(a, a, ungrouped::leave_out);
    CHECK(cluster::adjusted_rand(self) == doctest::Approx(1.0));
    CHECK(cluster::variation_of_information(self) == doctest::Approx(0.0).epsilon(1e-12));
    CHECK(cluster::purity(self) == 1.0);
    CHECK(cluster::variation_of_information(ab) <=
          cluster::variation_of_information(agree(a, c, ungrouped::leave_out)) +
              cluster::variation_of_information(agree(c, b, ungrouped::leave_out)) + 1e-12);
    CHECK(cluster::adjusted_rand(ab) <= 1.0 + 1e-12);
  }
}

TEST_CASE("chance gives nothing") {
  double rand = 0.0, information = 0.0;
  random_stream random(8, 0);
  for (int trial = 0; trial < 400; ++trial) {
    const auto m = agree(drawn(50, 4, random), drawn(50, 6, random), ungrouped::leave_out);
    rand += cluster::adjusted_rand(m) / 400.0;
    information += cluster::adjusted_mutual_information(m) / 400.0;
  }
  CHECK(std::abs(rand) < 0.01);
  CHECK(std::abs(information) < 0.01);
}

TEST_CASE("ends of the range: nobody, one, all together, all apart, other lengths") {
  CHECK(is_missing(cluster::adjusted_rand(agree({}, {}, ungrouped::leave_out))));
  CHECK(is_missing(cluster::variation_of_information(agree(of({-1}), of({0}), ungrouped::leave_out))));
  const auto together = of({0, 0, 0}), apart = of({0, 1, 2});
  CHECK(cluster::adjusted_rand(agree(together, together, ungrouped::leave_out)) == 1.0);
  CHECK(cluster::adjusted_rand(agree(apart, apart, ungrouped::leave_out)) == 1.0);
  CHECK(cluster::adjusted_rand(agree(together, apart, ungrouped::leave_out)) == 0.0);
  CHECK(cluster::adjusted_mutual_information(agree(apart, apart, ungrouped::leave_out)) == 1.0);
  CHECK(cluster::adjusted_mutual_information(agree(together, apart, ungrouped::leave_out)) == doctest::Approx(0.0));
  CHECK_THROWS_WITH_AS((void)agree(of({0, 1}), of({0}), ungrouped::leave_out),
                       "agree: 2 and 1 labels are not of the same members", precondition_error);
}

}  // namespace basket_test::cluster_agreement
