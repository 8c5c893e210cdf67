#include "basket/report/regression.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <string>
#include <vector>

#include "support/fixture.hpp"

namespace basket_test::report_regression {

using namespace basket;
using namespace basket::regress;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd factors() { return fixture::sheet("regress_single.csv").matrix("x", 72); }
VectorXd series() { return fixture::sheet("regress_single.csv").vector("y"); }

TEST_CASE("a regression prints what the table holds") {
  const MatrixXd x = factors();
  const std::vector<std::string> names = {"equities", "rates", "a factor with a rather long name"};
  const linear_model m = least_squares{}.fit(x, series(), names);
  const auto table = infer(m, x, hc3{});
  const auto null = shift_null{.shifts = 19, .seed = 3}.test(batch_ridge{.penalty = 0.0}, x, series());
  CHECK(null.r_squared == doctest::Approx(m.r_squared).epsilon(1e-10));
  const std::string text = report::regression_text(m, x, table, null);
  for (const char* const part : {"intercept", "equities", "a factor with a rather long name", "HC3", "Durbin-Watson",
                                 "Breusch-Pagan", "Jarque-Bera", "R2 of shifted series", "p of the shift null"}) {
    CAPTURE(part);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find(fmt::format("{:.4f}", m.r_squared)) != std::string::npos);
  CHECK(text.find(fmt::format("{:.4g}", table.standard_error[1])) != std::string::npos);
  CHECK(report::regression_text(m, x, table).find("shift") == std::string::npos);
  CHECK_THROWS_AS((void)report::regression_text(linear_model{}, x, table), numeric_error);
}

}  // namespace basket_test::report_regression
