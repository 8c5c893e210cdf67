// Cholesky factors of one small matrix in each lane of a register: as many factorisations at once as lanes.
#pragma once

#include <cstddef>

#include "basket/numeric/lanes.hpp"

namespace basket::numeric {

/// Where the lower triangle of lane_count symmetric matrices lies: square tiles of tile_order, each element one lane
/// vector. The order is padded to whole tiles; the pad is a unit matrix.
struct lane_triangle {
  std::ptrdiff_t tiles = 0;

  static constexpr std::ptrdiff_t tile_size = tile_order * tile_order * lane_count;

  [[nodiscard]] static constexpr lane_triangle of_order(std::ptrdiff_t order) noexcept {
    return {(order + tile_order - 1) / tile_order};
  }
  [[nodiscard]] constexpr std::ptrdiff_t order() const noexcept { return tiles * tile_order; }
  [[nodiscard]] constexpr std::ptrdiff_t size() const noexcept { return tiles * (tiles + 1) / 2 * tile_size; }
  /// Where tile (I, J) starts, I >= J.
  [[nodiscard]] constexpr std::ptrdiff_t tile(std::ptrdiff_t i, std::ptrdiff_t j) const noexcept {
    return (i * (i + 1) / 2 + j) * tile_size;
  }
  /// Where the lane vector of element (i, j) lies, i >= j or in the same tile.
  [[nodiscard]] constexpr std::ptrdiff_t at(std::ptrdiff_t i, std::ptrdiff_t j) const noexcept {
    return tile(i / tile_order, j / tile_order) + ((i % tile_order) * tile_order + j % tile_order) * lane_count;
  }
};

namespace detail {

struct lane_tile {
  lane value[tile_order][tile_order];
};

[[gnu::always_inline]] inline void read_tile(const double* from, lane_tile& into) {
  unroll<tile_order>([&]<int r>() BASKET_INLINE_LAMBDA {
    unroll<tile_order>([&]<int c>()
                           BASKET_INLINE_LAMBDA { into.value[r][c] = load(from + (r * tile_order + c) * lane_count); });
  });
}
[[gnu::always_inline]] inline void write_tile(double* to, const lane_tile& from) {
  unroll<tile_order>([&]<int r>() BASKET_INLINE_LAMBDA {
    unroll<tile_order>([&]<int c>()
                           BASKET_INLINE_LAMBDA { store(to + (r * tile_order + c) * lane_count, from.value[r][c]); });
  });
}
// sum(r, c) += A(r, p) * B(p, c) with A read by (a_row, a_step) and B by (b_step, b_column): plain or transposed.
template <int ARow, int AStep, int BStep, int BColumn>
[[gnu::always_inline]] inline void multiply_tiles(const double* a, const double* b, lane_tile& sum) {
  unroll<tile_order>([&]<int p>() BASKET_INLINE_LAMBDA {
    lane right[tile_order];
    unroll<tile_order>([&]<int c>()
                           BASKET_INLINE_LAMBDA { right[c] = load(b + (p * BStep + c * BColumn) * lane_count); });
    unroll<tile_order>([&]<int r>() BASKET_INLINE_LAMBDA {
      const lane left = load(a + (r * ARow + p * AStep) * lane_count);
      unroll<tile_order>([&]<int c>()
                             BASKET_INLINE_LAMBDA { sum.value[r][c] = multiply_add(left, right[c], sum.value[r][c]); });
    });
  });
}

}  // namespace detail

/// Factors A = L L' in each lane: `a` holds the lower triangles and is overwritten by L, whose diagonal is stored as
/// its reciprocal. A lane whose matrix is not positive definite ends in NaN and does not disturb the others.
///
/// Cost: order^3 / 6 lane multiplications.
inline void factor_lanes(lane_triangle shape, double* a) {
  using namespace detail;
  constexpr int n = tile_order;
  for (std::ptrdiff_t j = 0; j < shape.tiles; ++j) {
    for (std::ptrdiff_t i = j; i < shape.tiles; ++i) {
      lane_tile sum{};
      for (std::ptrdiff_t p = 0; p < j; ++p) {
        multiply_tiles<n, 1, 1, n>(a + shape.tile(i, p), a + shape.tile(j, p), sum);
      }
      double* const here = a + shape.tile(i, j);
      unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
        unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA {
          sum.value[r][c] = load(here + (r * n + c) * lane_count) - sum.value[r][c];
        });
      });
      if (i == j) {
        unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA {
          const lane inverse = 1.0 / square_root(sum.value[c][c]);
          sum.value[c][c] = inverse;
          unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
            if constexpr (r > c) sum.value[r][c] *= inverse;
            if constexpr (r < c) sum.value[r][c] = lane{};
          });
          unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
            unroll<n>([&]<int s>() BASKET_INLINE_LAMBDA {
              if constexpr (s > c && r >= s) sum.value[r][s] -= sum.value[r][c] * sum.value[s][c];
            });
          });
        });
      } else {
        const double* const pivot = a + shape.tile(j, j);
        unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA {
          unroll<n>([&]<int q>() BASKET_INLINE_LAMBDA {
            if constexpr (q < c) {
              const lane l = load(pivot + (c * n + q) * lane_count);
              unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA { sum.value[r][c] -= sum.value[r][q] * l; });
            }
          });
          const lane inverse = load(pivot + (c * n + c) * lane_count);
          unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA { sum.value[r][c] *= inverse; });
        });
      }
      write_tile(here, sum);
    }
  }
}

/// M = inverse of L in each lane, L as `factor_lanes` left it.
///
/// Cost: order^3 / 6 lane multiplications.
inline void invert_lanes(lane_triangle shape, const double* l, double* m) {
  using namespace detail;
  constexpr int n = tile_order;
  for (std::ptrdiff_t i = 0; i < shape.tiles; ++i) {
    lane_tile own;  // the inverse of the diagonal tile
    const double* const pivot = l + shape.tile(i, i);
    unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
      const lane inverse = load(pivot + (r * n + r) * lane_count);
      unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA {
        lane sum{};
        if constexpr (c == r) sum = inverse;
        if constexpr (c < r) {
          unroll<n>([&]<int q>() BASKET_INLINE_LAMBDA {
            if constexpr (q >= c && q < r) sum -= load(pivot + (r * n + q) * lane_count) * own.value[q][c];
          });
          sum *= inverse;
        }
        own.value[r][c] = sum;
      });
    });
    write_tile(m + shape.tile(i, i), own);
    for (std::ptrdiff_t j = 0; j < i; ++j) {
      lane_tile sum{};
      for (std::ptrdiff_t p = j; p < i; ++p) {
        multiply_tiles<n, 1, n, 1>(l + shape.tile(i, p), m + shape.tile(p, j), sum);
      }
      lane_tile out;
      const double* const mine = m + shape.tile(i, i);
      unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
        unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA { out.value[r][c] = lane{}; });
        unroll<n>([&]<int q>() BASKET_INLINE_LAMBDA {
          if constexpr (q <= r) {
            const lane factor = load(mine + (r * n + q) * lane_count);
            unroll<n>([&]<int c>() BASKET_INLINE_LAMBDA { out.value[r][c] -= factor * sum.value[q][c]; });
          }
        });
      });
      write_tile(m + shape.tile(i, j), out);
    }
  }
}

/// V = M'M, the inverse of A, in each lane: lower tiles, diagonal tiles whole.
///
/// Cost: order^3 / 6 lane multiplications.
inline void multiply_inverse_lanes(lane_triangle shape, const double* m, double* v) {
  using namespace detail;
  constexpr int n = tile_order;
  for (std::ptrdiff_t i = 0; i < shape.tiles; ++i) {
    for (std::ptrdiff_t j = 0; j <= i; ++j) {
      lane_tile sum{};
      for (std::ptrdiff_t p = i; p < shape.tiles; ++p) {
        multiply_tiles<1, n, n, 1>(m + shape.tile(p, i), m + shape.tile(p, j), sum);
      }
      write_tile(v + shape.tile(i, j), sum);
    }
  }
}

/// z = M c for one right-hand side in each lane; `c` and `z` hold order() lane vectors and may not overlap.
inline void apply_lanes(lane_triangle shape, const double* m, const double* c, double* z) {
  constexpr int n = tile_order;
  for (std::ptrdiff_t i = 0; i < shape.tiles; ++i) {
    lane sum[n] = {};
    for (std::ptrdiff_t p = 0; p <= i; ++p) {
      const double* const tile = m + shape.tile(i, p);
      unroll<n>([&]<int q>() BASKET_INLINE_LAMBDA {
        const lane x = load(c + (p * n + q) * lane_count);
        unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
          sum[r] = multiply_add(load(tile + (r * n + q) * lane_count), x, sum[r]);
        });
      });
    }
    unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA { store(z + (i * n + r) * lane_count, sum[r]); });
  }
}

/// b = M' z for one right-hand side in each lane.
inline void apply_transposed_lanes(lane_triangle shape, const double* m, const double* z, double* b) {
  constexpr int n = tile_order;
  for (std::ptrdiff_t j = 0; j < shape.tiles; ++j) {
    lane sum[n] = {};
    for (std::ptrdiff_t p = j; p < shape.tiles; ++p) {
      const double* const tile = m + shape.tile(p, j);
      unroll<n>([&]<int q>() BASKET_INLINE_LAMBDA {
        const lane x = load(z + (p * n + q) * lane_count);
        unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA {
          sum[r] = multiply_add(load(tile + (q * n + r) * lane_count), x, sum[r]);
        });
      });
    }
    unroll<n>([&]<int r>() BASKET_INLINE_LAMBDA { store(b + (j * n + r) * lane_count, sum[r]); });
  }
}

}  // namespace basket::numeric
