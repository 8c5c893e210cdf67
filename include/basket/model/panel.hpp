// A ragged daily panel: one column a contract, one row a UTC day, missing where nothing was observed.
#pragma once

#include <cstddef>
#include <span>
#include <xtensor/xtensor.hpp>

#include "basket/core/id.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/time.hpp"

namespace basket {

/// Closes by day and contract, column-major: one contract's series is contiguous and binds to an Eigen::Ref without a
/// copy. A close of day d is known at 24:00 UTC of d.
///
/// Missing: NaN; nothing is filled.
/// Cost:    8 bytes a cell.
class panel {
 public:
  using storage = xt::xtensor<double, 2, xt::layout_type::column_major>;

  panel() : panel(utc_day(0), 0, 0) {}
  /// All missing: `days` rows from `first` on, `contracts` columns.
  panel(utc_day first, std::size_t days, std::size_t contracts)
      : first_(first), values_(storage::from_shape({days, contracts})) {
    values_.fill(missing);
  }

  [[nodiscard]] utc_day first_day() const noexcept { return first_; }
  [[nodiscard]] std::size_t days() const noexcept { return values_.shape(0); }
  [[nodiscard]] std::size_t contracts() const noexcept { return values_.shape(1); }
  /// One past the last row.
  [[nodiscard]] utc_day end_day() const noexcept { return first_ + basket::days(static_cast<std::int32_t>(days())); }
  [[nodiscard]] bool covers(utc_day day) const noexcept { return day >= first_ && day < end_day(); }

  /// The row of a day. Fails: precondition_error when the panel does not cover it.
  [[nodiscard]] std::size_t row(utc_day day) const {
    if (!covers(day)) throw precondition_error("the panel does not cover " + to_string(day));
    return static_cast<std::size_t>((day - first_).count);
  }

  /// The close of a day; missing where none was observed or the panel does not cover the day.
  [[nodiscard]] double close(utc_day day, contract_id contract) const {
    return covers(day) ? series(contract)[row(day)] : missing;
  }
  void set_close(utc_day day, contract_id contract, double value) { mutable_series(contract)[row(day)] = value; }

  /// The whole column of a contract.
  [[nodiscard]] std::span<const double> series(contract_id contract) const {
    check(contract);
    return {values_.data() + contract.index() * days(), days()};
  }
  [[nodiscard]] std::span<double> mutable_series(contract_id contract) {
    check(contract);
    return {values_.data() + contract.index() * days(), days()};
  }

  /// The tensor itself, days x contracts.
  [[nodiscard]] const storage& values() const noexcept { return values_; }

 private:
  void check(contract_id contract) const {
    if (contract.index() >= contracts()) {
      throw precondition_error("the panel has " + std::to_string(contracts()) + " contracts; there is no number " +
                               std::to_string(contract.index()));
    }
  }

  utc_day first_;
  storage values_;
};

}  // namespace basket
