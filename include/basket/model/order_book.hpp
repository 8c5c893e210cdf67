// The joint book of a binary market: both tokens' bids and offers on one dense price grid.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/units.hpp"
#include "basket/model/level_set.hpp"
#include "basket/model/message.hpp"

namespace basket {

/// What one message did to one level, in YES terms.
struct book_change {
  side of = side::buy;
  price at = {};
  shares before = {}, after = {};
  bool replaced = false;  ///< the whole book was told anew: a snapshot is complete, or a quote arrived
};

/// Input that was not booked, and states that should not be.
struct book_defects {
  std::uint64_t off_grid = 0;         ///< a price between grid steps
  std::uint64_t at_the_end = 0;       ///< a level at 0 or 1, where nothing can be bought or sold
  std::uint64_t impossible_size = 0;  ///< negative, or beyond 1e12 shares
  std::uint64_t without_book = 0;     ///< a level before the first snapshot, or behind a gap
  std::uint64_t broken_snapshot = 0;  ///< another message came before the announced levels had
  std::uint64_t crossed = 0;          ///< messages after which the best bid was not below the best ask
  friend bool operator==(const book_defects&, const book_defects&) = default;
};

/// One book in YES terms: a bid for NO at p is an offer of YES at 1 - p of the same size. Both tokens' messages feed
/// it; a snapshot of either replaces both sides. What a strategy took of a level stays taken until a message tells that
/// level anew: `available` is what is displayed less that.
///
/// Missing: there is no book (`ready()` is false) before the first snapshot or quote, inside a snapshot, and behind a
/// gap. Fails:   precondition_error when the grid does not divide a dollar into at most 100,000 steps. Input that
/// cannot be
///          is counted in `defects()` and changes nothing.
/// Cost:    O(1) a level; no allocation after construction.
class order_book {
 public:
  explicit order_book(price grid = price::micros(1'000))
      : step_(grid.micros()), top_slot_(step_ > 0 ? static_cast<std::size_t>(micro / step_) : 0) {
    if (step_ <= 0 || micro % step_ != 0 || top_slot_ > 100'000) {
      throw precondition_error("a price grid divides a dollar into 2 to 100000 steps; this one is " + to_string(grid));
    }
    inverse_ = (std::uint64_t{1} << 40) / static_cast<std::uint64_t>(step_) + 1;
    for (book_side& s : sides_) s = book_side(top_slot_ + 1);
  }

  /// Brings the book up to date with a snapshot, level, quote or gap message; other kinds change nothing.
  book_change apply(const message& m) {
    switch (m.kind()) {
      case message_kind::level:
        return apply_level(m);
      case message_kind::snapshot:
        return begin_snapshot(m);
      case message_kind::quote:
        return apply_quote(m);
      case message_kind::market:
        if (m.market().change == market_change::gap) {
          clear();
          ready_ = false;
          expected_ = 0;
        }
        return {};
      default:
        return {};
    }
  }

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  /// Whether sizes are told; quotes without sizes leave a book of prices alone.
  [[nodiscard]] bool sizes_known() const noexcept { return sizes_known_; }
  [[nodiscard]] price grid() const { return price::micros(step_); }

  [[nodiscard]] std::optional<price> best_bid() const {
    return bid_ == level_set::none ? std::nullopt : std::optional<price>(price_at(bid_));
  }
  [[nodiscard]] std::optional<price> best_ask() const {
    return ask_ == level_set::none ? std::nullopt : std::optional<price>(price_at(ask_));
  }
  /// Twice the middle of bid and ask in micro-dollars, exact; nothing where a side is empty.
  [[nodiscard]] std::optional<std::int64_t> double_mid() const noexcept {
    if (bid_ == level_set::none || ask_ == level_set::none) return std::nullopt;
    return static_cast<std::int64_t>(bid_ + ask_) * step_;
  }
  [[nodiscard]] bool crossed() const noexcept {
    return bid_ != level_set::none && ask_ != level_set::none && bid_ >= ask_;
  }

  /// What is displayed at a price; 0 off the grid.
  [[nodiscard]] shares size(side of, price at) const {
    const std::size_t slot = slot_of(at);
    return slot == level_set::none ? shares{} : shares::micros(half(of).size[slot]);
  }
  /// What the strategy took of it since a message last told it.
  [[nodiscard]] shares taken(side of, price at) const {
    const std::size_t slot = slot_of(at);
    return slot == level_set::none || !any_taken_ ? shares{} : shares::micros(half(of).taken[slot]);
  }
  /// What a taker would still find there.
  [[nodiscard]] shares available(side of, price at) const { return std::max(shares{}, size(of, at) - taken(of, at)); }
  /// Notes that the strategy took something. Fails: precondition_error off the grid or when it is not positive.
  void take(side of, price at, shares quantity) {
    const std::size_t slot = slot_of(at);
    require(slot != level_set::none && quantity > shares{}, "what is taken from a book must stand on its grid");
    half(of).taken[slot] += quantity.micros();
    any_taken_ = true;
  }

  /// Calls visit(price, displayed size) from the best level on, as long as it returns true.
  template <class Visit>
  void for_each_level(side of, const Visit& visit) const {
    const book_side& s = half(of);
    if (of == side::buy) {
      for (std::size_t slot = bid_; slot != level_set::none;) {
        if (!visit(price_at(slot), shares::micros(s.size[slot])) || slot == 0) return;
        slot = s.occupied.at_or_below(slot - 1);
      }
    } else {
      for (std::size_t slot = ask_; slot != level_set::none;) {
        if (!visit(price_at(slot), shares::micros(s.size[slot])) || slot == top_slot_) return;
        slot = s.occupied.at_or_above(slot + 1);
      }
    }
  }
  [[nodiscard]] std::size_t levels(side of) const {
    std::size_t n = 0;
    for_each_level(of, [&n](price, shares) {
      ++n;
      return true;
    });
    return n;
  }

  [[nodiscard]] const book_defects& defects() const noexcept { return defects_; }

 private:
  static constexpr std::int64_t most_micros = 1'000'000'000'000 * micro;

  struct book_side {
    std::vector<std::int64_t> size = {};
    std::vector<std::int64_t> taken = {};
    level_set occupied = level_set(0);
    book_side() = default;
    explicit book_side(std::size_t slots) : size(slots, 0), taken(slots, 0), occupied(slots) {}
  };

  [[nodiscard]] book_side& half(side of) noexcept { return sides_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] const book_side& half(side of) const noexcept { return sides_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] price price_at(std::size_t slot) const {
    return price::micros(static_cast<std::int64_t>(slot) * step_);
  }
  /// The slot of a price on the grid, else none. Division by a constant of the book is a product and a shift.
  [[nodiscard]] std::size_t slot_of(price at) const noexcept {
    const auto micros = static_cast<std::uint64_t>(at.micros());
    const std::uint64_t slot = (micros * inverse_) >> 40;
    return slot * static_cast<std::uint64_t>(step_) == micros ? static_cast<std::size_t>(slot) : level_set::none;
  }

  book_change apply_level(const message& m) {
    if (!ready_ && expected_ == 0) [[unlikely]] {
      ++defects_.without_book;
      return {};
    }
    const level_size l = m.level();
    const bool yes = m.of == outcome::yes;
    const side of = yes ? l.of : (l.of == side::buy ? side::sell : side::buy);
    const price at = yes ? l.at : l.at.complement();
    book_change change{.of = of, .at = at};
    const std::size_t slot = slot_of(at);
    if (slot == level_set::none || slot == 0 || slot == top_slot_ || l.size < shares{} || l.size.micros() > most_micros)
        [[unlikely]] {
      ++(slot == level_set::none                              ? defects_.off_grid
         : l.size < shares{} || l.size.micros() > most_micros ? defects_.impossible_size
                                                              : defects_.at_the_end);
    } else {
      change.before = shares::micros(half(of).size[slot]);
      change.after = l.size;
      set(of, slot, l.size.micros());
    }
    if (expected_ > 0) {
      if (--expected_ > 0) return change;
      ready_ = true;
      change.replaced = true;
    }
    defects_.crossed += crossed() ? 1 : 0;
    return change;
  }

  void set(side of, std::size_t slot, std::int64_t size) noexcept {
    book_side& s = half(of);
    const bool had = s.size[slot] != 0;
    s.size[slot] = size;
    if (any_taken_) [[unlikely]]
      s.taken[slot] = 0;
    if (size != 0) {
      if (!had) {
        s.occupied.add(slot);
        if (of == side::buy) {
          if (bid_ == level_set::none || slot > bid_) bid_ = slot;
        } else if (slot < ask_) {  // none is the largest number
          ask_ = slot;
        }
      }
    } else if (had) {
      s.occupied.remove(slot);
      if (of == side::buy) {
        if (slot == bid_) bid_ = s.occupied.at_or_below(slot);
      } else if (slot == ask_) {
        ask_ = s.occupied.at_or_above(slot);
      }
    }
  }

  book_change begin_snapshot(const message& m) {
    if (expected_ > 0) ++defects_.broken_snapshot;
    clear();
    sizes_known_ = true;
    expected_ = m.snapshot_levels();
    ready_ = expected_ == 0;  // an empty book is a book
    return {.replaced = ready_};
  }

  /// The best bid and ask are all there is; without sizes each stands with one micro-share, which fills nobody.
  book_change apply_quote(const message& m) {
    if (expected_ > 0) {
      ++defects_.broken_snapshot;
      expected_ = 0;
    }
    const top_quote q = m.quote();
    const bool yes = m.of == outcome::yes;
    const std::optional<price> bid = yes ? q.bid : mirrored(q.ask), ask = yes ? q.ask : mirrored(q.bid);
    const std::optional<shares> bid_size = yes ? q.bid_size : q.ask_size, ask_size = yes ? q.ask_size : q.bid_size;
    // What was taken of a level that is quoted again unchanged stays taken.
    const std::int64_t bid_taken =
        bid && size(side::buy, *bid) == bid_size.value_or(shares::micros(1)) ? taken(side::buy, *bid).micros() : 0;
    const std::int64_t ask_taken =
        ask && size(side::sell, *ask) == ask_size.value_or(shares::micros(1)) ? taken(side::sell, *ask).micros() : 0;
    clear();
    ready_ = true;
    sizes_known_ = (!bid || bid_size) && (!ask || ask_size);
    place(side::buy, bid, bid_size, bid_taken);
    place(side::sell, ask, ask_size, ask_taken);
    defects_.crossed += crossed() ? 1 : 0;
    return {.replaced = true};
  }
  static std::optional<price> mirrored(std::optional<price> p) {
    return p ? std::optional<price>(p->complement()) : std::nullopt;
  }
  void place(side of, std::optional<price> at, std::optional<shares> quantity, std::int64_t was_taken) {
    if (!at) return;
    const std::size_t slot = slot_of(*at);
    const std::int64_t size = quantity ? quantity->micros() : 1;
    if (slot == level_set::none) {
      ++defects_.off_grid;
    } else if (slot == 0 || slot == top_slot_) {
      ++defects_.at_the_end;
    } else if (size <= 0 || size > most_micros) {
      ++defects_.impossible_size;
    } else {
      set(of, slot, size);
      half(of).taken[slot] = was_taken;
      any_taken_ = any_taken_ || was_taken > 0;
    }
  }

  void clear() noexcept {
    for (const side of : {side::buy, side::sell}) {
      book_side& s = half(of);
      const std::size_t best = of == side::buy ? bid_ : ask_;
      for (std::size_t slot = best; slot != level_set::none;) {
        s.size[slot] = 0;
        if (of == side::buy) {
          slot = slot == 0 ? level_set::none : s.occupied.at_or_below(slot - 1);
        } else {
          slot = slot == top_slot_ ? level_set::none : s.occupied.at_or_above(slot + 1);
        }
      }
      s.occupied.clear();
      if (any_taken_) std::fill(s.taken.begin(), s.taken.end(), 0);
    }
    any_taken_ = false;
    bid_ = ask_ = level_set::none;
  }

  std::int64_t step_;
  std::size_t top_slot_;
  std::uint64_t inverse_ = 0;
  std::array<book_side, 2> sides_ = {};
  std::size_t bid_ = level_set::none, ask_ = level_set::none;
  std::uint32_t expected_ = 0;  ///< levels of a snapshot that are still to come
  bool ready_ = false;
  bool sizes_known_ = true;
  bool any_taken_ = false;
  book_defects defects_ = {};
};

}  // namespace basket
