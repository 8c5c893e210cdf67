// Mean reversion of a market's mid against its trailing mean.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "basket/concepts/message_strategy.hpp"
#include "basket/core/error.hpp"

namespace basket::strategy {

namespace detail {

/// Exact sums over the last samples.
struct sample_window {
  std::vector<std::int64_t> values = {};
  std::size_t seen = 0;
  std::int64_t sum = 0;
  int128 squares = 0;

  void add(std::int64_t value) {
    std::int64_t& slot = values[seen % values.size()];
    if (seen >= values.size()) {
      sum -= slot;
      squares -= int128{slot} * slot;
    }
    slot = value;
    sum += value;
    squares += int128{value} * value;
    ++seen;
  }
};

inline std::optional<price> mirrored(std::optional<price> p) {
  return p ? std::optional<price>(p->complement()) : std::nullopt;
}

}  // namespace detail

/// Samples the mid (on candles the close) every `every_ns`, keeps the last `window` samples, and takes the other side
/// when the newest lies more than `enter` standard deviations from their mean: buys YES below, NO above. Leaves when
/// the deviation is back inside `leave`, or when the loss a share reaches `stop`. The size bought for a signal is
/// `size` * 2^(-t / half_life), t the time since the market's first sample, so that little is put on late. With
/// `passive` it waits at the best bid instead of taking the ask, and takes its order back once the signal is gone.
///
/// Missing: without both sides of the book there is no sample; a window that is not full decides nothing.
/// Fails:   precondition_error when an option cannot be: window below 2, every_ns or half_life_ns not positive.
/// Cost:    O(1) a message: sums over the window are kept in integers, so they do not drift.
struct mean_reversion {
  contract_id market = {};
  std::size_t window = 60;
  std::int64_t every_ns = 1'000'000'000;
  double enter = 2.0;
  double leave = 0.5;
  price stop = price::cents(5);
  shares size = shares::whole(100);
  std::int64_t half_life_ns = 86'400'000'000'000;
  bool passive = false;
  /// What the strategy remembers while it runs; left as it is by whoever makes one.
  struct memory {
    detail::sample_window window = {};
    std::int64_t first = 0, next = 0;
    price paid = {};
  } state = {};

  void on(const message& m, trading_context& desk) {
    if (m.kind() == message_kind::own || m.contract != market) return;
    if (state.window.values.empty()) {
      require(window >= 2 && every_ns > 0 && half_life_ns > 0,
              "mean reversion needs a window of 2 samples at least, and positive spans of time");
      state.window.values.assign(window, 0);
    }
    const seen s = look(m, desk);
    if (!s.double_mid) return;
    const std::optional<std::int64_t> mid = s.double_mid;
    const std::int64_t now = desk.now().nanoseconds();
    if (state.window.seen == 0) state.first = state.next = now;
    if (now < state.next) return;
    state.next = now + every_ns;
    state.window.add(*mid);
    if (state.window.seen < window) return;
    const double n = static_cast<double>(window);
    const double mean = static_cast<double>(state.window.sum) / n;
    // The sum of squares is exact: 60 samples of (2e6)^2 are far inside 128 bits.
    const double variance =
        (static_cast<double>(state.window.squares) - mean * static_cast<double>(state.window.sum)) / (n - 1.0);
    const double z = variance > 0.0 ? (static_cast<double>(*mid) - mean) / std::sqrt(variance) : 0.0;
    const holding held = desk.position(market);
    const bool long_yes = held.yes > shares{}, long_no = held.no > shares{};
    if (!desk.orders().empty()) {  // one order at a time
      const order_request& waiting = desk.orders().front().request;
      if (waiting.direction == side::buy && std::abs(z) <= leave) desk.cancel_all(market);
      return;
    }
    if (long_yes || long_no) {
      const auto out = long_yes ? s.bid : detail::mirrored(s.ask);
      const bool back = std::abs(z) <= leave;
      const bool stopped = out && state.paid.micros() - out->micros() >= stop.micros();
      if (back || stopped) {
        desk.place({.contract = market,
                    .of = long_yes ? outcome::yes : outcome::no,
                    .direction = side::sell,
                    .quantity = long_yes ? held.yes : held.no,
                    .until = time_in_force::immediate_or_cancel});
      }
      return;
    }
    if (std::abs(z) < enter) return;
    const double decay = std::exp2(-static_cast<double>(now - state.first) / static_cast<double>(half_life_ns));
    const auto whole = static_cast<std::int64_t>(size.to_double() * decay);
    if (whole <= 0) return;
    const bool buys_yes = z < 0.0;
    const auto bid = buys_yes ? s.bid : detail::mirrored(s.ask), ask = buys_yes ? s.ask : detail::mirrored(s.bid);
    const auto at = passive ? bid : ask;
    if (!at || *at == price{} || *at == price::micros(micro)) return;
    state.paid = *at;
    desk.place({.contract = market,
                .of = buys_yes ? outcome::yes : outcome::no,
                .direction = side::buy,
                .limit = *at,
                .quantity = shares::whole(whole),
                .until = passive ? time_in_force::post_only : time_in_force::immediate_or_cancel});
  }

 private:
  /// The prices that the message left behind. A candle has one price, which is rounded to the tick on both sides.
  struct seen {
    std::optional<std::int64_t> double_mid = std::nullopt;
    std::optional<price> bid = std::nullopt, ask = std::nullopt;
  };
  [[nodiscard]] seen look(const message& m, const trading_context& desk) const {
    if (m.kind() == message_kind::candle) {
      const price close = m.of == outcome::yes ? m.candle().close : m.candle().close.complement();
      const std::int64_t tick = desk.tick(market).micros();
      return {.double_mid = 2 * close.micros(),
              .bid = price::micros(close.micros() / tick * tick),
              .ask = price::micros((close.micros() + tick - 1) / tick * tick)};
    }
    const order_book& book = desk.book(market);
    if (!book.ready() || book.crossed()) return {};
    return {.double_mid = book.double_mid(), .bid = book.best_bid(), .ask = book.best_ask()};
  }
};
static_assert(MessageStrategy<mean_reversion>);

}  // namespace basket::strategy
