// The laws of FillPrice, and the least type that models it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/fill_price.hpp"

namespace basket::laws {

/// Trades at the close.
struct fill_price_archetype {
  static constexpr std::string_view bias = "Any quantity trades at the close, at no cost.";
  [[nodiscard]] price at(price close, side) const { return close; }
};
static_assert(FillPrice<fill_price_archetype>);

/// The broken laws of a model on every price that is a whole tenth of a cent and its neighbours, a sentence each.
template <FillPrice F>
[[nodiscard]] std::vector<std::string> broken_laws(const F& model) {
  std::vector<std::string> broken;
  if (std::string_view(F::bias).empty()) broken.push_back("the assumption is not stated");
  for (std::int64_t tenth = 0; tenth <= 1'000; ++tenth) {
    for (const std::int64_t off : {-1, 0, 1}) {
      const std::int64_t micros = tenth * 1'000 + off;
      if (micros < 0 || micros > micro) continue;
      const price close = price::micros(micros);
      for (const side direction : {side::buy, side::sell}) {
        const price got = model.at(close, direction);
        const bool better = direction == side::buy ? got < close : got > close;
        if (better) {
          broken.push_back("a " + std::string(direction == side::buy ? "buyer" : "seller") + " gets " + to_string(got) +
                           ", which is better than the close of " + to_string(close));
        }
        if (model.at(close, direction) != got) broken.push_back("asked twice, the model gives two prices");
      }
      if (broken.size() > 10) return broken;  // the rest says the same
    }
  }
  return broken;
}

}  // namespace basket::laws
