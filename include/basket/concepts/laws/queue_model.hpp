// The laws of QueueModel, and the least type that models it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "basket/concepts/queue_model.hpp"
#include "basket/core/random.hpp"

namespace basket::laws {

/// Fills nobody.
struct queue_model_archetype {
  static constexpr bool fills_when_crossed = false;
  static constexpr recorded needs = {};
  static constexpr std::string_view bias = "Nothing that waits is ever filled.";
  [[nodiscard]] queue_place joined(shares displayed) const { return {.ahead = displayed}; }
  [[nodiscard]] shares moved(queue_place&, level_move) const { return {}; }
  [[nodiscard]] shares traded(queue_place&, shares) const { return {}; }
};
static_assert(QueueModel<queue_model_archetype>);

/// The broken laws of a model over 2,000 lives of an order drawn from (`seed`), a sentence each, at most ten.
template <QueueModel Q>
[[nodiscard]] std::vector<std::string> broken_laws(const Q& model, std::uint64_t seed = 1) {
  std::vector<std::string> broken;
  const auto say = [&](const char* what) {
    if (broken.size() < 10 && std::find(broken.begin(), broken.end(), what) == broken.end()) broken.emplace_back(what);
  };
  if (std::string_view(Q::bias).empty()) say("the assumption is not stated");
  random_stream random(seed);
  const auto size = [&] { return shares::micros(static_cast<std::int64_t>(random.below(5'000'000))); };
  for (int order = 0; order < 2'000; ++order) {
    shares displayed = size();
    queue_place place = model.joined(displayed);
    queue_place again = place;
    if (place.ahead < shares{} || place.ahead > displayed)
      say("an order joins ahead of nothing, or behind more than is displayed");
    for (int event = 0; event < 20; ++event) {
      const queue_place before = place;
      shares got, same, most;
      const std::uint32_t what = random.below(3);
      if (what == 0) {
        most = size();
        got = model.traded(place, most);
        same = model.traded(again, most);
      } else {
        const shares after = what == 1 ? size() : displayed;  // one in three changes nothing
        most = std::max(displayed - after, shares{});
        got = model.moved(place, {.before = displayed, .after = after});
        same = model.moved(again, {.before = displayed, .after = after});
        displayed = after;
        if (what == 2 && place.ahead != before.ahead) say("an order gains or loses a place while nothing happens");
      }
      if (got < shares{} || got > most) say("an event fills an order with more than it moved");
      if (got > shares{} && place.ahead > shares{}) say("an order is filled while somebody is ahead of it");
      if (place.ahead < shares{}) say("a place is negative");
      if (place.ahead > before.ahead) say("an order falls back in its queue");
      if (got != same || place.ahead != again.ahead) say("asked twice, the model gives two answers");
    }
  }
  return broken;
}

}  // namespace basket::laws
