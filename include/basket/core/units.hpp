// Money, prices and shares as exact integers; probabilities and basis points as types of their own.
#pragma once

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "basket/core/error.hpp"
#include "basket/core/int128.hpp"

namespace basket {

inline constexpr std::int64_t micro = 1'000'000;  ///< units of 1e-6 in one

namespace detail {

/// "-12.345678" from micro-units, always six decimals.
inline std::string micro_text(std::int64_t value) {
  const bool negative = value < 0;
  const std::uint64_t magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string decimals = std::to_string(magnitude % static_cast<std::uint64_t>(micro));
  decimals.insert(0, 6 - decimals.size(), '0');
  return (negative ? "-" : "") + std::to_string(magnitude / static_cast<std::uint64_t>(micro)) + "." + decimals;
}

/// Micro-units of a decimal text with at most six decimals and nothing else in it; empty when it is not one.
inline std::optional<std::int64_t> micro_parse(std::string_view text) {
  bool negative = false;
  std::size_t at = 0;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    at = 1;
  }
  constexpr std::int64_t most = INT64_MAX;
  std::int64_t value = 0;
  int decimals = -1;  // counts digits after the point, -1 before it
  bool digit_seen = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.' && decimals < 0) {
      decimals = 0;
    } else if (c >= '0' && c <= '9') {
      digit_seen = true;
      if (decimals >= 0 && ++decimals > 6) {
        if (c != '0') return std::nullopt;
        continue;
      }
      const std::int64_t digit = c - '0';
      if (value > (most - digit) / 10) return std::nullopt;
      value = value * 10 + digit;
    } else {
      return std::nullopt;
    }
  }
  if (!digit_seen) return std::nullopt;
  for (int d = decimals < 0 ? 0 : (decimals > 6 ? 6 : decimals); d < 6; ++d) {
    if (value > most / 10) return std::nullopt;
    value *= 10;
  }
  return negative ? -value : value;
}

inline std::int64_t micro_round(double value) {
  const double scaled = std::nearbyint(value * static_cast<double>(micro));
  if (!(std::abs(scaled) < 9.0e18)) throw precondition_error("a value is missing or too large for micro-units");
  return static_cast<std::int64_t>(scaled);
}

}  // namespace detail

/// An amount of the collateral currency in micro-dollars, exact; negative when owed.
class money {
 public:
  constexpr money() noexcept = default;
  [[nodiscard]] static constexpr money micros(std::int64_t amount) noexcept { return money(amount); }
  [[nodiscard]] static constexpr money dollars(std::int64_t amount) { return money(narrow(int128{amount} * micro)); }
  [[nodiscard]] static constexpr money cents(std::int64_t amount) { return money(narrow(int128{amount} * 10'000)); }
  /// The amount in a decimal text such as "100000.25"; empty when it is not one or has more than six decimals.
  [[nodiscard]] static std::optional<money> parse(std::string_view text) {
    const auto amount = detail::micro_parse(text);
    return amount ? std::optional(money(*amount)) : std::nullopt;
  }
  [[nodiscard]] constexpr std::int64_t micros() const noexcept { return amount_; }
  /// For statistics and charts only: never goes back into the ledger.
  [[nodiscard]] constexpr double to_double() const noexcept { return static_cast<double>(amount_) / micro; }
  friend constexpr auto operator<=>(money, money) noexcept = default;
  friend constexpr money operator+(money a, money b) { return money(add_whole(a.amount_, b.amount_)); }
  friend constexpr money operator-(money a, money b) { return money(subtract_whole(a.amount_, b.amount_)); }
  constexpr money operator-() const { return money{} - *this; }
  constexpr money& operator+=(money other) { return *this = *this + other; }
  constexpr money& operator-=(money other) { return *this = *this - other; }
  friend std::string to_string(money m) { return detail::micro_text(m.amount_); }

 private:
  constexpr explicit money(std::int64_t amount) noexcept : amount_(amount) {}
  std::int64_t amount_ = 0;
};

/// A number of contracts in micro-shares, exact.
class shares {
 public:
  constexpr shares() noexcept = default;
  [[nodiscard]] static constexpr shares micros(std::int64_t count) noexcept { return shares(count); }
  [[nodiscard]] static constexpr shares whole(std::int64_t count) { return shares(narrow(int128{count} * micro)); }
  [[nodiscard]] static std::optional<shares> parse(std::string_view text) {
    const auto count = detail::micro_parse(text);
    return count ? std::optional(shares(*count)) : std::nullopt;
  }
  [[nodiscard]] constexpr std::int64_t micros() const noexcept { return count_; }
  [[nodiscard]] constexpr double to_double() const noexcept { return static_cast<double>(count_) / micro; }
  friend constexpr auto operator<=>(shares, shares) noexcept = default;
  friend constexpr shares operator+(shares a, shares b) { return shares(add_whole(a.count_, b.count_)); }
  friend constexpr shares operator-(shares a, shares b) { return shares(subtract_whole(a.count_, b.count_)); }
  constexpr shares operator-() const { return shares{} - *this; }
  constexpr shares& operator+=(shares other) { return *this = *this + other; }
  constexpr shares& operator-=(shares other) { return *this = *this - other; }
  friend std::string to_string(shares s) { return detail::micro_text(s.count_); }

 private:
  constexpr explicit shares(std::int64_t count) noexcept : count_(count) {}
  std::int64_t count_ = 0;
};

/// Dollars per share in units of 1e-6, always in [0, 1]: a price of, or a payout on, a contract that pays at most one.
class price {
 public:
  constexpr price() noexcept = default;
  /// Fails: precondition_error outside [0, 1'000'000].
  [[nodiscard]] static constexpr price micros(std::int64_t value) {
    if (value < 0 || value > micro) [[unlikely]]
      detail::refuse("a price must lie in [0, 1] dollars");
    return price(static_cast<std::int32_t>(value));
  }
  [[nodiscard]] static constexpr price cents(std::int64_t value) {
    if (value < 0 || value > 100) throw precondition_error("a price must lie in [0, 1] dollars");
    return micros(value * 10'000);
  }
  /// The nearest price on the 1e-6 grid.
  [[nodiscard]] static price nearest(double dollars) { return micros(detail::micro_round(dollars)); }
  [[nodiscard]] static std::optional<price> parse(std::string_view text) {
    const auto value = detail::micro_parse(text);
    if (!value || *value < 0 || *value > micro) return std::nullopt;
    return micros(*value);
  }
  [[nodiscard]] constexpr std::int64_t micros() const noexcept { return value_; }
  [[nodiscard]] constexpr double to_double() const noexcept { return static_cast<double>(value_) / micro; }
  /// What the other side of the same question costs: 1 - p.
  [[nodiscard]] constexpr price complement() const noexcept { return price(static_cast<std::int32_t>(micro - value_)); }
  friend constexpr auto operator<=>(price, price) noexcept = default;
  friend std::string to_string(price p) { return detail::micro_text(p.value_); }

 private:
  constexpr explicit price(std::int32_t value) noexcept : value_(value) {}
  std::int32_t value_ = 0;
};

/// price * shares without rounding, in units of 1e-12 dollars (pico-dollars).
struct notional {
  int128 picos = 0;
  /// Whole micro-dollars; what the rounding leaves over is `picos - 1e6 * result`, which the ledger books as residue.
  [[nodiscard]] constexpr money to_money(rounding mode) const {
    return money::micros(narrow(divide(picos, int128{micro}, mode)));
  }
  friend constexpr bool operator==(notional, notional) noexcept = default;
  friend constexpr notional operator+(notional a, notional b) noexcept { return {a.picos + b.picos}; }
};

[[nodiscard]] constexpr notional operator*(price p, shares s) noexcept { return {int128{p.micros()} * s.micros()}; }
[[nodiscard]] constexpr notional operator*(shares s, price p) noexcept { return p * s; }

/// A probability in [0, 1]; not a price: no cost, tick or rounding belongs to it.
class probability {
 public:
  /// Fails: precondition_error outside [0, 1] or when missing.
  constexpr explicit probability(double value) : value_(value) {
    if (!(value >= 0.0 && value <= 1.0)) throw precondition_error("a probability must lie in [0, 1]");
  }
  [[nodiscard]] constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(probability, probability) noexcept = default;

 private:
  double value_;
};

/// Hundredths of a percent, whole.
struct basis_points {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(basis_points, basis_points) noexcept = default;
};

/// The part of an amount that so many basis points are, rounded as asked.
[[nodiscard]] constexpr money fraction(notional amount, basis_points rate, rounding mode) {
  return money::micros(narrow(divide(amount.picos * rate.value, int128{micro} * 10'000, mode)));
}

}  // namespace basket
