// What a quote without a size is worth to a taker.
#pragma once

#include <optional>
#include <string_view>

#include "basket/concepts/quote_size.hpp"

namespace basket::execution {

/// Nobody is filled by a size that nobody told.
struct quotes_fill_nothing {
  static constexpr std::string_view bias = "Quotes without a size fill nothing.";
  [[nodiscard]] std::optional<shares> size(price) const { return std::nullopt; }
};

/// Every such quote offers the same number of shares.
struct assumed_quote_size {
  shares each = shares::whole(1);
  static constexpr std::string_view bias =
      "Quotes without a size are taken to offer a fixed number of shares, which nobody has seen.";
  [[nodiscard]] std::optional<shares> size(price) const { return each; }
};

static_assert(QuoteSize<quotes_fill_nothing> && QuoteSize<assumed_quote_size>);

}  // namespace basket::execution
