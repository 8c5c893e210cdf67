// Distances between all pairs of members, complete, and who was left out to make them so.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "basket/core/error.hpp"

namespace basket::similarity {

/// Someone who has no distances, and why.
template <class Id>
struct left_out {
  Id id = {};
  std::string reason = {};
};

/// Distances of n members, each pair once in SciPy's condensed order: (0,1), (0,2), .. (0,n-1), (1,2), ..
///
/// Missing: none; what was done about missing pairs is in `dropped` and `replaced_pairs`.
template <class Id>
struct distances {
  std::vector<Id> members = {};
  std::vector<double> condensed = {};      ///< n (n - 1) / 2
  std::vector<left_out<Id>> dropped = {};  ///< in the order in which they were dropped
  std::size_t replaced_pairs = 0;          ///< pairs that had no value of their own

  /// The distance between the i-th and the j-th member. Fails: precondition_error when there is no such member.
  [[nodiscard]] double operator()(std::size_t i, std::size_t j) const {
    const std::size_t n = members.size();
    if (i >= n || j >= n) {
      throw precondition_error("there are distances of " + std::to_string(n) + " members; number " +
                               std::to_string(i < j ? j : i) + " was asked for");
    }
    if (i == j) return 0.0;
    if (i > j) return (*this)(j, i);
    return condensed[i * n - i * (i + 1) / 2 + (j - i - 1)];
  }
};

}  // namespace basket::similarity
