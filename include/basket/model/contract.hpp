// A contract: who it is, what was known of it when, and what happened to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "basket/core/id.hpp"
#include "basket/core/time.hpp"
#include "basket/model/hindsight.hpp"
#include "basket/model/life.hpp"

namespace basket {

/// What the venue said of a contract from `known_at` until the next version. Empty texts are unknown.
struct metadata_version {
  instant known_at = {};
  std::string title = {};
  std::string slug = {};                                ///< the words of the contract's or its event's address
  std::string event = {};                               ///< the venue's own event id
  std::optional<utc_day> scheduled_end = std::nullopt;  ///< as announced; trading may stop earlier or later
};

/// What can be said of a contract only after its life.
struct lifetime_facts {
  std::optional<double> volume = {};  ///< of the whole life, in the venue's unit
  std::optional<utc_day> last_priced = {};
  std::vector<std::string> tags = {};  ///< the last tag set
  std::string theme = {};              ///< somebody else's label, for comparison
};

/// A specific market with its expiry. `versions` and `life` are ordered by the instant they became known.
struct contract {
  std::string name = {};  ///< the venue's id, unique in a universe
  std::string venue = {};
  std::vector<metadata_version> versions = {};
  std::vector<life_event> life = {};
  hindsight<lifetime_facts> after = {};
};

/// Whether at most one outcome of a set can happen, and whether one must.
enum class exclusivity { exclusive, overlapping, unknown };
enum class exhaustiveness { exhaustive, open_ended, unknown };

/// The outcomes of one question. Prices of an exclusive and exhaustive set sum to one before costs; of an exclusive set
/// that is not exhaustive, to at most one.
struct outcome_set {
  std::string name = {};
  std::vector<contract_id> outcomes = {};
  exclusivity exclusive = exclusivity::unknown;
  exhaustiveness exhaustive = exhaustiveness::unknown;
};

}  // namespace basket
