// How far a recording of a binary market's order book can be trusted: it is held against itself.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "basket/model/message.hpp"
#include "basket/model/order_book.hpp"

namespace basket {

/// Levels that a replayed book and the next snapshot agree on, of all levels that either holds.
struct level_agreement {
  std::uint64_t agree = 0, levels = 0;
  /// In [0, 1]; nothing without a level.
  [[nodiscard]] std::optional<double> share() const noexcept {
    if (levels == 0) return std::nullopt;
    return static_cast<double>(agree) / static_cast<double>(levels);
  }
};

/// Spells of an untrue state, from the instant at which it held to the one at which it no longer did.
struct spell_count {
  std::uint64_t spells = 0;
  std::int64_t total_ns = 0, longest_ns = 0;
  void add(std::int64_t length_ns) noexcept {
    ++spells;
    total_ns += length_ns;
    longest_ns = std::max(longest_ns, length_ns);
  }
};

/// What the audit found.
struct book_audit_result {
  std::uint64_t messages = 0, snapshots = 0, level_changes = 0, instants = 0;
  level_agreement token;             ///< each token's book, replayed by itself, against its next snapshot
  level_agreement joint;             ///< the joint book against the first snapshot of an instant, of either token
  std::uint64_t two_told = 0;        ///< levels told at an instant while both tokens have a book
  std::uint64_t contradictions = 0;  ///< those of them on which the two books differ when the instant is over
  spell_count crossed;               ///< the joint book, as it is at the end of an instant
  std::uint64_t crossed_instants = 0;
  spell_count gaps;      ///< silences longer than asked for
  book_defects defects;  ///< of the joint book
};

/// Held against itself, message by message, a recording of one market. Three books are kept: one of each token's
/// messages and the joint one.
///
/// Missing: a snapshot before which there is no book agrees with nothing and is not counted.
/// Fails:   as `order_book`.
/// Cost:    O(1) a level change, O(levels) a snapshot.
class book_audit {
 public:
  explicit book_audit(price grid = price::micros(1'000), std::int64_t gap_ns = 60'000'000'000)
      : gap_ns_(gap_ns), token_{order_book(grid), order_book(grid)}, joint_(grid) {}

  void add(const message& m) {
    if (!started_ || m.known_at != now_) {
      end_instant();
      if (started_ && m.known_at.nanoseconds() - now_.nanoseconds() > gap_ns_) {
        out_.gaps.add(m.known_at.nanoseconds() - now_.nanoseconds());
      }
      now_ = m.known_at;
      started_ = true;
    }
    ++out_.messages;
    switch (m.kind()) {
      case message_kind::snapshot: {
        ++out_.snapshots;
        order_book& own = token(m.of);
        before_token_ = own.ready() ? std::optional(levels_of(own)) : std::nullopt;
        before_joint_ = joint_.ready() && !snapshot_seen_ ? std::optional(levels_of(joint_)) : std::nullopt;
        snapshot_seen_ = true;
        open_ = m.snapshot_levels();
        of_snapshot_ = m.of;
        (void)own.apply(m);
        (void)joint_.apply(m);
        if (open_ == 0) compare();
        break;
      }
      case message_kind::level:
        (void)token(m.of).apply(m);
        (void)joint_.apply(m);
        if (open_ > 0) {
          if (--open_ == 0) compare();
        } else {
          ++out_.level_changes;
        }
        touched_.push_back(in_yes_words(m));
        break;
      case message_kind::quote:
        (void)token(m.of).apply(m);
        (void)joint_.apply(m);
        break;
      case message_kind::market:
        for (order_book& b : token_) (void)b.apply(m);
        (void)joint_.apply(m);
        break;
      default:
        break;
    }
  }

  /// What was found; to be called behind the last message.
  [[nodiscard]] book_audit_result finish() {
    end_instant();
    if (crossed_since_) out_.crossed.add(now_.nanoseconds() - crossed_since_->nanoseconds());
    crossed_since_.reset();
    out_.defects = joint_.defects();
    return out_;
  }

 private:
  struct level_at {
    side of = side::buy;
    price at = {};
    shares size = {};
  };

  [[nodiscard]] order_book& token(outcome of) { return token_[static_cast<std::size_t>(of)]; }
  [[nodiscard]] static level_at in_yes_words(const message& m) {
    const level_size l = m.level();
    if (m.of == outcome::yes) return {.of = l.of, .at = l.at, .size = l.size};
    return {.of = l.of == side::buy ? side::sell : side::buy, .at = l.at.complement(), .size = l.size};
  }
  [[nodiscard]] static std::vector<level_at> levels_of(const order_book& book) {
    std::vector<level_at> out;
    for (const side of : {side::buy, side::sell}) {
      book.for_each_level(of, [&](price at, shares size) {
        out.push_back({.of = of, .at = at, .size = size});
        return true;
      });
    }
    return out;
  }
  /// How many levels `before` and the book have in common, of all that either holds.
  static void compare(const std::vector<level_at>& before, const order_book& book, level_agreement& counted) {
    std::size_t shared = 0, agree = 0;
    for (const level_at& l : before) {
      const shares now = book.size(l.of, l.at);
      shared += now > shares{} ? 1 : 0;
      agree += now == l.size ? 1 : 0;
    }
    counted.agree += agree;
    counted.levels += before.size() + book.levels(side::buy) + book.levels(side::sell) - shared;
  }
  void compare() {
    if (before_token_) compare(*before_token_, token(of_snapshot_), out_.token);
    if (before_joint_) compare(*before_joint_, joint_, out_.joint);
  }

  void end_instant() {
    if (!started_) return;
    ++out_.instants;
    if (token_[0].ready() && token_[1].ready()) {
      const auto before = [](const level_at& a, const level_at& b) { return a.of != b.of ? a.of < b.of : a.at < b.at; };
      std::sort(touched_.begin(), touched_.end(), before);
      for (std::size_t i = 0; i < touched_.size(); ++i) {
        const level_at& l = touched_[i];
        if (i > 0 && l.of == touched_[i - 1].of && l.at == touched_[i - 1].at) continue;
        ++out_.two_told;
        // Each token's book holds its levels in the words of YES, so the same level is the same place in both.
        if (token_[0].size(l.of, l.at) != token_[1].size(l.of, l.at)) ++out_.contradictions;
      }
    }
    touched_.clear();
    snapshot_seen_ = false;
    if (joint_.ready() && joint_.crossed()) {
      ++out_.crossed_instants;
      if (!crossed_since_) crossed_since_ = now_;
    } else if (crossed_since_) {
      out_.crossed.add(now_.nanoseconds() - crossed_since_->nanoseconds());
      crossed_since_.reset();
    }
  }

  std::int64_t gap_ns_;
  std::array<order_book, 2> token_;
  order_book joint_;
  book_audit_result out_ = {};
  std::vector<level_at> touched_ = {};
  std::optional<std::vector<level_at>> before_token_ = std::nullopt, before_joint_ = std::nullopt;
  std::uint32_t open_ = 0;
  outcome of_snapshot_ = outcome::yes;
  bool snapshot_seen_ = false, started_ = false;
  instant now_ = {};
  std::optional<instant> crossed_since_ = std::nullopt;
};

}  // namespace basket
