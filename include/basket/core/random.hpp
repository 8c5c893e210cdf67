// Counter-based random streams: the same numbers whatever the order or the number of threads that ask for them.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace basket {

/// A stream of random bits addressed by (seed, stream, position): draws of one stream never depend on another's.
/// Models UniformRandomBitGenerator; feed it to Boost.Random distributions, never to std:: ones (not portable).
///
/// Cost:   ten rounds of two multiplications for each four draws.
/// Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011), Philox4x32-10.
class random_stream {
 public:
  using result_type = std::uint32_t;
  using block = std::array<std::uint32_t, 4>;

  constexpr explicit random_stream(std::uint64_t seed, std::uint64_t stream = 0) noexcept
      : key_{low(seed), high(seed)}, counter_{0, 0, low(stream), high(stream)} {}

  [[nodiscard]] static constexpr result_type min() noexcept { return 0; }
  [[nodiscard]] static constexpr result_type max() noexcept { return std::numeric_limits<result_type>::max(); }

  constexpr result_type operator()() noexcept {
    if (used_ == 4) {
      output_ = philox(counter_, key_);
      if (++counter_[0] == 0) ++counter_[1];
      used_ = 0;
    }
    return output_[used_++];
  }

  /// A double in [0, 1) with 53 random bits.
  constexpr double uniform() noexcept {
    const std::uint64_t bits = (std::uint64_t{(*this)()} << 32) | (*this)();
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
  }

  /// A whole number in [0, bound), without bias; bound > 0.
  /// Source: Lemire, Fast random integer generation in an interval (2019).
  constexpr std::uint32_t below(std::uint32_t bound) noexcept {
    std::uint64_t product = std::uint64_t{(*this)()} * bound;
    if (static_cast<std::uint32_t>(product) < bound) {
      const std::uint32_t threshold = (0 - bound) % bound;
      while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{(*this)()} * bound;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  /// The block function itself, for tests against the published answers.
  [[nodiscard]] static constexpr block philox(block counter, std::array<std::uint32_t, 2> key) noexcept {
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t p0 = std::uint64_t{0xD2511F53} * counter[0];
      const std::uint64_t p1 = std::uint64_t{0xCD9E8D57} * counter[2];
      counter = {high(p1) ^ counter[1] ^ key[0], low(p1), high(p0) ^ counter[3] ^ key[1], low(p0)};
      key[0] += 0x9E3779B9;
      key[1] += 0xBB67AE85;
    }
    return counter;
  }

 private:
  static constexpr std::uint32_t low(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x); }
  static constexpr std::uint32_t high(std::uint64_t x) noexcept { return static_cast<std::uint32_t>(x >> 32); }

  std::array<std::uint32_t, 2> key_;
  block counter_;
  block output_{};
  unsigned used_ = 4;
};

}  // namespace basket
