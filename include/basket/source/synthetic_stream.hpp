// A seeded stream of one market's messages whose answer is known by construction.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"
#include "basket/core/random.hpp"

namespace basket::source {

/// What a synthetic stream is drawn from. The law of a step: with `trade_share` somebody takes part of the best bid or
/// ask, either with the same chance, and the level that he took from is told anew; with `move_share` the mid moves a
/// tick up or down, either with the same chance: the level run over goes, one comes behind it, and the far ends follow,
/// so that there are `levels` a side and two ticks between bid and ask, always; else one of the levels gets a new size
/// of 1 to `most_size` shares. A trade leaves at least one share. The mid is a martingale but at the bounds, where a
/// move outwards is left out; the settlement pays 1 with the last mid as its chance. So before costs nothing can be
/// earned.
struct stream_options {
  std::uint64_t seed = 1;
  std::size_t messages = 10'000;  ///< at least that many, settlement apart; a step is never cut
  std::size_t levels = 50;        ///< a side
  double trade_share = 0.03;
  double move_share = 0.02;
  std::uint32_t most_size = 1'000;
  std::int64_t spacing_ns = 1'000'000;  ///< between steps on average
  std::size_t gap_every = 0;            ///< steps between holes in the recording, each followed by a snapshot; 0: none
  instant start = instant::nanoseconds(1'760'000'000'000'000'000);
  bool settles = true;  ///< whether the stream ends with closed and settled, or just stops
};

/// The stream as a source: deterministic by its seed, the same bytes on every compiler.
///
/// Fails: precondition_error when the shares do not fit into [0, 1], there are no levels, or no room for them.
/// Cost:  O(1) a message; memory for the levels.
class synthetic_stream {
 public:
  explicit synthetic_stream(const stream_options& options) : options_(options), draws_(options.seed, 17) {
    require(options.trade_share >= 0.0 && options.move_share >= 0.0 && options.trade_share + options.move_share <= 1.0,
            "the shares of trades and moves lie in [0, 1] together");
    require(options.levels >= 1 && options.levels <= 200, "a synthetic book has 1 to 200 levels a side");
    require(options.most_size >= 1, "sizes are at least one share");
    require(options.spacing_ns >= 1, "steps are at least a nanosecond apart");
    markets_.push_back({.name = "synthetic",
                        .venue = "synthetic",
                        .category = "synthetic",
                        .tick = price::micros(tick),
                        .grid = price::micros(tick)});
    for (auto& side_sizes : sizes_) side_sizes.assign(slots + 1, 0);
    mid_ = slots / 2;
    for (std::size_t i = 0; i < options.levels; ++i) {
      sizes_[0][mid_ - 1 - i] = draw_size();
      sizes_[1][mid_ + 1 + i] = draw_size();
    }
    now_ = options.start;
    snapshot();
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    std::size_t filled = 0;
    while (filled < room.size()) {
      if (at_ == waiting_.size()) {
        waiting_.clear();
        at_ = 0;
        if (done_) break;
        step();
      }
      for (; filled < room.size() && at_ < waiting_.size(); ++filled) {
        room[filled] = waiting_[at_++];
        room[filled].row = row_++;
      }
    }
    return filled;
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept {
    return {.depth = true, .tops = true, .sizes = true, .trades = true, .settlements = options_.settles};
  }
  [[nodiscard]] std::string_view name() const noexcept { return "synthetic stream"; }
  /// The middle of bid and ask in micro-dollars after what was delivered or is about to be.
  [[nodiscard]] std::int64_t mid_micros() const noexcept { return static_cast<std::int64_t>(mid_) * tick; }

 private:
  static constexpr std::int64_t tick = 1'000;
  static constexpr std::size_t slots = 1'000;

  std::int64_t draw_size() { return static_cast<std::int64_t>(1 + draws_.below(options_.most_size)) * micro; }
  void level(side of, std::size_t slot, std::int64_t size) {
    sizes_[static_cast<std::size_t>(of)][slot] = size;
    waiting_.push_back(message::level(
        now_, contract_id(0), outcome::yes,
        {.of = of, .at = price::micros(static_cast<std::int64_t>(slot) * tick), .size = shares::micros(size)}));
  }
  void snapshot() {
    waiting_.push_back(
        message::snapshot(now_, contract_id(0), outcome::yes, static_cast<std::uint32_t>(2 * options_.levels)));
    for (std::size_t i = 0; i < options_.levels; ++i) level(side::buy, mid_ - 1 - i, sizes_[0][mid_ - 1 - i]);
    for (std::size_t i = 0; i < options_.levels; ++i) level(side::sell, mid_ + 1 + i, sizes_[1][mid_ + 1 + i]);
    made_ += 1 + 2 * options_.levels;
  }

  void step() {
    now_ = instant::nanoseconds(
        now_.nanoseconds() + 1 +
        static_cast<std::int64_t>(draws_.uniform() * static_cast<double>(2 * options_.spacing_ns - 1)));
    if (made_ >= options_.messages) {
      done_ = true;
      if (!options_.settles) return;
      const bool pays = draws_.uniform() < static_cast<double>(mid_) / static_cast<double>(slots);
      waiting_.push_back(message::life(now_, contract_id(0), {.stage = life_stage::closed}));
      waiting_.push_back(message::life(now_, contract_id(0),
                                       {.stage = life_stage::settled, .payout = price::micros(pays ? micro : 0)}));
      return;
    }
    ++steps_;
    if (options_.gap_every > 0 && steps_ % options_.gap_every == 0) {
      waiting_.push_back(message::market(now_, contract_id(0), {.change = market_change::gap}));
      snapshot();
      ++made_;
      return;
    }
    const double what = draws_.uniform();
    const bool up = draws_.below(2) == 0;
    if (what < options_.trade_share) {
      const side taken = up ? side::sell : side::buy;  // a buyer takes the ask
      const std::size_t slot = up ? mid_ + 1 : mid_ - 1;
      const std::int64_t stands = sizes_[static_cast<std::size_t>(taken)][slot] / micro;
      if (stands > 1) {
        const std::int64_t size = (1 + draws_.below(static_cast<std::uint32_t>(stands - 1))) * micro;
        waiting_.push_back(message::trade(now_, contract_id(0), outcome::yes,
                                          {.at = price::micros(static_cast<std::int64_t>(slot) * tick),
                                           .size = shares::micros(size),
                                           .aggressor = up ? side::buy : side::sell}));
        level(taken, slot, stands * micro - size);
        made_ += 2;
        return;
      }
    } else if (what < options_.trade_share + options_.move_share) {
      const std::size_t room = options_.levels + 2;
      if (up ? mid_ + room < slots : mid_ > room) {
        const std::size_t depth = options_.levels;
        if (up) {
          level(side::sell, mid_ + 1, 0);
          level(side::buy, mid_, draw_size());
          level(side::sell, mid_ + 1 + depth, draw_size());
          level(side::buy, mid_ - depth, 0);
          ++mid_;
        } else {
          level(side::buy, mid_ - 1, 0);
          level(side::sell, mid_, draw_size());
          level(side::buy, mid_ - 1 - depth, draw_size());
          level(side::sell, mid_ + depth, 0);
          --mid_;
        }
        made_ += 4;
        return;
      }
    }
    const std::size_t deep = draws_.below(static_cast<std::uint32_t>(options_.levels));
    level(up ? side::sell : side::buy, up ? mid_ + 1 + deep : mid_ - 1 - deep, draw_size());
    ++made_;
  }

  stream_options options_;
  random_stream draws_;
  std::vector<market_terms> markets_;
  std::array<std::vector<std::int64_t>, 2> sizes_;
  std::vector<message> waiting_;
  std::size_t at_ = 0, mid_ = 0, made_ = 0, steps_ = 0;
  std::uint32_t row_ = 0;
  instant now_ = {};
  bool done_ = false;
};

static_assert(MessageSource<synthetic_stream>);

/// All messages of a source, in memory.
template <MessageSource Source>
[[nodiscard]] std::vector<message> read_all(Source& source) {
  std::vector<message> out;
  std::vector<message> room(4096);
  for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
    out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
  }
  return out;
}

}  // namespace basket::source
