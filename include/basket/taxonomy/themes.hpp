// Contract -> theme by rules on title and slug.
#pragma once

#include <string>

#include "basket/concepts/grouping_policy.hpp"
#include "basket/taxonomy/theme_rules.hpp"

namespace basket::taxonomy {

/// Gives each contract the theme that the rules find in its title and slug, with the phrase that decided as the reason.
/// Groups are the rules' themes, in their order, also those without a member.
///
/// Missing: a contract in whose texts no phrase occurs is unclassified.
struct themes {
  theme_rules rules = {};

  [[nodiscard]] grouping<contract_id> group(const history& past, std::span<const contract_id> ids) const {
    grouping<contract_id> out;
    for (std::size_t theme = 0; theme < rules.size(); ++theme) out.names.push_back(rules.name(theme));
    for (const contract_id id : ids) {
      const metadata_version& known = past.metadata(id);
      const auto found = rules.match(known.title, known.slug);
      out.members.push_back(id);
      out.labels.push_back(found ? group_label(found->theme) : group_label::unclassified());
      out.reasons.push_back(found ? "phrase '" + std::string(found->phrase) + "'" : "no phrase of any theme");
    }
    return out;
  }
};

static_assert(GroupingPolicy<themes>);

}  // namespace basket::taxonomy
