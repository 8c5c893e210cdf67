// Trees cut where the silhouette is best.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/dendrogram.hpp"
#include "basket/cluster/linkage.hpp"
#include "basket/cluster/silhouette.hpp"
#include "basket/concepts/clusterer.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// The best cut of a tree, and the silhouettes of all cuts that were looked at.
struct silhouette_cut {
  std::vector<group_label> labels = {};
  dendrogram tree = {};
  std::size_t groups = 0;            ///< the count chosen
  std::vector<double> figures = {};  ///< mean silhouette of the cuts into least, least + 1, ... groups
};

/// Cuts into the number of groups, from `least` to `most`, with the largest mean silhouette; of equal ones the
/// smallest.
///
/// Missing: refused.
/// Fails:   precondition_error unless 2 <= least <= most and members > least; as the linkage.
/// Cost:    a copy of the distances, and n^2 / 2 for each count.
/// Bias:    the best of many cuts is better than any one of them would be by chance; it needs a null of its own.
template <Linkage L>
struct cut_by_silhouette {
  L linkage = {};
  std::size_t least = 2;
  std::size_t most = 20;

  [[nodiscard]] silhouette_cut fit(std::vector<double>&& distances, std::size_t members) const {
    if (least < 2 || most < least) {
      throw precondition_error("cut_by_silhouette: counts run from at least 2; they are " + std::to_string(least) +
                               " to " + std::to_string(most));
    }
    if (members <= least) {
      throw precondition_error("cut_by_silhouette: " + std::to_string(members) +
                               " members have no silhouette when cut into " + std::to_string(least));
    }
    const std::vector<double> kept = distances;
    silhouette_cut out{.tree = linkage.link(std::move(distances), members)};
    double best = missing;
    for (std::size_t groups = least; groups <= std::min(most, members - 1); ++groups) {
      std::vector<group_label> labels = out.tree.cut_count(groups);
      const double figure = silhouette_of_distances(kept, labels).mean;
      out.figures.push_back(figure);
      if (!is_missing(best) && !(figure > best)) continue;
      best = figure;
      out.groups = groups;
      out.labels = std::move(labels);
    }
    return out;
  }
};

static_assert(DistanceClusterer<cut_by_silhouette<ward>>);

}  // namespace basket::cluster
