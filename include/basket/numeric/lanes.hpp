// Short vectors of doubles in registers, and the one product kernel that the batch regressions are built from.
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace basket::numeric {

/// How many doubles one register of the target holds: 8 with AVX-512, 4 with AVX, else 2. A build option of the user's
/// compiler, so results of two builds agree to rounding, not to the byte.
#if defined(__AVX512F__)
inline constexpr std::ptrdiff_t lane_count = 8;
inline constexpr int tile_rows = 6;  // registers of a product tile: 6 x 4 of 32
inline constexpr int tile_order =
    3;  // registers of a matrix tile: 3 x 3; 4 x 4 was measured slower, its matrices leave the first cache
#elif defined(__AVX__)
inline constexpr std::ptrdiff_t lane_count = 4;
inline constexpr int tile_rows = 3;
inline constexpr int tile_order = 3;
#else
inline constexpr std::ptrdiff_t lane_count = 2;
inline constexpr int tile_rows = 3;
inline constexpr int tile_order = 3;
#endif
inline constexpr int tile_columns = 4;

/// One register of doubles; + - * / act on each lane.
typedef double lane __attribute__((vector_size(sizeof(double) * lane_count)));

namespace detail {
typedef double loose_lane __attribute__((vector_size(sizeof(double) * lane_count), aligned(8), may_alias));

template <class Body, int... I>
[[gnu::always_inline]] inline void unrolled(const Body& body, std::integer_sequence<int, I...>) {
  (body.template operator()<I>(), ...);
}
}  // namespace detail

// An attribute behind a lambda's parameters has no portable spelling that both compilers take.
#define BASKET_INLINE_LAMBDA __attribute__((always_inline))

/// Calls body.operator()<I>() for I = 0 .. N - 1: indices known at compile time keep arrays of lanes in registers at
/// -O2.
template <int N, class Body>
[[gnu::always_inline]] inline void unroll(const Body& body) {
  detail::unrolled(body, std::make_integer_sequence<int, N>{});
}

[[nodiscard, gnu::always_inline]] inline lane load(const double* from) noexcept {
  return *reinterpret_cast<const detail::loose_lane*>(from);
}
[[gnu::always_inline]] inline void store(double* to, lane value) noexcept {
  *reinterpret_cast<detail::loose_lane*>(to) = value;
}
[[nodiscard, gnu::always_inline]] inline lane broadcast(double value) noexcept { return value - lane{}; }

/// a * b + c, rounded once where the target can. Written out because a compiler tuned for some cores splits it.
[[nodiscard, gnu::always_inline]] inline lane multiply_add(lane a, lane b, lane c) noexcept {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_pd(a, b, c);
#else
  return a * b + c;
#endif
}

[[nodiscard, gnu::always_inline]] inline lane square_root(lane x) noexcept {
#if defined(__AVX512F__)
  return _mm512_sqrt_pd(x);
#elif defined(__AVX__)
  return _mm256_sqrt_pd(x);
#elif defined(__SSE2__)
  return _mm_sqrt_pd(x);
#else
  for (std::ptrdiff_t i = 0; i < lane_count; ++i) x[i] = std::sqrt(x[i]);
  return x;
#endif
}

/// `count` rounded up to whole registers.
[[nodiscard]] constexpr std::ptrdiff_t padded(std::ptrdiff_t count) noexcept {
  return (count + lane_count - 1) / lane_count * lane_count;
}

namespace detail {

template <int V, int C>
inline void product_tile(const double* z, std::ptrdiff_t stride, std::ptrdiff_t rows, const double* const* y,
                         std::ptrdiff_t y_step, double* out, std::ptrdiff_t out_stride) {
  lane sum[C][V];
  unroll<C>([&]<int c>() BASKET_INLINE_LAMBDA {
    unroll<V>([&]<int v>() BASKET_INLINE_LAMBDA { sum[c][v] = load(out + c * out_stride + v * lane_count); });
  });
  const double* column[C];
  unroll<C>([&]<int c>() BASKET_INLINE_LAMBDA { column[c] = y[c]; });
  for (std::ptrdiff_t t = 0; t < rows; ++t) {
    lane row[V];
    unroll<V>([&]<int v>() BASKET_INLINE_LAMBDA { row[v] = load(z + t * stride + v * lane_count); });
    unroll<C>([&]<int c>() BASKET_INLINE_LAMBDA {
      const lane factor = broadcast(column[c][t * y_step]);
      unroll<V>([&]<int v>() BASKET_INLINE_LAMBDA { sum[c][v] = multiply_add(row[v], factor, sum[c][v]); });
    });
  }
  unroll<C>([&]<int c>() BASKET_INLINE_LAMBDA {
    unroll<V>([&]<int v>() BASKET_INLINE_LAMBDA { store(out + c * out_stride + v * lane_count, sum[c][v]); });
  });
}

template <int C>
inline void product_columns(const double* z, std::ptrdiff_t stride, std::ptrdiff_t width, std::ptrdiff_t rows,
                            const double* const* y, std::ptrdiff_t y_step, double* out, std::ptrdiff_t out_stride) {
  std::ptrdiff_t left = width / lane_count;
  while (left > 0) {
    std::ptrdiff_t took = tile_rows;
    if (left >= tile_rows) {
      product_tile<tile_rows, C>(z, stride, rows, y, y_step, out, out_stride);
    } else if (tile_rows > 4 && left >= 4) {
      product_tile<4, C>(z, stride, rows, y, y_step, out, out_stride);
      took = 4;
    } else if (left >= 2) {
      product_tile<2, C>(z, stride, rows, y, y_step, out, out_stride);
      took = 2;
    } else {
      product_tile<1, C>(z, stride, rows, y, y_step, out, out_stride);
      took = 1;
    }
    z += took * lane_count;
    out += took * lane_count;
    left -= took;
  }
}

}  // namespace detail

/// out[c][j] += sum over t of z[t][j] * y[c][t]: `rows` rows of z (row-major, `stride` doubles apart, `width` of them
/// used, a multiple of lane_count) against `columns` series whose values are `y_step` apart. Sums run in row order.
///
/// Cost: rows * width * columns multiplications, near the speed of the core from four columns on.
inline void add_product(const double* z, std::ptrdiff_t stride, std::ptrdiff_t width, std::ptrdiff_t rows,
                        const double* const* y, std::ptrdiff_t columns, std::ptrdiff_t y_step, double* out,
                        std::ptrdiff_t out_stride) {
  std::ptrdiff_t c = 0;
  for (; c + tile_columns <= columns; c += tile_columns) {
    detail::product_columns<tile_columns>(z, stride, width, rows, y + c, y_step, out + c * out_stride, out_stride);
  }
  for (; c + 2 <= columns; c += 2) {
    detail::product_columns<2>(z, stride, width, rows, y + c, y_step, out + c * out_stride, out_stride);
  }
  for (; c < columns; ++c) {
    detail::product_columns<1>(z, stride, width, rows, y + c, y_step, out + c * out_stride, out_stride);
  }
}

}  // namespace basket::numeric
