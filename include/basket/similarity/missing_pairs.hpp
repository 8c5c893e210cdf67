// What to do about pairs of markets that have no correlation: three named answers, and no default.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/numeric/correlation.hpp"

namespace basket::similarity {

/// Which columns of a correlation matrix stay, and which go and why.
struct selection {
  struct dropped_column {
    std::size_t column = 0;
    std::string reason = {};
  };
  std::vector<std::size_t> kept = {};        ///< ascending
  std::vector<dropped_column> dropped = {};  ///< in the order in which they went
};

/// Decides what a pair without a correlation means: who stays, and the distance of a missing pair among those who stay.
/// Laws: kept and dropped together are all columns; every column dropped has a reason.
template <class P>
concept MissingPairs = requires(const P& policy, const numeric::correlations& c, double maximum) {
  { policy.select(c) } -> std::same_as<selection>;
  { policy.stand_in(maximum) } -> std::same_as<double>;
};

namespace detail {

[[nodiscard]] inline selection all_columns(const numeric::correlations& c) {
  selection out;
  for (std::size_t j = 0; j < c.columns(); ++j) out.kept.push_back(j);
  return out;
}

}  // namespace detail

/// No missing pair is accepted.
///
/// Fails: data_error naming the first missing pair, its overlap, and how many there are.
struct refuse_missing_pairs {
  [[nodiscard]] selection select(const numeric::correlations& c) const {
    for (Eigen::Index j = 1; j < c.rho.cols(); ++j) {
      for (Eigen::Index i = 0; i < j; ++i) {
        if (!is_missing(c.rho(i, j))) continue;
        const auto common = static_cast<std::size_t>(c.overlap(i, j));
        throw data_error(
            "correlations", 0, "",
            "columns " + std::to_string(i) + " and " + std::to_string(j) + " have no correlation (" +
                (common < c.min_overlap.count()
                     ? std::to_string(common) + " common rows of " + std::to_string(c.min_overlap.count()) + " wanted"
                     : "one of them is constant on their " + std::to_string(common) + " common rows") +
                "), nor have " + std::to_string(c.missing_pairs() - 1) + " other pairs");
      }
    }
    return detail::all_columns(c);
  }
  [[nodiscard]] double stand_in(double) const noexcept { return missing; }
};

/// A missing pair is as far apart as the measure knows.
/// Bias: strangers are treated as opposites; where most pairs never overlap, groups follow the calendar.
struct maximum_distance {
  [[nodiscard]] selection select(const numeric::correlations& c) const { return detail::all_columns(c); }
  [[nodiscard]] double stand_in(double maximum) const noexcept { return maximum; }
};

/// The market with the most missing pairs among those left goes, again and again, until no pair is missing; of equals
/// the one with fewer observations, then the later one.
///
/// Cost: n^2, and n for each market dropped.
/// Bias: greedy; the set left need not be the largest one, and leans to long-lived markets.
struct drop_markets {
  [[nodiscard]] selection select(const numeric::correlations& c) const {
    const std::size_t n = c.columns();
    const auto lacks = [&](std::size_t i, std::size_t j) {
      return is_missing(c.rho(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)));
    };
    std::vector<std::size_t> lacking(n, 0);
    for (std::size_t j = 0; j < n; ++j) {
      for (std::size_t i = 0; i < n; ++i) lacking[j] += i != j && lacks(i, j);
    }
    std::vector<bool> gone(n, false);
    selection out;
    for (;;) {
      std::size_t worst = n;
      for (std::size_t j = 0; j < n; ++j) {
        if (gone[j] || lacking[j] == 0) continue;
        if (worst == n || lacking[j] > lacking[worst] ||
            (lacking[j] == lacking[worst] && observations(c, j) <= observations(c, worst))) {
          worst = j;
        }
      }
      if (worst == n) break;
      gone[worst] = true;
      out.dropped.push_back(
          {.column = worst,
           .reason = "no correlation with " + std::to_string(lacking[worst]) + " of the markets left"});
      for (std::size_t j = 0; j < n; ++j) lacking[j] -= !gone[j] && lacks(worst, j);
    }
    for (std::size_t j = 0; j < n; ++j) {
      if (!gone[j]) out.kept.push_back(j);
    }
    return out;
  }
  [[nodiscard]] double stand_in(double) const noexcept { return missing; }

 private:
  [[nodiscard]] static std::int32_t observations(const numeric::correlations& c, std::size_t j) noexcept {
    return c.overlap(static_cast<Eigen::Index>(j), static_cast<Eigen::Index>(j));
  }
};

static_assert(MissingPairs<refuse_missing_pairs> && MissingPairs<maximum_distance> && MissingPairs<drop_markets>);

}  // namespace basket::similarity
