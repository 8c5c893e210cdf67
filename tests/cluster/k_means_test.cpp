#include "basket/cluster/k_means.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "basket/concepts/laws/clusterer.hpp"
#include "basket/core/missing.hpp"
#include "support/points.hpp"

namespace basket_test::cluster_k_means {

using namespace basket;
using cluster::k_means;

struct plain_result {
  std::vector<group_label> labels = {};
  double inertia = std::numeric_limits<double>::infinity();
};

/// Lloyd's method as in the textbook, from the same first centres.
plain_result plain_lloyd(const Eigen::MatrixXd& x, const std::vector<std::size_t>& chosen, std::size_t max_passes) {
  const Eigen::Index n = x.rows();
  const auto k = static_cast<Eigen::Index>(chosen.size());
  Eigen::MatrixXd centres(k, x.cols());
  for (Eigen::Index j = 0; j < k; ++j)
    centres.row(j) = x.row(static_cast<Eigen::Index>(chosen[static_cast<std::size_t>(j)]));
  std::vector<std::size_t> label(static_cast<std::size_t>(n), chosen.size());
  plain_result out;
  for (std::size_t pass = 0; pass < max_passes; ++pass) {
    bool changed = false;
    out.inertia = 0.0;
    for (Eigen::Index i = 0; i < n; ++i) {
      double least = std::numeric_limits<double>::infinity();
      std::size_t best = 0;
      for (Eigen::Index j = 0; j < k; ++j) {
        const double d = (x.row(i) - centres.row(j)).squaredNorm();
        if (d < least) {
          least = d;
          best = static_cast<std::size_t>(j);
        }
      }
      changed = changed || label[static_cast<std::size_t>(i)] != best;
      label[static_cast<std::size_t>(i)] = best;
      out.inertia += least;
    }
    if (!changed) break;
    for (Eigen::Index j = 0; j < k; ++j) {
      Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(x.cols());
      double count = 0;
      for (Eigen::Index i = 0; i < n; ++i) {
        if (label[static_cast<std::size_t>(i)] != static_cast<std::size_t>(j)) continue;
        sum += x.row(i);
        count += 1;
      }
      if (count > 0) centres.row(j) = sum / count;
    }
  }
  for (const std::size_t l : label) out.labels.emplace_back(l);
  out.labels = cluster::number_by_size(std::move(out.labels));
  return out;
}

double within(const Eigen::MatrixXd& x, const std::vector<group_label>& labels) {
  const std::size_t groups = cluster::group_count(labels);
  double sum = 0.0;
  for (std::size_t g = 0; g < groups; ++g) {
    Eigen::RowVectorXd mean = Eigen::RowVectorXd::Zero(x.cols());
    double count = 0;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      if (labels[static_cast<std::size_t>(i)].group() == g) {
        mean += x.row(i);
        count += 1;
      }
    }
    mean /= count;
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      if (labels[static_cast<std::size_t>(i)].group() == g) sum += (x.row(i) - mean).squaredNorm();
    }
  }
  return sum;
}

TEST_CASE("four points on a line: two pairs, on paper") {
  Eigen::MatrixXd x(4, 1);
  x << 0, 1, 10, 11;
  const auto found = k_means{.clusters = 2, .starts = 5}.fit(x);
  CHECK(found.labels == std::vector<group_label>{group_label(0), group_label(0), group_label(1), group_label(1)});
  CHECK(found.inertia == doctest::Approx(1.0));
  CHECK(found.centres(0, 0) == doctest::Approx(0.5));
  CHECK(found.centres(1, 0) == doctest::Approx(10.5));
  CHECK(found.sizes == std::vector<std::size_t>{2, 2});
  CHECK(found.state == status::ok);
  Eigen::MatrixXd fresh(4, 1);
  fresh << 2, 9, missing, 5.5;
  const auto assigned = found.assign(fresh);
  CHECK(assigned[0] == group_label(0));
  CHECK(assigned[1] == group_label(1));
  CHECK(assigned[2] == group_label::unclassified());
  CHECK(assigned[3] == group_label(0));  // as near to both: the lower number
}

TEST_CASE("bounds change nothing: the labels of the textbook's method from the same first centres") {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    random_stream random(seed, 77);
    const auto n = static_cast<Eigen::Index>(20 + random.below(700));
    const auto p = static_cast<Eigen::Index>(1 + random.below(12));
    const std::size_t k = 1 + random.below(12);
    const Eigen::MatrixXd x = seed % 2 == 0 ? gaussian_points(n, p, seed) : planted_points(n, p, 4, 3.0, seed).points;
    const cluster::packed_points packed(x);
    random_stream draws(seed, 0);
    const auto chosen = cluster::detail::draw_centres(packed, k, 3, draws, execution_policy::sequential{});
    const auto plain = plain_lloyd(x, chosen, 300);
    const auto ours = k_means{.clusters = k, .starts = 1, .seed = seed, .candidates = 3}.fit(x);
    CAPTURE(seed);
    CHECK(ours.labels == plain.labels);
    CHECK(ours.inertia == doctest::Approx(plain.inertia).epsilon(1e-10));
    CHECK(ours.inertia == doctest::Approx(within(x, ours.labels)).epsilon(1e-10));
    ++compared;
  }
  CHECK(compared == 40);
}

TEST_CASE("planted groups are found, and a point belongs to its nearest centre") {
  const auto planted = planted_points(600, 9, 5, 12.0, 3);
  const auto found = k_means{.clusters = 5, .starts = 10, .seed = 1}.fit(planted.points);
  CHECK(same_partition(found.labels, planted.labels));
  CHECK(found.assign(planted.points) == found.labels);
  CHECK(laws::broken_laws(k_means{.clusters = 5, .starts = 3}, planted.points).empty());
}

TEST_CASE("more starts are never worse; the start that is kept is told") {
  const Eigen::MatrixXd x = gaussian_points(300, 6, 9);
  double last = std::numeric_limits<double>::infinity();
  for (const std::size_t starts : {1U, 2U, 5U, 20U}) {
    const auto found = k_means{.clusters = 7, .starts = starts, .seed = 4}.fit(x);
    CHECK(found.inertia <= last);
    CHECK(found.start < starts);
    last = found.inertia;
  }
}

TEST_CASE("shift, scale and the order of columns change no label") {
  const Eigen::MatrixXd x = planted_points(250, 4, 3, 5.0, 8).points;
  const k_means method{.clusters = 3, .starts = 4, .seed = 2};
  const auto base = method.fit(x);
  const auto shifted = method.fit((x.array() + 1000.0).matrix());
  const auto scaled = method.fit(x * 0x1p60);
  const auto tiny = method.fit(x * 0x1p-900);
  const auto huge = method.fit(x * 0x1p900);
  Eigen::MatrixXd reversed = x.rowwise().reverse();
  CHECK(same_partition(base.labels, shifted.labels));
  CHECK(base.labels == scaled.labels);
  CHECK(base.labels == tiny.labels);
  CHECK(base.labels == huge.labels);
  CHECK(same_partition(base.labels, method.fit(reversed).labels));
  CHECK(scaled.inertia == doctest::Approx(std::ldexp(base.inertia, 120)).epsilon(1e-12));
}

TEST_CASE("points that coincide, as many clusters as points, one cluster") {
  Eigen::MatrixXd x(9, 2);
  for (Eigen::Index i = 0; i < 9; ++i) x.row(i) << static_cast<double>(i % 3), 1.0;
  const auto three = k_means{.clusters = 3, .starts = 3}.fit(x);
  CHECK(three.inertia == 0.0);
  CHECK(three.sizes == std::vector<std::size_t>{3, 3, 3});
  const auto five = k_means{.clusters = 5, .starts = 3}.fit(x);
  CHECK(five.sizes.size() == 3);  // fewer distinct points than clusters asked for
  CHECK(five.inertia == 0.0);
  const auto all = k_means{.clusters = 9, .starts = 2}.fit(gaussian_points(9, 2, 1));
  CHECK(all.inertia == 0.0);
  CHECK(all.sizes == std::vector<std::size_t>(9, 1));
  const auto one = k_means{.clusters = 1}.fit(x);
  CHECK(one.sizes == std::vector<std::size_t>{9});
  const auto same = k_means{.clusters = 2}.fit(Eigen::MatrixXd::Constant(5, 3, 0.1));
  CHECK(same.sizes == std::vector<std::size_t>{5});
  CHECK(same.inertia == 0.0);
}

TEST_CASE("parts of larger matrices are read in place") {
  const Eigen::MatrixXd whole = gaussian_points(60, 8, 12);
  const Eigen::MatrixXd copy = whole.block(5, 2, 40, 4);
  const k_means method{.clusters = 4, .starts = 2, .seed = 6};
  CHECK(method.fit(whole.block(5, 2, 40, 4)).labels == method.fit(copy).labels);
}

TEST_CASE("nonsense is refused with a sentence") {
  const Eigen::MatrixXd x = gaussian_points(5, 2, 0);
  CHECK_THROWS_WITH_AS((void)k_means{.clusters = 6}.fit(x), "k_means: 5 points cannot make 6 clusters",
                       precondition_error);
  CHECK_THROWS_AS((void)k_means{.clusters = 0}.fit(x), precondition_error);
  CHECK_THROWS_AS((void)k_means{.starts = 0}.fit(x), precondition_error);
  CHECK_THROWS_AS(((void)k_means{.clusters = 2, .tolerance = -1.0}.fit(x)), precondition_error);
  CHECK_THROWS_AS(((void)k_means{.clusters = 2, .tolerance = missing}.fit(x)), precondition_error);
  Eigen::MatrixXd hole = x;
  hole(3, 1) = missing;
  CHECK_THROWS_AS((void)k_means{.clusters = 2}.fit(hole), data_error);
  hole(3, 1) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS((void)k_means{.clusters = 2}.fit(hole), data_error);
  CHECK_THROWS_AS((void)k_means{.clusters = 2}.fit(Eigen::MatrixXd(5, 0)), precondition_error);
  const auto found = k_means{.clusters = 2}.fit(x);
  CHECK_THROWS_AS((void)found.assign(gaussian_points(3, 3, 0)), precondition_error);
}

TEST_CASE("passes that run out are said") {
  const auto found = k_means{.clusters = 8, .starts = 1, .max_passes = 1}.fit(gaussian_points(500, 6, 2));
  CHECK(found.state == status::not_converged);
  CHECK(found.passes == 1);
}

}  // namespace basket_test::cluster_k_means
