// Labels for things: themes, events and clusters all look like this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket {

/// A group's number, or one of the two ways of having none.
class group_label {
 public:
  constexpr group_label() noexcept = default;  ///< unclassified
  constexpr explicit group_label(std::size_t group) : value_(static_cast<std::int32_t>(group)) {
    if (group > static_cast<std::size_t>(INT32_MAX)) throw precondition_error("a group number does not fit");
  }
  /// Nobody said where it belongs.
  [[nodiscard]] static constexpr group_label unclassified() noexcept { return {}; }
  /// A method looked and found that it belongs nowhere.
  [[nodiscard]] static constexpr group_label noise() noexcept {
    group_label label;
    label.value_ = noise_value;
    return label;
  }
  [[nodiscard]] constexpr bool has_group() const noexcept { return value_ >= 0; }
  [[nodiscard]] constexpr bool is_noise() const noexcept { return value_ == noise_value; }
  /// Fails: precondition_error when there is no group.
  [[nodiscard]] constexpr std::size_t group() const {
    if (value_ < 0) throw precondition_error("a label without a group was asked for its group");
    return static_cast<std::size_t>(value_);
  }
  friend constexpr bool operator==(group_label, group_label) noexcept = default;

 private:
  static constexpr std::int32_t none_value = -1;
  static constexpr std::int32_t noise_value = -2;
  std::int32_t value_ = none_value;
};

/// Members with one label each; groups are numbered densely from 0.
///
/// Missing: a member may be unclassified or noise; a confidence may be missing.
template <class Id>
struct grouping {
  std::vector<Id> members = {};
  std::vector<group_label> labels = {};   ///< one a member
  std::vector<std::string> names = {};    ///< one a group
  std::vector<double> confidence = {};    ///< empty, or one a member in [0, 1]
  std::vector<group_label> second = {};   ///< empty, or the second-best group of each member
  std::vector<std::string> reasons = {};  ///< empty, or why each member has its label

  [[nodiscard]] std::size_t groups() const noexcept { return names.size(); }

  /// The members of each group, in member order; those without a group are left out. O(members).
  [[nodiscard]] std::vector<std::vector<Id>> lists() const {
    std::vector<std::vector<Id>> out(groups());
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (labels[i].has_group()) out[labels[i].group()].push_back(members[i]);
    }
    return out;
  }
};

/// Checks the shape of a grouping: one label a member, labels dense and named, optional columns complete.
///
/// Fails: precondition_error naming what does not fit.
template <class Id>
void check(const grouping<Id>& g) {
  if (g.labels.size() != g.members.size()) throw precondition_error("a grouping needs one label a member");
  if (!g.confidence.empty() && g.confidence.size() != g.members.size()) {
    throw precondition_error("a grouping needs no confidence or one a member");
  }
  if (!g.second.empty() && g.second.size() != g.members.size()) {
    throw precondition_error("a grouping needs no second label or one a member");
  }
  if (!g.reasons.empty() && g.reasons.size() != g.members.size()) {
    throw precondition_error("a grouping needs no reason or one a member");
  }
  for (const group_label label : g.labels) {
    if (label.has_group() && label.group() >= g.groups()) throw precondition_error("a label has no named group");
  }
  for (const double c : g.confidence) {
    if (!is_missing(c) && !(c >= 0.0 && c <= 1.0)) throw precondition_error("a confidence lies outside [0, 1]");
  }
}

}  // namespace basket
