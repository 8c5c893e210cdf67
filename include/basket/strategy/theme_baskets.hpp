// One basket per theme, one contract per event: from a history to target weights.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "basket/concepts/bias.hpp"
#include "basket/concepts/daily_strategy.hpp"
#include "basket/concepts/eligibility.hpp"
#include "basket/concepts/grouping_policy.hpp"
#include "basket/concepts/representative.hpp"
#include "basket/concepts/weighting.hpp"

namespace basket::strategy {

namespace detail {

/// The theme of each event: the commonest label among its live contracts, ties to the smaller number.
inline std::vector<group_label> theme_of_events(const grouping<contract_id>& events,
                                                const grouping<contract_id>& themes) {
  std::vector<std::vector<std::size_t>> votes(events.groups(), std::vector<std::size_t>(themes.groups(), 0));
  for (std::size_t i = 0; i < events.members.size(); ++i) {
    if (events.labels[i].has_group() && themes.labels[i].has_group()) {
      ++votes[events.labels[i].group()][themes.labels[i].group()];
    }
  }
  std::vector<group_label> out(events.groups());
  for (std::size_t e = 0; e < votes.size(); ++e) {
    const auto most = std::max_element(votes[e].begin(), votes[e].end());
    if (most != votes[e].end() && *most > 0) out[e] = group_label(static_cast<std::size_t>(most - votes[e].begin()));
  }
  return out;
}

template <class Id>
void require_same_members(const weights<Id>& w, members<Id> who) {
  check(w);
  if (!std::equal(w.members.begin(), w.members.end(), who.ids.begin(), who.ids.end())) {
    throw precondition_error("a weighting scheme must give one weight to each member, in their order");
  }
}

}  // namespace detail

/// Sorts live contracts into events and themes, keeps one eligible contract of each event, weighs them inside each
/// theme and the themes against each other. A theme with fewer than `min_events` events gets nothing.
///
/// Missing: a contract without an event, or whose event has no theme, is out and says so.
/// Fails:   precondition_error when a part breaks the laws of its concept.
/// Cost:    that of its parts over the live contracts.
template <Eligibility Eligible, GroupingPolicy<contract_id> Events, GroupingPolicy<contract_id> Themes,
          Representative Pick, Weighting<contract_id> Within, Weighting<theme_id> Across>
struct theme_baskets {
  Eligible eligible = {};
  Events events = {};
  Themes themes = {};
  Pick pick = {};
  Within within = {};
  Across across = {};
  std::size_t min_events = 1;

  [[nodiscard]] decision decide(const history& past) const {
    const std::vector<contract_id> live = past.live();
    const grouping<contract_id> by_event = events.group(past, std::span<const contract_id>(live));
    const grouping<contract_id> by_theme = themes.group(past, std::span<const contract_id>(live));
    check(by_event);
    check(by_theme);
    if (by_event.members != live || by_theme.members != live) {
      throw precondition_error("a grouping policy must label the members given, in their order");
    }
    const std::vector<group_label> event_theme = detail::theme_of_events(by_event, by_theme);

    decision out{.at = past.now(), .contracts = std::vector<considered>(live.size())};
    std::vector<std::vector<std::size_t>> candidates(by_event.groups());  // positions in `live`, an event each
    for (std::size_t i = 0; i < live.size(); ++i) {
      considered& line = out.contracts[i];
      line.contract = live[i];
      if (!by_event.labels[i].has_group()) {
        line.reason = "no event: neither a title nor an event id is known";
        continue;
      }
      const std::size_t event = by_event.labels[i].group();
      line.event = by_event.names[event];
      if (!event_theme[event].has_group()) {
        line.reason = "its event has no theme";
        continue;
      }
      line.theme = by_theme.names[event_theme[event].group()];
      if (auto refusal = eligible.refusal(past, live[i])) {
        line.reason = "not eligible: " + *refusal;
        continue;
      }
      candidates[event].push_back(i);
    }

    std::vector<std::vector<std::size_t>> chosen(by_theme.groups());  // positions in `live`, a theme each
    for (std::size_t e = 0; e < candidates.size(); ++e) {
      if (candidates[e].empty()) continue;
      std::vector<contract_id> ids;
      for (const std::size_t i : candidates[e]) ids.push_back(live[i]);
      const choice best = pick.choose(past, std::span<const contract_id>(ids));
      for (const std::size_t i : candidates[e]) {
        considered& line = out.contracts[i];
        if (live[i] == best.contract) {
          line.reason = "stands for its event: " + best.reason;
          chosen[event_theme[e].group()].push_back(i);
        } else {
          line.reason = "its event is held through " + std::string(past.name(best.contract)) + ": " + best.reason;
        }
      }
    }

    std::vector<theme_id> ids;
    std::vector<std::vector<contract_id>> holdings;
    std::vector<std::vector<std::size_t>> positions;
    for (std::size_t t = 0; t < chosen.size(); ++t) {
      if (chosen[t].empty()) continue;
      if (chosen[t].size() < min_events) {
        for (const std::size_t i : chosen[t]) {
          out.contracts[i].reason =
              "its theme has " + std::to_string(chosen[t].size()) + " events, fewer than " + std::to_string(min_events);
        }
        continue;
      }
      std::sort(chosen[t].begin(), chosen[t].end());
      ids.push_back(theme_id(t));
      positions.push_back(chosen[t]);
      holdings.emplace_back();
      for (const std::size_t i : chosen[t]) holdings.back().push_back(live[i]);
    }
    const members<theme_id> baskets{.ids = ids, .holdings = holdings};
    const weights<theme_id> outer = across.weigh(past, baskets);
    detail::require_same_members(outer, baskets);
    for (std::size_t b = 0; b < ids.size(); ++b) {
      const members<contract_id> inside{.ids = holdings[b]};
      const weights<contract_id> inner = within.weigh(past, inside);
      detail::require_same_members(inner, inside);
      for (std::size_t k = 0; k < positions[b].size(); ++k) {
        out.contracts[positions[b][k]].weight = outer.values[b] * inner.values[k];
      }
    }
    return out;
  }

  /// The assumptions of the parts.
  void collect_bias(std::vector<std::string>& sentences) const {
    append_bias(events, sentences);
    append_bias(themes, sentences);
    append_bias(eligible, sentences);
    append_bias(pick, sentences);
    append_bias(within, sentences);
    append_bias(across, sentences);
  }
};

}  // namespace basket::strategy
