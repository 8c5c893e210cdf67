// The laws of clusterers, and the least types that model them.
#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "basket/concepts/clusterer.hpp"

namespace basket::laws {

/// Only labels.
struct labels_alone {
  std::vector<group_label> labels = {};
};

/// Everybody together, from points or from distances.
struct clusterer_archetype {
  [[nodiscard]] labels_alone fit(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
    return {.labels = std::vector<group_label>(static_cast<std::size_t>(x.rows()), group_label(0))};
  }
  [[nodiscard]] labels_alone fit(std::vector<double>&&, std::size_t members) const {
    return {.labels = std::vector<group_label>(members, group_label(0))};
  }
};
static_assert(PointClusterer<clusterer_archetype> && DistanceClusterer<clusterer_archetype>);

namespace detail {

/// What is wrong with labels of `members` things, a sentence each.
[[nodiscard]] inline std::vector<std::string> broken_labels(const std::vector<group_label>& labels,
                                                            std::size_t members) {
  std::vector<std::string> broken;
  if (labels.size() != members) broken.push_back("there is not one label a member");
  std::vector<std::size_t> sizes;
  bool in_order = true;
  for (const group_label label : labels) {
    if (!label.has_group()) continue;
    if (label.group() >= sizes.size()) {
      in_order = in_order && label.group() < members;
      if (!in_order) break;
      sizes.resize(label.group() + 1, 0);
    }
    ++sizes[label.group()];
  }
  if (!in_order) broken.push_back("a group number is not below the number of members");
  std::vector<std::size_t> first(sizes.size(), labels.size());
  for (std::size_t i = labels.size(); in_order && i-- > 0;) {
    if (labels[i].has_group()) first[labels[i].group()] = i;
  }
  for (std::size_t g = 0; in_order && g < sizes.size(); ++g) {
    if (sizes[g] == 0) {
      broken.push_back("group " + std::to_string(g) + " has no member");
    } else if (g > 0 && (sizes[g] > sizes[g - 1] || (sizes[g] == sizes[g - 1] && first[g] < first[g - 1]))) {
      broken.push_back("groups " + std::to_string(g - 1) + " and " + std::to_string(g) +
                       " are not numbered by size and first member");
    }
  }
  return broken;
}

}  // namespace detail

/// The broken laws of a clusterer on points, a sentence each.
template <PointClusterer C>
[[nodiscard]] std::vector<std::string> broken_laws(const C& clusterer, const Eigen::Ref<const Eigen::MatrixXd>& x) {
  const std::vector<group_label> labels = clusterer.fit(x).labels;
  std::vector<std::string> broken = detail::broken_labels(labels, static_cast<std::size_t>(x.rows()));
  const C copy = clusterer;
  if (copy.fit(x).labels != labels || clusterer.fit(x).labels != labels) {
    broken.push_back("asked twice, the clusterer gives two answers");
  }
  return broken;
}

/// The broken laws of a clusterer on distances without ties, a sentence each.
template <DistanceClusterer C>
[[nodiscard]] std::vector<std::string> broken_laws(const C& clusterer, const std::vector<double>& distances,
                                                   std::size_t members) {
  const auto fit = [&](const C& of, std::vector<double> own) {
    const std::vector<group_label> labels = of.fit(std::move(own), members).labels;
    return labels;
  };
  const std::vector<group_label> labels = fit(clusterer, distances);
  std::vector<std::string> broken = detail::broken_labels(labels, members);
  const C copy = clusterer;
  if (fit(copy, distances) != labels || fit(clusterer, distances) != labels) {
    broken.push_back("asked twice, the clusterer gives two answers");
  }
  // The same members named backwards.
  const auto at = [members](std::size_t i, std::size_t j) { return i * (2 * members - i - 1) / 2 + (j - i - 1); };
  std::vector<double> backwards(distances.size());
  for (std::size_t i = 0; i < members; ++i) {
    for (std::size_t j = i + 1; j < members; ++j) backwards[at(members - 1 - j, members - 1 - i)] = distances[at(i, j)];
  }
  const std::vector<group_label> mirrored = fit(clusterer, backwards);
  bool same = mirrored.size() == labels.size();
  for (std::size_t i = 0; same && i < members; ++i) {
    for (std::size_t j = i + 1; same && j < members; ++j) {
      const auto together = [](group_label a, group_label b) { return a.has_group() && a == b; };
      same = together(labels[i], labels[j]) == together(mirrored[members - 1 - i], mirrored[members - 1 - j]);
    }
  }
  if (!same) broken.push_back("members in another order are grouped differently");
  return broken;
}

}  // namespace basket::laws
