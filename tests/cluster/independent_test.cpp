// The clusterers against scikit-learn and scipy (versions in the first line of tests/fixtures/cluster.csv).
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "basket/cluster/agreement.hpp"
#include "basket/cluster/calinski_harabasz.hpp"
#include "basket/cluster/cut_by_silhouette.hpp"
#include "basket/cluster/davies_bouldin.hpp"
#include "basket/cluster/dbscan.hpp"
#include "basket/cluster/k_means.hpp"
#include "basket/cluster/linkage.hpp"
#include "basket/cluster/silhouette.hpp"
#include "support/fixture.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_independent {

using namespace basket;

struct shape {
  Eigen::Index n = 0;
  std::size_t groups = 0;
  std::string tag = {};
};

const fixture::sheet& sheet() {
  static const fixture::sheet s("cluster.csv");
  return s;
}

std::vector<shape> cases() {
  const Eigen::MatrixXd m = sheet().matrix("shape", 3);
  std::vector<shape> out;
  for (Eigen::Index c = 0; c < m.rows(); ++c) {
    out.push_back({static_cast<Eigen::Index>(m(c, 0)), static_cast<std::size_t>(m(c, 2)), std::to_string(c)});
  }
  return out;
}

std::vector<group_label> labels(const std::string& name) {
  std::vector<group_label> out;
  for (const double v : sheet().row(name))
    out.push_back(v < 0 ? group_label::noise() : group_label(static_cast<std::size_t>(v)));
  return out;
}

std::vector<double> pairs(const Eigen::MatrixXd& x) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < x.rows(); ++j) out.push_back((x.row(i) - x.row(j)).norm());
  }
  return out;
}

TEST_CASE("k-means: the best of many starts is scikit-learn's") {
  for (const shape& s : cases()) {
    const Eigen::MatrixXd x = sheet().matrix("x" + s.tag, s.n);
    const auto found = cluster::k_means{.clusters = s.groups, .starts = 200, .seed = 1}.fit(x);
    CHECK(found.inertia == doctest::Approx(sheet().row("best_inertia" + s.tag)[0]).epsilon(1e-10));
    CHECK(same_partition(found.labels, labels("best_labels" + s.tag)));
  }
}

template <class L>
void compare_tree(const shape& s, const std::string& name) {
  const Eigen::MatrixXd x = sheet().matrix("x" + s.tag, s.n);
  const auto tree = L{}.link(pairs(x), static_cast<std::size_t>(s.n));
  const Eigen::MatrixXd table = sheet().matrix(name + s.tag, s.n - 1);
  for (Eigen::Index t = 0; t < s.n - 1; ++t) {
    const cluster::merge& m = tree.merges[static_cast<std::size_t>(t)];
    CHECK(m.height == doctest::Approx(table(t, 2)).epsilon(1e-10));
    CHECK(static_cast<double>(m.size) == table(t, 3));
    CHECK(static_cast<double>(m.first) == std::min(table(t, 0), table(t, 1)));
    CHECK(static_cast<double>(m.second) == std::max(table(t, 0), table(t, 1)));
  }
  CHECK(same_partition(tree.cut_count(s.groups), labels(name + "_cut" + s.tag)));
  CHECK(same_partition(tree.cut_height(table(s.n / 2, 2) * (1.0 + 1e-12)), labels(name + "_low" + s.tag)));
}

TEST_CASE("linkage tables and cuts are scipy's, row by row") {
  for (const shape& s : cases()) {
    compare_tree<cluster::ward>(s, "ward");
    compare_tree<cluster::average>(s, "average");
    compare_tree<cluster::complete>(s, "complete");
    compare_tree<cluster::single>(s, "single");
  }
}

TEST_CASE("silhouettes, Davies-Bouldin, Calinski-Harabasz and DBSCAN are scikit-learn's") {
  for (const shape& s : cases()) {
    const Eigen::MatrixXd x = sheet().matrix("x" + s.tag, s.n);
    const auto l = labels("lloyd_labels" + s.tag);
    const auto found = cluster::silhouette{}.score(x, l);
    const auto& values = sheet().row("silhouettes" + s.tag);
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(found.values[i] == doctest::Approx(values[i]).epsilon(1e-10));
    CHECK(found.mean == doctest::Approx(sheet().row("silhouette" + s.tag)[0]).epsilon(1e-10));
    CHECK(cluster::davies_bouldin{}.figure(x, l) ==
          doctest::Approx(sheet().row("davies_bouldin" + s.tag)[0]).epsilon(1e-10));
    CHECK(cluster::calinski_harabasz{}.figure(x, l) ==
          doctest::Approx(sheet().row("calinski_harabasz" + s.tag)[0]).epsilon(1e-10));
    const double radius = sheet().row("radius" + s.tag)[0];
    const auto dense = cluster::dbscan{.radius = radius, .min_points = 4}.fit(x);
    CHECK(same_partition(dense.labels, labels("dbscan" + s.tag)));
  }
}

TEST_CASE("agreement is scikit-learn's") {
  for (const shape& s : cases()) {
    const auto m =
        cluster::agree(labels("lloyd_labels" + s.tag), labels("other" + s.tag), cluster::ungrouped::leave_out);
    CHECK(cluster::adjusted_rand(m) == doctest::Approx(sheet().row("rand" + s.tag)[0]).epsilon(1e-10));
    CHECK(cluster::adjusted_mutual_information(m) ==
          doctest::Approx(sheet().row("information" + s.tag)[0]).epsilon(1e-10));
    CHECK(cluster::detail::mutual_information(m) == doctest::Approx(sheet().row("mutual" + s.tag)[0]).epsilon(1e-10));
    CHECK(cluster::purity(m) == doctest::Approx(sheet().row("purity" + s.tag)[0]).epsilon(1e-10));
  }
}

}  // namespace basket_test::cluster_independent
