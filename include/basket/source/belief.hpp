// What is believed of a hidden answer while noisy news of it comes in.
#pragma once

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/random.hpp"

namespace basket::source {

/// What the public believes of a hidden answer. Noise that dies out at time 1 lies over one signal for each possible
/// answer; the belief is the exact posterior: it starts at the prior, is a martingale, and ends at the truth.
/// `strength` is the signal's drift a unit of time against a noise of one: small is a late surprise, large an early
/// certainty.
///
/// Fails:   precondition_error when the prior is no distribution, the strength negative, or time goes back.
/// Cost:    one normal draw, logarithm and exponential an answer and step.
/// Source:  Brody, Hughston and Macrina, Information-based asset pricing (2008), with one signal an answer.
class belief {
 public:
  /// Draws the truth from `prior` with the first number of `random`.
  belief(std::vector<double> prior, double strength, random_stream& random)
      : prior_(std::move(prior)), now_(prior_), bridge_(prior_.size()), strength_(strength) {
    double sum = 0.0;
    for (const double p : prior_) {
      require(p >= 0.0, "a prior probability of a belief is negative or missing");
      sum += p;
    }
    require(std::abs(sum - 1.0) < 1e-9, "the prior of a belief does not sum to one");
    require(strength >= 0.0 && strength < 1e3, "the strength of a belief must lie in [0, 1000)");
    double left = random.uniform() * sum;
    while (truth_ + 1 < prior_.size() && left >= prior_[truth_]) left -= prior_[truth_++];
  }

  [[nodiscard]] std::size_t truth() const noexcept { return truth_; }

  /// Moves to `time` and returns the posterior there; from 1 on it is the truth. Valid until the next call.
  const std::vector<double>& advance(double time, random_stream& random) {
    require(time >= time_, "the time of a belief does not go back");
    if (time >= 1.0) {
      time_ = time;
      for (std::size_t j = 0; j < now_.size(); ++j) now_[j] = j == truth_ ? 1.0 : 0.0;
      return now_;
    }
    boost::random::normal_distribution<double> noise;
    const double left = (1.0 - time) / (1.0 - time_), spread = std::sqrt((time - time_) * left);
    double largest = -std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < now_.size(); ++j) {
      bridge_[j] = bridge_[j] * left + spread * noise(random);
      const double signal = bridge_[j] + (j == truth_ ? strength_ * time : 0.0);
      now_[j] = std::log(prior_[j]) + strength_ * signal / (1.0 - time);  // up to what all answers share
      largest = std::max(largest, now_[j]);
    }
    double sum = 0.0;
    for (double& p : now_) sum += p = std::exp(p - largest);
    for (double& p : now_) p /= sum;
    time_ = time;
    return now_;
  }

 private:
  std::vector<double> prior_, now_, bridge_;
  double strength_, time_ = 0.0;
  std::size_t truth_ = 0;
};

}  // namespace basket::source
