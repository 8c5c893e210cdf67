// What is only known afterwards, behind a door that settlement and reports can open.
#pragma once

#include <concepts>
#include <utility>

namespace basket {

namespace backtest {
struct engine_access;
}
namespace report {
struct after_the_fact;
}

/// Opens `hindsight`. Only the engines' settlement and the reports make one.
class hindsight_key {
  friend struct backtest::engine_access;
  friend struct report::after_the_fact;
  hindsight_key() = default;
};

/// A value computed from the whole life of a market: lifetime volume, last priced day, final tags. Nothing that decides
/// may read it.
template <class T>
class hindsight {
 public:
  hindsight() = default;
  explicit hindsight(T value) : value_(std::move(value)) {}

  /// The value, for whoever holds the key.
  template <class Key>
  [[nodiscard]] const T& open(const Key&) const {
    static_assert(std::same_as<Key, hindsight_key>,
                  "hindsight is opened by settlement and reports only: what is known afterwards decides nothing");
    return value_;
  }

 private:
  T value_{};
};

}  // namespace basket
