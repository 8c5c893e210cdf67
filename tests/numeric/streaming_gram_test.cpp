// The streaming Gram against exact batch sums, to its stated bound, through long histories and outliers.
#include "basket/numeric/streaming_gram.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "basket/core/random.hpp"

namespace basket_test::numeric_streaming_gram {
using namespace basket;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using numeric::streaming_gram;

inline MatrixXd uniforms(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd m(rows, columns);
  for (double& v : m.reshaped()) v = 2.0 * s.uniform() - 1.0;
  return m;
}

// The batch twin in long double, centred in two passes.
inline streaming_gram::moments twin(const MatrixXd& x, const VectorXd& y) {
  using matrix = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
  matrix d(x.rows(), x.cols() + 1);
  d << x.cast<long double>(), y.cast<long double>();
  const auto mean = d.colwise().mean().eval();
  d.rowwise() -= mean;
  const matrix g = d.transpose() * d;
  const Eigen::Index k = x.cols();
  return {static_cast<std::size_t>(x.rows()), g.topLeftCorner(k, k).cast<double>(),    g.col(k).head(k).cast<double>(),
          static_cast<double>(g(k, k)),       mean.head(k).transpose().cast<double>(), static_cast<double>(mean[k])};
}
inline double gap(const streaming_gram::moments& a, const streaming_gram::moments& b) {
  const double scale = b.gram.diagonal().maxCoeff() + b.squares;
  return std::max({(a.gram - b.gram).cwiseAbs().maxCoeff(), (a.cross - b.cross).cwiseAbs().maxCoeff(),
                   std::abs(a.squares - b.squares)}) /
         scale;
}

TEST_CASE("streaming Gram: two days by hand") {
  streaming_gram g(1);
  g.push(VectorXd::Constant(1, 1.0), 2.0);
  g.push(VectorXd::Constant(1, 3.0), 8.0);
  const auto m = g.centred();
  CHECK(m.gram(0, 0) == 2.0);
  CHECK(m.cross[0] == 6.0);
  CHECK(m.squares == 18.0);
  CHECK(m.means[0] == 2.0);
  CHECK(m.y_mean == 5.0);
}

TEST_CASE("streaming Gram: a window that moves for 20,000 days equals the batch of its last 100") {
  const MatrixXd x = uniforms(20000, 5, 1);
  const VectorXd y = uniforms(20000, 1, 2);
  streaming_gram g(5);
  for (Eigen::Index t = 0; t < x.rows(); ++t) {
    g.push(x.row(t).transpose(), y[t]);
    if (t >= 100) g.drop(x.row(t - 100).transpose(), y[t - 100]);
    if (t == 150 || t == x.rows() - 1) {
      // 4 m u^2 * 20,000 terms of size 1 is 1e-23; what remains is the last rounding.
      CHECK(gap(g.centred(), twin(x.middleRows(t - 99, 100), y.segment(t - 99, 100))) < 4e-16);
    }
  }
  CHECK(g.count() == 100);
}

TEST_CASE("streaming Gram: an outlier that left leaves no trace; far from zero nothing is lost") {
  const MatrixXd x = uniforms(60, 3, 3);
  const VectorXd y = uniforms(60, 1, 4);
  streaming_gram g(3);
  for (Eigen::Index t = 0; t < 30; ++t) g.push(x.row(t).transpose(), y[t]);
  const VectorXd spike = VectorXd::Constant(3, 1e6);
  g.push(spike, -1e6);
  for (Eigen::Index t = 30; t < 60; ++t) g.push(x.row(t).transpose(), y[t]);
  g.drop(spike, -1e6);
  // u^2 * 1e12 * 8: the spike's square in units of the pair's last digit.
  CHECK(gap(g.centred(), twin(x, y)) < 1e-15);

  streaming_gram far(3);
  const MatrixXd away = x.array() + 1e6;
  for (Eigen::Index t = 0; t < 60; ++t) far.push(away.row(t).transpose(), y[t]);
  CHECK(gap(far.centred(), twin(away, y)) < 1e-15);
}

TEST_CASE("streaming Gram: emptied, constant, refused") {
  streaming_gram g(2);
  CHECK(g.centred().count == 0);
  const VectorXd x = VectorXd::Constant(2, 0.1);
  for (int i = 0; i < 9; ++i) g.push(x, 0.3);
  CHECK(g.centred().gram.cwiseAbs().maxCoeff() < 1e-30);
  CHECK(g.centred().squares < 1e-30);
  for (int i = 0; i < 9; ++i) g.drop(x, 0.3);
  CHECK(g.count() == 0);
  CHECK_THROWS_WITH_AS(g.drop(x, 0.3), doctest::Contains("holds none"), precondition_error);
  CHECK_THROWS_WITH_AS(g.push(VectorXd::Zero(3), 0.0), doctest::Contains("2 factors; it was given 3"),
                       precondition_error);
  CHECK_THROWS_AS(g.push(x, std::nan("")), precondition_error);
  CHECK_THROWS_AS(streaming_gram(-1), precondition_error);
  streaming_gram none(0);
  none.push(VectorXd(0), 2.0);
  none.push(VectorXd(0), 4.0);
  CHECK(none.centred().squares == 2.0);
}

}  // namespace basket_test::numeric_streaming_gram
