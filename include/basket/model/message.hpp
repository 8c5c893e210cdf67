// What streams through the message engine: one thing that became known at one instant.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "basket/core/error.hpp"
#include "basket/core/id.hpp"
#include "basket/core/time.hpp"
#include "basket/core/units.hpp"
#include "basket/model/life.hpp"
#include "basket/model/order.hpp"

namespace basket {

enum class message_kind : std::uint8_t {
  snapshot,  ///< a book follows: the `levels` messages behind this one replace both sides of the outcome
  level,     ///< the size that stands at a price; 0 when nothing does any more
  trade,     ///< somebody traded with somebody
  quote,     ///< the best bid and ask, and nothing of what stands behind them
  candle,    ///< what was traded in a span that ends at `known_at`
  life,      ///< the contract moved to another stage, with its payout where it settled
  market,    ///< the venue changed its tick, halted or resumed, or the recording has a hole
  timer,     ///< nothing but time
  own,       ///< the venue's answer to the strategy: made by the engine, refused from a source
};

[[nodiscard]] constexpr std::string_view to_string(message_kind kind) noexcept {
  constexpr std::string_view words[] = {"snapshot", "level",  "trade", "quote", "candle",
                                        "life",     "market", "timer", "own"};
  return words[static_cast<std::size_t>(kind)];
}

enum class market_change : std::uint8_t {
  tick,     ///< the price step is another from now on
  halted,   ///< nothing is matched and no order accepted until `resumed`; cancels are
  resumed,  ///< trading goes on
  gap,      ///< messages were lost: there is no book until the next snapshot
};

/// What the venue says about one of the strategy's orders.
enum class order_event : std::uint8_t {
  accepted,
  rejected,
  filled,
  cancelled,
  booked,  ///< the account moved without an order: a pair minted or merged, a payout
};

/// Why an order was rejected or cancelled; none for the rest.
enum class order_reason : std::uint8_t {
  none,
  by_request,         ///< the strategy cancelled it
  unknown_order,      ///< a cancel for an order that is not open
  cash,               ///< free cash does not cover what it can cost at most
  holding,            ///< free shares do not cover the sale: nothing is sold short
  position_limit,     ///< the holding could pass the limit
  tick,               ///< the price lies off the grid, or at 0 or 1
  minimum_size,       ///< fewer shares than the venue takes
  quantity,           ///< not positive, or beyond what books can hold
  closed_market,      ///< the contract is not open
  halted,             ///< the venue is
  no_book,            ///< there is nothing to match with: before the first snapshot, or behind a gap
  would_take,         ///< post-only, and it would trade at once
  not_filled,         ///< immediate-or-cancel: what was left
  cannot_fill_whole,  ///< fill-or-kill
  fee_unknown,        ///< the law of that day and category is not known
};

[[nodiscard]] constexpr std::string_view to_string(market_change change) noexcept {
  constexpr std::string_view words[] = {"tick", "halted", "resumed", "gap"};
  return words[static_cast<std::size_t>(change)];
}
[[nodiscard]] constexpr std::string_view to_string(order_event event) noexcept {
  constexpr std::string_view words[] = {"accepted", "rejected", "filled", "cancelled", "booked"};
  return words[static_cast<std::size_t>(event)];
}
[[nodiscard]] constexpr std::string_view to_string(order_reason reason) noexcept {
  constexpr std::string_view words[] = {
      "none",       "by_request",   "unknown_order",     "cash",          "holding", "position_limit",
      "tick",       "minimum_size", "quantity",          "closed_market", "halted",  "no_book",
      "would_take", "not_filled",   "cannot_fill_whole", "fee_unknown"};
  return words[static_cast<std::size_t>(reason)];
}

/// The size at a price, in the words of the outcome's own book.
struct level_size {
  side of = side::buy;  ///< buy: a bid
  price at = {};
  shares size = {};
};
struct public_trade {
  price at = {};
  shares size = {};
  std::optional<side> aggressor = std::nullopt;  ///< the taker's side, where the venue tells it
};
/// A side that nobody quotes has no price.
struct top_quote {
  std::optional<price> bid = std::nullopt, ask = std::nullopt;
  std::optional<shares> bid_size = std::nullopt, ask_size = std::nullopt;  ///< unknown in recordings without sizes
};
/// Prices of trades, and how much was traded.
struct price_candle {
  price open = {}, high = {}, low = {}, close = {};
  shares volume = {};
};
struct life_change {
  life_stage stage = life_stage::open;
  std::optional<price> payout = std::nullopt;  ///< a YES share; for settled and voided
};
struct market_news {
  market_change change = market_change::gap;
  price step = {};  ///< of `tick`
};
struct own_order {
  order_id order = {};
  order_event event = order_event::accepted;
  order_reason reason = order_reason::none;
  price at = {};         ///< of a fill, in the words of the order's outcome
  shares quantity = {};  ///< of the fill, or what was cancelled or rejected
};

/// One message, 48 bytes, trivially copyable. Streams are ordered by (known_at, source, row).
///
/// Missing: what a recording does not tell is an empty optional, never a zero.
/// Fails:   an accessor of another kind throws precondition_error naming both.
class message {
 public:
  constexpr message() noexcept = default;

  instant known_at = {};
  contract_id contract = {};
  std::uint32_t row = 0;      ///< position in its source, counted from 0; set by the source
  std::uint16_t source = 0;   ///< set by whoever merges sources
  outcome of = outcome::yes;  ///< the token that the prices speak of

  [[nodiscard]] constexpr message_kind kind() const noexcept { return kind_; }
  friend constexpr bool operator==(const message&, const message&) noexcept = default;

  [[nodiscard]] static constexpr message snapshot(instant when, contract_id contract, outcome of,
                                                  std::uint32_t levels) noexcept {
    message m(message_kind::snapshot, when, contract, of);
    m.first_ = shares::micros(levels);
    return m;
  }
  [[nodiscard]] static constexpr message level(instant when, contract_id contract, outcome of, level_size l) noexcept {
    message m(message_kind::level, when, contract, of);
    m.flags_ = static_cast<std::uint8_t>(l.of);
    m.at_ = l.at;
    m.first_ = l.size;
    return m;
  }
  [[nodiscard]] static constexpr message trade(instant when, contract_id contract, outcome of,
                                               public_trade t) noexcept {
    message m(message_kind::trade, when, contract, of);
    m.flags_ = static_cast<std::uint8_t>(t.aggressor ? 1 + static_cast<int>(*t.aggressor) : 0);
    m.at_ = t.at;
    m.first_ = t.size;
    return m;
  }
  [[nodiscard]] static constexpr message quote(instant when, contract_id contract, outcome of,
                                               const top_quote& q) noexcept {
    message m(message_kind::quote, when, contract, of);
    m.flags_ =
        static_cast<std::uint8_t>((q.bid ? 1 : 0) | (q.ask ? 2 : 0) | (q.bid_size ? 4 : 0) | (q.ask_size ? 8 : 0));
    m.at_ = q.bid.value_or(price{});
    m.other_ = q.ask.value_or(price{});
    m.first_ = q.bid_size.value_or(shares{});
    m.second_ = q.ask_size.value_or(shares{});
    return m;
  }
  [[nodiscard]] static constexpr message candle(instant when, contract_id contract, outcome of,
                                                const price_candle& c) noexcept {
    message m(message_kind::candle, when, contract, of);
    m.at_ = c.close;
    m.other_ = c.open;
    m.first_ = c.volume;
    m.second_ = shares::micros((c.high.micros() << 32) | c.low.micros());
    return m;
  }
  [[nodiscard]] static constexpr message life(instant when, contract_id contract, life_change l) noexcept {
    message m(message_kind::life, when, contract, outcome::yes);
    m.flags_ = static_cast<std::uint8_t>(static_cast<unsigned>(l.stage) | (l.payout ? 0x80U : 0U));
    m.at_ = l.payout.value_or(price{});
    return m;
  }
  [[nodiscard]] static constexpr message market(instant when, contract_id contract, market_news n) noexcept {
    message m(message_kind::market, when, contract, outcome::yes);
    m.flags_ = static_cast<std::uint8_t>(n.change);
    m.at_ = n.step;
    return m;
  }
  [[nodiscard]] static constexpr message timer(instant when) noexcept {
    return message(message_kind::timer, when, contract_id{}, outcome::yes);
  }
  [[nodiscard]] static constexpr message own(instant when, contract_id contract, outcome of,
                                             const own_order& o) noexcept {
    message m(message_kind::own, when, contract, of);
    m.flags_ = static_cast<std::uint8_t>(static_cast<unsigned>(o.event) | (static_cast<unsigned>(o.reason) << 3U));
    m.at_ = o.at;
    m.first_ = o.quantity;
    m.row = static_cast<std::uint32_t>(o.order.index());
    return m;
  }

  /// How many level messages behind this one belong to the snapshot.
  [[nodiscard]] constexpr std::uint32_t snapshot_levels() const {
    is(message_kind::snapshot);
    return static_cast<std::uint32_t>(first_.micros());
  }
  [[nodiscard]] constexpr level_size level() const {
    is(message_kind::level);
    return {.of = static_cast<side>(flags_), .at = at_, .size = first_};
  }
  [[nodiscard]] constexpr public_trade trade() const {
    is(message_kind::trade);
    return {.at = at_,
            .size = first_,
            .aggressor = flags_ == 0 ? std::nullopt : std::optional<side>(static_cast<side>(flags_ - 1))};
  }
  [[nodiscard]] constexpr top_quote quote() const {
    is(message_kind::quote);
    return {.bid = (flags_ & 1U) != 0 ? std::optional<price>(at_) : std::nullopt,
            .ask = (flags_ & 2U) != 0 ? std::optional<price>(other_) : std::nullopt,
            .bid_size = (flags_ & 4U) != 0 ? std::optional<shares>(first_) : std::nullopt,
            .ask_size = (flags_ & 8U) != 0 ? std::optional<shares>(second_) : std::nullopt};
  }
  [[nodiscard]] constexpr price_candle candle() const {
    is(message_kind::candle);
    return {.open = other_,
            .high = price::micros(second_.micros() >> 32),
            .low = price::micros(second_.micros() & 0xFFFFFFFF),
            .close = at_,
            .volume = first_};
  }
  [[nodiscard]] constexpr life_change life() const {
    is(message_kind::life);
    return {.stage = static_cast<life_stage>(flags_ & 0x7FU),
            .payout = (flags_ & 0x80U) != 0 ? std::optional<price>(at_) : std::nullopt};
  }
  [[nodiscard]] constexpr market_news market() const {
    is(message_kind::market);
    return {.change = static_cast<market_change>(flags_), .step = at_};
  }
  [[nodiscard]] constexpr own_order own() const {
    is(message_kind::own);
    return {.order = order_id(row),
            .event = static_cast<order_event>(flags_ & 7U),
            .reason = static_cast<order_reason>(flags_ >> 3U),
            .at = at_,
            .quantity = first_};
  }

 private:
  constexpr message(message_kind kind, instant when, contract_id which, outcome token) noexcept
      : known_at(when), contract(which), of(token), kind_(kind) {}
  constexpr void is(message_kind asked) const {
    if (kind_ != asked) [[unlikely]]
      wrong_kind(kind_, asked);
  }
  [[noreturn, gnu::cold, gnu::noinline]] static void wrong_kind(message_kind is, message_kind asked) {
    throw precondition_error("a message of kind " + std::string(to_string(is)) + " was asked for its " +
                             std::string(to_string(asked)));
  }

  message_kind kind_ = message_kind::timer;
  std::uint8_t flags_ = 0;
  price at_ = {};
  price other_ = {};
  shares first_ = {};
  shares second_ = {};  // a candle packs its high and low here, so that a message is 48 bytes
};

static_assert(sizeof(message) == 48 && std::is_trivially_copyable_v<message>);

/// Whether a comes before b in a merged stream.
[[nodiscard]] constexpr bool comes_before(const message& a, const message& b) noexcept {
  if (a.known_at != b.known_at) return a.known_at < b.known_at;
  if (a.source != b.source) return a.source < b.source;
  return a.row < b.row;
}

}  // namespace basket
