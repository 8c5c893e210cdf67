// Trees cut into groups: a linkage and where to cut it, as one clusterer of distances.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "basket/cluster/dendrogram.hpp"
#include "basket/cluster/linkage.hpp"
#include "basket/concepts/clusterer.hpp"

namespace basket::cluster {

/// A tree and the partition that a cut of it gives.
struct cut_tree {
  std::vector<group_label> labels = {};
  dendrogram tree = {};
};

/// Cuts into a number of groups; the distances are taken.
///
/// Fails: as the linkage, and precondition_error unless 1 <= groups <= members.
template <Linkage L>
struct cut_by_count {
  L linkage = {};
  std::size_t groups = 8;

  [[nodiscard]] cut_tree fit(std::vector<double>&& distances, std::size_t members) const {
    cut_tree out{.tree = linkage.link(std::move(distances), members)};
    out.labels = out.tree.cut_count(groups);
    return out;
  }
};

/// Keeps together what merged at or below a height; the distances are taken.
///
/// Fails: as the linkage, and precondition_error when the height is missing.
template <Linkage L>
struct cut_by_height {
  L linkage = {};
  double height = 1.0;

  [[nodiscard]] cut_tree fit(std::vector<double>&& distances, std::size_t members) const {
    cut_tree out{.tree = linkage.link(std::move(distances), members)};
    out.labels = out.tree.cut_height(height);
    return out;
  }
};

static_assert(DistanceClusterer<cut_by_count<ward>> && DistanceClusterer<cut_by_height<average>>);

}  // namespace basket::cluster
