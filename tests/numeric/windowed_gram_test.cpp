// Every window of the table against the direct sum, the lanes' factorisations against Eigen, least squares by hand.
#include "basket/numeric/windowed_gram.hpp"

#include <doctest/doctest.h>

#include <Eigen/LU>
#include <cmath>

#include "basket/core/random.hpp"
#include "basket/numeric/lane_cholesky.hpp"
#include "basket/numeric/least_squares.hpp"

namespace basket_test::numeric_windowed_gram {
using namespace basket;
using namespace basket::numeric;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline MatrixXd uniforms(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd m(rows, columns);
  for (double& v : m.reshaped()) v = 2.0 * s.uniform() - 1.0;
  return m;
}

TEST_CASE("windowed Gram: every window is the direct sum") {
  for (const std::ptrdiff_t rows : {0, 1, 7, 8, 9, 16, 61, 130}) {
    for (const std::size_t memory : {std::size_t{1}, std::size_t{1} << 22}) {  // no table at all, and a whole one
      const std::ptrdiff_t columns = padded(5);
      windowed_gram::row_major z = windowed_gram::row_major::Zero(rows, columns);
      z.leftCols(5) = uniforms(rows, 5, 3);
      const windowed_gram g(z, memory);
      const packed_triangle layout = g.layout();
      VectorXd out;
      double worst = 0.0;
      for (std::ptrdiff_t a = 0; a <= rows; ++a) {
        for (std::ptrdiff_t b = a; b <= rows; ++b) {
          out.setOnes(layout.size());  // it adds
          g.add(a, b, out.data());
          const MatrixXd direct = z.middleRows(a, b - a).transpose() * z.middleRows(a, b - a);
          for (std::ptrdiff_t j = 0; j < columns; ++j) {
            for (std::ptrdiff_t i = j; i < columns; ++i) {
              worst = std::max(worst, std::abs(out[layout.at(i, j)] - 1.0 - direct(i, j)));
            }
          }
        }
      }
      CAPTURE(rows);
      CHECK(worst < 1e-15 * static_cast<double>(rows + 8));
    }
  }
}

TEST_CASE("windowed Gram: sums of days of very different size do not lose the small ones") {
  // A day of 1e12 outside of a window: differences of prefix sums would leave 1e8 of noise inside.
  windowed_gram::row_major z = windowed_gram::row_major::Zero(64, padded(1));
  z.col(0).setOnes();
  z(3, 0) = 1e12;
  const windowed_gram g(z);
  VectorXd out = VectorXd::Zero(g.layout().size());
  g.add(4, 64, out.data());
  CHECK(out[0] == 60.0);
}

TEST_CASE("windowed Gram: refusals") {
  CHECK_THROWS_WITH_AS(windowed_gram(windowed_gram::row_major(3, lane_count + 1)), doctest::Contains("padded"),
                       precondition_error);
  const windowed_gram g(windowed_gram::row_major::Zero(9, lane_count));
  VectorXd out = VectorXd::Zero(g.layout().size());
  CHECK_THROWS_WITH_AS(g.add(3, 10, out.data()), doctest::Contains("3 to 10"), precondition_error);
  CHECK_THROWS_AS(g.add(-1, 2, out.data()), precondition_error);
  CHECK_THROWS_AS(g.add(5, 4, out.data()), precondition_error);
}

TEST_CASE("lane Cholesky: inverse of another matrix in each lane; a bad lane spoils no other") {
  for (const std::ptrdiff_t k : {1, 2, 3, 4, 5, 8, 13, 41}) {
    const lane_triangle shape = lane_triangle::of_order(k);
    VectorXd a = VectorXd::Zero(shape.size()), m(shape.size()), v(shape.size());
    std::vector<MatrixXd> grams;
    for (std::ptrdiff_t l = 0; l < lane_count; ++l) {
      const MatrixXd x = uniforms(k + 20, k, static_cast<std::uint64_t>(l + 1));
      grams.push_back(x.transpose() * x);
      if (l == 1) grams.back()(0, 0) = -1.0;
      for (std::ptrdiff_t i = 0; i < shape.order(); ++i) {
        for (std::ptrdiff_t j = 0; j <= i; ++j) {
          a[shape.at(i, j) + l] = i < k ? grams.back()(i, j) : (i == j ? 1.0 : 0.0);
        }
      }
    }
    factor_lanes(shape, a.data());
    invert_lanes(shape, a.data(), m.data());
    multiply_inverse_lanes(shape, m.data(), v.data());
    VectorXd c = VectorXd::Zero(shape.order() * lane_count), z = c, b = c;
    for (std::ptrdiff_t i = 0; i < k; ++i) {
      for (std::ptrdiff_t l = 0; l < lane_count; ++l) c[i * lane_count + l] = static_cast<double>(i + 1 + l);
    }
    apply_lanes(shape, m.data(), c.data(), z.data());
    apply_transposed_lanes(shape, m.data(), z.data(), b.data());
    for (std::ptrdiff_t l = 0; l < lane_count; ++l) {
      if (l == 1) {
        CHECK(std::isnan(v[l]));
        continue;
      }
      const MatrixXd inverse = grams[static_cast<std::size_t>(l)].inverse();
      double worst = 0.0;
      VectorXd right(k), solved(k);
      for (std::ptrdiff_t i = 0; i < k; ++i) {
        for (std::ptrdiff_t j = 0; j <= i; ++j)
          worst = std::max(worst, std::abs(v[shape.at(i, j) + l] - inverse(i, j)));
        right[i] = c[i * lane_count + l];
        solved[i] = b[i * lane_count + l];
      }
      CHECK(worst < 1e-12 * inverse.norm());
      CHECK((grams[static_cast<std::size_t>(l)] * solved - right).norm() < 1e-11 * right.norm());
    }
  }
}

TEST_CASE("product kernel: any width, columns and step") {
  for (std::ptrdiff_t width = lane_count; width <= 9 * lane_count; width += lane_count) {
    for (std::ptrdiff_t columns = 1; columns <= 7; ++columns) {
      const windowed_gram::row_major z = uniforms(11, width, 5);
      const MatrixXd y = uniforms(22, columns, 6);
      MatrixXd out = MatrixXd::Ones(width, columns);
      std::vector<const double*> from;
      for (std::ptrdiff_t c = 0; c < columns; ++c) from.push_back(y.col(c).data());
      add_product(z.data(), width, width, 11, from.data(), columns, 2, out.data(), width);
      MatrixXd direct = MatrixXd::Ones(width, columns);
      for (std::ptrdiff_t t = 0; t < 11; ++t) direct += z.row(t).transpose() * y.row(2 * t);
      CHECK((out - direct).cwiseAbs().maxCoeff() < 1e-14);
    }
  }
}

TEST_CASE("least squares: exact, penalised, deficient, extreme") {
  MatrixXd x(4, 2);
  x << 1, 0, 1, 1, 1, 2, 1, 3;
  const VectorXd y = Eigen::Vector4d(1, 3, 2, 5), none = Eigen::Vector2d::Zero();
  const auto fit = least_squares<double>(x, y, none);
  REQUIRE(fit.state == status::ok);
  CHECK((fit.coefficients - Eigen::Vector2d(1.1, 1.1)).norm() < 1e-14);
  CHECK((fit.inverse - (x.transpose() * x).inverse()).norm() < 1e-13);
  CHECK((fit.root * fit.root.transpose() - fit.inverse).norm() < 1e-14);
  const VectorXd penalty = Eigen::Vector2d(2.0, 0.5);
  const auto pulled = least_squares<double>(x, y, penalty);
  const MatrixXd a = x.transpose() * x + MatrixXd(penalty.asDiagonal());
  CHECK((a * pulled.coefficients - x.transpose() * y).norm() < 1e-13);
  const auto huge = least_squares<double>(x * 1e250, y, none);
  CHECK((huge.coefficients * 1e250 - fit.coefficients).norm() < 1e-13);
  CHECK(huge.condition == doctest::Approx(fit.condition));
  MatrixXd twice(4, 2);
  twice << x.col(1), x.col(1) * 3.0;
  CHECK(least_squares<double>(twice, y, none).state == status::rank_deficient);
  CHECK(least_squares<double>(twice, y, none).rank == 1);
  CHECK(least_squares<double>(x.topRows(1), y.head(1), none).state == status::rank_deficient);
  CHECK(least_squares<double>(MatrixXd(0, 2), VectorXd(0), none).state == status::rank_deficient);
  CHECK(least_squares<double>(MatrixXd(0, 2), VectorXd(0), penalty).coefficients.norm() == 0.0);
  CHECK(least_squares<double>(MatrixXd(4, 0), y, VectorXd(0)).state == status::ok);
  CHECK_THROWS_WITH_AS((void)least_squares<double>(x, y.head(3), none), doctest::Contains("y has 3 rows"),
                       precondition_error);
}

}  // namespace basket_test::numeric_windowed_gram
