// The laws of MessageSource, and the least type that models it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/message_source.hpp"

namespace basket::laws {

/// Has no messages.
struct message_source_archetype {
  std::vector<market_terms> none = {};
  [[nodiscard]] std::size_t next(std::span<message>) { return 0; }
  [[nodiscard]] const std::vector<market_terms>& markets() const { return none; }
  [[nodiscard]] recorded provides() const { return {}; }
  [[nodiscard]] std::string_view name() const { return "nothing"; }
};
static_assert(MessageSource<message_source_archetype>);

/// The broken laws of the source that `make()` opens anew each time, a sentence each, at most ten. Rows need not rise
/// from 0 in a merge, whose messages carry the rows of its parts.
template <class Make>
[[nodiscard]] std::vector<std::string> broken_laws(const Make& make, bool rows_are_its_own = true)
  requires MessageSource<decltype(make())>
{
  std::vector<std::string> broken;
  const auto say = [&](std::size_t at, const std::string& what) {
    if (broken.size() < 10) broken.push_back("message " + std::to_string(at) + ": " + what);
  };
  std::vector<message> all;
  {
    auto source = make();
    if (std::string_view(source.name()).empty()) broken.push_back("the source has no name");
    std::vector<message> room(512);
    for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
      if (n > room.size()) {
        broken.push_back("more was filled than there was room for");
        return broken;
      }
      all.insert(all.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(n));
    }
    if (source.next(room) != 0) broken.push_back("messages come behind the end");
    std::uint32_t levels = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const message& m = all[i];
      if (i > 0 && m.known_at < all[i - 1].known_at) say(i, "it was known before the one in front of it");
      if (rows_are_its_own && m.row != i) say(i, "its row is " + std::to_string(m.row));
      if (m.kind() == message_kind::own) say(i, "only an engine answers a strategy");
      if (m.kind() != message_kind::timer && m.contract.index() >= source.markets().size()) {
        say(i, "it speaks of a contract that is not among the markets");
      }
      const bool of_snapshot = levels > 0 && m.kind() == message_kind::level && m.known_at == all[i - 1].known_at &&
                               m.contract == all[i - 1].contract && m.of == all[i - 1].of;
      if (levels > 0 && !of_snapshot) say(i, "it comes between a snapshot and its levels");
      levels = m.kind() == message_kind::snapshot ? m.snapshot_levels() : levels - (of_snapshot ? 1 : 0);
      if (!of_snapshot && m.kind() != message_kind::snapshot) levels = 0;
    }
    if (levels > 0) broken.push_back("the source ends inside a snapshot");
  }
  for (const std::size_t size : {std::size_t{1}, std::size_t{7}}) {
    auto source = make();
    std::vector<message> room(size);
    std::size_t at = 0;
    bool same = true;
    for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
      for (std::size_t i = 0; i < n && same; ++i, ++at) same = at < all.size() && room[i] == all[at];
    }
    if (!same || at != all.size()) {
      broken.push_back("with room for " + std::to_string(size) + " other messages come than with room for 512");
    }
  }
  return broken;
}

}  // namespace basket::laws
