// How far two groupings of the same members agree.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// Who is together in two groupings: `counts[a * columns + b]` members are in group a of the first and b of the second.
struct agreement_matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<std::size_t> counts = {};
  std::vector<std::size_t> row_sums = {}, column_sums = {};
  std::size_t members = 0;   ///< that were compared
  std::size_t left_out = 0;  ///< because they have no group in one of the two

  [[nodiscard]] std::size_t operator()(std::size_t a, std::size_t b) const { return counts[a * columns + b]; }
};

/// Compares two labellings member by member.
///
/// Missing: members without a group are treated as `policy` says; there is no default, because each choice gives
/// another
///          figure.
/// Fails:   precondition_error when the lengths differ.
/// Cost:    O(members + rows columns).
[[nodiscard]] inline agreement_matrix agree(std::span<const group_label> first, std::span<const group_label> second,
                                            ungrouped policy) {
  if (first.size() != second.size()) {
    throw precondition_error("agree: " + std::to_string(first.size()) + " and " + std::to_string(second.size()) +
                             " labels are not of the same members");
  }
  // Numbers for those without a group follow those of the groups.
  const auto numbers = [policy](std::span<const group_label> labels, std::vector<std::size_t>& out) {
    std::size_t next = group_count(labels);
    const std::size_t shared = next;
    bool shared_used = false;
    for (const group_label label : labels) {
      if (label.has_group()) {
        out.push_back(label.group());
      } else if (policy == ungrouped::singletons) {
        out.push_back(next++);
      } else {
        out.push_back(shared);
        shared_used = true;
      }
    }
    return shared_used ? shared + 1 : next;
  };
  agreement_matrix out;
  std::vector<std::size_t> a, b;
  out.rows = numbers(first, a);
  out.columns = numbers(second, b);
  if (policy == ungrouped::leave_out) {
    out.rows = group_count(first);
    out.columns = group_count(second);
  }
  out.counts.assign(out.rows * out.columns, 0);
  out.row_sums.assign(out.rows, 0);
  out.column_sums.assign(out.columns, 0);
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (policy == ungrouped::leave_out && !(first[i].has_group() && second[i].has_group())) {
      ++out.left_out;
      continue;
    }
    ++out.counts[a[i] * out.columns + b[i]];
    ++out.row_sums[a[i]];
    ++out.column_sums[b[i]];
    ++out.members;
  }
  return out;
}

namespace detail {

/// The entropy of a partition in nats.
[[nodiscard]] inline double entropy(const std::vector<std::size_t>& sizes, std::size_t members) {
  double sum = 0.0;
  for (const std::size_t s : sizes) {
    if (s > 0)
      sum -= static_cast<double>(s) / static_cast<double>(members) *
             std::log(static_cast<double>(s) / static_cast<double>(members));
  }
  return sum;
}

[[nodiscard]] inline double mutual_information(const agreement_matrix& m) {
  double sum = 0.0;
  const auto n = static_cast<double>(m.members);
  for (std::size_t a = 0; a < m.rows; ++a) {
    for (std::size_t b = 0; b < m.columns; ++b) {
      const auto both = static_cast<double>(m(a, b));
      if (both == 0.0) continue;
      sum +=
          both / n *
          (std::log(n * both) - std::log(static_cast<double>(m.row_sums[a]) * static_cast<double>(m.column_sums[b])));
    }
  }
  return std::max(sum, 0.0);
}

/// What two groupings of these sizes share by chance: the mean over all ways to deal the members out.
[[nodiscard]] inline double expected_mutual_information(const agreement_matrix& m) {
  const std::size_t n = m.members;
  std::vector<double> log_factorial(n + 1, 0.0);
  for (std::size_t i = 2; i <= n; ++i) log_factorial[i] = log_factorial[i - 1] + std::log(static_cast<double>(i));
  // Equal sizes give equal terms: each distinct pair of sizes is worked out once.
  const auto tally = [](std::vector<std::size_t> sizes) {
    std::sort(sizes.begin(), sizes.end());
    std::vector<std::pair<std::size_t, double>> out;
    for (const std::size_t s : sizes) {
      if (s == 0) continue;
      if (!out.empty() && out.back().first == s) {
        out.back().second += 1.0;
      } else {
        out.emplace_back(s, 1.0);
      }
    }
    return out;
  };
  const double dn = static_cast<double>(n);
  double sum = 0.0;
  for (const auto& [a, times_a] : tally(m.row_sums)) {
    for (const auto& [b, times_b] : tally(m.column_sums)) {
      double pair = 0.0;
      const std::size_t first = a + b > n ? a + b - n : 1;
      for (std::size_t both = std::max<std::size_t>(first, 1); both <= std::min(a, b); ++both) {
        const double information =
            static_cast<double>(both) / dn *
            (std::log(dn * static_cast<double>(both)) - std::log(static_cast<double>(a) * static_cast<double>(b)));
        const double chance = log_factorial[a] + log_factorial[b] + log_factorial[n - a] + log_factorial[n - b] -
                              log_factorial[n] - log_factorial[both] - log_factorial[a - both] -
                              log_factorial[b - both] - log_factorial[n - a - b + both];
        pair += information * std::exp(chance);
      }
      sum += times_a * times_b * pair;
    }
  }
  return sum;
}

}  // namespace detail

/// The adjusted Rand index: the share of pairs treated alike, less what chance gives; 1 when equal, 0 on average for
/// groupings that have nothing to do with each other. Missing without members.
/// Source: Hubert and Arabie, Comparing partitions (1985).
[[nodiscard]] inline double adjusted_rand(const agreement_matrix& m) {
  if (m.members == 0) return missing;
  const auto pairs = [](std::size_t s) { return 0.5 * static_cast<double>(s) * (static_cast<double>(s) - 1.0); };
  double both = 0.0, first = 0.0, second = 0.0;
  for (const std::size_t c : m.counts) both += pairs(c);
  for (const std::size_t s : m.row_sums) first += pairs(s);
  for (const std::size_t s : m.column_sums) second += pairs(s);
  const double all = pairs(m.members);
  const double chance = all > 0.0 ? first * second / all : 0.0;
  const double most = 0.5 * (first + second);
  // Both all in one, or both all apart: equal, and chance could not do otherwise.
  if (most == chance) return 1.0;
  return (both - chance) / (most - chance);
}

/// Adjusted mutual information with the mean of the two entropies as its scale: 1 when equal, 0 on average by chance.
/// Missing without members.
/// Cost:   O(rows columns + distinct sizes^2 members).
/// Source: Vinh, Epps, Bailey, Information theoretic measures for clusterings comparison (2010), AMI_sum; the default
/// of
///         scikit-learn.
[[nodiscard]] inline double adjusted_mutual_information(const agreement_matrix& m) {
  if (m.members == 0) return missing;
  const auto used = [](const std::vector<std::size_t>& sizes) {
    return std::count_if(sizes.begin(), sizes.end(), [](std::size_t s) { return s > 0; });
  };
  const auto members = static_cast<std::ptrdiff_t>(m.members);
  if (used(m.row_sums) == used(m.column_sums) && (used(m.row_sums) == 1 || used(m.row_sums) == members)) return 1.0;
  const double expected = detail::expected_mutual_information(m);
  const double scale =
      0.5 * (detail::entropy(m.row_sums, m.members) + detail::entropy(m.column_sums, m.members)) - expected;
  const double above = detail::mutual_information(m) - expected;
  // Where chance alone explains everything, nothing is left to be shared.
  if (std::abs(scale) < 1e-15) return 0.0;
  return above / scale;
}

/// Variation of information in nats: what each grouping does not tell of the other; a metric, 0 when equal. Missing
/// without members.
/// Source: Meila, Comparing clusterings: an information based distance (2007).
[[nodiscard]] inline double variation_of_information(const agreement_matrix& m) {
  if (m.members == 0) return missing;
  return std::max(0.0, detail::entropy(m.row_sums, m.members) + detail::entropy(m.column_sums, m.members) -
                           2.0 * detail::mutual_information(m));
}

/// The share of members that the most frequent second group of their first group covers: 1 when the first grouping is
/// the second or finer. Not symmetric. Missing without members.
[[nodiscard]] inline double purity(const agreement_matrix& m) {
  if (m.members == 0) return missing;
  std::size_t covered = 0;
  for (std::size_t a = 0; a < m.rows; ++a) {
    std::size_t most = 0;
    for (std::size_t b = 0; b < m.columns; ++b) most = std::max(most, m(a, b));
    covered += most;
  }
  return static_cast<double>(covered) / static_cast<double>(m.members);
}

}  // namespace basket::cluster
