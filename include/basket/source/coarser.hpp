// A recording told coarser than it is: its best prices alone, or bars of its mid. For measuring what detail is worth.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"
#include "basket/model/order_book.hpp"

namespace basket::source {

namespace detail {

/// What both have in common: the books of a source, and a queue of what is told instead of its messages.
template <MessageSource Source>
class retold {
 public:
  explicit retold(Source source, std::string what)
      : source_(std::move(source)), name_(std::string(source_.name()) + ", " + what), room_(1024) {
    for (const market_terms& t : source_.markets()) books_.emplace_back(t.grid);
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return source_.markets(); }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }

 protected:
  template <class Tell>
  std::size_t fill(std::span<message> room, const Tell& tell) {
    std::size_t filled = 0;
    while (filled < room.size()) {
      if (at_ < told_.size()) {
        room[filled] = told_[at_++];
        room[filled].row = row_++;
        ++filled;
        continue;
      }
      told_.clear();
      at_ = 0;
      if (read_ == have_) {
        have_ = source_.next(room_);
        read_ = 0;
        if (have_ == 0) break;
      }
      const message& m = room_[read_++];
      tell(m);
    }
    return filled;
  }
  void say(const message& m) { told_.push_back(m); }
  [[nodiscard]] const Source& source() const noexcept { return source_; }
  [[nodiscard]] order_book& book(contract_id c) { return books_[c.index()]; }
  [[nodiscard]] std::size_t contracts() const noexcept { return books_.size(); }

 private:
  Source source_;
  std::string name_;
  std::vector<order_book> books_;
  std::vector<message> room_, told_;
  std::size_t read_ = 0, have_ = 0, at_ = 0;
  std::uint32_t row_ = 0;
};

inline bool moves_book(const message& m) {
  return m.kind() == message_kind::level || m.kind() == message_kind::snapshot || m.kind() == message_kind::quote;
}

}  // namespace detail

/// A source of books as one of quotes: what stands behind the best bid and ask is left out, the rest is passed on. A
/// quote is told whenever the best price or size of a side is another.
template <MessageSource Source>
class tops_of : public detail::retold<Source> {
  using base = detail::retold<Source>;

 public:
  explicit tops_of(Source source) : base(std::move(source), "best prices"), last_(base::contracts()) {}

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return base::fill(room, [this](const message& m) {
      if (!detail::moves_book(m)) {
        if (m.kind() == message_kind::market) (void)base::book(m.contract).apply(m);
        return base::say(m);
      }
      order_book& book = base::book(m.contract);
      (void)book.apply(m);
      if (!book.ready()) return;
      // A side that nobody quotes has the size of price 0, which is none.
      const std::optional<price> bid = book.best_bid(), ask = book.best_ask();
      const top_quote q{.bid = bid,
                        .ask = ask,
                        .bid_size = book.size(side::buy, bid.value_or(price{})),
                        .ask_size = book.size(side::sell, ask.value_or(price{}))};
      const message said = message::quote(m.known_at, m.contract, outcome::yes, q);
      message& last = last_[m.contract.index()];
      message same_time = last;
      same_time.known_at = said.known_at;
      if (same_time == said) return;
      last = said;
      base::say(said);
    });
  }
  [[nodiscard]] recorded provides() const noexcept {
    recorded told = base::source().provides();
    told.depth = false;
    return told;
  }

 private:
  std::vector<message> last_;
};

/// A source of books as candles of the mid, one for each span of `span_ns` in which the book moved, known when the span
/// is over; the traded volume where trades are recorded. Lives, halts and timers are passed on.
template <MessageSource Source>
class bars_of : public detail::retold<Source> {
  using base = detail::retold<Source>;

 public:
  bars_of(Source source, std::int64_t span_ns)
      : base(std::move(source), "bars"), span_ns_(span_ns), open_(base::contracts()) {
    require(span_ns > 0, "a bar is longer than nothing");
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    return base::fill(room, [this](const message& m) {
      close_bars(m.known_at);
      if (m.kind() == message_kind::trade) {
        pending& bar = open_[m.contract.index()];
        bar.candle.volume += m.trade().size;
        return;
      }
      if (detail::moves_book(m) || (m.kind() == message_kind::market && m.market().change == market_change::gap)) {
        order_book& book = base::book(m.contract);
        (void)book.apply(m);
        const auto mid = book.ready() && !book.crossed() ? book.double_mid() : std::nullopt;
        if (mid) note(m, price::micros(*mid / 2));
        return;
      }
      base::say(m);
    });
  }
  [[nodiscard]] recorded provides() const noexcept {
    return {.candles = true, .settlements = base::source().provides().settlements};
  }

 private:
  struct pending {
    price_candle candle = {};
    bool any = false;
  };

  void note(const message& m, price at) {
    if (next_end_ == instant::never()) {
      const std::int64_t n = m.known_at.nanoseconds();
      next_end_ = instant::nanoseconds((n / span_ns_ + 1) * span_ns_);
    }
    pending& bar = open_[m.contract.index()];
    if (!bar.any) bar.candle.open = bar.candle.high = bar.candle.low = at;
    bar.any = true;
    bar.candle.high = std::max(bar.candle.high, at);
    bar.candle.low = std::min(bar.candle.low, at);
    bar.candle.close = at;
  }
  void close_bars(instant now) {
    if (now < next_end_) return;
    for (std::size_t c = 0; c < open_.size(); ++c) {
      if (open_[c].any) base::say(message::candle(next_end_, contract_id(c), outcome::yes, open_[c].candle));
      open_[c] = {};
    }
    next_end_ = instant::never();
  }

  std::int64_t span_ns_;
  std::vector<pending> open_;
  instant next_end_ = instant::never();
};

}  // namespace basket::source
