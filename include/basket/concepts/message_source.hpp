// Where messages come from: recordings, adapters, generators, merges of them.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "basket/model/market_terms.hpp"
#include "basket/model/message.hpp"

namespace basket {

/// Delivers messages in order of (known_at, row) until there are none: `next` fills the front of `room` and returns how
/// many it filled, 0 at the end and ever after. `markets` lists the contracts by number, `provides` says what the
/// recording tells, `name` is unique among the sources of a run.
/// Laws: known_at never falls; row rises from 0; every contract is in `markets`; a snapshot's levels follow it at once;
/// no message of kind `own`; asked with rooms of other sizes, the same messages come.
template <class S>
concept MessageSource = requires(S& source, const S& fixed, std::span<message> room) {
  { source.next(room) } -> std::same_as<std::size_t>;
  { fixed.markets() } -> std::same_as<const std::vector<market_terms>&>;
  { fixed.provides() } -> std::same_as<recorded>;
  { fixed.name() } -> std::convertible_to<std::string_view>;
};

}  // namespace basket
