// The tree that a linkage builds, in SciPy's layout, and its cuts.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"
#include "basket/model/grouping.hpp"

namespace basket::cluster {

/// One row of a linkage table: numbers below `leaves` are points, number leaves + t is what row t made.
struct merge {
  std::size_t first = 0;   ///< the smaller of the two numbers
  std::size_t second = 0;  ///< the larger
  double height = 0.0;     ///< the distance at which they met
  std::size_t size = 0;    ///< points below

  friend bool operator==(const merge&, const merge&) = default;
};

/// A tree over points: `merges` has leaves - 1 rows by rising height, column for column as scipy.cluster.hierarchy has
/// them.
struct dendrogram {
  std::size_t leaves = 0;
  std::vector<merge> merges = {};

  /// The partition into `groups` groups, numbered by size: the last groups - 1 merges undone.
  /// Fails: precondition_error unless 1 <= groups <= leaves.
  /// Cost:  O(leaves log leaves).
  [[nodiscard]] std::vector<group_label> cut_count(std::size_t groups) const {
    if (groups < 1 || groups > leaves) {
      throw precondition_error("cut_count: a tree of " + std::to_string(leaves) + " leaves has no cut into " +
                               std::to_string(groups) + " groups");
    }
    return labels_after(leaves - groups);
  }

  /// The partition of what merged at or below `height` (SciPy's criterion "distance").
  /// Fails: precondition_error when `height` is missing.
  /// Cost:  O(leaves log leaves).
  [[nodiscard]] std::vector<group_label> cut_height(double height) const {
    if (is_missing(height)) throw precondition_error("cut_height: the height is missing");
    std::size_t done = 0;
    while (done < merges.size() && merges[done].height <= height) ++done;
    return labels_after(done);
  }

 private:
  [[nodiscard]] std::vector<group_label> labels_after(std::size_t done) const {
    std::vector<std::size_t> parent(leaves + done);
    std::iota(parent.begin(), parent.end(), std::size_t{0});
    for (std::size_t t = 0; t < done; ++t) parent[merges[t].first] = parent[merges[t].second] = leaves + t;
    // A merge comes after what it merges, so from the top down each parent is already a root.
    for (std::size_t i = parent.size(); i-- > 0;) parent[i] = parent[parent[i]];
    std::vector<std::size_t> number(parent.size(), leaves);
    std::vector<group_label> labels(leaves);
    std::size_t next = 0;
    for (std::size_t i = 0; i < leaves; ++i) {
      std::size_t& group = number[parent[i]];
      if (group == leaves) group = next++;
      labels[i] = group_label(group);
    }
    return number_by_size(std::move(labels));
  }
};

/// Builds a tree from the complete distances of n points, in SciPy's condensed order, which it takes and works in.
/// Laws: one merge less than points, by rising height; n points in another order give the same heights.
template <class L>
concept Linkage = requires(const L& linkage, std::vector<double>&& distances, std::size_t points) {
  { linkage.link(std::move(distances), points) } -> std::same_as<dendrogram>;
};

}  // namespace basket::cluster
