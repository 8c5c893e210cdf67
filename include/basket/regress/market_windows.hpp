// Where each market of a ragged panel has observations, and the order in which a batch goes through them.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/numeric/lanes.hpp"
#include "basket/regress/shared_factors.hpp"

namespace basket::regress::detail {

/// The observed days of one market, in rows of the shared factors.
struct market_window {
  std::ptrdiff_t first = 0, last = 0;  ///< [first, last); empty when nothing was observed
  std::ptrdiff_t count = 0;
  std::uint64_t holes = 0;  ///< a digest of the missing rows inside; 0 when there are none
  double mean = 0.0;
  bool infinite = false;

  [[nodiscard]] bool contiguous() const noexcept { return count == last - first; }
};

/// Some markets that share one window, up to `most`: one factorisation serves them.
struct window_slot {
  static constexpr std::size_t most = 16;
  std::size_t begin = 0, count = 0;  ///< in the sorted order
};

inline double value_at(const shared_factors& x, const double* y, std::ptrdiff_t row) noexcept {
  return y[x.dense ? row : x.rows[static_cast<std::size_t>(row)]];
}

/// The observations as whole registers: those at rows [row, row + lane_count).
[[gnu::always_inline]] inline numeric::lane values_at(const shared_factors& x, const double* y,
                                                      std::ptrdiff_t row) noexcept {
  if (x.dense) return numeric::load(y + row);
  double gathered[numeric::lane_count];
  for (std::ptrdiff_t l = 0; l < numeric::lane_count; ++l) gathered[l] = value_at(x, y, row + l);
  return numeric::load(gathered);
}

/// True when nothing was observed at rows [row, row + 4 lane_count).
[[gnu::always_inline]] inline bool nothing_seen(const shared_factors& x, const double* y, std::ptrdiff_t row) noexcept {
  using namespace numeric;
  const lane one = broadcast(1.0);
  lane seen{};
  unroll<4>([&]<int I>() BASKET_INLINE_LAMBDA {
    const lane v = values_at(x, y, row + I * lane_count);
    seen += v == v ? one : lane{};
  });
  double count = 0.0;
  for (std::ptrdiff_t l = 0; l < lane_count; ++l) count += seen[l];
  return count == 0.0;
}

inline market_window scan(const shared_factors& x, const double* y) {
  using namespace numeric;
  const std::ptrdiff_t rows = x.gram.rows();
  market_window out;
  constexpr std::ptrdiff_t stride = 4 * lane_count;
  while (out.first + stride <= rows && nothing_seen(x, y, out.first)) out.first += stride;
  while (out.first < rows && is_missing(value_at(x, y, out.first))) ++out.first;
  out.last = rows;
  while (out.last - stride >= out.first && nothing_seen(x, y, out.last - stride)) out.last -= stride;
  while (out.last > out.first && is_missing(value_at(x, y, out.last - 1))) --out.last;
  // Lanes stand for row numbers modulo the lane count, so a sum does not depend on where a pass begins.
  lane sum{}, count{};
  const lane one = broadcast(1.0);
  std::ptrdiff_t t = out.first / lane_count * lane_count;
  for (; t + lane_count <= out.last; t += lane_count) {
    const lane v = values_at(x, y, t);
    sum += v == v ? v : lane{};
    count += v == v ? one : lane{};
  }
  double tail = 0.0;
  for (; t < out.last; ++t) {
    const double v = value_at(x, y, t);
    if (!is_missing(v)) {
      tail += v;
      out.count += 1;
    }
  }
  for (std::ptrdiff_t l = 0; l < lane_count; ++l) {
    tail += sum[l];
    out.count += static_cast<std::ptrdiff_t>(count[l]);
  }
  if (out.count > 0) out.mean = tail / static_cast<double>(out.count);
  if (!std::isfinite(out.mean)) {
    out.mean = 0.0;
    for (t = out.first; t < out.last; ++t) out.infinite = out.infinite || std::isinf(value_at(x, y, t));
  }
  if (!out.contiguous()) {
    std::uint64_t digest = 0xcbf29ce484222325;  // FNV-1a over the rows that are missing
    for (t = out.first; t < out.last; ++t) {
      if (is_missing(value_at(x, y, t))) digest = (digest ^ static_cast<std::uint64_t>(t)) * 0x100000001b3;
    }
    out.holes = digest | 1;
  }
  return out;
}

/// Calls body(first, last) for each run of observed rows.
template <class Body>
void for_each_run(const shared_factors& x, const market_window& w, const double* y, const Body& body) {
  if (w.contiguous()) return body(w.first, w.last);
  std::ptrdiff_t begin = w.first;
  for (std::ptrdiff_t t = w.first; t <= w.last; ++t) {
    if (t < w.last && !is_missing(value_at(x, y, t))) continue;
    if (t > begin) body(begin, t);
    begin = t + 1;
  }
}

inline bool same_rows(const shared_factors& x, const market_window& a, const double* ya, const market_window& b,
                      const double* yb) {
  if (a.first != b.first || a.last != b.last || a.count != b.count || a.holes != b.holes) return false;
  if (a.contiguous()) return true;
  for (std::ptrdiff_t t = a.first; t < a.last; ++t) {
    if (is_missing(value_at(x, ya, t)) != is_missing(value_at(x, yb, t))) return false;
  }
  return true;
}

/// Windows of all markets, the order in which neighbours overlap most, and slots of equal windows in that order.
struct batch_order {
  std::vector<market_window> windows = {};  ///< one a market
  std::vector<std::size_t> order = {};      ///< markets with at least `least` observations
  std::vector<window_slot> slots = {};
};

template <ExecutionPolicy Policy>
batch_order arrange(const shared_factors& x, const Eigen::Ref<const Eigen::MatrixXd>& y, std::ptrdiff_t least,
                    const Policy& policy) {
  const auto markets = static_cast<std::size_t>(y.cols());
  const auto column = [&](std::size_t m) { return y.data() + static_cast<std::ptrdiff_t>(m) * y.outerStride(); };
  batch_order out;
  out.windows.resize(markets);
  constexpr std::size_t chunk = 256;
  policy.for_each_index((markets + chunk - 1) / chunk, [&](std::size_t c) {
    for (std::size_t m = c * chunk; m < std::min(markets, (c + 1) * chunk); ++m) out.windows[m] = scan(x, column(m));
  });
  for (std::size_t m = 0; m < markets; ++m) {
    if (!out.windows[m].infinite) continue;
    for (std::ptrdiff_t t = 0; t < y.rows(); ++t) {
      if (std::isinf(y(t, static_cast<std::ptrdiff_t>(m)))) {
        throw data_error("market number " + std::to_string(m), static_cast<std::size_t>(t) + 1, "value",
                         "it is infinite");
      }
    }
  }
  // Neighbours share a pass over their common rows: buckets of starts, then by end, about as fine in both.
  const double spread = std::sqrt(static_cast<double>(markets) / 4.0);
  const std::ptrdiff_t width =
      std::max<std::ptrdiff_t>(1, static_cast<std::ptrdiff_t>(static_cast<double>(x.gram.rows()) / (1.0 + spread)));
  using key = std::tuple<std::ptrdiff_t, std::ptrdiff_t, std::ptrdiff_t, std::uint64_t, std::size_t>;
  std::vector<key> keys;
  keys.reserve(markets);
  for (std::size_t m = 0; m < markets; ++m) {
    const market_window& w = out.windows[m];
    if (w.count >= least) keys.emplace_back(w.first / width, w.last, w.first, w.holes, m);
  }
  std::sort(keys.begin(), keys.end());
  out.order.reserve(keys.size());
  for (const key& k : keys) out.order.push_back(std::get<4>(k));
  for (std::size_t i = 0; i < out.order.size(); ++i) {
    const std::size_t m = out.order[i];
    if (!out.slots.empty() && out.slots.back().count < window_slot::most) {
      const std::size_t head = out.order[out.slots.back().begin];
      if (same_rows(x, out.windows[head], column(head), out.windows[m], column(m))) {
        out.slots.back().count += 1;
        continue;
      }
    }
    out.slots.push_back({i, 1});
  }
  return out;
}

}  // namespace basket::regress::detail
