#include "basket/numeric/rank.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::numeric_rank {

using namespace basket;

Eigen::VectorXd vector_of(std::vector<double> x) { return Eigen::Map<Eigen::VectorXd>(x.data(), std::ssize(x)); }

// One half plus the number of smaller values plus half the number of equal ones.
double naive_rank(const Eigen::VectorXd& x, Eigen::Index t) {
  double rank = 0.5;
  for (const double other : x) {
    if (!is_missing(other)) rank += (other < x[t] ? 1.0 : 0.0) + (other == x[t] ? 0.5 : 0.0);
  }
  return rank;
}

TEST_CASE("on paper: two equal values share ranks 2 and 3, a missing one takes none") {
  const Eigen::VectorXd ranks = numeric::average_ranks(vector_of({0.4, 0.1, missing, 0.4, 0.9}));
  CHECK(ranks[0] == 2.5);
  CHECK(ranks[1] == 1.0);
  CHECK(is_missing(ranks[2]));
  CHECK(ranks[3] == 2.5);
  CHECK(ranks[4] == 4.0);
}

TEST_CASE("hostile series") {
  CHECK(numeric::average_ranks(Eigen::VectorXd()).size() == 0);
  CHECK(numeric::average_ranks(vector_of({7.0}))[0] == 1.0);
  CHECK(is_missing(numeric::average_ranks(vector_of({missing, missing}))[1]));
  const Eigen::VectorXd constant = numeric::average_ranks(Eigen::VectorXd::Constant(300, 0.3));
  CHECK(constant.minCoeff() == 150.5);
  CHECK(constant.maxCoeff() == 150.5);
  SUBCASE("minus zero is zero; signs, denormals and 1e300 stand in order") {
    const double tiny = std::numeric_limits<double>::denorm_min();
    const Eigen::VectorXd x = vector_of({-0.0, 0.0, tiny, -tiny, 1e300, -1e300, 1.0, -1.0});
    const Eigen::VectorXd ranks = numeric::average_ranks(x);
    for (Eigen::Index t = 0; t < x.size(); ++t) CHECK(ranks[t] == naive_rank(x, t));
  }
}

TEST_CASE("both ways of sorting agree with counting, with and without ties, and are stable") {
  for (const int n : {1, 2, 127, 128, 129, 700}) {
    for (const double levels : {2.0, 50.0, 0.0}) {
      random_stream random(11, static_cast<std::uint64_t>(n));
      Eigen::VectorXd x(n);
      for (double& v : x) {
        v = random.uniform() - 0.5;
        if (levels > 0.0) v = std::floor(v * levels);
        if (random.uniform() < 0.1) v = missing;
      }
      const Eigen::VectorXd ranks = numeric::average_ranks(x);
      for (Eigen::Index t = 0; t < n; ++t) {
        if (is_missing(x[t])) {
          CHECK(is_missing(ranks[t]));
        } else {
          CHECK(ranks[t] == naive_rank(x, t));
        }
      }
      numeric::order_finder finder;
      numeric::ascending_order order;
      finder.find({x.data(), static_cast<std::size_t>(n)}, order);
      for (std::size_t p = 1; p < order.rows.size(); ++p) {
        const auto before = static_cast<Eigen::Index>(order.rows[p - 1]),
                   after = static_cast<Eigen::Index>(order.rows[p]);
        CHECK((x[before] < x[after] || (x[before] == x[after] && before < after)));
      }
    }
  }
}

}  // namespace basket_test::numeric_rank
