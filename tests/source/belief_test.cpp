#include "basket/source/belief.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

namespace basket_test::source_belief {

using basket::random_stream;
using basket::source::belief;

TEST_CASE("a belief starts at its prior and ends at the truth") {
  random_stream random(1);
  belief b({0.2, 0.3, 0.5}, 0.8, random);
  const auto start = b.advance(0.0, random);
  CHECK(start[0] == doctest::Approx(0.2));
  CHECK(start[1] == doctest::Approx(0.3));
  CHECK(start[2] == doctest::Approx(0.5));
  double before_end = b.advance(0.9999999, random)[b.truth()];
  CHECK(before_end > 0.99);
  const auto end = b.advance(1.0, random);
  for (std::size_t j = 0; j < 3; ++j) CHECK(end[j] == (j == b.truth() ? 1.0 : 0.0));
}

TEST_CASE("without a signal a belief stays at its prior") {
  random_stream random(2);
  belief b({0.25, 0.75}, 0.0, random);
  for (const double t : {0.1, 0.5, 0.99}) CHECK(b.advance(t, random)[0] == doctest::Approx(0.25));
}

TEST_CASE("the truth is drawn with its prior probability") {
  int counts[3] = {0, 0, 0};
  for (std::uint64_t stream = 0; stream < 20'000; ++stream) {
    random_stream random(3, stream);
    ++counts[belief({0.2, 0.3, 0.5}, 1.0, random).truth()];
  }
  // five standard errors of a binomial share
  CHECK(std::abs(counts[0] / 20'000.0 - 0.2) < 5.0 * std::sqrt(0.2 * 0.8 / 20'000.0));
  CHECK(std::abs(counts[1] / 20'000.0 - 0.3) < 5.0 * std::sqrt(0.3 * 0.7 / 20'000.0));
}

TEST_CASE("a belief is a martingale and calibrated: what is believed to p happens p of the time") {
  // Moments of one step against all that is known at its start, through a function of the state: E[(b2 - b1) b1] = 0.
  // Calibration is E[(1{truth} - b) g(b)] = 0 for any g; a wrong likelihood (noise or drift off by a factor) breaks it.
  const int n = 20'000;
  double drift = 0.0, drift_squares = 0.0, miss = 0.0, miss_squares = 0.0, spread = 0.0;
  for (int i = 0; i < n; ++i) {
    random_stream random(4, static_cast<std::uint64_t>(i));
    belief b({0.3, 0.45, 0.25}, 1.2, random);
    const double early = b.advance(0.3, random)[0];
    const double late = b.advance(0.6, random)[0];
    const double d = (late - early) * early;
    drift += d;
    drift_squares += d * d;
    const double m = ((b.truth() == 0 ? 1.0 : 0.0) - late) * late;
    miss += m;
    miss_squares += m * m;
    spread += (late - 0.3) * (late - 0.3);
  }
  CHECK(spread / n > 0.01);  // there is a signal at all
  CHECK(std::abs(drift) < 4.5 * std::sqrt(drift_squares));
  CHECK(std::abs(miss) < 4.5 * std::sqrt(miss_squares));
}

TEST_CASE("the posterior is Bayes' rule on the signals, whatever steps led there") {
  // Oracle: with two answers and one step, the log odds move by strength * (s0 - s1) / (1 - t), where the signals are
  // rebuilt here from the same draws.
  random_stream random(5);
  belief b({0.4, 0.6}, 0.9, random);
  random_stream copy = random;
  boost::random::normal_distribution<double> normal;
  const double t = 0.37;
  double signal[2];
  for (std::size_t j = 0; j < 2; ++j) {
    signal[j] = std::sqrt(t * (1.0 - t)) * normal(copy) + (b.truth() == j ? 0.9 * t : 0.0);
  }
  const auto posterior = b.advance(t, random);
  const double log_odds = std::log(0.4 / 0.6) + 0.9 * (signal[0] - signal[1]) / (1.0 - t);
  CHECK(std::log(posterior[0] / posterior[1]) == doctest::Approx(log_odds).epsilon(1e-12));
}

TEST_CASE("a belief refuses nonsense") {
  random_stream random(6);
  CHECK_THROWS_WITH_AS(belief({0.2, 0.2}, 1.0, random), "the prior of a belief does not sum to one",
                       basket::precondition_error);
  CHECK_THROWS_AS(belief({}, 1.0, random), basket::precondition_error);
  CHECK_THROWS_AS(belief({1.5, -0.5}, 1.0, random), basket::precondition_error);
  CHECK_THROWS_AS(belief({0.5, 0.5}, -1.0, random), basket::precondition_error);
  CHECK_THROWS_AS(belief({0.5, 0.5}, std::nan(""), random), basket::precondition_error);
  belief b({0.5, 0.5}, 1.0, random);
  (void)b.advance(0.5, random);
  CHECK_THROWS_WITH_AS((void)b.advance(0.4, random), "the time of a belief does not go back",
                       basket::precondition_error);
}

}  // namespace basket_test::source_belief
