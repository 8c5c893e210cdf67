// Ascending order of a series with gaps, its ties, and average ranks.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "basket/core/missing.hpp"

namespace basket::numeric {

/// The observed rows of a series by ascending value, in groups of equal values; equal values keep their row order.
///
/// Missing: left out.
struct ascending_order {
  std::vector<std::uint32_t> rows = {};        ///< one an observed value
  std::vector<std::uint32_t> group_ends = {};  ///< one a distinct value: one past its last place in `rows`
};

/// Finds ascending orders; keeps its working space between calls, so use one for many series, and one a thread.
///
/// -0 equals 0; infinities are ordered as numbers.
/// Missing: left out.
/// Cost:    up to eight counting passes over n keys (a radix sort) from 128 values on, n log n comparisons below.
class order_finder {
 public:
  void find(std::span<const double> series, ascending_order& out) {
    load(series);
    sort();
    out.rows.resize(items_.size());
    out.group_ends.clear();
    for (std::size_t p = 0; p < items_.size(); ++p) {
      out.rows[p] = items_[p].row;
      if (p + 1 == items_.size() || items_[p + 1].key != items_[p].key) {
        out.group_ends.push_back(static_cast<std::uint32_t>(p + 1));
      }
    }
  }

 private:
  struct item {
    std::uint64_t key;
    std::uint32_t row;
  };

  void load(std::span<const double> series) {
    items_.clear();
    items_.reserve(series.size());
    for (std::size_t t = 0; t < series.size(); ++t) {
      if (is_missing(series[t])) continue;
      // Adding zero turns -0 into 0. Flipping all bits of negatives and the sign of the rest orders doubles as
      // integers.
      const auto bits = std::bit_cast<std::uint64_t>(series[t] + 0.0);
      const std::uint64_t flip = (0 - (bits >> 63)) | (std::uint64_t{1} << 63);
      items_.push_back({bits ^ flip, static_cast<std::uint32_t>(t)});
    }
  }

  void sort() {
    if (items_.size() < 128) {
      std::sort(items_.begin(), items_.end(),
                [](const item& a, const item& b) { return a.key != b.key ? a.key < b.key : a.row < b.row; });
      return;
    }
    for (auto& digit : counts_) digit.fill(0);
    for (const item& x : items_) {
      for (std::size_t d = 0; d < 8; ++d) ++counts_[d][(x.key >> (8 * d)) & 0xFF];
    }
    other_.resize(items_.size());
    for (std::size_t d = 0; d < 8; ++d) {
      auto& count = counts_[d];
      if (count[(items_.front().key >> (8 * d)) & 0xFF] == items_.size()) continue;
      std::uint32_t place = 0;
      for (std::uint32_t& c : count) place += std::exchange(c, place);
      for (const item& x : items_) other_[count[(x.key >> (8 * d)) & 0xFF]++] = x;
      items_.swap(other_);
    }
  }

  std::vector<item> items_;
  std::vector<item> other_;
  std::array<std::array<std::uint32_t, 256>, 8> counts_{};
};

/// The rank of each value among the observed ones, counted from 1; equal values share the mean of their ranks.
///
/// Missing: stays missing and takes no rank.
/// Cost:    as order_finder.
[[nodiscard]] inline Eigen::VectorXd average_ranks(const Eigen::Ref<const Eigen::VectorXd>& series) {
  order_finder finder;
  ascending_order order;
  finder.find({series.data(), static_cast<std::size_t>(series.size())}, order);
  Eigen::VectorXd ranks = Eigen::VectorXd::Constant(series.size(), missing);
  std::uint32_t begin = 0;
  for (const std::uint32_t end : order.group_ends) {
    for (std::uint32_t p = begin; p < end; ++p) ranks[order.rows[p]] = 0.5 * static_cast<double>(begin + end + 1);
    begin = end;
  }
  return ranks;
}

}  // namespace basket::numeric
