// Which slots of a price grid are occupied, with the nearest one found in constant time.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace basket {

/// A set of slots 0 .. size-1 in three layers of bits: adding, removing and finding the nearest occupied slot at or
/// below (above) another touch at most six words. Up to 262,144 slots.
class level_set {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  explicit level_set(std::size_t size = 0) : slots_((size + 63) / 64 + 1, 0), groups_(slots_.size() / 64 + 1, 0) {}

  void add(std::size_t slot) noexcept {
    slots_[slot >> 6] |= bit(slot);
    groups_[slot >> 12] |= bit(slot >> 6);
    top_ |= bit(slot >> 12);
  }
  void remove(std::size_t slot) noexcept {
    if ((slots_[slot >> 6] &= ~bit(slot)) != 0) return;
    if ((groups_[slot >> 12] &= ~bit(slot >> 6)) != 0) return;
    top_ &= ~bit(slot >> 12);
  }
  void clear() noexcept {
    for (std::uint64_t t = top_; t != 0; t &= t - 1) {
      const auto g = static_cast<std::size_t>(std::countr_zero(t));
      for (std::uint64_t s = groups_[g]; s != 0; s &= s - 1) {
        slots_[g << 6 | static_cast<std::size_t>(std::countr_zero(s))] = 0;
      }
      groups_[g] = 0;
    }
    top_ = 0;
  }
  [[nodiscard]] bool has(std::size_t slot) const noexcept { return (slots_[slot >> 6] & bit(slot)) != 0; }

  /// The highest occupied slot at or below `slot`; none when there is none.
  [[nodiscard]] std::size_t at_or_below(std::size_t slot) const noexcept {
    std::size_t word = slot >> 6;
    if (const std::uint64_t s = slots_[word] & up_to(slot); s != 0) return word << 6 | high(s);
    std::size_t group = word >> 6;
    if (const std::uint64_t g = groups_[group] & below(word); g != 0) {
      word = group << 6 | high(g);
      return word << 6 | high(slots_[word]);
    }
    const std::uint64_t t = top_ & below(group);
    if (t == 0) return none;
    group = high(t);
    word = group << 6 | high(groups_[group]);
    return word << 6 | high(slots_[word]);
  }
  /// The lowest occupied slot at or above `slot`; none when there is none.
  [[nodiscard]] std::size_t at_or_above(std::size_t slot) const noexcept {
    std::size_t word = slot >> 6;
    if (const std::uint64_t s = slots_[word] & ~below(slot); s != 0) return word << 6 | low(s);
    std::size_t group = word >> 6;
    if (const std::uint64_t g = groups_[group] & ~up_to(word); g != 0) {
      word = group << 6 | low(g);
      return word << 6 | low(slots_[word]);
    }
    const std::uint64_t t = top_ & ~up_to(group);
    if (t == 0) return none;
    group = low(t);
    word = group << 6 | low(groups_[group]);
    return word << 6 | low(slots_[word]);
  }

 private:
  static constexpr std::uint64_t bit(std::size_t i) noexcept { return std::uint64_t{1} << (i & 63U); }
  /// Bits 0 .. i - 1, and 0 .. i.
  static constexpr std::uint64_t below(std::size_t i) noexcept { return bit(i) - 1; }
  static constexpr std::uint64_t up_to(std::size_t i) noexcept { return below(i) | bit(i); }
  static std::size_t high(std::uint64_t w) noexcept { return 63U - static_cast<std::size_t>(std::countl_zero(w)); }
  static std::size_t low(std::uint64_t w) noexcept { return static_cast<std::size_t>(std::countr_zero(w)); }

  std::vector<std::uint64_t> slots_;
  std::vector<std::uint64_t> groups_;
  std::uint64_t top_ = 0;
};

}  // namespace basket
