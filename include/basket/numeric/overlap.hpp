// How much two ragged series have in common, and the bound below which nothing is said about them.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::numeric {

/// The least number of common observations a pairwise statistic may stand on. It has no default: whoever correlates
/// ragged series says what he believes.
///
/// Fails: precondition_error below 2, where no correlation exists.
class overlap_rows {
 public:
  constexpr explicit overlap_rows(std::size_t at_least) : at_least_(at_least) {
    if (at_least < 2) {
      throw precondition_error("the minimal overlap must be at least 2 rows, it is " + std::to_string(at_least));
    }
  }
  [[nodiscard]] constexpr std::size_t count() const noexcept { return at_least_; }

 private:
  std::size_t at_least_;
};

/// Which rows of each column are observed: one bit a cell, columns padded to whole 64-bit words.
///
/// Missing: a clear bit.
/// Fails:   precondition_error naming the cell when a value is infinite.
/// Cost:    one pass over the cells.
class observed_rows {
 public:
  observed_rows() = default;
  explicit observed_rows(const Eigen::Ref<const Eigen::MatrixXd>& values)
      : rows_(static_cast<std::size_t>(values.rows())),
        words_((rows_ + 63) / 64),
        bits_(words_ * static_cast<std::size_t>(values.cols()), 0),
        counts_(static_cast<std::size_t>(values.cols()), 0) {
    for (Eigen::Index j = 0; j < values.cols(); ++j) {
      const auto column = static_cast<std::size_t>(j);
      const double* const x = values.data() + j * values.outerStride();
      std::uint64_t* const to = bits_.data() + column * words_;
      for (std::size_t t = 0; t < rows_; ++t) {
        if (std::isinf(x[t])) {
          throw precondition_error("the value in row " + std::to_string(t) + " of column " + std::to_string(j) +
                                   " is infinite; a value is a finite number or missing");
        }
        to[t / 64] |= std::uint64_t{!is_missing(x[t])} << (t % 64);
      }
      for (std::size_t w = 0; w < words_; ++w) counts_[column] += static_cast<std::size_t>(std::popcount(to[w]));
    }
  }

  [[nodiscard]] std::size_t rows() const noexcept { return rows_; }
  [[nodiscard]] std::size_t columns() const noexcept { return counts_.size(); }
  [[nodiscard]] std::size_t count(std::size_t column) const noexcept { return counts_[column]; }
  [[nodiscard]] bool complete() const noexcept {
    for (const std::size_t n : counts_) {
      if (n != rows_) return false;
    }
    return true;
  }
  [[nodiscard]] std::span<const std::uint64_t> bits(std::size_t column) const noexcept {
    return {bits_.data() + column * words_, words_};
  }

  /// Rows where both columns are observed.
  [[nodiscard]] std::size_t common(std::size_t a, std::size_t b) const noexcept {
    const std::uint64_t* const x = bits_.data() + a * words_;
    const std::uint64_t* const y = bits_.data() + b * words_;
    std::size_t n = 0;
    for (std::size_t w = 0; w < words_; ++w) n += static_cast<std::size_t>(std::popcount(x[w] & y[w]));
    return n;
  }

  /// The first observed row, or `rows()` when there is none.
  [[nodiscard]] std::size_t first(std::size_t column) const noexcept {
    const auto words = bits(column);
    for (std::size_t w = 0; w < words_; ++w) {
      if (words[w] != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(words[w]));
    }
    return rows_;
  }
  /// One past the last observed row, or 0 when there is none.
  [[nodiscard]] std::size_t end(std::size_t column) const noexcept {
    const auto words = bits(column);
    for (std::size_t w = words_; w-- > 0;) {
      if (words[w] != 0) return w * 64 + 64 - static_cast<std::size_t>(std::countl_zero(words[w]));
    }
    return 0;
  }

 private:
  std::size_t rows_ = 0;
  std::size_t words_ = 0;
  std::vector<std::uint64_t> bits_;
  std::vector<std::size_t> counts_;
};

/// The columns ordered by first observed row, then by number: columns that live at the same time come to stand
/// together, so that blocks of them have rows in common or none at all. O(n log n).
[[nodiscard]] inline std::vector<std::size_t> by_first_row(const observed_rows& observed) {
  std::vector<std::size_t> first(observed.columns()), columns(observed.columns());
  for (std::size_t j = 0; j < columns.size(); ++j) {
    first[j] = observed.first(j);
    columns[j] = j;
  }
  std::sort(columns.begin(), columns.end(),
            [&](std::size_t a, std::size_t b) { return first[a] != first[b] ? first[a] < first[b] : a < b; });
  return columns;
}

/// A half-open range of rows.
struct row_range {
  std::size_t begin = 0;
  std::size_t end = 0;
  [[nodiscard]] bool empty() const noexcept { return begin >= end; }
  [[nodiscard]] row_range common(row_range other) const noexcept {
    return {.begin = std::max(begin, other.begin), .end = std::min(end, other.end)};
  }
};

/// The rows from the first to the last that any of `columns` observes; empty when there are none.
[[nodiscard]] inline row_range observed_range(const observed_rows& observed, std::span<const std::size_t> columns) {
  row_range out{.begin = observed.rows(), .end = 0};
  for (const std::size_t j : columns) {
    out.begin = std::min(out.begin, observed.first(j));
    out.end = std::max(out.end, observed.end(j));
  }
  return out;
}

}  // namespace basket::numeric
