// Many sources as one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"

namespace basket::source {

/// Merges sources by (known_at, source, row). Sources are numbered by the order of their names, markets by the order of
/// theirs, so the list may be given in any order. Sources that name the same market feed the same contract: what one
/// says of it and another leaves open is taken over.
///
/// What is provided is what every market is told of: for each market the union over its sources, then what all markets
/// have. An assumption that needs more refuses to run.
///
/// Fails: precondition_error when there is no source or more than 65,535, two have one name, or two state different
///        terms for one market; data_error naming source and row when a source goes back in time.
/// Cost:  O(log sources) a message; memory for `room` messages a source.
template <MessageSource Source>
class merge {
 public:
  explicit merge(std::vector<Source> sources, std::string name = "merged", std::size_t room = 256)
      : sources_(std::move(sources)), name_(std::move(name)) {
    require(!sources_.empty(), "a merge needs at least one source");
    require(sources_.size() <= std::numeric_limits<std::uint16_t>::max(), "a merge takes at most 65535 sources");
    require(room > 0, "a merge needs room for at least one message a source");
    std::vector<std::size_t> order(sources_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return sources_[a].name() < sources_[b].name(); });
    std::vector<Source> sorted;
    sorted.reserve(sources_.size());
    for (const std::size_t i : order) sorted.push_back(std::move(sources_[i]));
    sources_ = std::move(sorted);
    for (std::size_t i = 1; i < sources_.size(); ++i) {
      if (sources_[i].name() == sources_[i - 1].name()) {
        throw precondition_error("two sources are named " + std::string(sources_[i].name()));
      }
    }
    number_markets();
    lanes_.resize(sources_.size());
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      lanes_[s].room.resize(room);
      if (refill(s)) heap_.push_back(s);
    }
    std::make_heap(heap_.begin(), heap_.end(), later());
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    std::size_t filled = 0;
    while (filled < room.size() && !heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later());
      const std::size_t s = heap_.back();
      // As long as no other source is before it, the same one goes on without touching the heap.
      for (bool first = true; filled < room.size(); first = false) {
        lane& l = lanes_[s];
        if (!first && heap_.size() > 1 && comes_before(head(heap_.front()), head(s))) break;
        room[filled++] = l.room[l.at++];
        if (l.at == l.filled && !refill(s)) break;
      }
      if (lanes_[s].filled == 0) {
        heap_.pop_back();
      } else {
        std::push_heap(heap_.begin(), heap_.end(), later());
      }
    }
    return filled;
  }
  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return told_; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  /// In the order of their names, which is that of `message::source`.
  [[nodiscard]] const std::vector<Source>& sources() const noexcept { return sources_; }

 private:
  struct lane {
    std::vector<message> room = {};
    std::vector<contract_id> contract = {};  // of the merge, by the source's own number
    std::size_t at = 0, filled = 0;
    instant last = instant::earliest();
  };

  [[nodiscard]] const message& head(std::size_t s) const { return lanes_[s].room[lanes_[s].at]; }
  [[nodiscard]] auto later() const {
    return [this](std::size_t a, std::size_t b) { return comes_before(head(b), head(a)); };
  }

  void number_markets() {
    struct told_of {
      market_terms terms = {};
      recorded told = {};
    };
    std::vector<told_of> all;
    for (const Source& s : sources_) {
      for (const market_terms& t : s.markets()) all.push_back({.terms = t, .told = s.provides()});
    }
    // Equal names are compared by source, which std::sort keeps by their place in the list.
    std::vector<std::size_t> order(all.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return all[a].terms.name != all[b].terms.name ? all[a].terms.name < all[b].terms.name : a < b;
    });
    std::vector<recorded> told;
    for (const std::size_t i : order) {
      if (markets_.empty() || markets_.back().name != all[i].terms.name) {
        markets_.push_back(all[i].terms);
        told.push_back(all[i].told);
      } else {
        unite(markets_.back(), all[i].terms);
        told.back() = told.back() | all[i].told;
      }
    }
    if (!told.empty()) told_ = told.front();
    for (const recorded r : told) told_ = told_ & r;
    lanes_.resize(sources_.size());
    for (std::size_t s = 0; s < sources_.size(); ++s) {
      for (const market_terms& t : sources_[s].markets()) {
        const auto at = std::lower_bound(markets_.begin(), markets_.end(), t.name,
                                         [](const market_terms& m, const std::string& n) { return m.name < n; });
        lanes_[s].contract.push_back(contract_id(static_cast<std::size_t>(at - markets_.begin())));
      }
    }
  }

  /// Takes over what the first source leaves open; what both state must be the same.
  static void unite(market_terms& known, const market_terms& more) {
    const auto same = [&](auto& mine, const auto& other, const auto& unknown, const char* what) {
      if (mine == unknown) {
        mine = other;
      } else if (other != unknown && mine != other) {
        throw precondition_error("two sources state different terms for market " + known.name + ": its " + what);
      }
    };
    same(known.venue, more.venue, std::string(), "venue");
    same(known.category, more.category, std::string(), "category");
    same(known.listed, more.listed, std::optional<instant>(), "listing");
    same(known.minimum_size, more.minimum_size, shares{}, "minimum size");
    if (known.tick != more.tick || known.grid != more.grid) {
      throw precondition_error("two sources state different terms for market " + known.name + ": its tick or grid");
    }
  }

  /// Reads on in a source that has none waiting; false at its end.
  bool refill(std::size_t s) {
    lane& l = lanes_[s];
    l.at = 0;
    l.filled = sources_[s].next(l.room);
    for (std::size_t i = 0; i < l.filled; ++i) {
      message& m = l.room[i];
      if (m.known_at < l.last) {
        throw data_error(std::string(sources_[s].name()), std::size_t{m.row} + 1, "known_at",
                         "the source goes back in time");
      }
      l.last = m.known_at;
      m.source = static_cast<std::uint16_t>(s);
      if (m.kind() == message_kind::timer) continue;
      if (m.contract.index() >= l.contract.size()) {
        throw data_error(std::string(sources_[s].name()), std::size_t{m.row} + 1, "contract",
                         "there is no such contract");
      }
      m.contract = l.contract[m.contract.index()];
    }
    return l.filled > 0;
  }

  std::vector<Source> sources_;
  std::string name_;
  std::vector<market_terms> markets_;
  recorded told_ = {};
  std::vector<lane> lanes_;
  std::vector<std::size_t> heap_;
};

}  // namespace basket::source
