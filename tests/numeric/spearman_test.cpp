#include "basket/numeric/spearman.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "numeric/correlation_cases.hpp"

namespace basket_test::numeric_spearman {

using namespace basket;
using namespace correlation_cases;

static_assert(!std::is_default_constructible_v<numeric::spearman>);

numeric::correlations spearman_of(const Eigen::MatrixXd& x, std::size_t min_overlap) {
  return numeric::spearman{.min_overlap = numeric::overlap_rows(min_overlap)}.correlate(x);
}

TEST_CASE("on paper: five days, of which four are common, with a tie") {
  // Common days: a = 1 2 3 4, b = 10 20 20 5: ranks 1 2 3 4 and 2 3.5 3.5 1; sum of products of deviations
  // (-1.5)(-.5) + (-.5)(1) + (.5)(1) + (1.5)(-1.5) = -1.5; spreads 5 and 4.5.
  Eigen::MatrixXd x(5, 2);
  x << 1, 10, 2, 20, 9, missing, 3, 20, 4, 5;
  const numeric::correlations c = spearman_of(x, 4);
  CHECK(c.overlap(0, 1) == 4);
  CHECK(c.overlap(0, 0) == 5);
  CHECK(c.rho(0, 1) == doctest::Approx(-1.5 / std::sqrt(5.0 * 4.5)).epsilon(1e-15));
  CHECK(c.rho(1, 0) == c.rho(0, 1));
  CHECK(c.rho(0, 0) == 1.0);
  const numeric::correlations strict = spearman_of(x, 5);
  CHECK(is_missing(strict.rho(0, 1)));
  CHECK(is_missing(strict.rho(1, 1)));
  CHECK(strict.rho(0, 0) == 1.0);
  CHECK(strict.overlap(0, 1) == 4);
  CHECK(strict.missing_pairs() == 1);
}

TEST_CASE("agrees with the definition, pair by pair: windows, holes, ties, one block and many, short and long panels") {
  // What is computed are integers, then one product, one root and one division: each half a unit in the last place.
  for (const recipe& r : {recipe{.rows = 40, .columns = 3}, recipe{.rows = 61, .columns = 37, .holes = 0.3},
                          recipe{.rows = 80, .columns = 50, .holes = 0.1, .levels = 4.0, .windows = true},
                          recipe{.rows = 300, .columns = 20, .levels = 30.0},
                          recipe{.rows = 130, .columns = 41, .holes = 0.5, .levels = 1.0},
                          recipe{.rows = 1476, .columns = 4, .holes = 0.02, .levels = 100.0},
                          recipe{.rows = 1476, .columns = 4, .holes = 0.001, .levels = 0.6},
                          recipe{.rows = 1477, .columns = 9, .holes = 0.1, .levels = 0.6},
                          recipe{.rows = 1861, .columns = 3}, recipe{.rows = 1860, .columns = 3}}) {
    CAPTURE(r.rows);
    CAPTURE(r.columns);
    const Eigen::MatrixXd x = panel_of(r, 17);
    CHECK(distance_from_twin(spearman_of(x, 6), x, true) < 1e-15);
  }
}

TEST_CASE("agrees with pandas and scipy") {
  for (const fixture& f : fixtures()) {
    const numeric::correlations c = spearman_of(f.panel, f.min_overlap);
    CHECK(distance(c.rho, f.scipy_spearman) < 1e-14);
    CHECK(distance(c.rho, f.pandas_spearman) < 1e-14);
    CHECK(c.missing_pairs() < c.columns() * (c.columns() - 1) / 2);
  }
}

TEST_CASE("laws: columns may be permuted and rows too, increasing maps change nothing, decreasing ones the sign") {
  const Eigen::MatrixXd x = panel_of({.rows = 70, .columns = 45, .holes = 0.2, .levels = 8.0, .windows = true}, 3);
  const numeric::correlations c = spearman_of(x, 5);
  Eigen::MatrixXd turned = x.rowwise().reverse().colwise().reverse();
  numeric::correlations back = spearman_of(turned, 5);
  back.rho = back.rho.rowwise().reverse().colwise().reverse().eval();
  back.overlap = back.overlap.rowwise().reverse().colwise().reverse().eval();
  CHECK(same_bytes(c, back));
  CHECK(same_bytes(c, spearman_of(x.array().exp(), 5)));
  CHECK(same_bytes(c, spearman_of(1e300 * x, 5)));
  const Eigen::MatrixXd scaled = std::numeric_limits<double>::denorm_min() * 8.0 * x;  // levels become denormals
  CHECK(same_bytes(c, spearman_of(scaled, 5)));
  Eigen::MatrixXd one_turned = x;
  one_turned.col(7) *= -1.0;
  const numeric::correlations signs = spearman_of(one_turned, 5);
  bool all = true;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    if (j == 7 || is_missing(c.rho(7, j))) continue;
    all = all && signs.rho(7, j) == -c.rho(7, j) && signs.rho(j, 7) == -c.rho(j, 7);
  }
  CHECK(all);
}

TEST_CASE("law: a panel without gaps gives the same bytes by products of ranks as by walking pairs") {
  for (const double levels : {0.0, 3.0}) {
    const Eigen::MatrixXd x = panel_of({.rows = 100, .columns = 70, .levels = levels}, 9);
    Eigen::MatrixXd with_gap(101, 71);
    with_gap.setConstant(missing);
    with_gap.topLeftCorner(100, 70) = x;
    const numeric::correlations whole = spearman_of(x, 5), walked = spearman_of(with_gap, 5);
    CHECK((walked.rho.topLeftCorner(70, 70) == whole.rho));
    CHECK((walked.overlap.topLeftCorner(70, 70) == whole.overlap));
    CHECK(walked.overlap(70, 3) == 0);
  }
}

TEST_CASE("the same bytes in any order and on two threads") {
  for (const double holes : {0.0, 0.2}) {
    const Eigen::MatrixXd x = panel_of({.rows = 90, .columns = 150, .holes = holes, .levels = 20.0}, 21);
    const numeric::spearman method{.min_overlap = numeric::overlap_rows(5)};
    const numeric::correlations one = method.correlate(x);
    CHECK(same_bytes(one, method.correlate(x, backwards{})));
    CHECK(same_bytes(one, method.correlate(x, two_threads{})));
  }
}

TEST_CASE("hostile shapes") {
  CHECK(spearman_of(Eigen::MatrixXd(0, 0), 2).columns() == 0);
  CHECK(spearman_of(Eigen::MatrixXd(5, 0), 2).columns() == 0);
  const numeric::correlations no_rows = spearman_of(Eigen::MatrixXd(0, 3), 2);
  CHECK(no_rows.missing_pairs() == 3);
  CHECK(no_rows.overlap.isZero());
  const numeric::correlations one_row = spearman_of(Eigen::MatrixXd::Ones(1, 2), 2);
  CHECK(is_missing(one_row.rho(0, 1)));
  CHECK(one_row.overlap(0, 1) == 1);
  CHECK(spearman_of(panel_of({.rows = 9, .columns = 1}, 1), 2).rho(0, 0) == 1.0);
  const Eigen::MatrixXd all_missing = Eigen::MatrixXd::Constant(30, 20, missing);
  CHECK(spearman_of(all_missing, 2).missing_pairs() == 190);

  Eigen::MatrixXd x = panel_of({.rows = 30, .columns = 4, .holes = 0.1}, 2);
  x.col(1).setConstant(0.1);
  x.col(3) = x.col(0);
  const numeric::correlations c = spearman_of(x, 2);
  CHECK(is_missing(c.rho(1, 0)));
  CHECK(is_missing(c.rho(1, 1)));
  CHECK(c.overlap(1, 0) > 2);
  CHECK(c.rho(3, 0) == 1.0);
  x.col(3) *= -1.0;
  CHECK(spearman_of(x, 2).rho(3, 0) == -1.0);

  Eigen::MatrixXd whole = panel_of({.rows = 30, .columns = 3}, 2);
  whole.col(1).setConstant(0.1);
  CHECK(distance_from_twin(spearman_of(whole, 2), whole, true) < 1e-15);
  CHECK(is_missing(spearman_of(whole, 2).rho(1, 1)));

  x(4, 2) = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(static_cast<void>(spearman_of(x, 2)), precondition_error);
  CHECK_THROWS_WITH_AS(static_cast<void>(spearman_of(Eigen::MatrixXd::Zero(200'000, 1), 2)),
                       "a rank correlation takes fewer than 200000 rows, the panel has 200000", precondition_error);
}

TEST_CASE("the largest sums: equal series and opposite ones on all rows that the short counts carry, and one more") {
  for (const Eigen::Index rows : {1476, 1477}) {
    Eigen::MatrixXd x = Eigen::MatrixXd::Constant(rows, 3, missing);
    for (Eigen::Index t = 0; t < rows; ++t) {
      x(t, 0) = x(t, 1) = static_cast<double>(t);
      if (t > 0) x(t, 2) = -static_cast<double>(t);
    }
    const numeric::correlations c = spearman_of(x, 2);
    CHECK(c.rho(0, 1) == 1.0);
    CHECK(c.rho(0, 2) == -1.0);
    x.col(1).setConstant(1.0);
    x(0, 1) = 0.0;  // one group of all rows but one
    CHECK(distance_from_twin(spearman_of(x, 2), x, true) < 1e-15);
  }
}

}  // namespace basket_test::numeric_spearman
