// Spearman's rank correlation between the columns of a ragged panel.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "basket/core/execution.hpp"
#include "basket/numeric/correlation.hpp"
#include "basket/numeric/lanes.hpp"
#include "basket/numeric/pairwise_ranks.hpp"

namespace basket::numeric {

/// Spearman's rho between all pairs of columns, ranks taken anew on the rows that each pair has in common, equal values
/// sharing their mean rank.
///
/// Everything up to the last square root and division is exact in integers, so neither threads, order of columns nor
/// the way it was computed change a byte.
/// Missing: pairwise complete; a pair below `min_overlap` or constant on its common rows is missing.
/// Fails:   precondition_error for an infinite value, or for 200,000 rows and more.
/// Cost:    each column is sorted once; a pair costs three walks over its rows, 16 or 8 pairs to an instruction. A
///          panel without gaps is ranked once and multiplied in 16-bit integers.
/// Source:  Spearman (1904); ties as in Kendall, Rank Correlation Methods (1948), ch. 3.
struct spearman {
  overlap_rows min_overlap;

  template <ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] correlations correlate(const Eigen::Ref<const Eigen::MatrixXd>& values,
                                       const Policy& policy = {}) const {
    if (values.rows() >= 200'000) {
      throw precondition_error("a rank correlation takes fewer than 200000 rows, the panel has " +
                               std::to_string(values.rows()));
    }
    const observed_rows observed(values);
    correlations out{.min_overlap = min_overlap};
    const auto rows = static_cast<std::size_t>(values.rows());
    if (observed.complete() && rows <= product_rows && rows >= min_overlap.count()) {
      complete(values, policy, out);
      return out;
    }
    out.rho.setConstant(values.cols(), values.cols(), missing);
    out.overlap.setZero(values.cols(), values.cols());
    if (rows <= short_rows) {
      pairwise<std::uint16_t, std::uint32_t>(values, observed, policy, out);
    } else {
      pairwise<std::uint32_t, std::uint64_t>(values, observed, policy, out);
    }
    return out;
  }

 private:
  /// n^3 / 3 < 2^31: a sum of products of centred doubled ranks fits into 32 bits.
  static constexpr std::size_t product_rows = 1860;

  /// Spread of doubled ranks on n rows: the sum of (2 r - 1 - n)^2.
  [[nodiscard]] static double spread(std::uint64_t n, std::uint64_t ties) noexcept {
    return static_cast<double>((n * n * n - n - ties) / 3);
  }

  static void put(correlations& out, std::size_t a, std::size_t b, double products, double spread_a, double spread_b) {
    if (!(spread_a > 0.0) || !(spread_b > 0.0)) return;
    const double rho = std::clamp(products / std::sqrt(spread_a * spread_b), -1.0, 1.0);
    const auto i = static_cast<Eigen::Index>(a), j = static_cast<Eigen::Index>(b);
    out.rho(i, j) = rho;
    out.rho(j, i) = rho;
  }

  template <class Count, class Sum, class Policy>
  void pairwise(const Eigen::Ref<const Eigen::MatrixXd>& values, const observed_rows& observed, const Policy& policy,
                correlations& out) const {
    using blocks_type = rank_blocks<Count, Sum>;
    const blocks_type blocks(values, observed);
    policy.for_each_index(blocks.blocks(), [&](std::size_t a) {
      typename blocks_type::workspace space(blocks);
      std::vector<rank_sums> sums;
      for (std::size_t b = a; b < blocks.blocks(); ++b) {
        bool wanted = false;
        for (std::size_t i = 0; i < blocks.size(a); ++i) {
          for (std::size_t j = a == b ? i : 0; j < blocks.size(b); ++j) {
            const std::size_t p = blocks.column(a, i), q = blocks.column(b, j);
            const std::size_t n = observed.common(p, q);
            const auto x = static_cast<Eigen::Index>(p), y = static_cast<Eigen::Index>(q);
            out.overlap(x, y) = out.overlap(y, x) = static_cast<std::int32_t>(n);
            wanted = wanted || n >= min_overlap.count();
          }
        }
        if (!wanted) continue;
        blocks.tile(a, b, space, sums);
        for (std::size_t i = 0; i < blocks.size(a); ++i) {
          for (std::size_t j = a == b ? i : 0; j < blocks.size(b); ++j) {
            const std::size_t p = blocks.column(a, i), q = blocks.column(b, j);
            const auto count = out.overlap(static_cast<Eigen::Index>(p), static_cast<Eigen::Index>(q));
            const auto n = static_cast<std::uint64_t>(count);
            if (n < min_overlap.count()) continue;
            const rank_sums& s = sums[i * blocks_type::width + j];
            // The sum of 2 r - 1 over n rows is n^2, so centring takes n^3 from the products.
            const auto centred = static_cast<std::int64_t>(s.products) - static_cast<std::int64_t>(n * n * n);
            put(out, p, q, static_cast<double>(centred), spread(n, s.ties_a), spread(n, s.ties_b));
          }
        }
      }
    });
  }

  template <class Policy>
  void complete(const Eigen::Ref<const Eigen::MatrixXd>& values, const Policy& policy, correlations& out) const {
    const auto rows = static_cast<std::size_t>(values.rows()), columns = static_cast<std::size_t>(values.cols());
    out.rho.resize(values.cols(), values.cols());  // every pair is written below
    out.overlap.setConstant(values.cols(), values.cols(), static_cast<std::int32_t>(rows));
    constexpr std::size_t block = 64;
    const std::size_t stride = (rows + 31) / 32 * 32;
    const std::size_t blocks = (columns + block - 1) / block;
    std::vector<std::int16_t> ranks(blocks * block * stride, 0);  // 2 r - 1 - n, padded with zeros
    std::vector<double> spreads(blocks * block, 0.0);
    policy.for_each_index(blocks, [&](std::size_t a) {
      order_finder finder;
      ascending_order order;
      for (std::size_t j = a * block; j < std::min((a + 1) * block, columns); ++j) {
        finder.find({values.data() + static_cast<Eigen::Index>(j) * values.outerStride(), rows}, order);
        std::uint64_t ties = 0;
        std::uint32_t begin = 0;
        for (const std::uint32_t end : order.group_ends) {
          const auto centred = static_cast<std::int16_t>(static_cast<std::int64_t>(begin + end) - values.rows());
          for (std::uint32_t p = begin; p < end; ++p) ranks[j * stride + order.rows[p]] = centred;
          const std::uint64_t g = end - begin;
          ties += g * g * g - g;
          begin = end;
        }
        spreads[j] = spread(rows, ties);
      }
    });
    using tile = Eigen::Matrix<std::int32_t, static_cast<int>(block), static_cast<int>(block)>;
    policy.for_each_index(blocks, [&](std::size_t a) {
      const auto products = std::make_unique<tile>();
      const std::size_t size_a = std::min(block, columns - a * block);
      const auto first_a = static_cast<Eigen::Index>(a * block), count_a = static_cast<Eigen::Index>(size_a);
      const double* const spread_a = spreads.data() + a * block;
      for (std::size_t b = a; b < blocks; ++b) {
        const std::size_t size_b = std::min(block, columns - b * block);
        for (std::size_t i = 0; i < size_a; i += product_columns) {
          for (std::size_t j = 0; j < size_b; j += product_columns) {
            dot_products(ranks.data() + (a * block + i) * stride, ranks.data() + (b * block + j) * stride, stride,
                         products->data() + j * block + i, block);
          }
        }
        for (std::size_t j = 0; j < size_b; ++j) {
          const auto q = static_cast<Eigen::Index>(b * block + j);
          double rho[block];
          for (std::size_t i = 0; i < block; ++i)
            rho[i] = static_cast<double>((*products)(static_cast<int>(i), static_cast<int>(j)));
          for (std::size_t i = 0; i < block; i += static_cast<std::size_t>(lane_count)) {
            // Not Eigen's root, which is an approximation on some targets: both ways must give the same bytes.
            store(rho + i, load(rho + i) / square_root(load(spread_a + i) * broadcast(spreads[b * block + j])));
          }
          double* const to = &out.rho(first_a, q);
          for (std::size_t i = 0; i < size_a; ++i) {
            to[i] = is_missing(rho[i]) ? missing : std::clamp(rho[i], -1.0, 1.0);  // 0 / 0 where a column is constant
          }
        }
        if (a == b) continue;
        const auto first_b = static_cast<Eigen::Index>(b * block), count_b = static_cast<Eigen::Index>(size_b);
        out.rho.block(first_b, first_a, count_b, count_a) =
            out.rho.block(first_a, first_b, count_a, count_b).transpose();
      }
    });
  }
};

}  // namespace basket::numeric
