// The batch against long-double twins, laws, hostile shapes, and its error by condition number.
#include "basket/regress/batch_ridge.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <Eigen/Cholesky>
#include <Eigen/QR>
#include <cmath>
#include <cstring>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

#include "basket/core/random.hpp"
#include "support/fixture.hpp"

namespace basket_test::regress_batch_ridge {
using namespace basket;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using regress::batch_fit;
using regress::batch_ridge;
using regress::route;
using regress::scaling;

// Runs every second index on a thread of its own, last index first: any order must do.
struct two_threads {
  template <class Body>
  void for_each_index(std::size_t count, const Body& body) const {
    std::thread other([&] {
      for (std::size_t i = count; i-- > 0;) {
        if (i % 2 == 1) body(i);
      }
    });
    for (std::size_t i = 0; i < count; i += 2) body(i);
    other.join();
  }
  static constexpr std::size_t concurrency() noexcept { return 2; }
};
static_assert(ExecutionPolicy<two_threads>);

inline double normal(random_stream& s) {
  return std::sqrt(-2.0 * std::log(1.0 - s.uniform())) * std::cos(2.0 * std::numbers::pi * s.uniform());
}

inline MatrixXd normals(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd m(rows, columns);
  for (double& v : m.reshaped()) v = normal(s);
  return m;
}

inline std::vector<std::string> names(std::ptrdiff_t k) {
  std::vector<std::string> out;
  for (std::ptrdiff_t j = 0; j < k; ++j) out.push_back("f" + std::to_string(j));
  return out;
}
inline std::vector<int> ids(std::ptrdiff_t n) {
  std::vector<int> out;
  for (std::ptrdiff_t j = 0; j < n; ++j) out.push_back(static_cast<int>(100 + j));
  return out;
}
template <class Policy = execution_policy::sequential>
batch_fit<int> fit(const batch_ridge& r, const MatrixXd& x, const MatrixXd& y, const Policy& policy = {}) {
  const auto f = names(x.cols());
  const auto m = ids(y.cols());
  return r.fit<int>(x, f, y, m, policy);
}

struct twin_fit {
  VectorXd beta = {}, t = {};
  double intercept = 0, intercept_t = 0, r2 = 0, degrees = 0, sd = 0;
};

// The naive twin, in long double: gather, centre, QR of the augmented rows, explicit inverse.
inline twin_fit twin(const MatrixXd& x, const VectorXd& y, double penalty, scaling scaled) {
  using matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  using vector = Eigen::Matrix<long double, Eigen::Dynamic, 1>;
  std::vector<std::ptrdiff_t> rows;
  for (std::ptrdiff_t i = 0; i < y.size(); ++i) {
    if (!is_missing(y[i]) && !x.row(i).hasNaN()) rows.push_back(i);
  }
  const auto n = static_cast<std::ptrdiff_t>(rows.size()), k = x.cols();
  matrix d = x(rows, Eigen::all).cast<long double>();
  vector v = y(rows).cast<long double>();
  const vector mean = d.colwise().mean().transpose();
  const long double y_mean = v.mean();
  d.rowwise() -= mean.transpose();
  v.array() -= y_mean;
  vector lambda(k);
  for (std::ptrdiff_t j = 0; j < k; ++j) {
    const long double ss = d.col(j).squaredNorm();
    lambda[j] = scaled == scaling::none        ? static_cast<long double>(penalty)
                : scaled == scaling::sample_sd ? penalty * ss / static_cast<long double>(n - 1)
                                               : penalty * ss / static_cast<long double>(n);
  }
  matrix a(n + k, k);
  a << d, matrix(lambda.cwiseSqrt().asDiagonal());
  vector rhs = vector::Zero(n + k);
  rhs.head(n) = v;
  const Eigen::HouseholderQR<matrix> qr(a);
  const vector b = qr.solve(rhs);
  const matrix r = qr.matrixQR().topRows(k).template triangularView<Eigen::Upper>();
  const matrix root = r.template triangularView<Eigen::Upper>().solve(matrix::Identity(k, k));
  const matrix inverse = root * root.transpose();
  const long double rss = (v - d * b).squaredNorm(),
                    degrees = static_cast<long double>(k) - inverse.diagonal().dot(lambda);
  const long double s2 = rss / (static_cast<long double>(n) - 1 - degrees);
  const matrix cov = s2 * inverse * (d.transpose() * d) * inverse;
  twin_fit out;
  out.beta = b.cast<double>();
  out.t = (b.array() / cov.diagonal().array().sqrt()).matrix().cast<double>();
  out.intercept = static_cast<double>(y_mean - mean.dot(b));
  out.intercept_t =
      static_cast<double>((y_mean - mean.dot(b)) / std::sqrt(s2 / static_cast<long double>(n) + mean.dot(cov * mean)));
  out.r2 = static_cast<double>(1 - rss / v.squaredNorm());
  out.degrees = static_cast<double>(degrees);
  out.sd = static_cast<double>(std::sqrt(s2));
  return out;
}

inline double gap(double a, double b) { return std::abs(a - b) / std::max(std::abs(b), 1e-300); }
inline double gap(const VectorXd& a, const VectorXd& b) { return (a - b).norm() / std::max(b.norm(), 1e-300); }

inline double worst_gap(const batch_fit<int>& f, std::ptrdiff_t m, const twin_fit& w) {
  double worst = gap(VectorXd(f.beta.col(m)), w.beta);
  worst = std::max(worst, gap(VectorXd(f.t.col(m)), w.t));
  worst = std::max(worst, std::abs(f.r_squared[m] - w.r2));
  worst = std::max(worst, std::abs(f.intercept[m] - w.intercept) / (std::abs(w.intercept) + w.sd));
  worst = std::max(worst, std::abs(f.intercept_t[m] - w.intercept_t) / (1.0 + std::abs(w.intercept_t)));
  worst = std::max(worst, gap(f.degrees[m], w.degrees));
  return std::max(worst, gap(f.residual_sd[m], w.sd));
}

// Ragged markets with holes: the shape of the real panel, small.
inline MatrixXd ragged(const MatrixXd& x, std::ptrdiff_t markets, std::ptrdiff_t shortest, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd y = MatrixXd::Constant(x.rows(), markets, missing);
  for (std::ptrdiff_t m = 0; m < markets; ++m) {
    const auto span = x.rows() - shortest;
    const auto length = shortest + static_cast<std::ptrdiff_t>(s.below(static_cast<std::uint32_t>(span + 1)));
    const auto first = static_cast<std::ptrdiff_t>(s.below(static_cast<std::uint32_t>(x.rows() - length + 1)));
    for (std::ptrdiff_t t = first; t < first + length; ++t) y(t, m) = 0.3 + 0.5 * x(t, m % x.cols()) + normal(s);
    if (m % 3 == 0) {
      for (int h = 0; h < 4; ++h)
        y(first + static_cast<std::ptrdiff_t>(s.below(static_cast<std::uint32_t>(length))), m) = missing;
    }
    if (m % 10 == 7) {
      for (std::ptrdiff_t t = first; t < first + length; t += 3) y(t, m) = missing;
    }
  }
  return y;
}

inline bool same_bytes(const MatrixXd& a, const MatrixXd& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}
inline bool same_bytes(const batch_fit<int>& a, const batch_fit<int>& b) {
  return same_bytes(a.beta, b.beta) && same_bytes(a.t, b.t) && same_bytes(a.intercept, b.intercept) &&
         same_bytes(a.intercept_t, b.intercept_t) && same_bytes(a.r_squared, b.r_squared) &&
         same_bytes(a.degrees, b.degrees) && same_bytes(a.residual_sd, b.residual_sd) && a.counts == b.counts &&
         a.states == b.states && a.routes == b.routes;
}

TEST_CASE("batch ridge: a line through four points, by hand") {
  // x = 0 1 2 3, y = 1 3 2 5: slope 1.1, intercept 1.1, residuals -0.1 0.8 -1.3 0.6, RSS 2.7, TSS 8.75.
  MatrixXd x(6, 1), y(6, 1);
  x << 9, 0, 1, 2, 3, 7;
  y << missing, 1, 3, 2, 5, missing;
  const auto f = fit({.penalty = 0.0}, x, y);
  REQUIRE(f.states[0] == status::ok);
  CHECK(f.counts[0] == 4);
  CHECK(f.markets[0] == 100);
  CHECK(f.factors[0] == "f0");
  CHECK(f.beta(0, 0) == doctest::Approx(1.1).epsilon(1e-13));
  CHECK(f.intercept[0] == doctest::Approx(1.1).epsilon(1e-13));
  CHECK(f.r_squared[0] == doctest::Approx(1.0 - 2.7 / 8.75).epsilon(1e-13));
  CHECK(f.residual_sd[0] == doctest::Approx(std::sqrt(1.35)).epsilon(1e-13));
  CHECK(f.t(0, 0) == doctest::Approx(1.1 / std::sqrt(1.35 / 5.0)).epsilon(1e-13));
  // With a penalty of 5 on a centred sum of squares of 5 the slope halves.
  CHECK(fit({.penalty = 5.0}, x, y).beta(0, 0) == doctest::Approx(0.55).epsilon(1e-13));
  // ... and a penalty of 3 on the coefficient of x / sd, sd^2 = 5/3, is the same penalty of 5.
  CHECK(fit({.penalty = 3.0, .scaled = scaling::sample_sd}, x, y).beta(0, 0) == doctest::Approx(0.55).epsilon(1e-13));
  CHECK(fit({.penalty = 4.0, .scaled = scaling::population_sd}, x, y).beta(0, 0) ==
        doctest::Approx(0.55).epsilon(1e-13));
}

TEST_CASE("batch ridge: equal to a long-double QR of each market") {
  for (const std::ptrdiff_t k : {1, 2, 3, 7, 8, 9, 41}) {
    MatrixXd x = normals(200, k, 11);
    x.rightCols(k - 1).colwise() += x.col(0).eval();
    x.col(k - 1).array() += 3.0;
    if (k == 7) x(50, 2) = x(120, 6) = missing;  // days that no market can use
    const MatrixXd y = ragged(x, 60, k + 12, 5);
    for (const double penalty : {0.0, 0.5, 20.0}) {
      for (const scaling scaled : {scaling::none, scaling::sample_sd, scaling::population_sd}) {
        const auto f = fit({.penalty = penalty, .scaled = scaled}, x, y);
        double worst = 0.0;
        for (std::ptrdiff_t m = 0; m < y.cols(); ++m) {
          if (f.states[static_cast<std::size_t>(m)] == status::too_few_observations) continue;
          REQUIRE(f.states[static_cast<std::size_t>(m)] == status::ok);
          worst = std::max(worst, worst_gap(f, m, twin(x, y.col(m), penalty, scaled)));
        }
        CAPTURE(k);
        CAPTURE(penalty);
        CHECK(worst < 1e-10);
        if (penalty > 0.0) CHECK(f.count(status::ok) == 60);
      }
    }
  }
}

TEST_CASE("batch ridge: equal to statsmodels and scikit-learn market by market") {
  const fixture::sheet sheet("regress_batch.csv");
  const MatrixXd x = sheet.matrix("x", 60), y = sheet.matrix("y", 60);
  const auto plain = fit({.penalty = 0.0}, x, y), pulled = fit({.penalty = 1.5}, x, y);
  const auto scaled = fit({.penalty = 1.5, .scaled = scaling::population_sd}, x, y);
  for (std::ptrdiff_t m = 0; m < 12; ++m) {
    const std::string n = std::to_string(m);
    CAPTURE(m);
    VectorXd params(6), t(6), rest(3), ridge(6);
    params << plain.intercept[m], plain.beta.col(m);
    t << plain.intercept_t[m], plain.t.col(m);
    rest << plain.r_squared[m], plain.residual_sd[m], static_cast<double>(plain.counts[static_cast<std::size_t>(m)]);
    ridge << pulled.intercept[m], pulled.beta.col(m);
    CHECK(gap(params, sheet.vector("params" + n)) < 1e-10);
    CHECK(gap(t, sheet.vector("t" + n)) < 1e-10);
    CHECK(gap(rest, sheet.vector("rest" + n)) < 1e-10);
    CHECK(gap(ridge, sheet.vector("ridge" + n)) < 1e-10);
    CHECK(gap(VectorXd(scaled.beta.col(m)), sheet.vector("scaled" + n)) < 1e-10);
  }
}

TEST_CASE("batch ridge: neither companions nor threads nor the order of markets change a bit") {
  const MatrixXd x = normals(300, 9, 3);
  const MatrixXd y = ragged(x, 700, 20, 9);
  const batch_ridge r{.penalty = 0.7, .scaled = scaling::sample_sd};
  const auto one = fit(r, x, y);
  CHECK(same_bytes(one, fit(r, x, y, two_threads{})));
  const MatrixXd reversed = y.rowwise().reverse();
  const auto back = fit(r, x, reversed);
  for (std::ptrdiff_t m = 0; m < y.cols(); m += 37) {
    const auto alone = fit(r, x, y.col(m));
    CHECK(same_bytes(alone.beta, one.beta.col(m)));
    CHECK(same_bytes(alone.t, one.t.col(m)));
    CHECK(alone.r_squared[0] == one.r_squared[m]);
    CHECK(same_bytes(back.beta.col(y.cols() - 1 - m), one.beta.col(m)));
  }
}

TEST_CASE("batch ridge: scale, shift and permutation laws") {
  const MatrixXd x = normals(150, 5, 21);
  const MatrixXd y = ragged(x, 40, 30, 22);
  const batch_ridge r{.penalty = 2.0, .scaled = scaling::sample_sd};
  const auto base = fit(r, x, y);
  const auto scaled = fit(r, x * 1e-9, y * 1e7);  // beta by 1e16, t and R2 as they were
  const auto shifted = fit(r, MatrixXd(x.array() + 1e3), MatrixXd(y.array() - 50.0));
  MatrixXd turned = x.rowwise().reverse();
  const auto permuted = fit(r, turned, y);
  for (std::ptrdiff_t m = 0; m < y.cols(); ++m) {
    CHECK(gap(VectorXd(scaled.beta.col(m) * 1e-16), VectorXd(base.beta.col(m))) < 1e-10);
    CHECK(gap(VectorXd(scaled.t.col(m)), VectorXd(base.t.col(m))) < 1e-10);
    CHECK(std::abs(scaled.r_squared[m] - base.r_squared[m]) < 1e-12);
    // A shift of 1e3 deviations leaves x with 1e3 * epsilon of its spread: 2.2e-13, times the condition.
    CHECK(gap(VectorXd(shifted.beta.col(m)), VectorXd(base.beta.col(m))) < 1e-10);
    CHECK(std::abs(shifted.r_squared[m] - base.r_squared[m]) < 1e-10);
    CHECK(gap(VectorXd(permuted.beta.col(m).reverse()), VectorXd(base.beta.col(m))) < 1e-10);
  }
}

TEST_CASE("batch ridge: what a Gram cannot carry goes to QR or gets a status, counted") {
  const std::ptrdiff_t n = 120;
  MatrixXd x = normals(n, 4, 31);
  MatrixXd y = x.rowwise().sum().replicate(1, 6) + normals(n, 6, 32);
  y.col(1).setConstant(0.1);                  // constant
  y.col(2).setConstant(missing);              // never observed
  y.col(3).tail(n - 3).setConstant(missing);  // too short
  y.col(4) = x.rowwise().sum();               // a perfect fit: the Gram would lose the residual
  y.col(5) *= 1e200;                          // squares that overflow
  auto f = fit({.penalty = 0.0}, x, y);
  CHECK(f.states[0] == status::ok);
  CHECK(f.routes[0] == route::gram);
  CHECK(f.states[1] == status::constant_input);
  CHECK(f.states[2] == status::too_few_observations);
  CHECK(f.states[3] == status::too_few_observations);
  CHECK(f.routes[4] == route::qr);
  CHECK(gap(VectorXd(f.beta.col(4)), VectorXd::Ones(4)) < 1e-12);
  CHECK(f.routes[5] == route::qr);
  CHECK(gap(VectorXd(f.beta.col(5) * 1e-200), twin(x, y.col(5) * 1e-200, 0.0, scaling::none).beta) < 1e-10);
  CHECK(f.count(route::qr) == 3);
  CHECK(f.count(route::none) == 2);
  CHECK(is_missing(f.beta(0, 1)));
  CHECK(is_missing(f.r_squared[2]));

  x.col(3) = x.col(0);  // a duplicate: no answer without a penalty, halves with one
  f = fit({.penalty = 0.0}, x, y.leftCols(1));
  CHECK(f.states[0] == status::rank_deficient);
  f = fit({.penalty = 1e-6}, x, y.leftCols(1));
  CHECK(f.states[0] == status::ok);
  CHECK(f.routes[0] == route::qr);
  CHECK(gap(f.beta(0, 0), f.beta(3, 0)) < 1e-6);

  x.col(3).setConstant(0.7);  // a constant
  CHECK(fit({.penalty = 0.0}, x, y.leftCols(1)).states[0] == status::rank_deficient);
  for (const scaling scaled : {scaling::none, scaling::sample_sd, scaling::population_sd}) {
    f = fit({.penalty = 1.0, .scaled = scaled}, x, y.leftCols(1));
    CHECK(f.states[0] == status::ok);
    CHECK(f.beta(3, 0) == 0.0);
    CHECK(is_missing(f.t(3, 0)));
    CHECK(f.routes[0] == route::gram);
    CHECK(fit({.penalty = 1.0, .scaled = scaled, .most_inflation = 0.0}, x, y.leftCols(1)).beta(3, 0) == 0.0);
    const auto without = fit({.penalty = 1.0, .scaled = scaled}, x.leftCols(3), y.leftCols(1));
    CHECK(gap(VectorXd(f.beta.col(0).head(3)), VectorXd(without.beta.col(0))) < 1e-10);
    CHECK(gap(VectorXd(f.t.col(0).head(3)), VectorXd(without.t.col(0))) < 1e-10);
    CHECK(gap(f.degrees[0], without.degrees[0]) < 1e-10);
    CHECK(gap(f.intercept_t[0], without.intercept_t[0]) < 1e-10);
  }
}

TEST_CASE("batch ridge: huge, denormal and lopsided factors") {
  MatrixXd x = normals(100, 3, 41);
  const MatrixXd y = x.rowwise().sum() + normals(100, 1, 42);
  const auto base = fit({.penalty = 0.0}, x, y);
  x.col(0) *= 1e300;
  x.col(1) *= 1e-300;
  const auto f = fit({.penalty = 0.0}, x, y);
  REQUIRE(f.states[0] == status::ok);
  CHECK(gap(f.beta(0, 0) * 1e300, base.beta(0, 0)) < 1e-10);
  CHECK(gap(f.beta(1, 0) * 1e-300, base.beta(1, 0)) < 1e-10);
  CHECK(gap(VectorXd(f.t.col(0)), VectorXd(base.t.col(0))) < 1e-10);
  x = normals(100, 3, 41);
  x.col(2) *= 1e-310;  // denormal: fifteen digits fewer than a double has, so only sense is asked for
  const auto g = fit({.penalty = 0.0}, x, y * 1e-3);
  REQUIRE(g.states[0] == status::ok);
  CHECK(std::isfinite(g.t(2, 0)));
  CHECK(gap(g.t(2, 0), base.t(2, 0)) < 1e-6);
  // One day of 1e200 outside the window of a market must not blind it.
  MatrixXd far = normals(140, 3, 41), late = MatrixXd::Constant(140, 1, missing);
  far(120, 1) = 1e200;
  late.topRows(100) = far.topRows(100).rowwise().sum() + normals(100, 1, 42);
  const auto h = fit({.penalty = 0.0}, far, late);
  CHECK(h.states[0] == status::ok);
  CHECK(h.routes[0] == route::qr);
  CHECK(worst_gap(h, 0, twin(far.topRows(100), late.topRows(100), 0.0, scaling::none)) < 1e-10);
}

TEST_CASE("batch ridge: empty shapes and refused input") {
  const auto none = fit({}, MatrixXd(10, 2), MatrixXd(10, 0));
  CHECK(none.states.empty());
  const auto no_days = fit({}, MatrixXd(0, 2), MatrixXd(0, 3));
  CHECK(no_days.count(status::too_few_observations) == 3);
  MatrixXd y = normals(10, 1, 1);
  const auto no_factors = fit({.penalty = 0.0}, MatrixXd(10, 0), y);  // the mean alone
  REQUIRE(no_factors.states[0] == status::ok);
  CHECK(no_factors.r_squared[0] == doctest::Approx(0.0));
  CHECK(no_factors.intercept[0] == doctest::Approx(y.mean()).epsilon(1e-12));
  MatrixXd x = normals(10, 2, 2);
  CHECK_THROWS_WITH_AS(fit({.penalty = -1.0}, x, y), doctest::Contains("penalty"), precondition_error);
  CHECK_THROWS_WITH_AS(fit({}, x, MatrixXd(9, 1)), doctest::Contains("y has 9"), precondition_error);
  CHECK_THROWS_WITH_AS((void)(batch_ridge{}.fit<int>(x, names(1), y, ids(1))),
                       doctest::Contains("2 columns and 1 names"), precondition_error);
  x(4, 1) = HUGE_VAL;
  CHECK_THROWS_WITH_AS(fit({}, x, y), doctest::Contains("factor f1, line 5"), data_error);
  x(4, 1) = 0.0;
  y(7, 0) = -HUGE_VAL;
  CHECK_THROWS_WITH_AS(fit({}, x, y), doctest::Contains("market number 0, line 8"), data_error);
  x.setConstant(missing);
  CHECK(fit({}, x, normals(10, 1, 1)).states[0] == status::too_few_observations);
}

TEST_CASE("batch ridge: error against long-double QR by the condition of X") {
  const std::ptrdiff_t n = 400, k = 10;
  fmt::print("condition of X | forced Gram | as routed | route\n");
  for (int power = 2; power <= 7; ++power) {
    // Singular values from 1 to 10^-power, and no help from scaling columns: the smallest direction is spread.
    const Eigen::HouseholderQR<MatrixXd> left(normals(n, k, 50)), right(normals(k, k, 51));
    const MatrixXd u = left.householderQ() * MatrixXd::Identity(n, k), v = right.householderQ();
    VectorXd s(k);
    for (std::ptrdiff_t j = 0; j < k; ++j)
      s[j] = std::pow(10.0, -power * static_cast<double>(j) / static_cast<double>(k - 1));
    const MatrixXd x = u * s.asDiagonal() * v.transpose();
    const MatrixXd y = x.rowwise().sum() + 0.1 * normals(n, 1, 52);
    const twin_fit truth = twin(x, y, 0.0, scaling::none);
    const auto forced = fit({.penalty = 0.0, .most_inflation = 1e300}, x, y);
    const auto routed = fit({.penalty = 0.0}, x, y);
    const double by_gram = gap(VectorXd(forced.beta.col(0)), truth.beta);
    const double by_route = gap(VectorXd(routed.beta.col(0)), truth.beta);
    fmt::print("          1e{}  |  {:8.1e}   | {:8.1e}  | {}\n", power, by_gram, by_route,
               routed.routes[0] == route::gram ? "gram" : "qr");
    // Normal equations lose twice the digits of the condition, QR of a problem with small residual once.
    CHECK(by_route < std::max(1e-10, 1e-15 * std::pow(10.0, power) * 100.0));
    if (power >= 5) CHECK(by_gram > by_route);
  }
}

}  // namespace basket_test::regress_batch_ridge
