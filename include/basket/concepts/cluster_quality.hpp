// How good a grouping of points is, in one figure.
#pragma once

#include <Eigen/Core>
#include <concepts>
#include <span>

#include "basket/model/grouping.hpp"

namespace basket {

/// Judges labels of n points (n x p, one a row) by one figure; missing where it has no meaning.
/// Laws: the numbers of the groups do not matter, nor does the order of the points; points without a group are left
/// out.
template <class Q>
concept ClusterQuality =
    requires(const Q& quality, const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const group_label> labels) {
      { quality.figure(x, labels) } -> std::same_as<double>;
      { Q::larger_is_better } -> std::convertible_to<bool>;
    };

}  // namespace basket
