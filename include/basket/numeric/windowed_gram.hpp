// Gram matrices of any contiguous window of rows, from block sums made once: no cost per day, no differences.
#pragma once

#include <Eigen/Core>
#include <bit>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/numeric/lanes.hpp"

namespace basket::numeric {

/// Where the lower triangle of a symmetric matrix of padded order lies in memory: column j holds the rows from the
/// register that j lies in to the end, so that every column is whole registers.
struct packed_triangle {
  std::ptrdiff_t order = 0;  ///< padded to whole registers

  [[nodiscard]] constexpr std::ptrdiff_t first_row(std::ptrdiff_t column) const noexcept {
    return column / lane_count * lane_count;
  }
  [[nodiscard]] constexpr std::ptrdiff_t height(std::ptrdiff_t column) const noexcept {
    return order - first_row(column);
  }
  /// Where column j starts.
  [[nodiscard]] constexpr std::ptrdiff_t offset(std::ptrdiff_t column) const noexcept {
    const std::ptrdiff_t block = column / lane_count;  // the block before holds lane_count columns of falling height
    return lane_count * (block * order - lane_count * (block * (block - 1) / 2)) +
           (column - block * lane_count) * height(column);
  }
  [[nodiscard]] constexpr std::ptrdiff_t size() const noexcept { return offset(order); }
  /// The place of element (i, j), i >= j.
  [[nodiscard]] constexpr std::ptrdiff_t at(std::ptrdiff_t i, std::ptrdiff_t j) const noexcept {
    return offset(j) + i - first_row(j);
  }
};

/// A table from which the Gram matrix Z'Z of any window of rows is a sum of at most two stored sums and the rows that
/// stick out at its ends. Rows are grains; for each level, sums run outward from the middle of each block of grains, so
/// every window is a suffix of one half and a prefix of the other. Everything added lies inside the window: the error
/// bound is that of the direct sum, rows * epsilon * sum |z_i z_j|, and no digit is lost to a difference.
///
/// Missing: none allowed; leave such rows out.
/// Cost:    rows * order^2 / 2 to make, then O((2 + grain) order^2 / 2) a window whatever its length.
/// Source:  the disjoint sparse table of range queries, with matrices for numbers.
class windowed_gram {
 public:
  using row_major = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// Takes Z, rows x columns with columns padded by zeros to whole registers; `memory` bounds the table, in bytes.
  explicit windowed_gram(row_major z, std::size_t memory = std::size_t{16} << 20) : z_(std::move(z)) {
    if (z_.cols() % lane_count != 0) {
      throw precondition_error("a windowed Gram needs its columns padded to whole registers of " +
                               std::to_string(lane_count) + "; it was given " + std::to_string(z_.cols()));
    }
    layout_.order = z_.cols();
    if (layout_.order == 0) return;
    for (grain_ = 8;; grain_ *= 2) {
      grains_ = z_.rows() / grain_;
      levels_ =
          grains_ > 1 ? static_cast<std::ptrdiff_t>(std::bit_width(static_cast<std::size_t>(grains_ - 1))) : grains_;
      const double bytes = 8.0 * static_cast<double>(layout_.size()) * static_cast<double>(grains_ * levels_);
      if (bytes <= static_cast<double>(memory)) break;
    }
    table_.resize(layout_.size(), grains_ * levels_);  // levels fill what windows read, and only that
    table_.leftCols(grains_).setZero();
    for (std::ptrdiff_t i = 0; i < grains_; ++i) add_rows(i * grain_, (i + 1) * grain_, entry(0, i));
    for (std::ptrdiff_t level = 1; level < levels_; ++level) {
      const std::ptrdiff_t half = std::ptrdiff_t{1} << level;
      for (std::ptrdiff_t middle = half; middle < grains_; middle += 2 * half) {
        table_.col(level * grains_ + middle - 1) = table_.col(middle - 1);
        for (std::ptrdiff_t i = middle - 2; i >= middle - half; --i) {
          table_.col(level * grains_ + i) = table_.col(level * grains_ + i + 1) + table_.col(i);
        }
        table_.col(level * grains_ + middle) = table_.col(middle);
        for (std::ptrdiff_t i = middle + 1; i < std::min(middle + half, grains_); ++i) {
          table_.col(level * grains_ + i) = table_.col(level * grains_ + i - 1) + table_.col(i);
        }
      }
    }
  }

  [[nodiscard]] std::ptrdiff_t rows() const noexcept { return z_.rows(); }
  [[nodiscard]] const row_major& z() const noexcept { return z_; }
  [[nodiscard]] packed_triangle layout() const noexcept { return layout_; }
  /// Rows of a grain: what a window costs at each end at most.
  [[nodiscard]] std::ptrdiff_t grain() const noexcept { return grain_; }

  /// Adds the Gram matrix of rows [first, last) to `out`, laid out by `layout()`.
  ///
  /// Fails: precondition_error when the window does not lie inside the rows.
  void add(std::ptrdiff_t first, std::ptrdiff_t last, double* out) const {
    if (first < 0 || last < first || last > rows()) {
      throw precondition_error("a window of rows " + std::to_string(first) + " to " + std::to_string(last) +
                               " does not lie inside " + std::to_string(rows()) + " rows");
    }
    const std::ptrdiff_t from = (first + grain_ - 1) / grain_, to = last / grain_;
    if (from >= to) return add_rows(first, last, out);
    if (to - from == 1) {
      add_entries(entry(0, from), nullptr, out);
    } else {
      const auto differ = static_cast<std::size_t>(from ^ (to - 1));
      const std::ptrdiff_t level = static_cast<std::ptrdiff_t>(std::bit_width(differ)) - 1;
      add_entries(entry(level, from), entry(level, to - 1), out);
    }
    if (first < from * grain_) add_rows(first, from * grain_, out);
    if (to * grain_ < last) add_rows(to * grain_, last, out);
  }

  /// Adds the Gram matrix of rows [first, last) by going over the rows.
  void add_rows(std::ptrdiff_t first, std::ptrdiff_t last, double* out) const {
    if (first >= last) return;
    constexpr std::ptrdiff_t width = lane_count < tile_columns ? lane_count : tile_columns;
    const double* const from = z_.data() + first * layout_.order;
    for (std::ptrdiff_t j = 0; j < layout_.order; j += width) {
      const double* columns[width];
      for (std::ptrdiff_t c = 0; c < width; ++c) columns[c] = from + j + c;
      const std::ptrdiff_t top = layout_.first_row(j);
      add_product(from + top, layout_.order, layout_.order - top, last - first, columns, width, layout_.order,
                  out + layout_.offset(j), layout_.height(j));
    }
  }

 private:
  [[nodiscard]] double* entry(std::ptrdiff_t level, std::ptrdiff_t grain) {
    return table_.data() + (level * grains_ + grain) * layout_.size();
  }
  [[nodiscard]] const double* entry(std::ptrdiff_t level, std::ptrdiff_t grain) const {
    return table_.data() + (level * grains_ + grain) * layout_.size();
  }
  void add_entries(const double* a, const double* b, double* out) const {
    for (std::ptrdiff_t i = 0; i < layout_.size(); i += lane_count) {
      lane sum = load(a + i);
      if (b != nullptr) sum += load(b + i);
      store(out + i, load(out + i) + sum);
    }
  }

  row_major z_;
  packed_triangle layout_;
  std::ptrdiff_t grain_ = 8, grains_ = 0, levels_ = 0;
  Eigen::MatrixXd table_;
};

}  // namespace basket::numeric
