#include "basket/cluster/linkage.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "basket/concepts/laws/clusterer.hpp"
#include "basket/core/missing.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_linkage {

using namespace basket;
using cluster::dendrogram;

std::vector<double> euclidean(const Eigen::MatrixXd& x) {
  std::vector<double> out;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < x.rows(); ++j) out.push_back((x.row(i) - x.row(j)).norm());
  }
  return out;
}

enum class rule { ward, average, complete, single };

/// Joins the nearest two clusters again and again, each distance worked out from its definition over all members.
std::vector<double> heights_by_definition(const Eigen::MatrixXd& x, rule by) {
  const std::vector<double> d = euclidean(x);
  const auto n = static_cast<std::size_t>(x.rows());
  std::vector<std::vector<std::size_t>> clusters;
  for (std::size_t i = 0; i < n; ++i) clusters.push_back({i});
  const auto between = [&](const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
    if (by == rule::ward) {
      Eigen::RowVectorXd ma = Eigen::RowVectorXd::Zero(x.cols()), mb = ma;
      for (const std::size_t i : a) ma += x.row(static_cast<Eigen::Index>(i));
      for (const std::size_t i : b) mb += x.row(static_cast<Eigen::Index>(i));
      const auto na = static_cast<double>(a.size()), nb = static_cast<double>(b.size());
      return std::sqrt(2.0 * na * nb / (na + nb)) * (ma / na - mb / nb).norm();
    }
    double sum = 0.0, most = 0.0, least = std::numeric_limits<double>::infinity();
    for (const std::size_t i : a) {
      for (const std::size_t j : b) {
        const double v = d[cluster::condensed_index(std::min(i, j), std::max(i, j), n)];
        sum += v;
        most = std::max(most, v);
        least = std::min(least, v);
      }
    }
    return by == rule::complete ? most : by == rule::single ? least : sum / static_cast<double>(a.size() * b.size());
  };
  std::vector<double> heights;
  while (clusters.size() > 1) {
    std::size_t first = 0, second = 1;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < clusters.size(); ++a) {
      for (std::size_t b = a + 1; b < clusters.size(); ++b) {
        const double v = between(clusters[a], clusters[b]);
        if (v < least) {
          least = v;
          first = a;
          second = b;
        }
      }
    }
    heights.push_back(least);
    clusters[first].insert(clusters[first].end(), clusters[second].begin(), clusters[second].end());
    clusters.erase(clusters.begin() + static_cast<std::ptrdiff_t>(second));
  }
  return heights;
}

dendrogram link(rule by, std::vector<double> d, std::size_t n) {
  switch (by) {
    case rule::ward:
      return cluster::ward{}.link(std::move(d), n);
    case rule::average:
      return cluster::average{}.link(std::move(d), n);
    case rule::complete:
      return cluster::complete{}.link(std::move(d), n);
    case rule::single:
      break;
  }
  return cluster::single{}.link(std::move(d), n);
}

constexpr rule all_rules[] = {rule::ward, rule::average, rule::complete, rule::single};

TEST_CASE("five points on a line, on paper") {
  Eigen::MatrixXd x(5, 1);
  x << 0, 1, 5, 7, 20;
  const auto single = link(rule::single, euclidean(x), 5);
  CHECK(single.merges == std::vector<cluster::merge>{{0, 1, 1.0, 2}, {2, 3, 2.0, 2}, {5, 6, 4.0, 4}, {4, 7, 13.0, 5}});
  const auto complete = link(rule::complete, euclidean(x), 5);
  CHECK(complete.merges[2].height == 7.0);
  CHECK(complete.merges[3].height == 20.0);
  const auto average = link(rule::average, euclidean(x), 5);
  CHECK(average.merges[2].height == doctest::Approx(5.5));
  CHECK(average.merges[3].height == doctest::Approx(16.75));
  const auto ward = link(rule::ward, euclidean(x), 5);
  CHECK(ward.merges[2].height == doctest::Approx(std::sqrt(2.0) * 5.5));
  CHECK(single.cut_count(2) ==
        std::vector<group_label>{group_label(0), group_label(0), group_label(0), group_label(0), group_label(1)});
  CHECK(single.cut_height(2.0) == single.cut_count(3));
  CHECK(single.cut_height(1.999) == single.cut_count(4));
  CHECK(single.cut_height(-1.0) == single.cut_count(5));
  CHECK(single.cut_height(std::numeric_limits<double>::infinity()) == single.cut_count(1));
}

TEST_CASE("heights are those of the definitions, and cuts nest") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    random_stream random(seed, 5);
    const auto n = static_cast<Eigen::Index>(2 + random.below(45));
    const Eigen::MatrixXd x = gaussian_points(n, 3, seed);
    for (const rule by : all_rules) {
      const auto expected = heights_by_definition(x, by);
      const auto tree = link(by, euclidean(x), static_cast<std::size_t>(n));
      REQUIRE(tree.merges.size() == expected.size());
      for (std::size_t t = 0; t < expected.size(); ++t) {
        CHECK(tree.merges[t].height == doctest::Approx(expected[t]).epsilon(1e-10));
      }
      CHECK(tree.merges.back().size == static_cast<std::size_t>(n));
    }
  }
}

TEST_CASE("long runs squeeze their matrix on the way and stay right") {
  // The plain rule of Lance and Williams over a full matrix, the nearest pair by search.
  const std::size_t n = 700;
  const Eigen::MatrixXd x = gaussian_points(static_cast<Eigen::Index>(n), 5, 21);
  for (const rule by : all_rules) {
    const std::vector<double> d = euclidean(x);
    std::vector<double> full(n * n, std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) full[i * n + j] = full[j * n + i] = d[cluster::condensed_index(i, j, n)];
    }
    if (by == rule::ward) {
      for (double& v : full) v *= v;
    }
    std::vector<double> size(n, 1.0), heights;
    std::vector<bool> dead(n, false);
    for (std::size_t step = 0; step + 1 < n; ++step) {
      std::size_t a = 0, b = 0;
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i < n; ++i) {
        if (dead[i]) continue;
        for (std::size_t j = i + 1; j < n; ++j) {
          if (!dead[j] && full[i * n + j] < least) {
            least = full[i * n + j];
            a = i;
            b = j;
          }
        }
      }
      heights.push_back(by == rule::ward ? std::sqrt(least) : least);
      for (std::size_t c = 0; c < n; ++c) {
        if (dead[c] || c == a || c == b) continue;
        const double ac = full[a * n + c], bc = full[b * n + c];
        double v = 0.0;
        switch (by) {
          case rule::ward:
            v = ((size[a] + size[c]) * ac + (size[b] + size[c]) * bc - size[c] * least) / (size[a] + size[b] + size[c]);
            break;
          case rule::average:
            v = (size[a] * ac + size[b] * bc) / (size[a] + size[b]);
            break;
          case rule::complete:
            v = std::max(ac, bc);
            break;
          case rule::single:
            v = std::min(ac, bc);
            break;
        }
        full[a * n + c] = full[c * n + a] = v;
      }
      size[a] += size[b];
      dead[b] = true;
    }
    std::sort(heights.begin(), heights.end());
    const auto tree = link(by, euclidean(x), n);
    for (std::size_t t = 0; t < heights.size(); ++t) {
      CHECK(tree.merges[t].height == doctest::Approx(heights[t]).epsilon(1e-10));
    }
  }
}

TEST_CASE("the table is SciPy's: numbers of what exists already, rising heights, sizes that add up") {
  const Eigen::MatrixXd x = gaussian_points(120, 4, 2);
  for (const rule by : all_rules) {
    const auto tree = link(by, euclidean(x), 120);
    std::vector<std::size_t> size(120, 1);
    std::vector<bool> used(240, false);
    for (std::size_t t = 0; t < tree.merges.size(); ++t) {
      const cluster::merge& m = tree.merges[t];
      CHECK(m.first < m.second);
      CHECK(m.second < 120 + t);
      CHECK_FALSE(used[m.first]);
      CHECK_FALSE(used[m.second]);
      used[m.first] = used[m.second] = true;
      CHECK(m.size == size[m.first] + size[m.second]);
      size.push_back(m.size);
      if (t > 0) CHECK(m.height >= tree.merges[t - 1].height);
    }
  }
}

TEST_CASE("ties, duplicates and extremes of scale") {
  for (const rule by : all_rules) {
    const auto equal = link(by, std::vector<double>(45, 2.0), 10);
    CHECK(equal.merges.size() == 9);
    for (const cluster::merge& m : equal.merges) {
      if (by != rule::ward) CHECK(m.height == doctest::Approx(2.0));
    }
    const auto zero = link(by, std::vector<double>(45, 0.0), 10);
    CHECK(zero.merges.back().height == 0.0);
    const std::vector<double> d = euclidean(gaussian_points(30, 2, 4));
    const auto base = link(by, d, 30);
    for (const int power : {-1000, -500, 400, 990}) {
      std::vector<double> scaled = d;
      for (double& v : scaled) v = std::ldexp(v, power);
      const auto other = link(by, std::move(scaled), 30);
      for (std::size_t t = 0; t < base.merges.size(); ++t) {
        CHECK(other.merges[t].first == base.merges[t].first);
        CHECK(std::ldexp(other.merges[t].height, -power) == doctest::Approx(base.merges[t].height).epsilon(1e-10));
      }
    }
    CHECK(link(by, {}, 1).merges.empty());
    CHECK(link(by, {}, 1).cut_count(1).size() == 1);
    CHECK(link(by, {3.0}, 2).merges == std::vector<cluster::merge>{{0, 1, 3.0, 2}});
  }
}

TEST_CASE("the seed's Ward on 1 - rho is Ward's formula on that number") {
  const std::vector<double> d = {0.1, 0.9, 1.2, 0.8, 1.1, 0.3};
  CHECK(cluster::ward_on_one_minus_correlation{}.link(std::vector<double>(d), 4).merges ==
        cluster::ward{}.link(std::vector<double>(d), 4).merges);
  CHECK_THROWS_AS((void)cluster::ward_on_one_minus_correlation{}.link(std::vector<double>{0.1, 2.1, 1.0}, 3),
                  data_error);
}

TEST_CASE("distances are refused that are missing, negative, infinite or of another number of points") {
  for (const rule by : all_rules) {
    CHECK_THROWS_AS((void)link(by, {1.0, missing, 2.0}, 3), data_error);
    CHECK_THROWS_AS((void)link(by, {1.0, -1.0, 2.0}, 3), data_error);
    CHECK_THROWS_AS((void)link(by, {1.0, std::numeric_limits<double>::infinity(), 2.0}, 3), data_error);
    CHECK_THROWS_AS((void)link(by, {1.0, 2.0}, 3), precondition_error);
    CHECK_THROWS_AS((void)link(by, {}, 0), precondition_error);
  }
  const auto tree = link(rule::ward, {1.0}, 2);
  CHECK_THROWS_WITH_AS((void)tree.cut_count(3), "cut_count: a tree of 2 leaves has no cut into 3 groups",
                       precondition_error);
  CHECK_THROWS_AS((void)tree.cut_count(0), precondition_error);
  CHECK_THROWS_AS((void)tree.cut_height(missing), precondition_error);
}

}  // namespace basket_test::cluster_linkage
