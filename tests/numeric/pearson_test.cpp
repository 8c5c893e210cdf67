#include "basket/numeric/pearson.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "numeric/correlation_cases.hpp"

namespace basket_test::numeric_pearson {

using namespace basket;
using namespace correlation_cases;

static_assert(!std::is_default_constructible_v<numeric::pearson>);

numeric::correlations pearson_of(const Eigen::MatrixXd& x, std::size_t min_overlap) {
  return numeric::pearson{.min_overlap = numeric::overlap_rows(min_overlap)}.correlate(x);
}

// The bound that the header states.
double bound(const Eigen::MatrixXd& x) { return 64.0 * static_cast<double>(x.rows()) * 0x1p-53; }

TEST_CASE("on paper: four common days") {
  // a = 1 2 3 6 (deviations -2 -1 0 3), b = 2 4 6 4 (-2 0 2 0): 4 / sqrt(14 * 8).
  Eigen::MatrixXd x(5, 2);
  x << 1, 2, 2, 4, 9, missing, 3, 6, 6, 4;
  const numeric::correlations c = pearson_of(x, 4);
  CHECK(c.overlap(0, 1) == 4);
  CHECK(c.rho(0, 1) == doctest::Approx(4.0 / std::sqrt(14.0 * 8.0)).epsilon(1e-14));
  CHECK(c.rho(0, 1) == c.rho(1, 0));
  CHECK(c.rho(0, 0) == 1.0);
  CHECK(is_missing(pearson_of(x, 5).rho(0, 1)));
}

TEST_CASE("agrees with the definition in long double, pair by pair") {
  for (const recipe& r : {recipe{.rows = 40, .columns = 3}, recipe{.rows = 61, .columns = 70, .holes = 0.3},
                          recipe{.rows = 80, .columns = 140, .holes = 0.1, .levels = 4.0, .windows = true},
                          recipe{.rows = 130, .columns = 30, .holes = 0.9, .levels = 2.0},
                          recipe{.rows = 776, .columns = 20, .windows = true}}) {
    CAPTURE(r.rows);
    CAPTURE(r.columns);
    const Eigen::MatrixXd x = panel_of(r, 17);
    CHECK(distance_from_twin(pearson_of(x, 5), x, false) < bound(x));
  }
}

TEST_CASE("agrees with pandas and scipy") {
  for (const fixture& f : fixtures()) {
    const numeric::correlations c = pearson_of(f.panel, f.min_overlap);
    CHECK(distance(c.rho, f.scipy_pearson) < 1e-13);
    CHECK(distance(c.rho, f.pandas_pearson) < 1e-13);
  }
}

TEST_CASE("digits survive: levels far from zero, a pair whose common rows lie far from both means, steep trends") {
  Eigen::MatrixXd x = panel_of({.rows = 200, .columns = 6, .holes = 0.2}, 5);
  x.col(0).array() = 1e8 + x.col(0).array();                       // a large mean
  for (Eigen::Index t = 0; t < 100; ++t) x(t, 1) = 1e9 * x(t, 1);  // common rows of 1 and 2 hold the small half only
  x.col(2).head(100).setConstant(missing);
  for (Eigen::Index t = 0; t < 200; ++t) x(t, 3) += 1e3 * static_cast<double>(t);
  const numeric::correlations c = pearson_of(x, 5);
  // The twin reads the same doubles, so rounding of the inputs themselves is not in the difference.
  CHECK(distance_from_twin(c, x, false) < bound(x));
}

TEST_CASE("laws: shifts and scales of either sign, powers of two by the byte, permutations") {
  const Eigen::MatrixXd x = panel_of({.rows = 90, .columns = 70, .holes = 0.2, .windows = true}, 3);
  const numeric::correlations c = pearson_of(x, 5);
  CHECK(distance(pearson_of((x.array() * 3.7 + 0.4).matrix(), 5).rho, c.rho) < 1e-12);
  CHECK(same_bytes(pearson_of(x * 0x1p900, 5), c));
  CHECK(same_bytes(pearson_of(x * 0x1p-900, 5), c));
  Eigen::MatrixXd one_turned = x;
  one_turned.col(7) *= -2.0;
  const numeric::correlations signs = pearson_of(one_turned, 5);
  bool all = true;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    if (j != 7 && !is_missing(c.rho(7, j))) all = all && std::abs(signs.rho(7, j) + c.rho(7, j)) < 1e-13;
  }
  CHECK(all);
  const Eigen::MatrixXd turned = x.rowwise().reverse();
  CHECK(distance(pearson_of(turned, 5).rho.reverse(), c.rho) < 1e-13);
}

TEST_CASE("law: a panel without gaps gives the same whether or not a column with gaps stands beside it") {
  const Eigen::MatrixXd x = panel_of({.rows = 100, .columns = 70}, 9);
  Eigen::MatrixXd with_gap = Eigen::MatrixXd::Constant(100, 71, missing);
  with_gap.leftCols(70) = x;
  CHECK(distance(pearson_of(with_gap, 5).rho.topLeftCorner(70, 70), pearson_of(x, 5).rho) < 1e-13);
}

TEST_CASE("the same bytes in any order and on two threads") {
  for (const double holes : {0.0, 0.2}) {
    const Eigen::MatrixXd x = panel_of({.rows = 90, .columns = 200, .holes = holes}, 21);
    const numeric::pearson method{.min_overlap = numeric::overlap_rows(5)};
    const numeric::correlations one = method.correlate(x);
    CHECK(same_bytes(one, method.correlate(x, backwards{})));
    CHECK(same_bytes(one, method.correlate(x, two_threads{})));
  }
}

TEST_CASE("hostile shapes") {
  CHECK(pearson_of(Eigen::MatrixXd(0, 0), 2).columns() == 0);
  CHECK(pearson_of(Eigen::MatrixXd(5, 0), 2).columns() == 0);
  CHECK(pearson_of(Eigen::MatrixXd(0, 3), 2).missing_pairs() == 3);
  CHECK(pearson_of(Eigen::MatrixXd::Ones(1, 2), 2).overlap(0, 1) == 1);
  CHECK(pearson_of(panel_of({.rows = 9, .columns = 1}, 1), 2).rho(0, 0) == 1.0);
  CHECK(pearson_of(Eigen::MatrixXd::Constant(30, 20, missing), 2).missing_pairs() == 190);

  Eigen::MatrixXd x = panel_of({.rows = 30, .columns = 4, .holes = 0.1}, 2);
  x.col(1).setConstant(0.1);  // not a sum of powers of two: its mean is off by a rounding
  x.col(3) = x.col(0);
  const numeric::correlations c = pearson_of(x, 2);
  CHECK(is_missing(c.rho(1, 0)));
  CHECK(is_missing(c.rho(1, 1)));
  CHECK(c.overlap(1, 0) > 2);
  CHECK(c.rho(3, 0) == doctest::Approx(1.0).epsilon(1e-15));
  CHECK(std::abs(c.rho(3, 0)) <= 1.0);

  SUBCASE("constant on the common rows only") {
    x.col(2).head(15).setConstant(0.3);
    x.col(3).tail(15).setConstant(missing);
    const numeric::correlations d = pearson_of(x, 2);
    CHECK(is_missing(d.rho(2, 3)));
    CHECK(!is_missing(d.rho(2, 2)));
  }
  SUBCASE("1e300 and denormals") {
    const numeric::correlations small = pearson_of(x, 2);
    Eigen::MatrixXd y = x;
    y.col(0) *= 1e300;
    y.col(2) *= -1e300;
    CHECK(distance_from_twin(pearson_of(y, 2), y, false) < bound(y));
    y.col(0) *= 1e-300;
    for (double& v : y.col(2)) {
      if (!is_missing(v)) v = std::round(v * 1e-300 * 64) * std::numeric_limits<double>::denorm_min();
    }
    CHECK(distance_from_twin(pearson_of(y, 2), y, false) < bound(y));
  }
  SUBCASE("one giant among small values") {
    x(3, 0) = 1e300;
    CHECK(distance_from_twin(pearson_of(x, 2), x, false) < bound(x));
    x(3, 2) = missing;  // the pair 0, 2 sees the small ones only
    const numeric::correlations d = pearson_of(x, 2);
    CHECK(distance_from_twin(d, x, false) < bound(x));
    CHECK(std::abs(d.rho(0, 2)) < 0.99);
  }
  SUBCASE("giants that cancel, on days that the other lacks: the product of two variances would vanish") {
    x(0, 0) = x(2, 2) = 1e100;
    x(1, 0) = x(3, 2) = -1e100;
    x(2, 0) = x(3, 0) = x(0, 2) = x(1, 2) = missing;
    CHECK(distance_from_twin(pearson_of(x, 2), x, false) < bound(x));
  }
  SUBCASE("an infinite value") {
    x(4, 2) = std::numeric_limits<double>::infinity();
    CHECK_THROWS_AS(static_cast<void>(pearson_of(x, 2)), precondition_error);
  }
}

}  // namespace basket_test::numeric_pearson
