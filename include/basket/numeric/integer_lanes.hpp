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

/// Four columns of 16-bit integers against two: products[2 * r + c] is the sum of a_r[t] * b_c[t] over t < rows, where
/// rows is a multiple of 32 and each column is `stride` long. The sums must fit into 32 bits.
[[gnu::always_inline]] inline void dot_products(const std::int16_t* a, const std::int16_t* b, std::size_t stride,
                                                std::size_t rows, std::int32_t (&products)[8]) noexcept {
#if defined(__AVX512BW__)
  __m512i sum[8];
#pragma GCC unroll 8
  for (auto& s : sum) s = _mm512_setzero_si512();
  for (std::size_t t = 0; t < rows; t += 32) {
    const __m512i y0 = _mm512_loadu_si512(b + t), y1 = _mm512_loadu_si512(b + stride + t);
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      const __m512i x = _mm512_loadu_si512(a + r * stride + t);
#if defined(__AVX512VNNI__)
      sum[2 * r] = _mm512_dpwssd_epi32(sum[2 * r], x, y0);
      sum[2 * r + 1] = _mm512_dpwssd_epi32(sum[2 * r + 1], x, y1);
#else
      sum[2 * r] = _mm512_add_epi32(sum[2 * r], _mm512_madd_epi16(x, y0));
      sum[2 * r + 1] = _mm512_add_epi32(sum[2 * r + 1], _mm512_madd_epi16(x, y1));
#endif
    }
  }
#pragma GCC unroll 8
  for (std::size_t k = 0; k < 8; ++k) {
    __m128i quarter[4];
    std::memcpy(quarter, &sum[k], sizeof quarter);
    const __m128i folded = _mm_add_epi32(_mm_add_epi32(quarter[0], quarter[1]), _mm_add_epi32(quarter[2], quarter[3]));
    std::int32_t part[4];
    std::memcpy(part, &folded, sizeof part);
    products[k] = part[0] + part[1] + part[2] + part[3];
  }
#elif defined(__SSE2__)
  __m128i sum[8];
#pragma GCC unroll 8
  for (auto& s : sum) s = _mm_setzero_si128();
  for (std::size_t t = 0; t < rows; t += 8) {
    const __m128i y0 = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + t));
    const __m128i y1 = _mm_loadu_si128(reinterpret_cast<const __m128i*>(b + stride + t));
#pragma GCC unroll 4
    for (std::size_t r = 0; r < 4; ++r) {
      const __m128i x = _mm_loadu_si128(reinterpret_cast<const __m128i*>(a + r * stride + t));
      sum[2 * r] = _mm_add_epi32(sum[2 * r], _mm_madd_epi16(x, y0));
      sum[2 * r + 1] = _mm_add_epi32(sum[2 * r + 1], _mm_madd_epi16(x, y1));
    }
  }
#pragma GCC unroll 8
  for (std::size_t k = 0; k < 8; ++k) {
    std::int32_t part[4];
    std::memcpy(part, &sum[k], sizeof part);
    products[k] = part[0] + part[1] + part[2] + part[3];
  }
#else
  for (std::size_t k = 0; k < 8; ++k) {
    const std::int16_t* const x = a + (k / 2) * stride;
    const std::int16_t* const y = b + (k % 2) * stride;
    products[k] = 0;
    for (std::size_t t = 0; t < rows; ++t) products[k] += std::int32_t{x[t]} * y[t];
  }
#endif
}

}  // namespace basket::numeric
