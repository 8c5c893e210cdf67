// The laws of BarFill and QuoteSize, and the least types that model them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/bar_fill.hpp"
#include "basket/concepts/quote_size.hpp"

namespace basket::laws {

/// Fills nothing.
struct bar_fill_archetype {
  static constexpr std::string_view bias = "Candles fill nothing.";
  [[nodiscard]] std::optional<bar_match> match(const order_request&, shares, const price_candle&) const {
    return std::nullopt;
  }
};
static_assert(BarFill<bar_fill_archetype>);
/// Offers nothing.
struct quote_size_archetype {
  static constexpr std::string_view bias = "Quotes offer nothing.";
  [[nodiscard]] std::optional<shares> size(price) const { return std::nullopt; }
};
static_assert(QuoteSize<quote_size_archetype>);

/// The broken laws of a model on candles and orders at every second cent, a sentence each, at most ten.
template <BarFill B>
[[nodiscard]] std::vector<std::string> broken_laws(const B& model) {
  std::vector<std::string> broken;
  const auto say = [&](const std::string& what) {
    if (broken.size() < 10) broken.push_back(what);
  };
  if (std::string_view(B::bias).empty()) say("the assumption is not stated");
  const shares open = shares::whole(10);
  std::vector<order_request> orders;  // at the market, and at every second cent
  for (const side direction : {side::buy, side::sell}) {
    orders.push_back({.direction = direction, .quantity = open});
    for (std::int64_t limit = 2; limit <= 98; limit += 2) {
      orders.push_back({.direction = direction, .limit = price::cents(limit), .quantity = open});
    }
  }
  for (std::int64_t low = 2; low <= 98; low += 4) {
    for (std::int64_t high = low; high <= 98; high += 8) {
      for (const std::int64_t volume : {0, 7, 1'000}) {
        const price_candle candle{.open = price::cents(low),
                                  .high = price::cents(high),
                                  .low = price::cents(low),
                                  .close = price::cents((low + high) / 2),
                                  .volume = shares::whole(volume)};
        for (const order_request& order : orders) {
          const auto match = model.match(order, open, candle);
          if (!match) continue;
          const bool buys = order.direction == side::buy;
          if (match->quantity <= shares{} || match->quantity > open) say("a fill of nothing, or of more than is open");
          if (order.limit && (buys ? match->at > *order.limit : match->at < *order.limit))
            say("a fill beyond its limit");
          if (buys ? match->at < candle.low : match->at > candle.high) say("a fill better than anything in the candle");
        }
      }
    }
  }
  return broken;
}

/// The broken laws of a policy, a sentence each.
template <QuoteSize P>
[[nodiscard]] std::vector<std::string> broken_laws(const P& policy) {
  std::vector<std::string> broken;
  if (std::string_view(P::bias).empty()) broken.emplace_back("the assumption is not stated");
  for (std::int64_t cents = 1; cents <= 99; ++cents) {
    const auto size = policy.size(price::cents(cents));
    if (size && *size < shares{}) broken.emplace_back("a quote offers less than nothing");
    if (policy.size(price::cents(cents)) != size) broken.emplace_back("asked twice, the policy gives two answers");
  }
  return broken;
}

}  // namespace basket::laws
