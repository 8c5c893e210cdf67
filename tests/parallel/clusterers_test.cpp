#include <doctest/doctest.h>

#include "basket/cluster/dbscan.hpp"
#include "basket/cluster/k_means.hpp"
#include "basket/cluster/quality_null.hpp"
#include "basket/cluster/silhouette.hpp"
#include "basket/parallel/threads.hpp"
#include "support/points.hpp"

namespace basket_test::parallel_clusterers {

using namespace basket;
using cluster::k_means;
using cluster::quality_null;
using cluster::random_rotation;
using cluster::silhouette;

TEST_CASE("clusterers and their nulls give the same bytes on one thread and on two") {
  const Eigen::MatrixXd x = planted_points(700, 5, 4, 1.5, 6).points;
  const parallel::threads two{.count = 2};
  const k_means method{.clusters = 5, .starts = 4, .seed = 3};
  const auto one = method.fit(x), other = method.fit(x, two);
  CHECK(one.labels == other.labels);
  CHECK(one.inertia == other.inertia);
  CHECK((one.centres.array() == other.centres.array()).all());
  const auto start = k_means{.clusters = 5, .starts = 1, .seed = 3};
  CHECK(start.fit(x).inertia == start.fit(x, two).inertia);
  CHECK(silhouette{}.score(x, one.labels).values == silhouette{}.score(x, one.labels, two).values);
  CHECK(silhouette{.sample = 50}.score(x, one.labels).mean == silhouette{.sample = 50}.score(x, one.labels, two).mean);
  const cluster::dbscan dense{.radius = 1.5, .min_points = 5};
  CHECK(dense.fit(x).labels == dense.fit(x, two).labels);
  const quality_null<random_rotation> null{.draws = 7};
  CHECK(null.test(k_means{.clusters = 3, .starts = 2}, silhouette{}, x.topRows(90)).null ==
        null.test(k_means{.clusters = 3, .starts = 2}, silhouette{}, x.topRows(90), two).null);
}

}  // namespace basket_test::parallel_clusterers
