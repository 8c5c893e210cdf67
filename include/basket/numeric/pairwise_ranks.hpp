// Rank sums of pairs of ragged columns, ranked anew on the rows that each pair has in common; exact in integers.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "basket/numeric/integer_lanes.hpp"
#include "basket/numeric/overlap.hpp"
#include "basket/numeric/rank.hpp"

namespace basket::numeric {

/// What a rank correlation of two columns on their common rows is made of, where r and s are the average ranks there:
/// products is the sum of (2 r - 1)(2 s - 1); ties_a is the sum of g^3 - g over the groups of g equal values of a.
struct rank_sums {
  std::uint64_t products = 0;
  std::uint64_t ties_a = 0;
  std::uint64_t ties_b = 0;
};

/// Columns laid out for the kernel: sorted once, in blocks of one register's width, blocks ordered by first row so that
/// columns that live at the same time stand together.
///
/// A count is at most twice the rows and a sum at most 4 rows^3 / 3: 16 and 32 bits carry up to `short_rows` rows.
template <class Count, class Sum>
class rank_blocks {
 public:
  using lanes = integer_lanes<Count, Sum>;
  static constexpr std::size_t width = lanes::width;

  rank_blocks(const Eigen::Ref<const Eigen::MatrixXd>& values, const observed_rows& observed)
      : rows_(observed.rows()), place_(by_first_row(observed)), orders_(observed.columns()) {
    order_finder finder;
    masks_.assign(std::max<std::size_t>(blocks() * rows_ * width, width), 0);
    for (std::size_t b = 0; b < blocks(); ++b) {
      ranges_.push_back(observed_range(observed, std::span(place_).subspan(b * width, size(b))));
    }
    for (std::size_t k = 0; k < place_.size(); ++k) {
      const double* const x = values.data() + static_cast<Eigen::Index>(place_[k]) * values.outerStride();
      finder.find({x, rows_}, orders_[k]);
      Count* const mask = masks_.data() + (k / width) * rows_ * width + k % width;
      for (const std::uint32_t t : orders_[k].rows) mask[t * width] = static_cast<Count>(-1);
    }
  }

  [[nodiscard]] std::size_t blocks() const noexcept { return (place_.size() + width - 1) / width; }
  /// How many columns block `b` holds: `width`, or fewer in the last one.
  [[nodiscard]] std::size_t size(std::size_t b) const noexcept { return std::min(width, place_.size() - b * width); }
  /// The column of the panel that stands at place `k` of block `b`.
  [[nodiscard]] std::size_t column(std::size_t b, std::size_t k) const noexcept { return place_[b * width + k]; }

  /// The working space of one thread.
  class workspace {
   public:
    explicit workspace(const rank_blocks& blocks)
        : stride_(padded(blocks.rows_)), raw_(lanes::chunk * stride_ * width, 0), turned_(width * stride_ * width, 0) {}

   private:
    friend rank_blocks;
    // Strides of an odd number of cache lines: columns of the transposed block must not share one cache set.
    static std::size_t padded(std::size_t rows) {
      constexpr std::size_t line = 64 / integer_register_bytes;
      const std::size_t lines = (rows + line - 1) / line;
      return (lines | 1) * line;
    }
    std::size_t stride_;
    std::vector<Count> raw_;     // chunk x rows x width: counts of a chunk of b's columns, lanes are a's columns
    std::vector<Count> turned_;  // width x rows x width: the same for all of b, for each column of a; lanes are b's
  };

  /// The sums of all pairs (column i of block a, column j of block b), written to out[i * width + j].
  ///
  /// Cost: rows x width^2 counts, walked three times; nothing is sorted.
  void tile(std::size_t a, std::size_t b, workspace& space, std::vector<rank_sums>& out) const {
    out.assign(width * width, rank_sums{});
    const row_range rows = ranges_[a].common(ranges_[b]);
    if (rows.empty()) return;
    const std::size_t panel = space.stride_ * width;
    for (std::size_t j0 = 0; j0 < size(b); j0 += lanes::chunk) {
      for (std::size_t j = j0; j < std::min(j0 + lanes::chunk, size(b)); ++j) {
        Sum ties[width];
        write_counts(orders_[b * width + j], mask(a), space.raw_.data() + (j - j0) * panel, ties);
        for (std::size_t i = 0; i < width; ++i) out[i * width + j].ties_b = ties[i];
      }
      for (std::size_t t = rows.begin; t < rows.end; ++t) {
        lanes::transpose(space.raw_.data() + t * width, panel, space.turned_.data() + t * width + j0, panel);
      }
    }
    for (std::size_t i = 0; i < size(a); ++i) {
      Sum products[width], ties[width];
      multiply_counts(orders_[a * width + i], mask(b), space.turned_.data() + i * panel, products, ties);
      for (std::size_t j = 0; j < width; ++j) {
        out[i * width + j].products = products[j];
        out[i * width + j].ties_a = ties[j];
      }
    }
  }

 private:
  using counts = typename lanes::counts;
  using sums = typename lanes::sums;

  [[nodiscard]] const Count* mask(std::size_t block) const noexcept { return masks_.data() + block * rows_ * width; }

  static void unpack(sums even, sums odd, Sum (&out)[width]) noexcept {
    for (std::size_t k = 0; k < width / 2; ++k) {
      out[2 * k] = even[k];
      out[2 * k + 1] = odd[k];
    }
  }

  // Walks a column upwards. On the rows it shares with a lane, twice the average rank minus one is the number of shared
  // rows before the group of equal values plus that number after it.
  template <class Visit>
  [[gnu::always_inline]] static void walk(const ascending_order& order, const Count* mask, Sum (&ties)[width],
                                          const Visit& visit) noexcept {
    counts seen{};
    sums even_ties{}, odd_ties{};
    const std::uint32_t* row = order.rows.data();
    std::uint32_t begin = 0;
    for (const std::uint32_t end : order.group_ends) {
      const counts before = seen;
      if (end - begin == 1) {
        const counts shared = lanes::load(mask + std::size_t{*row} * width);
        seen -= shared;  // minus -1
        visit(std::size_t{*row++}, before + seen, shared);
      } else {
        const std::uint32_t* const last = row + (end - begin);
        for (const std::uint32_t* r = row; r != last; ++r) seen -= lanes::load(mask + std::size_t{*r} * width);
        const counts doubled = before + seen;
        for (; row != last; ++row) visit(std::size_t{*row}, doubled, lanes::load(mask + std::size_t{*row} * width));
        const sums g_even = lanes::even(seen - before), g_odd = lanes::odd(seen - before);
        even_ties += g_even * g_even * g_even - g_even;
        odd_ties += g_odd * g_odd * g_odd - g_odd;
      }
      begin = end;
    }
    unpack(even_ties, odd_ties, ties);
  }

  static void write_counts(const ascending_order& order, const Count* mask, Count* to, Sum (&ties)[width]) noexcept {
    walk(order, mask, ties, [to](std::size_t t, counts doubled, counts) { lanes::store(to + t * width, doubled); });
  }

  // What `other` holds on rows that a lane lacks is left over from earlier tiles; the mask multiplies it by zero.
  static void multiply_counts(const ascending_order& order, const Count* mask, const Count* other,
                              Sum (&products)[width], Sum (&ties)[width]) noexcept {
    sums even{}, odd{};
    walk(order, mask, ties, [&](std::size_t t, counts doubled, counts shared) {
      lanes::multiply_add(even, odd, doubled & shared, lanes::load(other + t * width));
    });
    unpack(even, odd, products);
  }

  std::size_t rows_;
  std::vector<std::size_t> place_;
  std::vector<ascending_order> orders_;  // by place
  std::vector<Count> masks_;             // blocks x rows x width, all ones where observed
  std::vector<row_range> ranges_;        // of each block
};

/// The most rows for which 16-bit counts and 32-bit sums are exact: 4 rows^3 / 3 < 2^32.
inline constexpr std::size_t short_rows = 1476;

}  // namespace basket::numeric
