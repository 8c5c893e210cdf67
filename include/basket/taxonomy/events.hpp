// Which question a contract belongs to: the venue's own event where it is known, else its ticker.
#pragma once

#include <map>
#include <string>

#include "basket/concepts/grouping_policy.hpp"
#include "basket/taxonomy/ticker.hpp"

namespace basket::taxonomy {

namespace detail {

/// Groups by a text of each contract's own, numbered by first appearance; an empty text is unclassified.
template <class Key>
grouping<contract_id> group_by(std::span<const contract_id> ids, Key&& key_of) {
  grouping<contract_id> out;
  std::map<std::string, std::size_t> numbers;
  for (const contract_id id : ids) {
    out.members.push_back(id);
    const std::string key = key_of(id);
    if (key.empty()) {
      out.labels.push_back(group_label::unclassified());
      continue;
    }
    const auto [at, fresh] = numbers.try_emplace(key, out.names.size());
    if (fresh) out.names.push_back(key);
    out.labels.push_back(group_label(at->second));
  }
  return out;
}

}  // namespace detail

/// Contract -> ticker: contracts of one venue whose titles are equal but for time expressions.
///
/// Missing: a contract without a title, or with nothing but a date in it, is unclassified.
struct tickers {
  [[nodiscard]] grouping<contract_id> group(const history& past, std::span<const contract_id> ids) const {
    return detail::group_by(ids, [&](contract_id id) {
      std::string text = strip_time(past.metadata(id).title).text;
      return text.empty() ? text : std::string(past.venue(id)) + ": " + text;
    });
  }
};

/// Contract -> event: the venue's event id where it is known, else the ticker.
///
/// Missing: a contract with neither an event id nor a usable title is unclassified.
struct events {
  [[nodiscard]] grouping<contract_id> group(const history& past, std::span<const contract_id> ids) const {
    return detail::group_by(ids, [&](contract_id id) {
      const metadata_version& known = past.metadata(id);
      std::string key = known.event.empty() ? strip_time(known.title).text : known.event;
      return key.empty() ? key : std::string(past.venue(id)) + ": " + key;
    });
  }
};

static_assert(GroupingPolicy<tickers> && GroupingPolicy<events>);

}  // namespace basket::taxonomy
