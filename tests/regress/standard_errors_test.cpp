// Models, errors and tables against statsmodels; laws, refusals and the printed summary.
#include "basket/regress/standard_errors.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <cmath>
#include <string>
#include <vector>

#include "basket/core/id.hpp"
#include "basket/core/random.hpp"
#include "basket/regress/diagnostics.hpp"
#include "support/fixture.hpp"

namespace basket_test::regress_standard_errors {
using namespace basket;
using namespace basket::regress;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline const fixture::sheet& sheet() {
  static const fixture::sheet s("regress_single.csv");
  return s;
}
inline MatrixXd factors() { return sheet().matrix("x", 72); }
inline VectorXd series() { return sheet().vector("y"); }
inline double gap(const VectorXd& a, const VectorXd& b) {
  return a.size() == b.size() ? ((a - b).cwiseAbs().array() / b.cwiseAbs().array()).maxCoeff() : HUGE_VAL;
}

inline void compare(const std::string& name, const coefficient_table& t) {
  CAPTURE(name);
  CHECK(gap(t.estimate, sheet().vector(name + ".params")) < 1e-10);
  CHECK(gap(t.standard_error, sheet().vector(name + ".bse")) < 1e-10);
  CHECK(gap(t.t, sheet().vector(name + ".t")) < 1e-10);
  // A p-value's relative error is that of t times t times the degrees.
  CHECK(gap(t.p_value, sheet().vector(name + ".p")) < 1e-8);
  VectorXd interval(2 * t.lower.size());
  interval << t.lower, t.upper;
  // The ends of an interval are differences: relative to its width.
  CHECK(((interval - sheet().vector(name + ".interval")).array().abs() / (t.upper - t.lower).replicate(2, 1).array())
            .maxCoeff() < 1e-10);
  CHECK(gap(VectorXd::Constant(1, t.f), VectorXd::Constant(1, sheet().row(name + ".f")[0])) < 1e-9);
  CHECK(t.f_p_value == doctest::Approx(sheet().row(name + ".f")[1]).epsilon(1e-7));
}

TEST_CASE("regression: equal to statsmodels") {
  const MatrixXd x = factors();
  const VectorXd y = series();
  const linear_model m = least_squares{}.fit(x, y);
  REQUIRE(m.state == status::ok);
  compare("classical", infer(m, x));
  compare("hc1", infer(m, x, hc1{}));
  compare("hc3", infer(m, x, hc3{}));
  compare("newey_west", infer(m, x, newey_west{.lags = 4}));
  std::vector<int> groups;
  for (const double g : sheet().row("groups")) groups.push_back(static_cast<int>(g));
  compare("clustered", infer(m, x, clustered<int>{.labels = groups}));
  CHECK(m.r_squared == doctest::Approx(sheet().row("r2")[0]).epsilon(1e-12));
  CHECK(m.adjusted_r_squared == doctest::Approx(sheet().row("r2")[1]).epsilon(1e-12));
  CHECK(m.residual_sd == doctest::Approx(sheet().row("residual_sd")[0]).epsilon(1e-12));
  CHECK(gap(leverages(m, x), sheet().vector("leverages")) < 1e-10);
  CHECK(leverages(m, x).sum() == doctest::Approx(4.0).epsilon(1e-12));

  const linear_model w = weighted_least_squares{.weights = sheet().row("weights")}.fit(x, y);
  REQUIRE(w.state == status::ok);
  compare("weighted", infer(w, x));
  compare("weighted_hc1", infer(w, x, hc1{}));
  compare("weighted_hc3", infer(w, x, hc3{}));
  CHECK(w.r_squared == doctest::Approx(sheet().row("weighted.r2")[0]).epsilon(1e-12));
  CHECK(w.adjusted_r_squared == doctest::Approx(sheet().row("weighted.r2")[1]).epsilon(1e-12));
}

TEST_CASE("clustered errors with clusters left out are the jackknife of refits") {
  const MatrixXd x = factors();
  const VectorXd y = series();
  std::vector<event_id> events;
  for (const double g : sheet().row("groups")) events.push_back(event_id(static_cast<std::size_t>(g) / 2));  // six
  for (const bool weighted : {false, true}) {
    const std::vector<double> w = weighted ? sheet().row("weights") : std::vector<double>(72, 1.0);
    const linear_model m = weighted_least_squares{.weights = w}.fit(x, y);
    VectorXd all(4);
    all << m.intercept, m.coefficients;
    MatrixXd covariance = MatrixXd::Zero(4, 4);
    for (std::size_t e = 0; e < 6; ++e) {
      std::vector<double> without = w;
      for (std::size_t i = 0; i < 72; ++i) {
        if (events[i] == event_id(e)) without[i] = 0.0;
      }
      const linear_model r = weighted_least_squares{.weights = without}.fit(x, y);
      VectorXd one(4);
      one << r.intercept, r.coefficients;
      covariance += 5.0 / 6.0 * (one - all) * (one - all).transpose();
    }
    const auto t = infer(m, x, clustered_left_out<event_id>{.labels = events});
    CHECK(gap(t.standard_error, VectorXd(covariance.diagonal().cwiseSqrt())) < 1e-9);
    CHECK(t.degrees == 5.0);
  }
}

TEST_CASE("diagnostics: equal to statsmodels and numpy") {
  const MatrixXd x = factors();
  const linear_model m = least_squares{}.fit(x, series());
  CHECK(durbin_watson(m.residuals) == doctest::Approx(sheet().row("durbin_watson")[0]).epsilon(1e-11));
  const test_result bp = breusch_pagan(m, x), jb = jarque_bera(m.residuals);
  CHECK(bp.statistic == doctest::Approx(sheet().row("breusch_pagan")[0]).epsilon(1e-10));
  CHECK(bp.p_value == doctest::Approx(sheet().row("breusch_pagan")[1]).epsilon(1e-9));
  CHECK(jb.statistic == doctest::Approx(sheet().row("jarque_bera")[0]).epsilon(1e-10));
  CHECK(jb.p_value == doctest::Approx(sheet().row("jarque_bera")[1]).epsilon(1e-9));
  CHECK(gap(variance_inflation(x), sheet().vector("vif")) < 1e-10);
  CHECK(condition_number(x) == doctest::Approx(sheet().row("condition")[0]).epsilon(1e-10));
  // By hand: residuals 1 -1 1 -1 give (4 + 4 + 4) / 4.
  CHECK(durbin_watson(Eigen::Vector4d(1, -1, 1, -1)) == doctest::Approx(3.0));
  CHECK(is_missing(durbin_watson(VectorXd::Zero(5))));
  CHECK(is_missing(durbin_watson(VectorXd(0))));
  CHECK(is_missing(jarque_bera(VectorXd::Constant(9, 0.1)).statistic));
  MatrixXd twice(72, 2);
  twice << x.col(0), x.col(0);
  CHECK(std::isinf(variance_inflation(twice)[0]));
  CHECK(condition_number(twice) > 1e12);
}

TEST_CASE("ridge: equal to scikit-learn; laws of its errors") {
  const MatrixXd x = factors();
  const VectorXd y = series();
  const auto& alphas = sheet().row("alphas");
  const MatrixXd plain = sheet().matrix("ridge", 4), scaled = sheet().matrix("ridge_scaled", 4);
  for (std::size_t i = 0; i < alphas.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    const linear_model m = ridge{.penalty = alphas[i]}.fit(x, y);
    VectorXd all(4);
    all << m.intercept, m.coefficients;
    CHECK(gap(all, VectorXd(plain.row(at))) < 1e-10);
    CHECK(gap(ridge{.penalty = alphas[i], .scaled = scaling::population_sd}.fit(x, y).coefficients,
              VectorXd(scaled.row(at))) < 1e-10);
    CHECK(leverages(m, x).sum() == doctest::Approx(m.degrees + 1.0).epsilon(1e-11));
    CHECK(is_missing(infer(m, x).f));
  }
  // Without a penalty the two are one, errors included.
  const linear_model zero = ridge{.penalty = 0.0}.fit(x, y);
  CHECK(gap(infer(zero, x).standard_error, infer(least_squares{}.fit(x, y), x).standard_error) < 1e-12);
}

TEST_CASE("regression: predict, scale, shift, permutation, missing rows") {
  const MatrixXd x = factors();
  const VectorXd y = series();
  const linear_model m = least_squares{}.fit(x, y);
  CHECK((m.predict(x) + m.residuals - y).norm() < 1e-10 * y.norm());
  const MatrixXd turned = x.rowwise().reverse();
  CHECK(gap(least_squares{}.fit(turned, y).coefficients.reverse(), m.coefficients) < 1e-10);
  const linear_model big = least_squares{}.fit(x * 1e-140, VectorXd(y * 1e150));
  CHECK(gap(VectorXd(big.coefficients * 1e-150 * 1e-140), m.coefficients) < 1e-10);
  CHECK(big.r_squared == doctest::Approx(m.r_squared).epsilon(1e-12));
  CHECK(big.residual_sd * 1e-150 == doctest::Approx(m.residual_sd).epsilon(1e-12));

  MatrixXd gappy(75, 3);
  VectorXd late = VectorXd::Constant(75, missing);
  gappy << x.topRows(30), MatrixXd::Constant(3, 3, missing), x.bottomRows(42);
  late << y.head(30), 1, 2, 3, y.tail(42);
  const linear_model g = least_squares{}.fit(gappy, late);
  CHECK(g.rows.size() == 72);
  CHECK(g.rows[30] == 33);
  CHECK(gap(g.coefficients, m.coefficients) < 1e-14);
  CHECK(is_missing(g.predict(gappy)[31]));
  // Three days of gap are not neighbours: fewer products of residuals than without the gap.
  CHECK(infer(g, gappy, newey_west{.lags = 2}).standard_error[1] !=
        doctest::Approx(infer(m, x, newey_west{.lags = 2}).standard_error[1]).epsilon(1e-6));
  CHECK(gap(infer(g, gappy, newey_west{.lags = 0}).standard_error, infer(m, x, newey_west{.lags = 0}).standard_error) <
        1e-12);
}

TEST_CASE("regression: hostile shapes") {
  const MatrixXd x = factors();
  VectorXd y = series();
  CHECK(least_squares{}.fit(MatrixXd(0, 3), VectorXd(0)).state == status::too_few_observations);
  CHECK(least_squares{}.fit(x.topRows(4), y.head(4)).state == status::too_few_observations);
  CHECK(least_squares{}.fit(x, VectorXd::Constant(72, missing)).state == status::too_few_observations);
  CHECK(least_squares{}.fit(x, VectorXd::Constant(72, 0.1)).state == status::constant_input);
  MatrixXd bad = x;
  bad.col(1) = bad.col(0) * 2.0;
  CHECK(least_squares{}.fit(bad, y).state == status::rank_deficient);
  bad.col(1).setConstant(5.0);
  CHECK(least_squares{}.fit(bad, y).state == status::rank_deficient);
  const linear_model kept = ridge{.penalty = 1.0, .scaled = scaling::sample_sd}.fit(bad, y);
  REQUIRE(kept.state == status::ok);
  CHECK(kept.coefficients[1] == 0.0);
  const linear_model mean = least_squares{}.fit(MatrixXd(72, 0), y);
  REQUIRE(mean.state == status::ok);
  CHECK(mean.intercept == doctest::Approx(y.mean()).epsilon(1e-13));
  CHECK_THROWS_WITH_AS((void)mean.predict(x), doctest::Contains("0 factors"), precondition_error);
  CHECK_THROWS_AS((void)least_squares{}.fit(bad, y).predict(x), numeric_error);
  CHECK_THROWS_WITH_AS((void)least_squares{}.fit(x, y.head(9)), doctest::Contains("y has 9"), precondition_error);
  CHECK_THROWS_WITH_AS((void)weighted_least_squares{}.fit(x, y), doctest::Contains("0 weights"), precondition_error);
  std::vector<double> weights(72, 1.0);
  weights[3] = -1.0;
  CHECK_THROWS_WITH_AS((void)weighted_least_squares{.weights = weights}.fit(x, y),
                       doctest::Contains("line 4, field 'weight'"), data_error);
  weights[3] = 0.0;
  CHECK(weighted_least_squares{.weights = weights}.fit(x, y).rows.size() == 71);
  const linear_model ok = least_squares{}.fit(x, y);
  const std::vector<event_id> one(72, event_id(4));
  CHECK_THROWS_WITH_AS((void)infer(ok, x, clustered<event_id>{.labels = one}), doctest::Contains("two clusters"),
                       precondition_error);
  CHECK_THROWS_AS((void)infer(ok, x, clustered<event_id>{}), precondition_error);
  CHECK_THROWS_AS((void)infer(ok, x, hc1{}, 1.0), precondition_error);
  CHECK_THROWS_AS((void)infer(ok, x.leftCols(2), hc1{}), precondition_error);
  y[5] = HUGE_VAL;
  CHECK_THROWS_WITH_AS((void)least_squares{}.fit(x, y), doctest::Contains("line 6"), data_error);
}

}  // namespace basket_test::regress_standard_errors
