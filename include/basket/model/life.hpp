// The life of a contract: a small state machine that both engines share.
#pragma once

#include <optional>
#include <string_view>

#include "basket/core/time.hpp"
#include "basket/core/units.hpp"

namespace basket {

/// Where a contract stands, as far as is known.
enum class life_stage {
  unlisted,    ///< not known to exist
  open,        ///< listed and trading
  closed,      ///< trading has stopped; the outcome is not decided
  pending,     ///< an outcome is proposed or disputed; capital stays locked
  settled,     ///< paid, at any payout in [0, 1]
  voided,      ///< cancelled by the venue, paid at the payout it states
  data_ended,  ///< the recording stops here: not a settlement, and nothing is known of one
};

[[nodiscard]] constexpr std::string_view to_string(life_stage stage) noexcept {
  switch (stage) {
    case life_stage::unlisted:
      return "unlisted";
    case life_stage::open:
      return "open";
    case life_stage::closed:
      return "closed";
    case life_stage::pending:
      return "pending";
    case life_stage::settled:
      return "settled";
    case life_stage::voided:
      return "voided";
    case life_stage::data_ended:
      return "data_ended";
  }
  return "unknown";
}

/// A change of stage and the instant from which it was known. `payout` is dollars per YES share (NO gets 1 - payout);
/// it is set for settled and voided, and for no other stage.
struct life_event {
  instant known_at = {};
  life_stage stage = life_stage::open;
  std::optional<price> payout = std::nullopt;
  friend bool operator==(const life_event&, const life_event&) = default;
};

/// The stage of one contract. Settled and voided are final; a contract may close, reopen, be late, or stop being
/// recorded.
class life {
 public:
  [[nodiscard]] constexpr life_stage stage() const noexcept { return stage_; }
  [[nodiscard]] constexpr std::optional<price> payout() const noexcept { return payout_; }
  [[nodiscard]] constexpr bool is_final() const noexcept {
    return stage_ == life_stage::settled || stage_ == life_stage::voided;
  }
  [[nodiscard]] constexpr bool can_trade() const noexcept { return stage_ == life_stage::open; }

  /// Moves to the event's stage; false, and nothing changes, when the machine has no such step or the payout is not
  /// where it belongs.
  constexpr bool apply(const life_event& event) noexcept {
    const bool pays = event.stage == life_stage::settled || event.stage == life_stage::voided;
    if (pays != event.payout.has_value() || !allows(stage_, event.stage)) return false;
    stage_ = event.stage;
    payout_ = event.payout;
    return true;
  }

  /// The steps of the machine.
  [[nodiscard]] static constexpr bool allows(life_stage from, life_stage to) noexcept {
    switch (from) {
      case life_stage::unlisted:
        return to == life_stage::open;
      case life_stage::open:
        return to != life_stage::unlisted && to != life_stage::open;
      case life_stage::closed:
        return to != life_stage::unlisted && to != life_stage::closed;
      case life_stage::pending:
        return to == life_stage::open || to == life_stage::settled || to == life_stage::voided ||
               to == life_stage::data_ended;
      case life_stage::data_ended:  // a later recording may still bring the settlement
        return to == life_stage::settled || to == life_stage::voided;
      case life_stage::settled:
      case life_stage::voided:
        return false;
    }
    return false;
  }

 private:
  life_stage stage_ = life_stage::unlisted;
  std::optional<price> payout_;
};

}  // namespace basket
