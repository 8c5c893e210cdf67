#include "basket/cluster/silhouette.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "basket/cluster/calinski_harabasz.hpp"
#include "basket/cluster/davies_bouldin.hpp"
#include "basket/core/missing.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_silhouette {

using namespace basket;
using cluster::silhouette;

std::vector<double> pairs(const Eigen::MatrixXd& x) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < x.rows(); ++j) out.push_back((x.row(i) - x.row(j)).norm());
  }
  return out;
}

/// Rousseeuw's definition, point by point.
std::vector<double> by_definition(const Eigen::MatrixXd& x, const std::vector<group_label>& labels) {
  const std::size_t groups = cluster::group_count(labels);
  std::vector<double> out(labels.size(), missing);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i].has_group()) continue;
    std::vector<double> sum(groups, 0.0), count(groups, 0.0);
    for (std::size_t j = 0; j < labels.size(); ++j) {
      if (j == i || !labels[j].has_group()) continue;
      sum[labels[j].group()] += (x.row(static_cast<Eigen::Index>(i)) - x.row(static_cast<Eigen::Index>(j))).norm();
      count[labels[j].group()] += 1;
    }
    const std::size_t own = labels[i].group();
    if (count[own] == 0) {
      out[i] = 0.0;
      continue;
    }
    const double a = sum[own] / count[own];
    double b = std::numeric_limits<double>::infinity();
    for (std::size_t g = 0; g < groups; ++g) {
      if (g != own && count[g] > 0) b = std::min(b, sum[g] / count[g]);
    }
    out[i] = std::max(a, b) > 0.0 ? (b - a) / std::max(a, b) : 0.0;
  }
  return out;
}

std::vector<group_label> random_labels(std::size_t n, std::uint32_t groups, std::uint64_t seed, double without) {
  random_stream random(seed, 3);
  std::vector<group_label> out;
  for (std::size_t i = 0; i < n; ++i) {
    const bool none = random.uniform() < without;
    const std::size_t g = random.below(groups);
    out.push_back(none ? (i % 2 == 0 ? group_label::noise() : group_label::unclassified()) : group_label(g));
  }
  return out;
}

TEST_CASE("three points, on paper") {
  Eigen::MatrixXd x(3, 1);
  x << 0, 1, 3;
  const std::vector<group_label> labels = {group_label(0), group_label(0), group_label(1)};
  const auto s = silhouette{}.score(x, labels);
  CHECK(s.values[0] == doctest::Approx(2.0 / 3.0));
  CHECK(s.values[1] == doctest::Approx(0.5));
  CHECK(s.values[2] == 0.0);  // alone
  CHECK(s.mean == doctest::Approx(7.0 / 18.0));
  CHECK(s.group_means[0] == doctest::Approx(7.0 / 12.0));
  CHECK(s.counted == 3);
  CHECK(s.ungrouped == 0);
}

TEST_CASE("every value is that of the definition, from points and from distances") {
  for (const std::size_t n : {2U, 3U, 5U, 16U, 17U, 31U, 64U, 65U, 200U, 333U}) {
    for (const std::uint32_t groups : {1U, 2U, 3U, 9U, 40U}) {
      for (const double without : {0.0, 0.3}) {
        const Eigen::MatrixXd x =
            gaussian_points(static_cast<Eigen::Index>(n), 1 + static_cast<Eigen::Index>(n % 7), n);
        const auto labels = random_labels(n, groups, n + groups, without);
        const auto expected = by_definition(x, labels);
        const auto s = silhouette{}.score(x, labels);
        const auto d = cluster::silhouette_of_distances(pairs(x), labels);
        CAPTURE(n);
        CAPTURE(groups);
        CHECK(s.state == d.state);
        if (s.state != status::ok) {
          CHECK(is_missing(s.mean));
          continue;
        }
        double sum = 0.0;
        std::size_t counted = 0;
        for (std::size_t i = 0; i < n; ++i) {
          CHECK(is_missing(s.values[i]) == is_missing(expected[i]));
          if (is_missing(expected[i])) continue;
          CHECK(s.values[i] == doctest::Approx(expected[i]).epsilon(1e-10));
          CHECK(d.values[i] == doctest::Approx(expected[i]).epsilon(1e-10));
          sum += expected[i];
          ++counted;
        }
        CHECK(s.counted == counted);
        CHECK(s.ungrouped == n - counted);
        CHECK(s.mean == doctest::Approx(sum / static_cast<double>(counted)).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("a sample is the exact values of some points, and its error is that of a mean") {
  const auto planted = planted_points(400, 5, 4, 1.5, 7);
  const auto all = silhouette{}.score(planted.points, planted.labels);
  const auto some = silhouette{.sample = 101, .seed = 5}.score(planted.points, planted.labels);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < 400; ++i) {
    if (is_missing(some.values[i])) continue;
    ++seen;
    CHECK(some.values[i] == doctest::Approx(all.values[i]).epsilon(1e-12));
  }
  CHECK(seen == 101);
  CHECK(some.counted == 101);
  CHECK(std::abs(some.mean - all.mean) < 5.0 * some.standard_error);
  CHECK(silhouette{.sample = 400}.score(planted.points, planted.labels).values == all.values);
}

TEST_CASE("shift, rotation and the order of the points change nothing but rounding") {
  const auto planted = planted_points(80, 2, 3, 2.0, 6);
  const auto base = silhouette{}.score(planted.points, planted.labels);
  const auto shifted = silhouette{}.score((planted.points.array() + 100.0).matrix(), planted.labels);
  Eigen::Matrix2d turn;
  turn << 0.6, -0.8, 0.8, 0.6;
  const auto turned = silhouette{}.score(planted.points * turn, planted.labels);
  std::vector<group_label> backwards(planted.labels.rbegin(), planted.labels.rend());
  const auto mirrored = silhouette{}.score(planted.points.colwise().reverse(), backwards);
  for (std::size_t i = 0; i < 80; ++i) {
    CHECK(std::abs(shifted.values[i] - base.values[i]) < 1e-12);
    CHECK(std::abs(turned.values[i] - base.values[i]) < 1e-12);
    CHECK(std::abs(mirrored.values[79 - i] - base.values[i]) < 1e-12);
  }
}

TEST_CASE("scale changes nothing; points far from the origin and nearly equal keep their digits") {
  const auto planted = planted_points(90, 3, 3, 2.0, 1);
  const auto base = silhouette{}.score(planted.points, planted.labels);
  for (const int power : {-1000, -300, 300, 990}) {
    const auto other = silhouette{}.score(planted.points * std::ldexp(1.0, power), planted.labels);
    for (std::size_t i = 0; i < 90; ++i) CHECK(other.values[i] == doctest::Approx(base.values[i]).epsilon(1e-12));
  }
  // One far point takes the mean away from two tight groups whose distances the expanded square would lose.
  Eigen::MatrixXd x(9, 2);
  std::vector<group_label> labels;
  for (Eigen::Index i = 0; i < 8; ++i) {
    x.row(i) << 1.0 + 1e-9 * static_cast<double>(i % 4), (i < 4 ? 0.0 : 4e-9);
    labels.emplace_back(i < 4 ? 0 : 1);
  }
  x.row(8) << 1e6, -1e6;
  labels.emplace_back(2);
  const auto expected = by_definition(x, labels);
  const auto close = silhouette{}.score(x, labels);
  for (std::size_t i = 0; i < 9; ++i) CHECK(close.values[i] == doctest::Approx(expected[i]).epsilon(1e-8));
}

TEST_CASE("groups that are one place each; all points in one place") {
  Eigen::MatrixXd x(6, 2);
  for (Eigen::Index i = 0; i < 6; ++i) x.row(i) << static_cast<double>(i % 2), 3.0;
  std::vector<group_label> labels;
  for (std::size_t i = 0; i < 6; ++i) labels.emplace_back(i % 2);
  CHECK(silhouette{}.score(x, labels).mean == 1.0);
  CHECK(cluster::davies_bouldin{}.figure(x, labels) == 0.0);
  CHECK(std::isinf(cluster::calinski_harabasz{}.figure(x, labels)));
  const Eigen::MatrixXd one = Eigen::MatrixXd::Constant(6, 2, 0.3);
  CHECK(silhouette{}.score(one, labels).mean == 0.0);
  CHECK(cluster::davies_bouldin{}.figure(one, labels) == 0.0);
  CHECK(is_missing(cluster::calinski_harabasz{}.figure(Eigen::MatrixXd::Constant(6, 2, 0.25), labels)));
}

TEST_CASE("Davies-Bouldin and Calinski-Harabasz, on paper and by definition") {
  Eigen::MatrixXd line(4, 1);
  line << 0, 2, 10, 14;
  const std::vector<group_label> two = {group_label(0), group_label(0), group_label(1), group_label(1)};
  CHECK(cluster::davies_bouldin{}.figure(line, two) == doctest::Approx(3.0 / 11.0));
  // between: 2 * 5.5^2 * 2 = 121, within: 2 + 8 = 10, (121 / 1) / (10 / 2)
  CHECK(cluster::calinski_harabasz{}.figure(line, two) == doctest::Approx(24.2));
  CHECK(is_missing(cluster::davies_bouldin{}.figure(line, std::vector<group_label>(4, group_label(0)))));
  CHECK(is_missing(cluster::calinski_harabasz{}.figure(line, std::vector<group_label>(4, group_label(0)))));
  const auto planted = planted_points(120, 4, 3, 3.0, 2);
  const std::vector<group_label> renamed = [&] {
    std::vector<group_label> out;
    for (const group_label l : planted.labels) out.emplace_back((l.group() + 1) % 3);
    return out;
  }();
  CHECK(cluster::davies_bouldin{}.figure(planted.points, planted.labels) ==
        doctest::Approx(cluster::davies_bouldin{}.figure(planted.points * 1e200, renamed)).epsilon(1e-10));
  CHECK(cluster::calinski_harabasz{}.figure(planted.points, planted.labels) ==
        doctest::Approx(cluster::calinski_harabasz{}.figure(planted.points * 1e-200, renamed)).epsilon(1e-10));
}

TEST_CASE("shapes that do not fit and distances that are none are refused") {
  const Eigen::MatrixXd x = gaussian_points(4, 2, 0);
  const std::vector<group_label> three(3, group_label(0)), four(4, group_label(0));
  CHECK_THROWS_WITH_AS((void)silhouette{}.score(x, three), "silhouette: 4 points and 3 labels do not fit",
                       precondition_error);
  CHECK_THROWS_AS((void)cluster::davies_bouldin{}.figure(x, three), precondition_error);
  CHECK_THROWS_AS((void)cluster::silhouette_of_distances(std::vector<double>(5, 1.0), four), precondition_error);
  std::vector<double> d(6, 1.0);
  for (const double bad : {missing, -1.0, std::numeric_limits<double>::infinity()}) {
    d[3] = bad;
    CHECK_THROWS_AS((void)cluster::silhouette_of_distances(d, four), data_error);
  }
  Eigen::MatrixXd hole = x;
  hole(1, 1) = missing;
  CHECK_THROWS_AS((void)silhouette{}.score(hole, four), data_error);
  CHECK(silhouette{}.score(x, four).state == status::too_few_observations);
  CHECK(silhouette{}.score(Eigen::MatrixXd(0, 3), std::vector<group_label>{}).state == status::too_few_observations);
  CHECK(cluster::silhouette_of_distances({}, {}).state == status::too_few_observations);
}

}  // namespace basket_test::cluster_silhouette
