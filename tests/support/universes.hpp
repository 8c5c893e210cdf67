// Small universes built by hand, for tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "basket/model/universe.hpp"

namespace basket_test {

inline basket::utc_day day(const char* text) { return *basket::utc_day::parse(text); }

/// A universe whose panel starts on `first`; contracts are added one by one with their closes from that day on.
class universe_builder {
 public:
  universe_builder(const char* first, std::size_t days) : first_(day(first)), days_(days) {}

  /// Listed at the close of its first priced day; `closes[i]` belongs to day first + i.
  universe_builder& add(std::string name, std::string event, std::string title, std::vector<double> closes) {
    basket::contract c{.name = std::move(name), .venue = "test"};
    std::size_t start = 0;
    while (start < closes.size() && basket::is_missing(closes[start])) ++start;
    const basket::instant listed = (first_ + basket::days(static_cast<std::int32_t>(start))).close();
    c.versions.push_back({.known_at = listed, .title = std::move(title), .event = std::move(event)});
    c.life.push_back({.known_at = listed, .stage = basket::life_stage::open});
    universe_.contracts.push_back(std::move(c));
    closes.resize(days_, basket::missing);
    closes_.push_back(std::move(closes));
    return *this;
  }
  /// The last contract added is paid `micros` a YES share, known at the close of `when`.
  universe_builder& settled(const char* when, std::int64_t micros,
                            basket::life_stage stage = basket::life_stage::settled) {
    universe_.contracts.back().life.push_back(
        {.known_at = day(when).close(), .stage = stage, .payout = basket::price::micros(micros)});
    return *this;
  }
  [[nodiscard]] basket::universe make() const {
    basket::universe u = universe_;
    u.closes = basket::panel(first_, days_, closes_.size());
    for (std::size_t c = 0; c < closes_.size(); ++c) {
      const auto column = u.closes.mutable_series(basket::contract_id(c));
      for (std::size_t d = 0; d < days_; ++d) column[d] = closes_[c][d];
    }
    return u;
  }

 private:
  basket::utc_day first_;
  std::size_t days_;
  basket::universe universe_;
  std::vector<std::vector<double>> closes_;
};

}  // namespace basket_test
