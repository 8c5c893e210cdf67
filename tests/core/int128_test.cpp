#include "basket/core/int128.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "basket/core/random.hpp"

namespace basket_test::core_int128 {

using namespace basket;

TEST_CASE("directions are those of the number line") {
  CHECK(divide(7, 2, rounding::down) == 3);
  CHECK(divide(-7, 2, rounding::down) == -4);
  CHECK(divide(7, 2, rounding::up) == 4);
  CHECK(divide(-7, 2, rounding::up) == -3);
  CHECK(divide(5, 2, rounding::half_to_even) == 2);
  CHECK(divide(7, 2, rounding::half_to_even) == 4);
  CHECK(divide(-5, 2, rounding::half_to_even) == -2);
  CHECK(divide(-7, 2, rounding::half_to_even) == -4);
}

TEST_CASE("rounding is the floating-point one where that is exact") {
  int wrong = 0;
  for (int n = -400; n <= 400; ++n) {
    for (int d = 1; d <= 16; d *= 2) {  // powers of two: the quotient has no error of its own
      const double exact = static_cast<double>(n) / d;
      wrong += divide(n, d, rounding::down) != static_cast<int128>(std::floor(exact));
      wrong += divide(n, d, rounding::up) != static_cast<int128>(std::ceil(exact));
      wrong += divide(n, d, rounding::half_to_even) != static_cast<int128>(std::nearbyint(exact));
    }
  }
  CHECK(wrong == 0);
}

TEST_CASE("a quotient is never more than its rounding away") {
  random_stream random(1);
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto part = [&] { return static_cast<std::int64_t>((std::uint64_t{random()} << 32) | random()); };
    const int128 n = int128{part()} * part();
    const int128 d = int128{part() >> random.below(62)};
    if (d <= 0) continue;
    const int128 down = divide(n, d, rounding::down), up = divide(n, d, rounding::up);
    const int128 even = divide(n, d, rounding::half_to_even);
    wrong += !(n - down * d >= 0 && n - down * d < d);
    wrong += !(up * d - n >= 0 && up * d - n < d);
    const int128 off = even * d - n, size = off < 0 ? -off : off;
    wrong += !(2 * size < d || (2 * size == d && even % 2 == 0));
  }
  CHECK(wrong == 0);
}

TEST_CASE("narrowing refuses what does not fit") {
  CHECK(narrow(int128{INT64_MAX}) == INT64_MAX);
  CHECK(narrow(int128{INT64_MIN}) == INT64_MIN);
  CHECK_THROWS_WITH_AS((void)narrow(int128{INT64_MAX} + 1), "an amount does not fit into 64 bits", precondition_error);
  CHECK_THROWS_AS((void)narrow(int128{INT64_MIN} - 1), precondition_error);
}

TEST_CASE("digits") {
  CHECK(to_string(int128{0}) == "0");
  CHECK(to_string(int128{-120}) == "-120");
  CHECK(to_string(int128{INT64_MIN}) == "-9223372036854775808");
  const int128 large = int128{1'000'000'000'000} * 1'000'000'000'000 * 1'000'000'000'000;
  CHECK(to_string(large) == "1" + std::string(36, '0'));
  const int128 lowest = static_cast<int128>(1) << 126;
  CHECK(to_string(-lowest - lowest) == "-170141183460469231731687303715884105728");
}

}  // namespace basket_test::core_int128
