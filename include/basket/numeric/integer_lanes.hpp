// Registers of unsigned integers: the few operations that rank correlations are built from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

namespace basket::numeric {

/// Bytes of one register of integers. Integer results do not depend on it.
#if defined(__AVX2__)
inline constexpr std::size_t integer_register_bytes = 32;
#else
inline constexpr std::size_t integer_register_bytes = 16;
#endif

/// Registers of counts, and of sums twice as wide. A register of counts is summed as two registers: its even lanes and
/// its odd ones.
template <class Count, class Sum>
struct integer_lanes {
  static_assert(sizeof(Sum) == 2 * sizeof(Count), "a sum is twice as wide as a count");
  typedef Count counts __attribute__((vector_size(integer_register_bytes)));
  typedef Sum sums __attribute__((vector_size(integer_register_bytes)));
  static constexpr std::size_t width = integer_register_bytes / sizeof(Count);  ///< counts in a register
  static constexpr std::size_t chunk = 16 / sizeof(Count);                      ///< counts in 16 bytes

  [[nodiscard, gnu::always_inline]] static sums even(counts a) noexcept {
    return reinterpret_cast<sums>(a) & static_cast<Sum>(static_cast<Count>(-1));
  }
  [[nodiscard, gnu::always_inline]] static sums odd(counts a) noexcept {
    return reinterpret_cast<sums>(a) >> (8 * sizeof(Count));
  }

  [[nodiscard, gnu::always_inline]] static counts load(const Count* from) noexcept {
    counts value;
    std::memcpy(&value, from, sizeof value);
    return value;
  }
  [[gnu::always_inline]] static void store(Count* to, counts value) noexcept { std::memcpy(to, &value, sizeof value); }

  /// even_sum += a * b in the even lanes, odd_sum the same in the odd ones. 16-bit counts must stay below 2^15 where
  /// both factors are not zero.
  [[gnu::always_inline]] static void multiply_add(sums& even_sum, sums& odd_sum, counts a, counts b) noexcept {
#if defined(__SSE2__)
    if constexpr (sizeof(Count) == 2) {
      const sums low = even(a);
      const sums high = reinterpret_cast<sums>(a) ^ low;
#if defined(__AVX512VNNI__) && defined(__AVX512VL__)
      even_sum = reinterpret_cast<sums>(_mm256_dpwssd_epi32(
          reinterpret_cast<__m256i>(even_sum), reinterpret_cast<__m256i>(low), reinterpret_cast<__m256i>(b)));
      odd_sum = reinterpret_cast<sums>(_mm256_dpwssd_epi32(
          reinterpret_cast<__m256i>(odd_sum), reinterpret_cast<__m256i>(high), reinterpret_cast<__m256i>(b)));
#elif defined(__AVX2__)
      even_sum +=
          reinterpret_cast<sums>(_mm256_madd_epi16(reinterpret_cast<__m256i>(low), reinterpret_cast<__m256i>(b)));
      odd_sum +=
          reinterpret_cast<sums>(_mm256_madd_epi16(reinterpret_cast<__m256i>(high), reinterpret_cast<__m256i>(b)));
#else
      even_sum += reinterpret_cast<sums>(_mm_madd_epi16(reinterpret_cast<__m128i>(low), reinterpret_cast<__m128i>(b)));
      odd_sum += reinterpret_cast<sums>(_mm_madd_epi16(reinterpret_cast<__m128i>(high), reinterpret_cast<__m128i>(b)));
#endif
      return;
    }
#endif
    even_sum += even(a) * even(b);
    odd_sum += odd(a) * odd(b);
  }

  /// Transposes chunk x width counts: row r is read at from + r * from_stride; column c is written, `chunk` counts, to
  /// to + c * to_stride.
  [[gnu::always_inline]] static void transpose(const Count* from, std::size_t from_stride, Count* to,
                                               std::size_t to_stride) noexcept {
    counts r[chunk];
#pragma GCC unroll 8
    for (std::size_t k = 0; k < chunk; ++k) r[k] = load(from + k * from_stride);
    // Interleaving row k with row k + chunk / 2, log2(chunk) times, is a transposition within each 16 bytes.
#pragma GCC unroll 3
    for (std::size_t step = 1; step < chunk; step *= 2) {
      counts next[chunk];
#pragma GCC unroll 4
      for (std::size_t k = 0; k < chunk / 2; ++k) {
        next[2 * k] = low_halves(r[k], r[k + chunk / 2]);
        next[2 * k + 1] = high_halves(r[k], r[k + chunk / 2]);
      }
#pragma GCC unroll 8
      for (std::size_t k = 0; k < chunk; ++k) r[k] = next[k];
    }
#pragma GCC unroll 8
    for (std::size_t k = 0; k < chunk; ++k) {
#if defined(__AVX2__)
      const auto both = reinterpret_cast<__m256i>(r[k]);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + k * to_stride), _mm256_castsi256_si128(both));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(to + (k + chunk) * to_stride), _mm256_extracti128_si256(both, 1));
#else
      std::memcpy(to + k * to_stride, &r[k], 16);
#endif
    }
  }

 private:
  /// Interleaves the lower (upper) half of each 16 bytes of `a` with that of `b`.
  [[nodiscard, gnu::always_inline]] static counts low_halves(counts a, counts b) noexcept {
#if defined(__AVX2__)
    const auto x = reinterpret_cast<__m256i>(a), y = reinterpret_cast<__m256i>(b);
    return reinterpret_cast<counts>(sizeof(Count) == 2 ? _mm256_unpacklo_epi16(x, y) : _mm256_unpacklo_epi32(x, y));
#elif defined(__SSE2__)
    const auto x = reinterpret_cast<__m128i>(a), y = reinterpret_cast<__m128i>(b);
    return reinterpret_cast<counts>(sizeof(Count) == 2 ? _mm_unpacklo_epi16(x, y) : _mm_unpacklo_epi32(x, y));
#else
    counts out{};
    for (std::size_t k = 0; k < width; ++k) out[k] = k % 2 == 0 ? a[k / 2] : b[k / 2];
    return out;
#endif
  }
  [[nodiscard, gnu::always_inline]] static counts high_halves(counts a, counts b) noexcept {
#if defined(__AVX2__)
    const auto x = reinterpret_cast<__m256i>(a), y = reinterpret_cast<__m256i>(b);
    return reinterpret_cast<counts>(sizeof(Count) == 2 ? _mm256_unpackhi_epi16(x, y) : _mm256_unpackhi_epi32(x, y));
#elif defined(__SSE2__)
    const auto x = reinterpret_cast<__m128i>(a), y = reinterpret_cast<__m128i>(b);
    return reinterpret_cast<counts>(sizeof(Count) == 2 ? _mm_unpackhi_epi16(x, y) : _mm_unpackhi_epi32(x, y));
#else
    counts out{};
    for (std::size_t k = 0; k < width; ++k) out[k] = k % 2 == 0 ? a[(width + k) / 2] : b[(width + k) / 2];
    return out;
#endif
  }
};

#if defined(__SSE2__)
namespace detail {

/// Writes the total of each of four registers.
[[gnu::always_inline]] inline void store_totals(const __m128i* s, std::int32_t* to) noexcept {
  const __m128i low = _mm_add_epi32(_mm_unpacklo_epi32(s[0], s[1]), _mm_unpackhi_epi32(s[0], s[1]));
  const __m128i high = _mm_add_epi32(_mm_unpacklo_epi32(s[2], s[3]), _mm_unpackhi_epi32(s[2], s[3]));
  const __m128i total = _mm_add_epi32(_mm_unpacklo_epi64(low, high), _mm_unpackhi_epi64(low, high));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), total);
}

}  // namespace detail
#endif

/// How many columns `dot_products` takes on either side.
inline constexpr std::size_t product_columns = 4;

/// Four columns of 16-bit integers against four: to[r + c * to_stride] is the sum of a_r[t] * b_c[t] over t < stride,
/// which is the length of a column and a multiple of 32. The sums must fit into 32 bits.
[[gnu::always_inline]] inline void dot_products(const std::int16_t* a, const std::int16_t* b, std::size_t stride,
                                                std::int32_t* to, std::size_t to_stride) noexcept {
#if defined(__AVX512BW__)
  __m512i sum[16];
#pragma GCC unroll 16
  for (auto& s : sum) s = _mm512_setzero_si512();
  for (std::size_t t = 0; t < stride; t += 32) {
    __m512i x[4];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) x[r] = _mm512_loadu_si512(a + r * stride + t);
#pragma GCC unroll 4
    for (std::size_t c = 0; c < 4; ++c) {
      const __m512i y = _mm512_loadu_si512(b + c * stride + t);
#pragma GCC unroll 4
      for (std::size_t r = 0; r < 4; ++r) {
#if defined(__AVX512VNNI__)
        sum[4 * c + r] = _mm512_dpwssd_epi32(sum[4 * c + r], x[r], y);
#else
        sum[4 * c + r] = _mm512_add_epi32(sum[4 * c + r], _mm512_madd_epi16(x[r], y));
#endif
      }
    }
  }
#pragma GCC unroll 4
  for (std::size_t c = 0; c < 4; ++c) {
    __m128i folded[4];
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      __m128i quarter[4];
      std::memcpy(quarter, &sum[4 * c + r], sizeof quarter);
      folded[r] = _mm_add_epi32(_mm_add_epi32(quarter[0], quarter[1]), _mm_add_epi32(quarter[2], quarter[3]));
    }
    detail::store_totals(folded, to + c * to_stride);
  }
#elif defined(__SSE2__)
  for (std::size_t half = 0; half < 4; half += 2) {  // eight sums at a time: there are sixteen registers
    __m128i sum[8];
#pragma GCC unroll 8
    for (auto& s : sum) s = _mm_setzero_si128();
    for (std::size_t t = 0; t < stride; t += 8) {
      const __m128i y0 = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + half * stride + t));
      const __m128i y1 = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + (half + 1) * stride + t));
#pragma GCC unroll 4
      for (std::size_t r = 0; r < 4; ++r) {
        const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + r * stride + t));
        sum[r] = _mm_add_epi32(sum[r], _mm_madd_epi16(x, y0));
        sum[4 + r] = _mm_add_epi32(sum[4 + r], _mm_madd_epi16(x, y1));
      }
    }
    detail::store_totals(sum, to + half * to_stride);
    detail::store_totals(sum + 4, to + (half + 1) * to_stride);
  }
#else
  for (std::size_t c = 0; c < 4; ++c) {
    for (std::size_t r = 0; r < 4; ++r) {
      std::int32_t sum = 0;
      for (std::size_t t = 0; t < stride; ++t) sum += std::int32_t{a[r * stride + t]} * b[c * stride + t];
      to[r + c * to_stride] = sum;
    }
  }
#endif
}

}  // namespace basket::numeric
