#include "basket/core/random.hpp"

#include <doctest/doctest.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace basket_test::core_random {

using namespace basket;
using block = random_stream::block;

static_assert(std::uniform_random_bit_generator<random_stream>);

TEST_CASE("the block function gives the published answers") {
  // Random123 1.14, tests/kat_vectors, philox4x32 with 10 rounds.
  CHECK(random_stream::philox({0, 0, 0, 0}, {0, 0}) == block{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  const std::uint32_t f = 0xffffffff;
  CHECK(random_stream::philox({f, f, f, f}, {f, f}) == block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(random_stream::philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        block{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a stream is the block function over its counter: seed, stream and position address every draw") {
  const std::uint64_t seed = 0x1122334455667788, stream = 0x99aabbccddeeff00;
  random_stream random(seed, stream);
  for (std::uint32_t position = 0; position < 50; ++position) {
    for (const std::uint32_t expected :
         random_stream::philox({position, 0, 0xddeeff00, 0x99aabbcc}, {0x55667788, 0x11223344})) {
      CHECK(random() == expected);
    }
  }
}

TEST_CASE("streams and seeds share no draws") {
  std::set<std::uint32_t> seen;
  const int streams = 40, draws = 50;
  for (int s = 0; s < streams; ++s) {
    random_stream by_stream(1, static_cast<std::uint64_t>(s)), by_seed(static_cast<std::uint64_t>(s) + 100);
    for (int i = 0; i < draws; ++i) {
      seen.insert(by_stream());
      seen.insert(by_seed());
    }
  }
  CHECK(seen.size() >= 2u * streams * draws - 3);  // 4000 draws of 32 bits collide 0.002 times on average
}

TEST_CASE("the order in which streams are asked does not matter") {
  random_stream a(9, 1), b(9, 2), a_again(9, 1);
  std::vector<std::uint32_t> together, alone;
  for (int i = 0; i < 20; ++i) {
    together.push_back(a());
    (void)b();
  }
  for (int i = 0; i < 20; ++i) alone.push_back(a_again());
  CHECK(together == alone);
}

TEST_CASE("uniform lies in [0, 1) and has the moments of a uniform") {
  random_stream random(3);
  double sum = 0.0, squares = 0.0, lowest = 1.0, highest = 0.0;
  const int n = 100'000;
  for (int i = 0; i < n; ++i) {
    const double u = random.uniform();
    sum += u;
    squares += u * u;
    lowest = std::min(lowest, u);
    highest = std::max(highest, u);
  }
  CHECK(lowest >= 0.0);
  CHECK(highest < 1.0);
  CHECK(std::abs(sum / n - 0.5) < 5.0 * std::sqrt(1.0 / 12.0 / n));
  CHECK(std::abs(squares / n - 1.0 / 3.0) < 5.0 * std::sqrt(4.0 / 45.0 / n));
  CHECK(lowest < 1e-3);
  CHECK(highest > 1.0 - 1e-3);
}

TEST_CASE("below is without bias, also where the bound does not divide 2^32") {
  random_stream random(4);
  CHECK(random.below(1) == 0);
  std::vector<int> counts(7);
  const int n = 70'000;
  for (int i = 0; i < n; ++i) ++counts[random.below(7)];
  double chi = 0.0;
  for (const int c : counts) chi += (c - n / 7.0) * (c - n / 7.0) / (n / 7.0);
  CHECK(chi < 27.9);  // chi-square with 6 degrees of freedom, p = 1e-4
  // Just over half of the range: taking the high word without rejection would make the first third twice as likely.
  const std::uint32_t bound = 0xC0000000;
  int low = 0;
  for (int i = 0; i < n; ++i) low += random.below(bound) % 3 == 0;
  CHECK(std::abs(low - n / 3.0) < 5.0 * std::sqrt(n * 2.0 / 9.0));
}

TEST_CASE("Boost's distributions take a stream") {
  random_stream random(5);
  boost::random::normal_distribution<double> normal;
  double sum = 0.0, squares = 0.0;
  const int n = 50'000;
  for (int i = 0; i < n; ++i) {
    const double z = normal(random);
    sum += z;
    squares += z * z;
  }
  CHECK(std::abs(sum / n) < 5.0 / std::sqrt(n));
  CHECK(std::abs(squares / n - 1.0) < 5.0 * std::sqrt(2.0 / n));
}

}  // namespace basket_test::core_random
