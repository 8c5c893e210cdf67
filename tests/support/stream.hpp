// Small streams of messages written by hand, and strategies that follow a script, for tests of the message engine.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "basket/model/trading_context.hpp"
#include "basket/source/message_list.hpp"

namespace basket_test {

inline basket::instant at_second(std::int64_t s) { return basket::instant::nanoseconds(s * 1'000'000'000); }
inline basket::shares whole(std::int64_t n) { return basket::shares::whole(n); }
inline basket::price cents(std::int64_t c) { return basket::price::cents(c); }

/// Builds the messages of one or more markets, one instant after the other.
class stream_builder {
 public:
  explicit stream_builder(std::size_t markets = 1) {
    for (std::size_t i = 0; i < markets; ++i) {
      markets_.push_back({.name = "market " + std::to_string(i), .venue = "test", .category = "tests"});
    }
  }
  basket::market_terms& terms(std::size_t i) { return markets_[i]; }
  stream_builder& at(std::int64_t second) {
    now_ = at_second(second);
    return *this;
  }
  stream_builder& of(std::size_t market) {
    contract_ = basket::contract_id(market);
    return *this;
  }
  /// A snapshot in the words of an outcome: bids and asks as (cents, shares).
  stream_builder& book(const std::vector<std::pair<int, int>>& bids, const std::vector<std::pair<int, int>>& asks,
                       basket::outcome of = basket::outcome::yes) {
    add(basket::message::snapshot(now_, contract_, of, static_cast<std::uint32_t>(bids.size() + asks.size())));
    for (const auto& [c, n] : bids) level(basket::side::buy, c, n, of);
    for (const auto& [c, n] : asks) level(basket::side::sell, c, n, of);
    return *this;
  }
  stream_builder& level(basket::side side, int c, int n, basket::outcome of = basket::outcome::yes) {
    return add(basket::message::level(now_, contract_, of, {.of = side, .at = cents(c), .size = whole(n)}));
  }
  stream_builder& trade(int c, int n, basket::side aggressor, basket::outcome of = basket::outcome::yes) {
    return add(basket::message::trade(now_, contract_, of, {.at = cents(c), .size = whole(n), .aggressor = aggressor}));
  }
  stream_builder& life(basket::life_stage stage, std::optional<basket::price> payout = std::nullopt) {
    return add(basket::message::life(now_, contract_, {.stage = stage, .payout = payout}));
  }
  stream_builder& news(basket::market_change change, basket::price step = {}) {
    return add(basket::message::market(now_, contract_, {.change = change, .step = step}));
  }
  stream_builder& tick() { return add(basket::message::timer(now_)); }
  stream_builder& add(const basket::message& m) {
    messages_.push_back(m);
    return *this;
  }
  [[nodiscard]] basket::source::message_list source(
      basket::recorded told = {.depth = true, .tops = true, .sizes = true, .trades = true, .settlements = true}) const {
    return {"by hand", markets_, told, messages_};
  }

 private:
  std::vector<basket::market_terms> markets_;
  std::vector<basket::message> messages_;
  basket::instant now_ = at_second(0);
  basket::contract_id contract_ = {};
};

/// Does what the script says when a timer message of that second arrives, and keeps what the venue answered.
struct scripted {
  using step = std::function<void(basket::trading_context&)>;
  std::map<std::int64_t, step> script = {};
  std::shared_ptr<std::vector<basket::own_order>> heard = std::make_shared<std::vector<basket::own_order>>();
  std::shared_ptr<std::vector<std::int64_t>> heard_at = std::make_shared<std::vector<std::int64_t>>();

  void on(const basket::message& m, basket::trading_context& desk) {
    if (m.kind() == basket::message_kind::own) {
      heard->push_back(m.own());
      heard_at->push_back(m.known_at.nanoseconds());
    }
    if (m.kind() != basket::message_kind::timer) return;
    const auto found = script.find(m.known_at.nanoseconds() / 1'000'000'000);
    if (found != script.end() && m.known_at.nanoseconds() % 1'000'000'000 == 0) found->second(desk);
  }
};

}  // namespace basket_test
