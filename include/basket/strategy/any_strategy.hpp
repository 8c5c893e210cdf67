// A message strategy of any kind behind one type, for programs that choose at run time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "basket/concepts/bias.hpp"
#include "basket/concepts/message_strategy.hpp"

namespace basket::strategy {

/// Owns a copy of a strategy and forwards every message to it; copies copy what it holds.
/// Cost: one virtual call a message.
class any_strategy {
 public:
  template <class Strategy>
    requires(!std::is_same_v<std::remove_cvref_t<Strategy>, any_strategy> &&
             MessageStrategy<std::remove_cvref_t<Strategy>>)
  any_strategy(Strategy&& strategy)  // NOLINT: every strategy is one
      : bias(bias_of(strategy)),
        held_(std::make_unique<holder<std::remove_cvref_t<Strategy>>>(std::forward<Strategy>(strategy))) {}
  any_strategy(const any_strategy& other) : bias(other.bias), held_(other.held_->copy()) {}
  any_strategy(any_strategy&&) noexcept = default;
  any_strategy& operator=(any_strategy other) noexcept {
    bias = std::move(other.bias);
    held_ = std::move(other.held_);
    return *this;
  }
  ~any_strategy() = default;

  void on(const message& m, trading_context& desk) { held_->on(m, desk); }

  std::string bias = {};  ///< what it assumes, empty where it says nothing

 private:
  template <class Strategy>
  static std::string bias_of([[maybe_unused]] const Strategy& strategy) {
    if constexpr (StatesBias<Strategy>) {
      return std::string(std::string_view(strategy.bias));
    } else {
      return {};
    }
  }
  struct base {
    base() = default;
    base(const base&) = delete;
    base& operator=(const base&) = delete;
    virtual ~base() = default;
    virtual void on(const message& m, trading_context& desk) = 0;
    [[nodiscard]] virtual std::unique_ptr<base> copy() const = 0;
  };
  template <class Strategy>
  struct holder final : base {
    explicit holder(Strategy held) : strategy(std::move(held)) {}
    void on(const message& m, trading_context& desk) override { strategy.on(m, desk); }
    [[nodiscard]] std::unique_ptr<base> copy() const override { return std::make_unique<holder>(strategy); }
    Strategy strategy;
  };
  std::unique_ptr<base> held_;
};
static_assert(MessageStrategy<any_strategy>);

}  // namespace basket::strategy
