// Prediction from the past alone: by hand, blind to the future, below zero on noise.
#include "basket/regress/rolling_origin.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>

#include "basket/core/random.hpp"

namespace basket_test::regress_rolling_origin {
using namespace basket;
using namespace basket::regress;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline MatrixXd normals(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd m(rows, columns);
  for (double& v : m.reshaped()) {
    v = std::sqrt(-2.0 * std::log(1.0 - s.uniform())) * std::cos(2.0 * std::numbers::pi * s.uniform());
  }
  return m;
}

TEST_CASE("rolling origin: one step by hand") {
  // The first four points lie near 1.1 + 1.1 x; at x = 4 it says 5.5, the mean of the past says 2.75; y is 6.
  MatrixXd x(5, 1);
  VectorXd y(5);
  x << 0, 1, 2, 3, 4;
  y << 1, 3, 2, 5, 6;
  const auto out = rolling_origin{.first = 4, .step = 1}.score(least_squares{}, x, y);
  REQUIRE(out.state == status::ok);
  CHECK(out.predictions[0] == doctest::Approx(5.5));
  CHECK(out.r_squared == doctest::Approx(1.0 - 0.25 / (3.25 * 3.25)));
  CHECK(out.rows == std::vector<Eigen::Index>{4});
}

TEST_CASE("rolling origin: nothing after a prediction moves it, to the bit") {
  MatrixXd x = normals(200, 3, 1);
  VectorXd y = x.rowwise().sum() + normals(200, 1, 2);
  y[70] = missing;
  const rolling_origin walk{.first = 50, .step = 7};
  const auto base = walk.score(ridge{.penalty = 2.0}, x, y);
  CHECK(base.r_squared > 0.5);
  MatrixXd x2 = x;
  VectorXd y2 = y;
  x2.bottomRows(80) = normals(80, 3, 9) * 100.0;
  y2.tail(80) = normals(80, 1, 10) * 100.0;
  const auto other = walk.score(ridge{.penalty = 2.0}, x2, y2);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < base.rows.size() && base.rows[i] < 120; ++i, ++compared) {
    CHECK(base.predictions[static_cast<Eigen::Index>(i)] == other.predictions[static_cast<Eigen::Index>(i)]);
  }
  CHECK(compared == 69);
  const auto last = rolling_origin{.first = 50, .step = 7, .window = 30}.score(least_squares{}, x, y);
  CHECK(last.predictions[100] != base.predictions[100]);
}

TEST_CASE("rolling origin: on noise R2 lies below zero, though in the sample it does not") {
  double inside = 0.0, outside = 0.0;
  for (std::uint64_t trial = 0; trial < 50; ++trial) {
    const MatrixXd x = normals(150, 8, 100 + trial);
    const VectorXd y = normals(150, 1, 300 + trial);
    inside += least_squares{}.fit(x, y).r_squared / 50;
    outside += rolling_origin{}.score(least_squares{}, x, y).r_squared / 50;
  }
  CHECK(inside > 0.03);
  CHECK(outside < -0.03);
}

TEST_CASE("rolling origin: hostile shapes") {
  const MatrixXd x = normals(80, 2, 1);
  const VectorXd y = normals(80, 1, 2);
  CHECK(rolling_origin{.first = 80}.score(least_squares{}, x, y).state == status::too_few_observations);
  const auto failing = rolling_origin{.first = 3, .step = 40}.score(least_squares{}, x, y);  // 3 rows for 2 factors
  CHECK(failing.failed == 1);
  CHECK(failing.origins == 2);
  CHECK(failing.rows.front() == 43);
  CHECK_THROWS_WITH_AS((void)(rolling_origin{.first = 2}.score(least_squares{}, x, y)), doctest::Contains("2 and 20"),
                       precondition_error);
  CHECK_THROWS_AS((void)(rolling_origin{.step = 0}.score(least_squares{}, x, y)), precondition_error);
  CHECK_THROWS_AS((void)(rolling_origin{}.score(least_squares{}, x, y.head(4))), precondition_error);
}

}  // namespace basket_test::regress_rolling_origin
