// The synthetic stream of messages as a matrix, so that every side of the peer table replays the same one: a row a
// message; kind (0 snapshot, 1 level, 2 trade, 3 gap), nanoseconds since the first, side of the level or of the taker
// (0 buy, 1 sell), price in ticks of 0.001, size in shares.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "basket/model/message.hpp"
#include "basket/source/message_list.hpp"
#include "harness.hpp"

namespace peers {

constexpr std::int64_t first_instant = 1'760'000'000'000'000'000;

inline basket::source::message_list read_stream(const bench& b) {
  using namespace basket;
  const Eigen::MatrixXd rows = b.read("stream");
  const contract_id market(0);
  std::vector<message> all;
  all.reserve(static_cast<std::size_t>(rows.rows()));
  std::size_t snapshot = 0, levels = 0;
  const auto close = [&] {
    if (levels > 0) {
      all[snapshot] =
          message::snapshot(all[snapshot].known_at, market, outcome::yes, static_cast<std::uint32_t>(levels));
    }
    levels = 0;
  };
  bool inside = false;
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    const instant when = instant::nanoseconds(first_instant + static_cast<std::int64_t>(rows(i, 1)));
    const int kind = static_cast<int>(rows(i, 0));
    const side of = rows(i, 2) == 0.0 ? side::buy : side::sell;
    const price at = price::micros(1'000 * static_cast<std::int64_t>(rows(i, 3)));
    const shares size = shares::whole(static_cast<std::int64_t>(rows(i, 4)));
    if (kind == 4) {  // a level of the snapshot
      ++levels;
      all.push_back(message::level(when, market, outcome::yes, {.of = of, .at = at, .size = size}));
      continue;
    }
    if (inside) close();
    inside = false;
    if (kind == 0) {
      inside = true;
      snapshot = all.size();
      all.push_back(message::snapshot(when, market, outcome::yes, 0));
    } else if (kind == 1) {
      all.push_back(message::level(when, market, outcome::yes, {.of = of, .at = at, .size = size}));
    } else if (kind == 2) {
      all.push_back(message::trade(when, market, outcome::yes, {.at = at, .size = size, .aggressor = of}));
    } else {
      all.push_back(message::market(when, market, {.change = market_change::gap}));
    }
  }
  close();
  market_terms terms{.name = "synthetic", .tick = price::micros(1'000), .grid = price::micros(1'000)};
  return source::message_list("in memory", {terms}, {.depth = true, .tops = true, .sizes = true, .trades = true},
                              std::move(all));
}

}  // namespace peers
