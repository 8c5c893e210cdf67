#include "basket/cluster/dbscan.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "basket/concepts/laws/clusterer.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_dbscan {

using namespace basket;
using cluster::dbscan;

/// The original procedure: visit points in order, grow each group to its end before the next one.
std::vector<group_label> by_the_book(const Eigen::MatrixXd& x, double radius, std::size_t min_points) {
  const auto n = static_cast<std::size_t>(x.rows());
  std::vector<std::vector<std::size_t>> near(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if ((x.row(static_cast<Eigen::Index>(i)) - x.row(static_cast<Eigen::Index>(j))).norm() <= radius)
        near[i].push_back(j);
    }
  }
  std::vector<group_label> out(n, group_label::noise());
  std::size_t next = 0;
  for (std::size_t i = 0; i < n; ++i) {
    if (out[i].has_group() || near[i].size() < min_points) continue;
    std::vector<std::size_t> stack = {i};
    out[i] = group_label(next);
    while (!stack.empty()) {
      const std::size_t at = stack.back();
      stack.pop_back();
      if (near[at].size() < min_points) continue;
      for (const std::size_t j : near[at]) {
        if (out[j].has_group()) continue;
        out[j] = group_label(next);
        stack.push_back(j);
      }
    }
    ++next;
  }
  return cluster::number_by_size(std::move(out));
}

TEST_CASE("two runs on a line and a straggler, on paper") {
  Eigen::MatrixXd x(8, 1);
  x << 0, 1, 2, 10, 11, 12, 13, 30;
  const auto found = dbscan{.radius = 1.0, .min_points = 3}.fit(x);
  CHECK(found.labels[3] == group_label(0));
  CHECK(found.labels[6] == group_label(0));
  CHECK(found.labels[0] == group_label(1));
  CHECK(found.labels[7] == group_label::noise());
  CHECK(found.core == std::vector<std::size_t>{1, 4, 5});
  CHECK(found.neighbours == std::vector<std::size_t>{2, 3, 2, 2, 3, 3, 2, 1});
  CHECK(found.noise == 1);
  Eigen::MatrixXd fresh(4, 1);
  fresh << 11.4, 1.9, 20.0, std::numeric_limits<double>::quiet_NaN();
  const auto assigned = dbscan{.radius = 1.0, .min_points = 3}.assign(found, x, fresh);
  CHECK(assigned ==
        std::vector<group_label>{group_label(0), group_label(1), group_label::noise(), group_label::unclassified()});
}

TEST_CASE("the groups of the original procedure, from points and from distances") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    random_stream random(seed, 9);
    const auto n = static_cast<Eigen::Index>(1 + random.below(260));
    const auto p = static_cast<Eigen::Index>(1 + random.below(6));
    const Eigen::MatrixXd x = planted_points(n, p, 4, 4.0, seed).points;
    const double radius = 0.4 + 1.2 * random.uniform();
    const std::size_t min_points = 1 + random.below(7);
    const auto expected = by_the_book(x, radius, min_points);
    const auto found = dbscan{.radius = radius, .min_points = min_points}.fit(x);
    CAPTURE(seed);
    CHECK(found.labels == expected);
    std::vector<double> d;
    for (Eigen::Index i = 0; i < n; ++i) {
      for (Eigen::Index j = i + 1; j < n; ++j) d.push_back((x.row(i) - x.row(j)).norm());
    }
    CHECK((dbscan{.radius = radius, .min_points = min_points}.fit(std::move(d), static_cast<std::size_t>(n)).labels ==
           expected));
  }
}

TEST_CASE("the edge of the radius is inside, wherever the points lie") {
  for (const double far : {0.0, 1e6}) {
    Eigen::MatrixXd x(4, 1);
    x << far, far + 0.5, far + 1.0, far + 1.5000001;
    const auto found = dbscan{.radius = 0.5, .min_points = 2}.fit(x);
    CHECK(found.labels[0] == group_label(0));
    CHECK(found.labels[2] == group_label(0));
    CHECK(found.labels[3] == group_label::noise());
  }
}

TEST_CASE("a spread of 1e9 radii hides no neighbour, and a radius taken from a distance includes its pair") {
  // Pairs exactly one radius apart, far from each other, in blocks of their own.
  Eigen::MatrixXd x(200, 1);
  for (Eigen::Index i = 0; i < 100; ++i) {
    x(2 * i, 0) = 0x1p30 * static_cast<double>(i);
    x(2 * i + 1, 0) = x(2 * i, 0) + 0.5;
  }
  const auto far = dbscan{.radius = 0.5, .min_points = 2}.fit(x);
  CHECK(far.noise == 0);
  CHECK(cluster::group_count(far.labels) == 100);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const Eigen::MatrixXd y = gaussian_points(2, 7, seed);
    const double apart = (y.row(0) - y.row(1)).norm();
    CHECK(dbscan{.radius = apart * (1.0 + 4e-16), .min_points = 2}.fit(y).noise == 0);
    CHECK(dbscan{.radius = apart * (1.0 - 1e-15), .min_points = 2}.fit(y).noise == 2);
  }
}

TEST_CASE("duplicates, scale, laws") {
  const auto same = dbscan{.radius = 0.1, .min_points = 4}.fit(Eigen::MatrixXd::Constant(5, 3, 2.0));
  CHECK(same.labels == std::vector<group_label>(5, group_label(0)));
  const Eigen::MatrixXd x = planted_points(100, 3, 3, 6.0, 5).points;
  const auto base = dbscan{.radius = 1.2, .min_points = 4}.fit(x);
  CHECK(base.labels == dbscan{.radius = std::ldexp(1.2, 900), .min_points = 4}.fit(x * 0x1p900).labels);
  CHECK(base.labels == dbscan{.radius = std::ldexp(1.2, -900), .min_points = 4}.fit(x * 0x1p-900).labels);
  CHECK(laws::broken_laws(dbscan{.radius = 1.2, .min_points = 4}, x).empty());
  CHECK(dbscan{}.fit(Eigen::MatrixXd(0, 2)).labels.empty());
  CHECK(dbscan{.radius = 1.0, .min_points = 1}.fit(Eigen::MatrixXd(1, 2)).labels.size() == 1);
}

TEST_CASE("nonsense is refused with a sentence") {
  const Eigen::MatrixXd x = gaussian_points(5, 2, 0);
  CHECK_THROWS_AS((void)dbscan{.radius = 0.0}.fit(x), precondition_error);
  CHECK_THROWS_AS((void)dbscan{.radius = std::numeric_limits<double>::quiet_NaN()}.fit(x), precondition_error);
  CHECK_THROWS_AS((void)dbscan{.min_points = 0}.fit(x), precondition_error);
  Eigen::MatrixXd hole = x;
  hole(2, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS((void)dbscan{}.fit(hole), data_error);
  CHECK_THROWS_AS((void)dbscan{}.fit(std::vector<double>{1.0, 2.0}, 3), precondition_error);
  CHECK_THROWS_AS((void)dbscan{}.fit(std::vector<double>{1.0, -2.0, 1.0}, 3), data_error);
  CHECK_THROWS_AS((void)dbscan{}.assign(dbscan{}.fit(x), x, gaussian_points(2, 3, 0)), precondition_error);
}

}  // namespace basket_test::cluster_dbscan
