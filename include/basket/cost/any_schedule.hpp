// A fee schedule of any kind behind one type, for programs that choose at run time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "basket/concepts/bias.hpp"
#include "basket/concepts/fee_schedule.hpp"

namespace basket::cost {

/// Shares a schedule, which nothing changes, and forwards to it. Cost: one virtual call a match.
class any_schedule {
 public:
  template <class Schedule>
    requires(!std::is_same_v<std::remove_cvref_t<Schedule>, any_schedule> && FeeSchedule<std::remove_cvref_t<Schedule>>)
  any_schedule(Schedule&& schedule)  // NOLINT: every schedule is one
      : held_(std::make_shared<holder<std::remove_cvref_t<Schedule>>>(std::forward<Schedule>(schedule))) {
    if constexpr (StatesBias<std::remove_cvref_t<Schedule>>) {
      bias = std::string(std::string_view(std::remove_cvref_t<Schedule>::bias));
    }
  }

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry& carry) const {
    return held_->charge(match, carry);
  }

  std::string bias = {};  ///< what it assumes, empty where it says nothing

 private:
  struct base {
    base() = default;
    base(const base&) = delete;
    base& operator=(const base&) = delete;
    virtual ~base() = default;
    [[nodiscard]] virtual std::optional<fee_charge> charge(const fee_request& match, fee_carry& carry) const = 0;
  };
  template <class Schedule>
  struct holder final : base {
    explicit holder(Schedule held) : schedule(std::move(held)) {}
    [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry& carry) const override {
      return schedule.charge(match, carry);
    }
    Schedule schedule;
  };
  std::shared_ptr<const base> held_;
};
static_assert(FeeSchedule<any_schedule>);

}  // namespace basket::cost
