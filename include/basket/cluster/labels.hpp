// Cluster labels: their numbering, and their shape as a grouping of named members.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/model/grouping.hpp"

namespace basket::cluster {

/// The number of groups that labels speak of: one more than the largest.
[[nodiscard]] inline std::size_t group_count(std::span<const group_label> labels) {
  std::size_t groups = 0;
  for (const group_label label : labels) {
    if (label.has_group()) groups = std::max(groups, label.group() + 1);
  }
  return groups;
}

/// The number of members of each group.
[[nodiscard]] inline std::vector<std::size_t> group_sizes(std::span<const group_label> labels) {
  std::vector<std::size_t> sizes(group_count(labels), 0);
  for (const group_label label : labels) {
    if (label.has_group()) ++sizes[label.group()];
  }
  return sizes;
}

/// The order in which every clusterer numbers its groups: by size, largest first; equal sizes by their first member.
/// `order[new number]` is the number in `raw`; numbers of `raw` without a member are left out.
[[nodiscard]] inline std::vector<std::size_t> order_by_size(std::span<const group_label> raw) {
  const std::size_t groups = group_count(raw);
  std::vector<std::size_t> sizes(groups, 0);
  std::vector<std::size_t> first(groups, raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (!raw[i].has_group()) continue;
    const std::size_t g = raw[i].group();
    ++sizes[g];
    first[g] = std::min(first[g], i);
  }
  std::vector<std::size_t> order;
  for (std::size_t g = 0; g < groups; ++g) {
    if (sizes[g] > 0) order.push_back(g);
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return sizes[a] != sizes[b] ? sizes[a] > sizes[b] : first[a] < first[b];
  });
  return order;
}

/// The same partition under the numbers of `order_by_size`; noise and unclassified stay what they are.
[[nodiscard]] inline std::vector<group_label> number_by_size(std::vector<group_label> labels) {
  const std::vector<std::size_t> order = order_by_size(labels);
  std::vector<group_label> renamed(group_count(labels));
  for (std::size_t g = 0; g < order.size(); ++g) renamed[order[g]] = group_label(g);
  for (group_label& label : labels) {
    if (label.has_group()) label = renamed[label.group()];
  }
  return labels;
}

/// Labels as a grouping of members; groups without a name given are called "cluster 1", "cluster 2", ...
///
/// Fails: precondition_error when members, labels and names do not fit each other.
template <class Id>
[[nodiscard]] grouping<Id> as_grouping(std::span<const Id> members, std::span<const group_label> labels,
                                       std::vector<std::string> names = {}) {
  if (members.size() != labels.size()) {
    throw precondition_error("as_grouping: " + std::to_string(members.size()) + " members and " +
                             std::to_string(labels.size()) + " labels do not fit");
  }
  const std::size_t groups = group_count(labels);
  if (!names.empty() && names.size() < groups) {
    throw precondition_error("as_grouping: " + std::to_string(names.size()) + " names for " + std::to_string(groups) +
                             " groups");
  }
  for (std::size_t g = names.size(); g < groups; ++g) names.push_back("cluster " + std::to_string(g + 1));
  grouping<Id> out;
  out.members.assign(members.begin(), members.end());
  out.labels.assign(labels.begin(), labels.end());
  out.names = std::move(names);
  return out;
}

/// What a comparison does with members that have no group (noise, unclassified): there is no default, because each
/// choice gives another figure.
enum class ungrouped {
  leave_out,   ///< members without a group in either labelling are not counted
  one_group,   ///< together they are one more group (what scikit-learn does with its label -1)
  singletons,  ///< each is a group of its own
};

}  // namespace basket::cluster
