// 128-bit integers for exact products of prices and shares.
#pragma once

#include <cstdint>
#include <string>

#include "basket/core/error.hpp"

namespace basket {

__extension__ using int128 = __int128;

/// Which way a quotient goes when it is not whole. Directions are named for the number line, not for who pays.
enum class rounding {
  down,          ///< toward minus infinity
  up,            ///< toward plus infinity
  half_to_even,  ///< to the nearest, ties to the even quotient
};

namespace detail {

/// The quotient of whole numbers of one width, rounded as asked; denominator > 0.
template <class Whole>
[[nodiscard]] constexpr Whole divide_as(Whole numerator, Whole denominator, rounding mode) {
  Whole quotient = numerator / denominator;
  Whole remainder = numerator % denominator;
  if (remainder < 0) {  // C++ truncates toward zero: make it a floor with 0 <= remainder < denominator
    remainder += denominator;
    quotient -= 1;
  }
  if (remainder == 0 || mode == rounding::down) return quotient;
  if (mode == rounding::up) return quotient + 1;
  const Whole rest = denominator - remainder;
  if (remainder != rest) return remainder < rest ? quotient : quotient + 1;
  return quotient % 2 == 0 ? quotient : quotient + 1;
}

}  // namespace detail

/// numerator / denominator in whole units, rounded as asked; denominator > 0. Cost: a 64-bit division where both fit,
/// which is a tenth of one in 128 bits.
[[nodiscard]] constexpr int128 divide(int128 numerator, int128 denominator, rounding mode) {
  const auto n = static_cast<std::int64_t>(numerator), d = static_cast<std::int64_t>(denominator);
  // The smallest 64-bit number is left to the wide path: its floor could not be reached without an overflow.
  if (n == numerator && d == denominator && n != INT64_MIN) [[likely]]
    return detail::divide_as<std::int64_t>(n, d, mode);
  return detail::divide_as<int128>(numerator, denominator, mode);
}

/// Narrows to 64 bits.
///
/// Fails: precondition_error when the value does not fit; an amount is never wrapped.
[[nodiscard]] constexpr std::int64_t narrow(int128 value) {
  if (value > INT64_MAX || value < INT64_MIN) [[unlikely]]
    detail::refuse("an amount does not fit into 64 bits");
  return static_cast<std::int64_t>(value);
}

/// a + b and a - b in 64 bits. Fails: as `narrow`.
[[nodiscard]] constexpr std::int64_t add_whole(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) [[unlikely]]
    detail::refuse("an amount does not fit into 64 bits");
  return sum;
}
[[nodiscard]] constexpr std::int64_t subtract_whole(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference)) [[unlikely]]
    detail::refuse("an amount does not fit into 64 bits");
  return difference;
}

/// Decimal digits of a 128-bit integer.
[[nodiscard]] inline std::string to_string(int128 value) {
  if (value == 0) return "0";
  const bool negative = value < 0;
  std::string digits;
  while (value != 0) {
    const int digit = static_cast<int>(value % 10);
    digits.insert(digits.begin(), static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  }
  return negative ? "-" + digits : digits;
}

}  // namespace basket
