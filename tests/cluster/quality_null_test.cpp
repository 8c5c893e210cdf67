#include "basket/cluster/quality_null.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/agreement.hpp"
#include "basket/cluster/calinski_harabasz.hpp"
#include "basket/cluster/choose_count.hpp"
#include "basket/cluster/cut_by_silhouette.hpp"
#include "basket/cluster/davies_bouldin.hpp"
#include "basket/cluster/dbscan.hpp"
#include "basket/cluster/k_means.hpp"
#include "basket/cluster/silhouette.hpp"
#include "basket/cluster/tree_cut.hpp"
#include "basket/concepts/laws/clusterer.hpp"
#include "basket/stats/kolmogorov_smirnov.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_quality_null {

using namespace basket;
using cluster::column_permutation;
using cluster::k_means;
using cluster::quality_null;
using cluster::random_rotation;
using cluster::silhouette;

std::vector<double> pairs(const Eigen::MatrixXd& x) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < x.rows(); ++j) out.push_back((x.row(i) - x.row(j)).norm());
  }
  return out;
}

/// Points whose coordinates share a factor: what covariance alone looks like.
Eigen::MatrixXd correlated_points(Eigen::Index n, Eigen::Index p, std::uint64_t seed) {
  Eigen::MatrixXd x = gaussian_points(n, p, seed);
  const Eigen::MatrixXd common = gaussian_points(n, 1, seed + 500'000);
  for (Eigen::Index j = 0; j < p; ++j) x.col(j) += 1.5 * common.col(0);
  return x;
}

TEST_CASE("a shuffled column keeps its values; a rotation keeps means and covariances") {
  for (const Eigen::Index n : {2, 3, 8, 60}) {
    for (const Eigen::Index p : {1, 4, 11}) {
      const Eigen::MatrixXd x = correlated_points(n, p, static_cast<std::uint64_t>(n + p));
      random_stream random(1, 2);
      const Eigen::MatrixXd shuffled = column_permutation{}.draw(x, random);
      for (Eigen::Index j = 0; j < p; ++j) {
        std::vector<double> a(x.col(j).begin(), x.col(j).end()), b(shuffled.col(j).begin(), shuffled.col(j).end());
        std::sort(a.begin(), a.end());
        std::sort(b.begin(), b.end());
        CHECK(a == b);
      }
      const Eigen::MatrixXd turned = random_rotation{}.draw(x, random);
      CHECK((turned.colwise().mean() - x.colwise().mean()).norm() < 1e-12 * (1.0 + x.norm()));
      const Eigen::MatrixXd cx = x.rowwise() - x.colwise().mean(), ct = turned.rowwise() - turned.colwise().mean();
      CHECK((cx.transpose() * cx - ct.transpose() * ct).norm() < 1e-11 * cx.squaredNorm());
      if (n > 3) CHECK((cx - ct).norm() > 0.1 * cx.norm());
    }
  }
}

TEST_CASE("planted groups stand out of both nulls, noise does not; the p-value counts draws") {
  const auto planted = planted_points(120, 6, 3, 3.0, 4);
  const k_means method{.clusters = 3, .starts = 3};
  const auto a = quality_null<column_permutation>{.draws = 39}.test(method, silhouette{}, planted.points);
  const auto b = quality_null<random_rotation>{.draws = 39}.test(method, silhouette{}, planted.points);
  CHECK(a.p_value == 1.0 / 40.0);
  CHECK(b.p_value == 1.0 / 40.0);
  CHECK(a.observed > a.null_mean + 5.0 * a.null_sd);
  CHECK(cluster::adjusted_rand(cluster::agree(a.labels, planted.labels, cluster::ungrouped::leave_out)) > 0.9);
  const auto worse = quality_null<random_rotation>{.draws = 19}.test(method, cluster::davies_bouldin{}, planted.points);
  CHECK(worse.p_value == 1.0 / 20.0);
  CHECK(worse.observed < worse.null_mean);
  const auto more =
      quality_null<random_rotation>{.draws = 19}.test(method, cluster::calinski_harabasz{}, planted.points);
  CHECK(more.p_value == 1.0 / 20.0);
  const auto noise =
      quality_null<column_permutation>{.draws = 99, .seed = 3}.test(method, silhouette{}, gaussian_points(120, 6, 8));
  std::size_t as_good = 0;
  for (const double f : noise.null) as_good += f >= noise.observed;
  CHECK(noise.p_value == static_cast<double>(1 + as_good) / 100.0);
  CHECK(noise.p_value > 0.01);
}

TEST_CASE("covariance alone is told from clusters by the rotation, not by the permutation") {
  // Points along one line: k-means cuts the line, and shuffled columns have no line.
  const Eigen::MatrixXd x = correlated_points(150, 6, 3);
  const k_means method{.clusters = 2, .starts = 3};
  CHECK(quality_null<column_permutation>{.draws = 39}.test(method, silhouette{}, x).p_value == 1.0 / 40.0);
  CHECK(quality_null<random_rotation>{.draws = 39}.test(method, silhouette{}, x).p_value > 0.05);
}

TEST_CASE("how many clusters: planted counts are found, noise has one") {
  const auto make = [](std::size_t k) { return k_means{.clusters = k, .starts = 4}; };
  const auto planted = planted_points(120, 5, 4, 6.0, 9);
  const cluster::count_by_silhouette<random_rotation> by_silhouette{.least = 2, .most = 6};
  const auto found = by_silhouette.choose(make, planted.points);
  CHECK(found.clusters == 4);
  REQUIRE(found.tried.size() == 5);
  CHECK(found.tried[2].figure == silhouette{}.figure(planted.points, make(4).fit(planted.points).labels));
  CHECK(by_silhouette.choose(make, gaussian_points(100, 5, 2)).clusters == 1);
  const cluster::count_by_gap<random_rotation> by_gap{.most = 6, .draws = 20};
  CHECK(by_gap.choose(make, planted.points).clusters == 4);
  CHECK(by_gap.choose(make, gaussian_points(100, 5, 2)).clusters == 1);
  // Few points, and points that coincide: the table ends where there is nothing left to tell.
  CHECK(by_gap.choose(make, gaussian_points(3, 2, 1)).tried.size() < 3);
  CHECK(by_gap.choose(make, Eigen::MatrixXd::Constant(20, 2, 0.5)).clusters == 1);
  Eigen::MatrixXd places(40, 2);
  for (Eigen::Index i = 0; i < 40; ++i) places.row(i) << (i % 3 == 0 ? 0.0 : 9.0), (i % 3 == 1 ? 0.0 : 7.0);
  CHECK(by_gap.choose(make, places).clusters == 3);
  CHECK_THROWS_AS((void)by_gap.choose(make, Eigen::MatrixXd(0, 2)), precondition_error);
  CHECK_THROWS_AS((void)(cluster::count_by_silhouette<>{.least = 1}.choose(make, planted.points)), precondition_error);
  CHECK_THROWS_AS(
      (void)(cluster::count_by_silhouette<>{.most = 30, .against = {.draws = 99}}.choose(make, planted.points)),
      precondition_error);
  CHECK_THROWS_AS((void)(cluster::count_by_gap<>{.draws = 0}.choose(make, planted.points)), precondition_error);
  CHECK_THROWS_AS((void)(quality_null<>{.draws = 0}.test(make(2), silhouette{}, planted.points)), precondition_error);
}

TEST_CASE("cuts as clusterers, and the cut with the best silhouette") {
  const auto planted = planted_points(60, 4, 3, 6.0, 5);
  const std::vector<double> d = pairs(planted.points);
  CHECK(laws::broken_laws(cluster::cut_by_count<cluster::ward>{.groups = 5}, d, 60).empty());
  CHECK(laws::broken_laws(cluster::cut_by_height<cluster::complete>{.height = 3.0}, d, 60).empty());
  CHECK(laws::broken_laws(cluster::cut_by_silhouette<cluster::average>{}, d, 60).empty());
  CHECK(laws::broken_laws(cluster::dbscan{.radius = 2.0}, d, 60).empty());
  const auto best = cluster::cut_by_silhouette<cluster::ward>{.least = 2, .most = 8}.fit(std::vector<double>(d), 60);
  CHECK(best.groups == 3);
  CHECK(same_partition(best.labels, planted.labels));
  CHECK(best.figures.size() == 7);
  CHECK(best.figures[1] == cluster::silhouette_of_distances(d, best.labels).mean);
  CHECK_THROWS_AS((void)(cluster::cut_by_silhouette<cluster::ward>{.least = 1}.fit(std::vector<double>(d), 60)),
                  precondition_error);
  CHECK_THROWS_AS((void)(cluster::cut_by_silhouette<cluster::ward>{}.fit(std::vector<double>{1.0}, 2)),
                  precondition_error);
}

TEST_CASE("clusterers that break the laws are named") {
  struct by_index {
    [[nodiscard]] laws::labels_alone fit(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
      laws::labels_alone out;
      for (Eigen::Index i = 0; i < x.rows(); ++i) out.labels.emplace_back(i < 1 ? 0 : 1);
      return out;
    }
    [[nodiscard]] laws::labels_alone fit(std::vector<double>&&, std::size_t n) const {
      laws::labels_alone out;
      for (std::size_t i = 0; i < n; ++i) out.labels.emplace_back(i + 1 < n ? 0 : 1);
      return out;
    }
  };
  CHECK(laws::broken_laws(by_index{}, gaussian_points(5, 2, 0)) ==
        std::vector<std::string>{"groups 0 and 1 are not numbered by size and first member"});
  CHECK(laws::broken_laws(by_index{}, pairs(gaussian_points(5, 2, 0)), 5) ==
        std::vector<std::string>{"members in another order are grouped differently"});
  CHECK(laws::broken_laws(laws::clusterer_archetype{}, gaussian_points(5, 2, 0)).empty());
}

TEST_SUITE("slow cluster") {
  TEST_CASE("noise in: silhouettes of clustered noise lie inside their null") {
    const auto p_values = [](bool correlated, const auto& null, const auto& quality) {
      std::vector<double> p;
      for (std::uint64_t trial = 0; trial < 400; ++trial) {
        const Eigen::MatrixXd x = correlated ? correlated_points(100, 9, trial) : gaussian_points(100, 9, trial);
        p.push_back(quality_null{.null = null, .draws = 19, .seed = trial}
                        .test(k_means{.clusters = 4, .starts = 3, .seed = trial}, quality, x)
                        .p_value);
      }
      return p;
    };
    const auto report = [](const char* what, const std::vector<double>& p) {
      double mean = 0.0, small = 0.0;
      for (const double v : p) {
        small += v <= 0.05 ? 1.0 / static_cast<double>(p.size()) : 0.0;
        mean += v / static_cast<double>(p.size());
      }
      const auto ks = stats::against_uniform(p, 20);
      std::printf("| %s | %.4f | %.3f | %.3f | %.3f |\n", what, ks.distance, ks.p_value, small, mean);
      CHECK(ks.p_value > 0.001);
    };
    std::printf("| noise in, 400 sets of 100 x 9, k-means into 4 | KS | p of KS | share p <= 0.05 | mean p |\n");
    report("independent, silhouette, columns permuted", p_values(false, column_permutation{}, silhouette{}));
    report("independent, silhouette, rotated", p_values(false, random_rotation{}, silhouette{}));
    report("correlated, silhouette, rotated", p_values(true, random_rotation{}, silhouette{}));
    report("correlated, Davies-Bouldin, rotated", p_values(true, random_rotation{}, cluster::davies_bouldin{}));
    report("correlated, Calinski-Harabasz, rotated", p_values(true, random_rotation{}, cluster::calinski_harabasz{}));
  }

  TEST_CASE("truth in: planted groups by the strength of the signal") {
    std::printf("| signal | k-means ARI | Ward ARI | average ARI | DBSCAN ARI | silhouette | its null | p <= 0.05 |\n");
    double last = -1.0;
    for (const double signal : {0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0}) {
      double ari[4] = {0, 0, 0, 0}, observed = 0.0, null_mean = 0.0, power = 0.0;
      constexpr int trials = 40;
      for (std::uint64_t trial = 0; trial < trials; ++trial) {
        const auto planted = planted_points(200, 9, 4, signal, 100 + trial);
        const k_means method{.clusters = 4, .starts = 10, .seed = trial};
        const auto q =
            quality_null<random_rotation>{.draws = 19, .seed = trial}.test(method, silhouette{}, planted.points);
        const auto agreement = [&](const std::vector<group_label>& labels) {
          return cluster::adjusted_rand(cluster::agree(labels, planted.labels, cluster::ungrouped::one_group)) / trials;
        };
        ari[0] += agreement(q.labels);
        const std::vector<double> d = pairs(planted.points);
        ari[1] += agreement(cluster::cut_by_count<cluster::ward>{.groups = 4}.fit(std::vector<double>(d), 200).labels);
        ari[2] +=
            agreement(cluster::cut_by_count<cluster::average>{.groups = 4}.fit(std::vector<double>(d), 200).labels);
        ari[3] += agreement(cluster::dbscan{.radius = 3.2, .min_points = 5}.fit(planted.points).labels);
        observed += q.observed / trials;
        null_mean += q.null_mean / trials;
        power += q.p_value <= 0.05 ? 1.0 / trials : 0.0;
      }
      std::printf("| %.2f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %.2f |\n", signal, ari[0], ari[1], ari[2], ari[3],
                  observed, null_mean, power);
      if (signal == 0.0) CHECK(std::abs(ari[0]) < 0.02);
      if (signal == 4.0) CHECK(ari[0] > 0.97);
      CHECK(ari[0] > last - 0.03);
      last = ari[0];
    }
  }
}

}  // namespace basket_test::cluster_quality_null
