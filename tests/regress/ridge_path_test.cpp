// The path and its cross-validated penalty against refits and scikit-learn.
#include "basket/regress/ridge_path.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>
#include <string>
#include <vector>

#include "support/fixture.hpp"

namespace basket_test::regress_ridge_path {
using namespace basket;
using namespace basket::regress;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline const fixture::sheet& sheet() {
  static const fixture::sheet s("regress_single.csv");
  return s;
}
inline double gap(const VectorXd& a, const VectorXd& b) {
  return a.size() == b.size() ? (a - b).norm() / b.norm() : HUGE_VAL;
}

TEST_CASE("ridge path: each penalty is a ridge fit of its own") {
  MatrixXd x = sheet().matrix("x", 72);
  VectorXd y = sheet().vector("y");
  x(3, 1) = y[40] = missing;
  for (const scaling scaled : {scaling::none, scaling::sample_sd, scaling::population_sd}) {
    const ridge_path path{.penalties = {1e-3, 1.0, 50.0, 1e4}, .scaled = scaled};
    const ridge_path_fit all = path.fit(x, y);
    REQUIRE(all.state == status::ok);
    CHECK(all.rows.size() == 70);
    for (std::size_t i = 0; i < 4; ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      const linear_model one = ridge{.penalty = path.penalties[i], .scaled = scaled}.fit(x, y);
      CHECK(gap(all.coefficients.col(at), one.coefficients) < 1e-10);
      CHECK(std::abs(all.intercepts[at] - one.intercept) < 1e-10 * std::abs(one.intercept));
      CHECK(all.degrees[at] == doctest::Approx(one.degrees).epsilon(1e-10));
      CHECK(all.r_squared[at] == doctest::Approx(one.r_squared).epsilon(1e-10));
      if (i > 0) CHECK(all.degrees[at] < all.degrees[at - 1]);
    }
  }
}

TEST_CASE("ridge path: contiguous folds without refits are scikit-learn's with refits") {
  const MatrixXd x = sheet().matrix("x", 72);
  const VectorXd y = sheet().vector("y");
  const ridge_path path{.penalties = sheet().row("alphas"), .scaled = scaling::population_sd};
  const penalty_choice choice = path.choose(x, y, contiguous_folds{.count = 5});
  REQUIRE(choice.state == status::ok);
  CHECK(gap(choice.losses, sheet().vector("cv_loss")) < 1e-10);
  Eigen::Index best = 0;
  sheet().vector("cv_loss").minCoeff(&best);
  CHECK(choice.best == sheet().row("alphas")[static_cast<std::size_t>(best)]);
  CHECK(choice.predicted == 72);
}

TEST_CASE("ridge path: rolling folds are fits on the past") {
  const MatrixXd x = sheet().matrix("x", 72);
  const VectorXd y = sheet().vector("y");
  const ridge_path path{.penalties = {0.5, 20.0}};
  const penalty_choice choice = path.choose(x, y, rolling_folds{.first = 30, .count = 4});
  REQUIRE(choice.state == status::ok);
  for (std::size_t i = 0; i < 2; ++i) {
    double loss = 0.0;
    const Eigen::Index starts[] = {30, 41, 52, 62, 72};  // 42 rows in four runs: 11, 11, 10, 10
    for (int f = 0; f < 4; ++f) {
      const Eigen::Index from = starts[f], size = starts[f + 1] - from;
      const linear_model m = ridge{.penalty = path.penalties[i]}.fit(x.topRows(from), y.head(from));
      loss += (y.segment(from, size) - m.predict(x.middleRows(from, size))).squaredNorm();
    }
    CHECK(choice.losses[static_cast<Eigen::Index>(i)] == doctest::Approx(loss / 42.0).epsilon(1e-10));
  }
  CHECK(choice.predicted == 42);
  // What comes after a row does not move its prediction: the last run replaced, the first three stay.
  VectorXd other = y;
  other.tail(10).setConstant(1e3);
  const auto cut =
      ridge_path{.penalties = {0.5}}.choose(x.topRows(62), y.head(62), rolling_folds{.first = 30, .count = 1});
  const auto same =
      ridge_path{.penalties = {0.5}}.choose(x.topRows(62), other.head(62), rolling_folds{.first = 30, .count = 1});
  CHECK(cut.losses[0] == same.losses[0]);
}

TEST_CASE("ridge path: refusals and hostile shapes") {
  const MatrixXd x = sheet().matrix("x", 72);
  const VectorXd y = sheet().vector("y");
  CHECK_THROWS_WITH_AS((void)ridge_path{}.fit(x, y), doctest::Contains("one penalty"), precondition_error);
  CHECK_THROWS_WITH_AS((void)ridge_path{.penalties = {0.0}}.fit(x, y), doctest::Contains("positive"),
                       precondition_error);
  CHECK_THROWS_AS((void)ridge_path{.penalties = {1.0}}.fit(x, y.head(3)), precondition_error);
  CHECK_THROWS_AS((void)ridge_path{.penalties = {1.0}}.choose(x, y, contiguous_folds{.count = 1}), precondition_error);
  CHECK_THROWS_AS((void)ridge_path{.penalties = {1.0}}.choose(x, y, rolling_folds{.first = 2}), precondition_error);
  const ridge_path path{.penalties = {1.0}, .scaled = scaling::sample_sd};
  CHECK(path.fit(x.topRows(2), y.head(2)).state == status::too_few_observations);
  CHECK(path.fit(x, VectorXd::Constant(72, 2.0)).state == status::constant_input);
  CHECK(path.choose(x.topRows(20), y.head(20), rolling_folds{}).state == status::too_few_observations);
  MatrixXd flat = x;
  flat.col(1).setConstant(0.1);
  const auto f = path.fit(flat, y);
  CHECK(f.state == status::ok);
  CHECK(f.coefficients(1, 0) == 0.0);
  CHECK(path.choose(x.topRows(72), y, contiguous_folds{.count = 72}).state ==
        status::ok);  // one row left out at a time
}

}  // namespace basket_test::regress_ridge_path
