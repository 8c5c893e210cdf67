// Strong identifiers: dense indices that do not mix.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

#include "basket/core/error.hpp"

namespace basket {

/// A dense index, counted from 0, of one kind of thing. Two kinds neither convert nor compare.
template <class Kind>
class id {
 public:
  constexpr id() noexcept = default;
  constexpr explicit id(std::size_t index) : value_(static_cast<std::uint32_t>(index)) {
    if (index > std::numeric_limits<std::uint32_t>::max()) throw precondition_error("an id does not fit into 32 bits");
  }
  [[nodiscard]] constexpr std::size_t index() const noexcept { return value_; }
  friend constexpr auto operator<=>(id, id) noexcept = default;

 private:
  std::uint32_t value_ = 0;
};

using contract_id = id<struct contract_kind>;  ///< a specific contract with its expiry (the CUSIP layer)
using ticker_id = id<struct ticker_kind>;      ///< the recurring outcome, whatever its deadline
using event_id = id<struct event_kind>;        ///< the question
using theme_id = id<struct theme_kind>;        ///< the macro category
using order_id = id<struct order_kind>;

}  // namespace basket

template <class Kind>
struct std::hash<basket::id<Kind>> {
  std::size_t operator()(basket::id<Kind> value) const noexcept { return value.index(); }
};
