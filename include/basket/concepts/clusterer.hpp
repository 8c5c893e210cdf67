// Who belongs together: from points, or from distances between all pairs.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include "basket/model/grouping.hpp"

namespace basket {

/// Gives each of n points (n x p, one a row) its group, or none.
/// Laws: one label a point; groups are numbered densely from 0 by size, equal sizes by their first member; asked twice,
/// the same labels.
template <class C>
concept PointClusterer = requires(const C& clusterer, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  { clusterer.fit(x).labels } -> std::convertible_to<const std::vector<group_label>&>;
};

/// Gives each of n members its group, or none, from the distances of all pairs: complete, in SciPy's condensed order,
/// taken by move because a clusterer may work in them.
/// Laws: as PointClusterer; members and their distances in another order give the same partition where no distances
/// tie.
template <class C>
concept DistanceClusterer = requires(const C& clusterer, std::vector<double>&& distances, std::size_t members) {
  { clusterer.fit(std::move(distances), members).labels } -> std::convertible_to<const std::vector<group_label>&>;
};

}  // namespace basket
