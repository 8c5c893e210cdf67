// The past as of an instant: the only view of a universe that anything deciding gets.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "basket/core/missing.hpp"
#include "basket/model/universe.hpp"

namespace basket {

/// A number of days back, never forward.
class lag {
 public:
  /// A lag known at compile time; a negative one does not compile.
  consteval explicit lag(int days)
      : days_(days < 0 ? a_lag_looks_back_it_cannot_be_negative() : static_cast<std::size_t>(days)) {}
  /// A lag computed at run time.
  [[nodiscard]] static constexpr lag of(std::size_t days) noexcept { return lag(unchecked{}, days); }
  [[nodiscard]] constexpr std::size_t count() const noexcept { return days_; }

 private:
  struct unchecked {};
  constexpr lag(unchecked, std::size_t days) noexcept : days_(days) {}
  static std::size_t a_lag_looks_back_it_cannot_be_negative() {
    return 0;
  }  // not constexpr: calling it is the compile error
  std::size_t days_;
};

/// The last observed close of a contract and the day it is from.
struct observation {
  utc_day day = {};
  double close = missing;
};

/// What is known at `now()`: contracts already listed, closes already printed, metadata as it then read, settlements
/// already announced. Cheap to copy; valid while the engine that made it runs.
///
/// Missing: closes that were not observed are missing; nothing is filled.
/// Cost:    O(1) to make; each query says its own.
class history {
 public:
  /// Only an engine makes one; every other attempt is refused by the compiler with a sentence.
  template <class First, class... Rest>
    requires(!std::same_as<std::remove_cvref_t<First>, history>)
  explicit history(First&&, Rest&&...) {
    static_assert(sizeof(First) == 0, "only an engine makes a history: it is the door that keeps the future out");
  }
  /// A history never becomes the panel that it was cut from.
  template <class T>
    requires std::same_as<T, panel> || std::same_as<T, universe>
  explicit operator T() const {
    static_assert(sizeof(T) == 0, "a history cannot be turned into a panel or a universe: they hold the future");
  }

  /// The instant of the decision.
  [[nodiscard]] instant now() const noexcept { return now_; }
  /// The last day whose close is known.
  [[nodiscard]] utc_day today() const noexcept { return last_closed_day(now_); }

  /// Contracts that are listed and, as far as is known, neither settled nor voided, in id order. O(contracts).
  [[nodiscard]] std::vector<contract_id> live() const {
    std::vector<contract_id> ids;
    for (std::size_t i = 0; i < source_->contracts.size(); ++i) {
      const contract& c = source_->contracts[i];
      if (!listed(c)) continue;
      const life_stage at = walk(c).stage();
      if (at != life_stage::settled && at != life_stage::voided) ids.push_back(contract_id(i));
    }
    return ids;
  }

  /// True when the contract was listed by now. Every other query about a contract needs this. O(1).
  [[nodiscard]] bool is_listed(contract_id id) const {
    return id.index() < source_->contracts.size() && listed(source_->contracts[id.index()]);
  }

  [[nodiscard]] std::string_view name(contract_id id) const { return known(id).name; }
  [[nodiscard]] std::string_view venue(contract_id id) const { return known(id).venue; }

  /// The latest metadata version known by now. O(versions).
  [[nodiscard]] const metadata_version& metadata(contract_id id) const {
    const contract& c = known(id);
    std::size_t latest = 0;
    while (latest + 1 < c.versions.size() && c.versions[latest + 1].known_at <= now_) ++latest;
    return c.versions[latest];
  }

  /// The stage as known by now. O(life events).
  [[nodiscard]] life_stage stage(contract_id id) const { return walk(known(id)).stage(); }
  /// The payout of a YES share, once it was announced.
  [[nodiscard]] std::optional<price> settlement(contract_id id) const { return walk(known(id)).payout(); }

  /// Daily closes from the first day of the data to today; missing where nothing was observed. O(1), no copy.
  [[nodiscard]] std::span<const double> closes(contract_id id) const {
    (void)known(id);
    const auto all = source_->closes.series(id);
    const std::int32_t count = (today() - source_->closes.first_day()).count + 1;
    if (count <= 0) return {};
    return all.first(std::min(all.size(), static_cast<std::size_t>(count)));
  }

  /// The close `back` days before today; missing where none was observed or the data does not reach back. O(1).
  [[nodiscard]] double close(contract_id id, lag back = lag::of(0)) const {
    const auto series = closes(id);
    const std::int64_t days_of_data = std::int64_t{(today() - source_->closes.first_day()).count} + 1;
    // Compared as counts, never as a date: a huge lag must not wrap around into the future.
    if (days_of_data <= 0 || back.count() >= static_cast<std::size_t>(days_of_data)) return missing;
    const std::size_t row = static_cast<std::size_t>(days_of_data) - 1 - back.count();
    return row < series.size() ? series[row] : missing;
  }

  /// The latest observed close. O(gap).
  [[nodiscard]] std::optional<observation> last_close(contract_id id) const {
    const auto series = closes(id);
    for (std::size_t i = series.size(); i-- > 0;) {
      if (!is_missing(series[i])) {
        return observation{source_->closes.first_day() + days(static_cast<std::int32_t>(i)), series[i]};
      }
    }
    return std::nullopt;
  }

 private:
  friend struct backtest::engine_access;
  friend class trading_context;
  history(const universe* source, instant now) noexcept : source_(source), now_(now) {}

  [[nodiscard]] bool listed(const contract& c) const noexcept {
    return !c.versions.empty() && c.versions.front().known_at <= now_;
  }
  [[nodiscard]] const contract& known(contract_id id) const {
    if (!is_listed(id)) {
      throw precondition_error("contract number " + std::to_string(id.index()) + " is not listed at " +
                               to_string(now_));
    }
    return source_->contracts[id.index()];
  }
  [[nodiscard]] life walk(const contract& c) const noexcept {
    life state;
    for (const life_event& event : c.life) {
      if (event.known_at > now_) break;
      state.apply(event);
    }
    return state;
  }

  const universe* source_;
  instant now_;
};

}  // namespace basket
