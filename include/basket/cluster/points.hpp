// Points made ready for distance kernels: centred, scaled where squares would overflow, one point a contiguous row.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace basket::cluster {

/// How many doubles one vector register of this build holds.
#if defined(__AVX512F__)
inline constexpr std::size_t lane_width = 8;
#elif defined(__AVX__)
inline constexpr std::size_t lane_width = 4;
#else
inline constexpr std::size_t lane_width = 2;
#endif
/// Points (or centres) that sit side by side in a block: the unit that the kernels work on.
inline constexpr std::size_t block_width = 2 * lane_width;

/// One vector register of doubles. The compilers split or keep it; no cost model decides.
typedef double lane __attribute__((vector_size(lane_width * sizeof(double))));
/// Half a register where it is wide: few centres should not pay for eight.
inline constexpr std::size_t small_width = lane_width == 8 ? 4 : lane_width;
typedef double small_lane __attribute__((vector_size(small_width * sizeof(double))));
typedef long long small_mask __attribute__((vector_size(small_width * sizeof(double))));
/// The result of comparing two lanes: -1 where it holds, else 0.
typedef long long lane_mask __attribute__((vector_size(lane_width * sizeof(double))));

/// Numbers that begin where a register's load crosses no cache line.
using aligned_doubles = std::vector<double, Eigen::aligned_allocator<double>>;

namespace detail {

inline lane load(const double* from) noexcept {
  lane v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

inline void store(double* to, const lane& v) noexcept { __builtin_memcpy(to, &v, sizeof v); }

inline small_lane load_small(const double* from) noexcept {
  small_lane v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

inline void store_small(double* to, const small_lane& v) noexcept { __builtin_memcpy(to, &v, sizeof v); }

inline bool any_small(const small_mask& mask) noexcept {
  long long seen = 0;
  for (std::size_t w = 0; w < small_width; ++w) seen |= mask[w];
  return seen != 0;
}

inline lane spread(double x) noexcept { return x - lane{}; }

/// Adds up a lane in a fixed order.
inline double total(const lane& v) noexcept {
  double parts[lane_width];
  store(parts, v);
  for (std::size_t width = lane_width / 2; width > 0; width /= 2) {
    for (std::size_t i = 0; i < width; ++i) parts[i] += parts[i + width];
  }
  return parts[0];
}

inline lane square_root(const lane& v) noexcept {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_pd(0xff, v);
#elif defined(__AVX__)
  return _mm256_sqrt_pd(v);
#elif defined(__SSE2__)
  return _mm_sqrt_pd(v);
#else
  lane out;
  for (std::size_t w = 0; w < lane_width; ++w) out[w] = std::sqrt(v[w]);
  return out;
#endif
}

inline lane smaller(const lane& a, const lane& b) noexcept { return a < b ? a : b; }
inline lane larger(const lane& a, const lane& b) noexcept { return a < b ? b : a; }

inline bool any(const lane_mask& mask) noexcept {
  long long parts[lane_width];
  __builtin_memcpy(parts, &mask, sizeof parts);
  long long seen = 0;
  for (std::size_t w = 0; w < lane_width; ++w) seen |= parts[w];
  return seen != 0;
}

/// One bit for each w with a[w] <= b[w], the lowest for w = 0.
inline unsigned bits_at_most(const lane& a, const lane& b) noexcept {
#if defined(__AVX512F__)
  return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ);
#elif defined(__AVX__)
  return static_cast<unsigned>(_mm256_movemask_pd(_mm256_cmp_pd(a, b, _CMP_LE_OQ)));
#elif defined(__SSE2__)
  return static_cast<unsigned>(_mm_movemask_pd(_mm_cmple_pd(a, b)));
#else
  unsigned bits = 0;
  for (std::size_t w = 0; w < lane_width; ++w) bits |= a[w] <= b[w] ? 1U << w : 0U;
  return bits;
#endif
}

template <std::size_t Half, std::size_t... W>
inline void swap_halves(lane& a, lane& b, std::index_sequence<W...>) noexcept {
  const lane low = __builtin_shufflevector(a, b, static_cast<int>((W & Half) != 0 ? lane_width + W - Half : W)...);
  const lane high = __builtin_shufflevector(a, b, static_cast<int>((W & Half) != 0 ? lane_width + W : W + Half)...);
  a = low;
  b = high;
}

template <std::size_t Half, std::size_t... Row>
inline void transpose_step(lane* m, std::index_sequence<Row...>) noexcept {
  (((Row & Half) == 0 ? swap_halves<Half>(m[Row], m[Row | Half], std::make_index_sequence<lane_width>{}) : void()),
   ...);
}

/// Turns lane_width lanes of lane_width doubles on their side.
inline void transpose(lane* m) noexcept {
  constexpr std::make_index_sequence<lane_width> rows{};
  if constexpr (lane_width >= 8) transpose_step<4>(m, rows);
  if constexpr (lane_width >= 4) transpose_step<2>(m, rows);
  transpose_step<1>(m, rows);
}

/// g++ 12 turns one load that is used four times into four loads, and then the loop waits for memory, not for
/// arithmetic; a value that an empty instruction may have changed is loaded once.
template <class Lane>
[[gnu::always_inline]] inline void hold_in_register([[maybe_unused]] Lane& value) noexcept {
#if defined(__SSE2__) && defined(__x86_64__)
  asm("" : "+x"(value));
#endif
}

/// Rows points against one or two lanes of a block. The sums are named by a pack, not by a loop over an array: at -O2
/// a compiler keeps such a loop, and with it the sums in memory.
template <class Lane, std::size_t... Row>
inline void dot_rows(std::index_sequence<Row...>, const double* const* rows, const double* block, std::size_t stride,
                     std::size_t dimensions, double* out, std::size_t out_stride) noexcept {
  constexpr std::size_t width = sizeof(Lane) / sizeof(double);
  const double* const at[] = {rows[Row]...};
  Lane low[] = {(static_cast<void>(Row), Lane{})...};
  Lane high[] = {(static_cast<void>(Row), Lane{})...};
  for (std::size_t d = 0; d < dimensions; ++d) {
    Lane a;
    Lane b;
    __builtin_memcpy(&a, block + d * stride, sizeof a);
    __builtin_memcpy(&b, block + d * stride + width, sizeof b);
    hold_in_register(a);
    hold_in_register(b);
    ((low[Row] += (at[Row][d] - Lane{}) * a, high[Row] += (at[Row][d] - Lane{}) * b), ...);
  }
  ((__builtin_memcpy(out + Row * out_stride, &low[Row], sizeof(Lane)),
    __builtin_memcpy(out + Row * out_stride + width, &high[Row], sizeof(Lane))),
   ...);
}

template <class Lane, std::size_t... Row>
inline void dot_rows_once(std::index_sequence<Row...>, const double* const* rows, const double* block,
                          std::size_t stride, std::size_t dimensions, double* out, std::size_t out_stride) noexcept {
  const double* const at[] = {rows[Row]...};
  Lane sum[] = {(static_cast<void>(Row), Lane{})...};
  for (std::size_t d = 0; d < dimensions; ++d) {
    Lane a;
    __builtin_memcpy(&a, block + d * stride, sizeof a);
    hold_in_register(a);
    ((sum[Row] += (at[Row][d] - Lane{}) * a), ...);
  }
  (__builtin_memcpy(out + Row * out_stride, &sum[Row], sizeof(Lane)), ...);
}

/// out[r][0 .. 2 lanes) = sum over d of rows[r][d] * block[d * stride + .]: Rows points against one block.
template <std::size_t Rows>
inline void dot_tile(const double* const* rows, const double* block, std::size_t stride, std::size_t dimensions,
                     double* out, std::size_t out_stride = block_width) noexcept {
  dot_rows<lane>(std::make_index_sequence<Rows>{}, rows, block, stride, dimensions, out, out_stride);
}

/// The same against half a block.
template <std::size_t Rows>
inline void dot_half_tile(const double* const* rows, const double* block, std::size_t stride, std::size_t dimensions,
                          double* out, std::size_t out_stride = block_width) noexcept {
  dot_rows_once<lane>(std::make_index_sequence<Rows>{}, rows, block, stride, dimensions, out, out_stride);
}

/// The same against a quarter of a block: what is left of a wide register where few centres are.
template <std::size_t Rows>
inline void dot_quarter_tile(const double* const* rows, const double* block, std::size_t stride, std::size_t dimensions,
                             double* out, std::size_t out_stride) noexcept {
  dot_rows_once<small_lane>(std::make_index_sequence<Rows>{}, rows, block, stride, dimensions, out, out_stride);
}

/// |a - b|^2 by direct differences, in a fixed order.
inline double squared_distance(const double* a, const double* b, std::size_t dimensions) noexcept {
  lane sum = {};
  std::size_t d = 0;
  for (; d + lane_width <= dimensions; d += lane_width) {
    const lane gap = load(a + d) - load(b + d);
    sum += gap * gap;
  }
  double out = total(sum);
  for (; d < dimensions; ++d) out += (a[d] - b[d]) * (a[d] - b[d]);
  return out;
}

}  // namespace detail

/// A matrix of points (n x p, one point a row) as the kernels want it: the column means taken off, multiplied by a
/// power of two where squares would leave the range of doubles, one point a contiguous row.
/// It looks at `x` again for exact differences, so `x` must live as long as it does.
///
/// Missing: refused.
/// Fails:   data_error naming the point and the coordinate that is missing or infinite.
/// Cost:    n p doubles of memory and three passes.
class packed_points {
 public:
  explicit packed_points(const Eigen::Ref<const Eigen::MatrixXd>& x)
      : size_(static_cast<std::size_t>(x.rows())),
        dimensions_(static_cast<std::size_t>(x.cols())),
        raw_(x.data()),
        raw_stride_(static_cast<std::size_t>(x.outerStride())),
        centre_(dimensions_, 0.0),
        rows_(std::make_unique_for_overwrite<double[]>(std::max<std::size_t>(size_ * dimensions_, 1))),
        squared_norms_(size_, 0.0) {
    choose_scale();
    centre_columns();
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t dimensions() const noexcept { return dimensions_; }
  [[nodiscard]] const double* row(std::size_t i) const noexcept { return rows_.get() + i * dimensions_; }
  [[nodiscard]] double squared_norm(std::size_t i) const noexcept { return squared_norms_[i]; }
  [[nodiscard]] const double* squared_norms() const noexcept { return squared_norms_.data(); }

  /// Packed coordinate -> coordinate of the matrix given.
  [[nodiscard]] double original(double packed, std::size_t d) const noexcept {
    return std::ldexp(packed + centre_[d], exponent_);
  }
  /// Packed distance -> distance of the points given.
  [[nodiscard]] double original_distance(double packed) const noexcept { return std::ldexp(packed, exponent_); }
  /// Packed squared distance -> squared distance of the points given; may overflow to infinity.
  [[nodiscard]] double original_squared(double packed) const noexcept { return std::ldexp(packed, 2 * exponent_); }
  /// Distance of the points given -> packed distance.
  [[nodiscard]] double packed_distance(double original) const noexcept { return std::ldexp(original, -exponent_); }

  /// |x_i - x_j|^2 in packed units from the matrix given, so that centring costs no digit.
  [[nodiscard]] double exact_squared(std::size_t i, std::size_t j) const noexcept {
    double sum = 0.0;
    for (std::size_t d = 0; d < dimensions_; ++d) {
      const double gap = raw(i, d) - raw(j, d);
      sum += gap * gap;
    }
    return sum;
  }

  /// The coordinate of the matrix given, in packed units but not centred.
  [[nodiscard]] double raw(std::size_t i, std::size_t d) const noexcept {
    return raw_[d * raw_stride_ + i] * factor_ * factor_;
  }

  /// The share of |x|^2 + |y|^2 below which |x|^2 - 2 x.y + |y|^2 may be wrong: (p + 8) 2^-52.
  [[nodiscard]] double rounding() const noexcept {
    return (static_cast<double>(dimensions_) + 8.0) * std::numeric_limits<double>::epsilon();
  }

 private:
  void choose_scale() {
    double largest = 0.0;
    constexpr double limit = std::numeric_limits<double>::max();
    for (std::size_t d = 0; d < dimensions_; ++d) {
      const double* column = raw_ + d * raw_stride_;
      lane high = {};
      lane_mask bad = {};
      std::size_t i = 0;
      for (; i + lane_width <= size_; i += lane_width) {
        const lane v = detail::load(column + i);
        const lane size = v < 0.0 ? -v : v;
        bad |= ~(size <= limit);
        high = size > high ? size : high;
      }
      bool refuse = false;
      for (std::size_t w = 0; w < lane_width; ++w) {
        refuse = refuse || bad[w] != 0;
        largest = std::max(largest, high[w]);
      }
      for (; i < size_; ++i) {
        refuse = refuse || !(std::abs(column[i]) <= limit);
        largest = std::max(largest, std::abs(column[i]));
      }
      if (refuse) refuse_column(d);
    }
    if (largest == 0.0) return;
    const int size = std::ilogb(largest);
    if (size > 200 || size < -200) {
      // Half the exponent twice: 2^1074 is no double.
      exponent_ = size + (size & 1);
      factor_ = std::ldexp(1.0, -exponent_ / 2);
    }
  }

  void refuse_column(std::size_t d) const {
    for (std::size_t i = 0; i < size_; ++i) {
      const double v = raw_[d * raw_stride_ + i];
      if (std::abs(v) <= std::numeric_limits<double>::max()) continue;
      throw data_error("points", i + 1, "coordinate " + std::to_string(d),
                       std::isnan(v) ? "is missing; distances need complete points" : "is infinite");
    }
  }

  void centre_columns() {
    constexpr std::size_t strip = 256;
    const double share = size_ == 0 ? 0.0 : 1.0 / static_cast<double>(size_);
    for (std::size_t d = 0; d < dimensions_; ++d) {
      lane sum = {};
      std::size_t i = 0;
      const double* column = raw_ + d * raw_stride_;
      for (; i + lane_width <= size_; i += lane_width) sum += detail::load(column + i) * factor_ * factor_;
      double rest = detail::total(sum);
      for (; i < size_; ++i) rest += raw(i, d);
      centre_[d] = rest * share;
    }
    // A strip of points at a time, column by column into a block that stays in the first cache, then out by rows.
    std::vector<double> block(strip * dimensions_);
    for (std::size_t first = 0; first < size_; first += strip) {
      const std::size_t count = std::min(strip, size_ - first);
      double norms[strip] = {};
      for (std::size_t d = 0; d < dimensions_; ++d) {
        const double* const from = raw_ + d * raw_stride_ + first;
        double* const to = block.data() + d * strip;
        for (std::size_t i = 0; i < count; ++i) {
          to[i] = from[i] * factor_ * factor_ - centre_[d];
          norms[i] += to[i] * to[i];
        }
      }
      std::copy_n(norms, count, squared_norms_.data() + first);
      double* const out = rows_.get() + first * dimensions_;
      for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t d = 0; d < dimensions_; ++d) out[i * dimensions_ + d] = block[d * strip + i];
      }
    }
  }

  std::size_t size_;
  std::size_t dimensions_;
  const double* raw_;
  std::size_t raw_stride_;
  int exponent_ = 0;
  double factor_ = 1.0;
  std::vector<double> centre_;
  std::unique_ptr<double[]> rows_;
  std::vector<double> squared_norms_;
};

/// Puts rows `order[first .. first + count)` of the points side by side: out[d * block_width + lane]. Lanes past
/// `count` are zero.
inline void fill_block(const packed_points& points, const std::size_t* order, std::size_t count, double* out) {
  for (std::size_t d = 0; d < points.dimensions(); ++d) {
    for (std::size_t w = 0; w < block_width; ++w) {
      out[d * block_width + w] = w < count ? points.row(order[w])[d] : 0.0;
    }
  }
}

}  // namespace basket::cluster
