#include "basket/numeric/overlap.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "basket/core/random.hpp"

namespace basket_test::numeric_overlap {

using namespace basket;

static_assert(!std::is_default_constructible_v<numeric::overlap_rows>);
static_assert(!std::is_convertible_v<std::size_t, numeric::overlap_rows>);

TEST_CASE("a minimal overlap below two is refused") {
  CHECK(numeric::overlap_rows(2).count() == 2);
  CHECK_THROWS_WITH_AS(numeric::overlap_rows(1), "the minimal overlap must be at least 2 rows, it is 1",
                       precondition_error);
}

TEST_CASE("bits, counts, ranges and common rows agree with looking at each cell") {
  for (const Eigen::Index rows : {0, 1, 63, 64, 65, 130}) {
    random_stream random(5, static_cast<std::uint64_t>(rows));
    Eigen::MatrixXd x(rows, 6);
    for (Eigen::Index j = 0; j < 6; ++j) {
      for (Eigen::Index t = 0; t < rows; ++t)
        x(t, j) = random.uniform() < 0.15 * static_cast<double>(j) ? missing : 1.0;
    }
    if (rows > 0) x.col(4).setConstant(missing);
    const numeric::observed_rows observed(x);
    CHECK(observed.complete() == (rows == 0));
    for (Eigen::Index a = 0; a < 6; ++a) {
      std::size_t first = static_cast<std::size_t>(rows), end = 0;
      for (Eigen::Index t = rows; t-- > 0;) {
        if (!is_missing(x(t, a))) first = static_cast<std::size_t>(t);
      }
      for (Eigen::Index t = 0; t < rows; ++t) {
        if (!is_missing(x(t, a))) end = static_cast<std::size_t>(t) + 1;
      }
      CHECK(observed.first(static_cast<std::size_t>(a)) == first);
      CHECK(observed.end(static_cast<std::size_t>(a)) == end);
      for (Eigen::Index b = 0; b < 6; ++b) {
        std::size_t common = 0;
        for (Eigen::Index t = 0; t < rows; ++t) common += !is_missing(x(t, a)) && !is_missing(x(t, b));
        CHECK(observed.common(static_cast<std::size_t>(a), static_cast<std::size_t>(b)) == common);
        if (a == b) CHECK(observed.count(static_cast<std::size_t>(a)) == common);
      }
    }
  }
}

TEST_CASE("columns by first row; ranges of several columns") {
  Eigen::MatrixXd x = Eigen::MatrixXd::Constant(5, 4, missing);
  x(3, 0) = x(1, 1) = x(2, 1) = x(1, 3) = 0.5;  // column 2 is never observed
  const numeric::observed_rows observed(x);
  CHECK(numeric::by_first_row(observed) == std::vector<std::size_t>{1, 3, 0, 2});
  const std::vector<std::size_t> some{0, 1};
  const numeric::row_range range = numeric::observed_range(observed, some);
  CHECK(range.begin == 1);
  CHECK(range.end == 4);
  CHECK(numeric::observed_range(observed, std::vector<std::size_t>{2}).empty());
  CHECK(range.common({.begin = 4, .end = 5}).empty());
}

TEST_CASE("an infinite value is named") {
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(3, 2);
  x(2, 1) = -std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(numeric::observed_rows{x},
                       "the value in row 2 of column 1 is infinite; a value is a finite number or missing",
                       precondition_error);
}

}  // namespace basket_test::numeric_overlap
