#include "basket/similarity/correlation_distance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "basket/core/id.hpp"
#include "basket/core/random.hpp"
#include "basket/numeric/pearson.hpp"
#include "basket/numeric/spearman.hpp"

namespace basket_test::similarity_correlation_distance {

using namespace basket;

std::vector<contract_id> ids(std::size_t n) {
  std::vector<contract_id> out;
  for (std::size_t k = 0; k < n; ++k) out.emplace_back(100 + k);
  return out;
}

// Correlations of four markets on paper; `gaps` lists pairs without one.
numeric::correlations four(std::vector<std::pair<int, int>> gaps = {}) {
  numeric::correlations c{.min_overlap = numeric::overlap_rows(30)};
  c.rho.resize(4, 4);
  c.rho << 1, 0.5, -1, 0, 0.5, 1, 0.02, 0.875, -1, 0.02, 1, -0.5, 0, 0.875, -0.5, 1;
  c.overlap.setConstant(4, 4, 60);
  c.overlap(0, 0) = 90;
  for (const auto& [i, j] : gaps) {
    c.rho(i, j) = c.rho(j, i) = missing;
    c.overlap(i, j) = c.overlap(j, i) = 12;
  }
  return c;
}

template <class Measure, class Policy>
concept Composes =
    requires(Measure m, Policy p) { similarity::correlation_distance{.measure = m, .missing_pairs = p}; };
static_assert(Composes<similarity::euclidean, similarity::drop_markets>);
static_assert(!Composes<similarity::euclidean, similarity::one_minus>);
template <class Measure>
concept ComposesAlone = requires(Measure m) { similarity::correlation_distance{.measure = m}; };
static_assert(!ComposesAlone<similarity::euclidean>);

TEST_CASE("on paper: three measures, in SciPy's condensed order") {
  const auto d = similarity::correlation_distance{.measure = similarity::euclidean{},
                                                  .missing_pairs = similarity::refuse_missing_pairs{}}
                     .between(four(), ids(4));
  CHECK(d.members == ids(4));
  REQUIRE(d.condensed.size() == 6);
  CHECK(d.condensed[0] == 1.0);             // sqrt(2 * 0.5)
  CHECK(d.condensed[1] == 2.0);             // rho = -1
  CHECK(d.condensed[2] == std::sqrt(2.0));  // rho = 0
  CHECK(d.condensed[4] == 0.5);             // rho = 0.875
  CHECK(d.condensed[5] == std::sqrt(3.0));  // rho = -0.5
  CHECK(d.condensed[3] == std::sqrt(2.0 * 0.98));
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      CHECK(d(i, j) == d(j, i));
      if (i == j) CHECK(d(i, j) == 0.0);
    }
  }
  CHECK(d(0, 3) == d.condensed[2]);
  CHECK(d(2, 3) == d.condensed[5]);
  CHECK_THROWS_WITH_AS(static_cast<void>(d(1, 4)), "there are distances of 4 members; number 4 was asked for",
                       precondition_error);
  CHECK(similarity::one_minus{}.distance(-1.0) == 2.0);
  CHECK(similarity::one_minus{}.distance(0.25) == 0.75);
  CHECK(similarity::one_minus_absolute{}.distance(-0.25) == 0.75);
  CHECK(similarity::one_minus_absolute{}.distance(-1.0) == 0.0);
}

TEST_CASE("laws of the measures") {
  const auto holds = [](const auto& measure) {
    CHECK(measure.distance(1.0) == 0.0);
    for (int k = -1000; k <= 1000; ++k) {
      const double d = measure.distance(k / 1000.0);
      CHECK((d >= 0.0 && d <= measure.maximum()));
    }
  };
  holds(similarity::euclidean{});
  holds(similarity::one_minus{});
  holds(similarity::one_minus_absolute{});
}

TEST_CASE("law: euclidean is the distance between standardised series over the root of their length") {
  random_stream random(3);
  Eigen::MatrixXd x(50, 2);
  for (double& v : x.reshaped()) v = random.uniform();
  Eigen::MatrixXd z = x.rowwise() - x.colwise().mean();
  for (auto column : z.colwise()) column /= std::sqrt(column.squaredNorm() / 50.0);
  const double rho = numeric::pearson{.min_overlap = numeric::overlap_rows(50)}.correlate(x).rho(0, 1);
  CHECK(similarity::euclidean{}.distance(rho) ==
        doctest::Approx((z.col(0) - z.col(1)).norm() / std::sqrt(50.0)).epsilon(1e-12));
}

TEST_CASE("refusing names the first missing pair and why it is missing") {
  const similarity::refuse_missing_pairs policy;
  CHECK_THROWS_WITH_AS(
      static_cast<void>(policy.select(four({{0, 2}, {1, 3}}))),
      "correlations: columns 0 and 2 have no correlation (12 common rows of 30 wanted), nor have 1 other "
      "pairs",
      data_error);
  numeric::correlations c = four({{0, 1}});
  c.overlap(0, 1) = 40;
  CHECK_THROWS_WITH_AS(
      static_cast<void>(policy.select(c)),
      "correlations: columns 0 and 1 have no correlation (one of them is constant on their 40 common rows), nor have 0 "
      "other pairs",
      data_error);
}

TEST_CASE("the maximum stands in and is counted") {
  const auto c = four({{0, 2}, {1, 3}});
  const auto d = similarity::correlation_distance{.measure = similarity::one_minus_absolute{},
                                                  .missing_pairs = similarity::maximum_distance{}}
                     .between(c, ids(4));
  CHECK(d.replaced_pairs == 2);
  CHECK(d(0, 2) == 1.0);
  CHECK(d(1, 3) == 1.0);
  CHECK(d(0, 1) == 0.5);
  CHECK(d.dropped.empty());
}

TEST_CASE("dropping: the market that lacks most goes first, of equals the shorter, of equals the later") {
  const similarity::correlation_distance drop{.measure = similarity::one_minus{},
                                              .missing_pairs = similarity::drop_markets{}};
  SUBCASE("one market lacks two pairs") {
    const auto d = drop.between(four({{2, 0}, {2, 3}}), ids(4));
    CHECK(d.members == std::vector<contract_id>{contract_id(100), contract_id(101), contract_id(103)});
    REQUIRE(d.dropped.size() == 1);
    CHECK(d.dropped[0].id == contract_id(102));
    CHECK(d.dropped[0].reason == "no correlation with 2 of the markets left");
    CHECK(d.replaced_pairs == 0);
    CHECK(d.condensed == std::vector<double>{0.5, 1.0, 0.125});
  }
  SUBCASE("of equals the shorter series") {  // market 0 has 90 rows, the others 60
    CHECK(drop.between(four({{0, 1}}), ids(4)).dropped.at(0).id == contract_id(101));
  }
  SUBCASE("of equals the later") { CHECK(drop.between(four({{1, 3}}), ids(4)).dropped.at(0).id == contract_id(103)); }
  SUBCASE("nobody is left but one") {
    const auto d = drop.between(four({{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}), ids(4));
    CHECK(d.members == std::vector<contract_id>{contract_id(100)});
    CHECK(d.condensed.empty());
    CHECK(d.dropped.size() == 3);
  }
}

TEST_CASE("law: what is left lacks nothing, and nobody who lacks nothing goes") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    random_stream random(seed);
    Eigen::MatrixXd x = Eigen::MatrixXd::Constant(60, 25, missing);
    for (Eigen::Index j = 0; j < 25; ++j) {
      const auto begin = static_cast<Eigen::Index>(random.below(40));
      for (Eigen::Index t = j < 3 ? 0 : begin; t < (j < 3 ? 60 : begin + 20); ++t) x(t, j) = random.uniform();
    }
    const auto c = numeric::pearson{.min_overlap = numeric::overlap_rows(10)}.correlate(x);
    const similarity::selection chosen = similarity::drop_markets{}.select(c);
    CHECK(chosen.kept.size() + chosen.dropped.size() == 25);
    for (const std::size_t i : chosen.kept) {
      for (const std::size_t j : chosen.kept) {
        CHECK(!is_missing(c.rho(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j))));
      }
    }
    for (const auto& gone : chosen.dropped) CHECK(gone.column >= 3);  // markets 0 to 2 overlap with everybody
    CHECK(!chosen.dropped.empty());
  }
}

TEST_CASE("the example of docs/correlation.md: a market that overlaps with nobody is dropped and said to be") {
  random_stream random(8);
  Eigen::MatrixXd closes(200, 4);
  for (double& v : closes.reshaped()) v = random.uniform();
  closes.col(2).head(170).setConstant(missing);
  const std::vector<contract_id> markets = ids(4);
  std::string report;
  // [distances_of_a_ragged_panel]
  const numeric::correlations rho = numeric::spearman{.min_overlap = numeric::overlap_rows(60)}.correlate(closes);
  const auto far =
      similarity::correlation_distance{.measure = similarity::euclidean{}, .missing_pairs = similarity::drop_markets{}}
          .between(rho, markets);
  for (const auto& gone : far.dropped) report += std::to_string(gone.id.index()) + ": " + gone.reason;
  // [/distances_of_a_ragged_panel]
  CHECK(report == "102: no correlation with 3 of the markets left");
  CHECK(far.members.size() == 3);
  CHECK(far.condensed.size() == 3);
}

TEST_CASE("hostile shapes") {
  const similarity::correlation_distance drop{.measure = similarity::euclidean{},
                                              .missing_pairs = similarity::drop_markets{}};
  const numeric::pearson method{.min_overlap = numeric::overlap_rows(2)};
  CHECK(drop.between(method.correlate(Eigen::MatrixXd(0, 0)), ids(0)).members.empty());
  const auto one = drop.between(method.correlate(Eigen::MatrixXd::Constant(3, 1, missing)), ids(1));
  CHECK(one.members.size() == 1);
  CHECK(one.condensed.empty());
  CHECK_THROWS_WITH_AS(static_cast<void>(drop.between(four(), ids(3))),
                       "the correlations have 4 columns and there are 3 ids", precondition_error);
}

}  // namespace basket_test::similarity_correlation_distance
