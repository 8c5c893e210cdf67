#include "basket/concepts/laws/eligibility.hpp"

#include <doctest/doctest.h>

#include "concepts/small_past.hpp"

namespace basket_test::concepts_eligibility {

using namespace basket;

struct cheap_only {
  std::optional<std::string> refusal(const history& past, contract_id id) const {
    const auto last = past.last_close(id);
    if (last && last->close < 0.5) return std::nullopt;
    return "not cheap";
  }
};
struct by_mood {
  mutable int asked = 0;
  std::optional<std::string> refusal(const history&, contract_id) const {
    return ++asked % 2 == 0 ? std::optional<std::string>("no") : std::nullopt;
  }
};
struct mute {
  std::optional<std::string> refusal(const history&, contract_id) const { return ""; }
};
struct knows_the_end {  // reads, for each history, the universe behind it: what the type system forbids, planted
  const small_past* all = nullptr;
  std::optional<std::string> refusal(const history& past, contract_id id) const {
    const bool true_world = past.closes(id).data() == all->past.closes(id).data();
    if (small_past::final_close(true_world ? all->everything : all->otherwise, id) > 0.5) return std::nullopt;
    return "will lose";
  }
};
struct says_yes {
  bool refusal(const history&, contract_id) const { return false; }
};
struct about_events {
  std::optional<std::string> refusal(const history&, event_id) const { return std::nullopt; }
};
static_assert(!Eligibility<says_yes> && !Eligibility<about_events> && Eligibility<cheap_only>);

TEST_CASE("a rule answers from the history alone, with a reason") {
  const small_past at;
  REQUIRE(at.past.live().size() > 10);
  CHECK(laws::broken_laws(laws::eligibility_archetype{}, at.past, at.another_future).empty());
  CHECK(laws::broken_laws(cheap_only{}, at.past, at.another_future).empty());
  CHECK(laws::broken_laws(by_mood{}, at.past).front().find("two answers") != std::string::npos);
  CHECK(laws::broken_laws(mute{}, at.past).front().find("without a reason") != std::string::npos);
  CHECK(laws::broken_laws(knows_the_end{&at}, at.past).empty());  // one future alone does not give it away
  const auto broken = laws::broken_laws(knows_the_end{&at}, at.past, at.another_future);
  REQUIRE_FALSE(broken.empty());
  CHECK(broken.front().find("depends on what became known later") != std::string::npos);
}

}  // namespace basket_test::concepts_eligibility
