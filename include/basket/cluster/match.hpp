// Groups followed from date to date: who of today is who of yesterday, by the members they share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/core/error.hpp"

namespace basket::cluster {

/// A group of yesterday that lives on.
struct matched_group {
  std::size_t before = 0, after = 0;  ///< its numbers
  std::size_t shared = 0;             ///< members in both
  double jaccard = 0.0;               ///< shared over members of either, ids that came or left included
};

/// Two dates beside each other.
struct group_match {
  std::vector<matched_group> matched = {};  ///< by number before
  std::vector<std::size_t> vanished = {};   ///< numbers before that nobody continues
  std::vector<std::size_t> appeared = {};   ///< numbers after that continue nobody
  std::size_t stayed = 0;                   ///< members with a group on both dates
};

namespace detail {

/// The one-to-one assignment of rows to columns with the largest total weight; rows <= columns. Returns the column of
/// each row. Source: Kuhn (1955) and Munkres (1957), with the shortest augmenting paths of Jonker and Volgenant (1987).
[[nodiscard]] inline std::vector<std::size_t> heaviest_assignment(const std::vector<std::int64_t>& weight,
                                                                  std::size_t rows, std::size_t columns) {
  constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max() / 4;
  std::vector<std::int64_t> u(rows + 1, 0), v(columns + 1, 0);
  std::vector<std::size_t> owner(columns + 1, 0), way(columns + 1, 0);
  for (std::size_t i = 1; i <= rows; ++i) {
    owner[0] = i;
    std::size_t at = 0;
    std::vector<std::int64_t> least(columns + 1, far);
    std::vector<bool> used(columns + 1, false);
    do {
      used[at] = true;
      const std::size_t row = owner[at];
      std::int64_t delta = far;
      std::size_t next = 0;
      for (std::size_t j = 1; j <= columns; ++j) {
        if (used[j]) continue;
        const std::int64_t cost = -weight[(row - 1) * columns + j - 1] - u[row] - v[j];
        if (cost < least[j]) {
          least[j] = cost;
          way[j] = at;
        }
        if (least[j] < delta) {
          delta = least[j];
          next = j;
        }
      }
      for (std::size_t j = 0; j <= columns; ++j) {
        if (used[j]) {
          u[owner[j]] += delta;
          v[j] -= delta;
        } else {
          least[j] -= delta;
        }
      }
      at = next;
    } while (owner[at] != 0);
    do {
      const std::size_t before = way[at];
      owner[at] = owner[before];
      at = before;
    } while (at != 0);
  }
  std::vector<std::size_t> out(rows, columns);
  for (std::size_t j = 1; j <= columns; ++j) {
    if (owner[j] != 0) out[owner[j] - 1] = j - 1;
  }
  return out;
}

}  // namespace detail

/// Matches the groups of two dates one to one so that as many members as possible stay in their group; groups without a
/// shared member are never matched. Members are found by id: they may come and go.
///
/// Missing: members without a group count for nobody.
/// Fails:   precondition_error when ids and labels do not fit, or an id appears twice on one date.
/// Cost:    O(members log members + groups^3).
template <class Id>
[[nodiscard]] group_match match_groups(std::span<const Id> before_ids, std::span<const group_label> before,
                                       std::span<const Id> after_ids, std::span<const group_label> after) {
  if (before_ids.size() != before.size() || after_ids.size() != after.size()) {
    throw precondition_error("match_groups: there must be one label an id; there are " +
                             std::to_string(before_ids.size()) + " ids and " + std::to_string(before.size()) +
                             " labels before, " + std::to_string(after_ids.size()) + " and " +
                             std::to_string(after.size()) + " after");
  }
  const std::vector<std::size_t> sizes_before = group_sizes(before), sizes_after = group_sizes(after);
  const std::size_t rows = sizes_before.size(), columns = sizes_after.size();
  std::map<Id, group_label> then;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!then.emplace(before_ids[i], before[i]).second) {
      throw precondition_error("match_groups: an id appears twice before, the second time as number " +
                               std::to_string(i));
    }
  }
  group_match out;
  std::vector<std::int64_t> shared(rows * columns, 0);
  std::map<Id, bool> seen;
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (!seen.emplace(after_ids[i], true).second) {
      throw precondition_error("match_groups: an id appears twice after, the second time as number " +
                               std::to_string(i));
    }
    const auto found = then.find(after_ids[i]);
    if (found == then.end() || !found->second.has_group() || !after[i].has_group()) continue;
    ++shared[found->second.group() * columns + after[i].group()];
    ++out.stayed;
  }
  std::vector<std::size_t> after_of(rows, columns);
  if (rows > 0 && columns > 0) {
    if (rows <= columns) {
      after_of = detail::heaviest_assignment(shared, rows, columns);
    } else {
      std::vector<std::int64_t> turned(shared.size());
      for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t c = 0; c < columns; ++c) turned[c * rows + r] = shared[r * columns + c];
      }
      const std::vector<std::size_t> before_of = detail::heaviest_assignment(turned, columns, rows);
      for (std::size_t c = 0; c < columns; ++c) after_of[before_of[c]] = c;
    }
  }
  std::vector<bool> continued(columns, false);
  for (std::size_t r = 0; r < rows; ++r) {
    if (sizes_before[r] == 0) continue;
    const std::size_t c = after_of[r];
    const auto both = c < columns ? static_cast<std::size_t>(shared[r * columns + c]) : 0;
    if (both == 0) {
      out.vanished.push_back(r);
      continue;
    }
    continued[c] = true;
    out.matched.push_back(
        {.before = r,
         .after = c,
         .shared = both,
         .jaccard = static_cast<double>(both) / static_cast<double>(sizes_before[r] + sizes_after[c] - both)});
  }
  for (std::size_t c = 0; c < columns; ++c) {
    if (!continued[c] && sizes_after[c] > 0) out.appeared.push_back(c);
  }
  return out;
}

/// Numbers that groups keep over many dates: a matched group keeps its number, a new one gets one that was never used.
template <class Id>
class lasting_numbers {
 public:
  /// The lasting number of each group of the next date, by its number there.
  /// Fails: as match_groups; then nothing has changed.
  std::vector<std::size_t> next(std::span<const Id> ids, std::span<const group_label> labels) {
    const group_match found = match_groups<Id>(ids_, labels_, ids, labels);
    std::vector<std::size_t> lasting(group_count(labels), 0);
    for (const matched_group& m : found.matched) lasting[m.after] = lasting_[m.before];
    for (const std::size_t g : found.appeared) lasting[g] = next_++;
    ids_.assign(ids.begin(), ids.end());
    labels_.assign(labels.begin(), labels.end());
    lasting_ = lasting;
    return lasting;
  }
  /// How many numbers were given so far.
  [[nodiscard]] std::size_t given() const noexcept { return next_; }

 private:
  std::vector<Id> ids_;
  std::vector<group_label> labels_;
  std::vector<std::size_t> lasting_;
  std::size_t next_ = 0;
};

}  // namespace basket::cluster
