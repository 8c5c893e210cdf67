// Tails of t, F, chi-squared and Kolmogorov against scipy 1.13.1 and each other.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "basket/core/random.hpp"
#include "basket/stats/chi_squared.hpp"
#include "basket/stats/fisher_f.hpp"
#include "basket/stats/kolmogorov_smirnov.hpp"
#include "basket/stats/student_t.hpp"

namespace basket_test::stats_tails {
using namespace basket;
using namespace basket::stats;

TEST_CASE("Student t: closed forms, scipy, both tails of digits") {
  const double pi = 3.14159265358979323846;
  // One degree is Cauchy: 1 - 2 atan(t) / pi; two degrees: 1 - t / sqrt(2 + t^2).
  CHECK(student_t_two_sided(1.0, 1.0) == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(student_t_two_sided(1e8, 1.0) == doctest::Approx(2.0 / pi * 1e-8).epsilon(1e-12));
  CHECK(student_t_two_sided(-3.0, 2.0) == doctest::Approx(1.0 - 3.0 / std::sqrt(11.0)).epsilon(1e-13));
  CHECK(student_t_two_sided(2.5, 17.3) == doctest::Approx(0.022747500175801176).epsilon(1e-12));
  CHECK(student_t_two_sided(40.0, 200.0) == doctest::Approx(2.248739653520226e-97).epsilon(1e-10));
  CHECK(student_t_two_sided(0.0, 5.0) == 1.0);
  CHECK(student_t_two_sided(INFINITY, 5.0) == 0.0);
  CHECK(is_missing(student_t_two_sided(1.0, 0.0)));
  CHECK(is_missing(student_t_two_sided(missing, 4.0)));
  CHECK(student_t_critical(0.95, 10.0) == doctest::Approx(2.2281388519649385).epsilon(1e-10));
  CHECK(student_t_two_sided(student_t_critical(0.9, 3.7), 3.7) == doctest::Approx(0.1).epsilon(1e-12));
  CHECK(student_t_critical(0.0, 3.0) == doctest::Approx(0.0));
  CHECK(is_missing(student_t_critical(1.0, 3.0)));
}

TEST_CASE("F and chi-squared: identities and scipy") {
  CHECK(fisher_f_upper(6.25, 1.0, 17.3) == doctest::Approx(student_t_two_sided(2.5, 17.3)).epsilon(1e-12));
  CHECK(fisher_f_upper(3.2, 5.0, 44.0) == doctest::Approx(0.015022747532510832).epsilon(1e-12));
  CHECK(fisher_f_upper(0.0, 5.0, 44.0) == 1.0);
  CHECK(is_missing(fisher_f_upper(1.0, 0.0, 4.0)));
  CHECK(chi_squared_upper(5.0, 2.0) == doctest::Approx(std::exp(-2.5)).epsilon(1e-14));
  CHECK(chi_squared_upper(123.4, 41.0) == doctest::Approx(3.485216800842059e-10).epsilon(1e-12));
  CHECK(chi_squared_upper(-1.0, 2.0) == 1.0);
  CHECK(is_missing(chi_squared_upper(1.0, -2.0)));
}

TEST_CASE("Kolmogorov-Smirnov: by hand, against scipy, and able to fail") {
  CHECK(against_uniform(std::vector<double>{0.5}).distance == 0.5);
  CHECK(against_uniform(std::vector<double>{0.1, 0.2, missing, 0.4}).distance == doctest::Approx(0.6));
  CHECK(kolmogorov_upper(0.03, 2000) ==
        doctest::Approx(0.05354694793932557).epsilon(0.01));  // scipy's is exact, this asymptotic
  CHECK(against_uniform({}).distance != against_uniform({}).distance);
  random_stream s(4);
  std::vector<double> even, bent, steps;
  for (int i = 0; i < 2000; ++i) {
    even.push_back(s.uniform());
    bent.push_back(std::pow(s.uniform(), 1.2));
    steps.push_back((1.0 + s.below(100)) / 100.0);
  }
  CHECK(against_uniform(even).p_value > 0.01);
  CHECK(against_uniform(bent).p_value < 1e-4);
  CHECK(against_uniform(steps, 100).p_value > 0.01);
  CHECK_THROWS_WITH_AS((void)against_uniform(std::vector<double>{1.5}), doctest::Contains("1.5"), precondition_error);
}

}  // namespace basket_test::stats_tails
