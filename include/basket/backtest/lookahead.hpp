// The test that counts: replace everything known after an instant by noise, and see that nothing before it moves.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basket/backtest/engine_access.hpp"
#include "basket/backtest/result.hpp"
#include "basket/core/random.hpp"

namespace basket::backtest {

namespace detail {

inline std::string noise_text(random_stream& bits, const char* prefix) {
  return prefix + std::to_string(bits()) + "-" + std::to_string(bits());
}

inline metadata_version noise_version(random_stream& bits, instant known_at) {
  static constexpr const char* words[] = {"Bitcoin above $100K", "election winner",   "Fed cuts rates",
                                          "NBA champion",        "ceasefire in Gaza", "hurricane season",
                                          "Oscar winner",        "OpenAI release"};
  metadata_version v{.known_at = known_at};
  v.title = noise_text(bits, words[bits.below(8)]);
  v.slug = noise_text(bits, words[bits.below(8)]);
  v.event = noise_text(bits, "event-");
  v.scheduled_end = utc_day(static_cast<std::int32_t>(15'000 + bits.below(10'000)));
  return v;
}

}  // namespace detail

/// The universe with everything that became known after `now` replaced by noise: closes, listings and their names,
/// metadata versions, settlements and their payouts, and all that is hindsight. What was known by `now` is untouched.
///
/// Cost: O(cells).
[[nodiscard]] inline universe noise_after(const universe& source, instant now, std::uint64_t seed) {
  universe out = source;
  const utc_day today = last_closed_day(now);
  const auto later = [&](random_stream& bits) {  // some day's close after now
    return (today + days(static_cast<std::int32_t>(1 + bits.below(200)))).close();
  };
  for (std::size_t i = 0; i < out.contracts.size(); ++i) {
    random_stream bits(seed, i);
    contract& c = out.contracts[i];
    std::erase_if(c.versions, [&](const metadata_version& v) { return v.known_at > now; });
    std::erase_if(c.life, [&](const life_event& e) { return e.known_at > now; });
    life walk;
    for (const life_event& e : c.life) walk.apply(e);
    if (c.versions.empty()) {
      c.name = detail::noise_text(bits, "noise-");
      c.venue = detail::noise_text(bits, "venue-");
    }
    const instant change = later(bits);
    c.versions.push_back(detail::noise_version(bits, change));
    if (walk.stage() == life_stage::unlisted) {
      c.life.push_back({.known_at = change, .stage = life_stage::open});
      walk.apply(c.life.back());
    }
    if (!walk.is_final()) {
      const instant end = std::max(change, later(bits));
      const bool voided = bits.below(4) == 0;
      c.life.push_back({.known_at = end,
                        .stage = voided ? life_stage::voided : life_stage::settled,
                        .payout = price::micros(bits.below(1'000'001))});
    }
    lifetime_facts facts;
    facts.volume = 1e6 * bits.uniform();
    facts.last_priced = today + days(static_cast<std::int32_t>(bits.below(400)));
    facts.tags = {detail::noise_text(bits, "tag-")};
    facts.theme = detail::noise_text(bits, "theme-");
    c.after = hindsight<lifetime_facts>(facts);
    const auto series = out.closes.mutable_series(contract_id(i));
    for (std::size_t row = 0; row < series.size(); ++row) {
      const utc_day day = out.closes.first_day() + days(static_cast<std::int32_t>(row));
      if (day.close() > now)
        series[row] = bits.below(8) == 0 ? missing : static_cast<double>(bits.below(1001)) / 1000.0;
    }
  }
  out.sets.clear();
  return out;
}

/// What a run had said by `now`: a line for each NAV point, trade, order given up, payout, decision and journal entry
/// dated at or before it, in that order.
[[nodiscard]] inline std::vector<std::string> lines_until(const result& run, instant now) {
  std::vector<std::string> lines;
  const auto name = [&](contract_id id) { return run.names[id.index()]; };
  for (const nav_point& p : run.nav) {
    if (p.day.close() > now) continue;
    lines.push_back("nav " + to_string(p.day) + " " + to_string(p.cash) + " " + to_string(p.positions) + " " +
                    std::to_string(p.held) + " " + std::to_string(p.stale) + " " + to_string(p.nav_if_stale_lose) +
                    " " + to_string(p.nav_if_stale_win));
  }
  for (const trade& t : run.trades) {
    if (t.filled.close() > now) continue;
    lines.push_back("trade " + to_string(t.decided) + " " + to_string(t.filled) + " " + name(t.contract) + " " +
                    std::string(to_string(t.direction)) + " " + to_string(t.quantity) + " " + to_string(t.paid) + " " +
                    to_string(t.cash));
  }
  for (const unfilled& u : run.not_done) {
    if (u.given_up.close() > now) continue;
    lines.push_back("unfilled " + to_string(u.given_up) + " " + name(u.contract) + " " + to_string(u.quantity) + " " +
                    u.reason);
  }
  for (const payout& p : run.payouts) {
    if (p.day.close() > now) continue;
    lines.push_back("payout " + to_string(p.day) + " " + name(p.contract) + " " + to_string(p.cash));
  }
  for (const decision& d : run.decisions) {
    if (d.at > now) continue;
    for (const considered& c : d.contracts) {
      lines.push_back("decision " + to_string(d.at) + " " + name(c.contract) + " " + c.event + " " + c.theme + " " +
                      std::to_string(std::bit_cast<std::uint64_t>(c.weight)) + " " + c.reason);
    }
  }
  for (const ledger_entry& e : run.journal) {
    if (e.when > now) continue;
    lines.push_back("journal " + to_string(e.when) + " " + std::string(to_string(e.kind)) + " " +
                    std::to_string(e.contract.index()) + " " + to_string(e.cash) + " " + to_string(e.invested) + " " +
                    to_string(e.residue) + " " + to_string(e.yes));
  }
  return lines;
}

/// Runs `run` (universe -> result) on the source and on its noisy twin for each instant, and returns a sentence for
/// each instant at which an earlier line differs. Empty means that no peek was found.
///
/// Cost: one run and one copy of the universe an instant.
template <class Run>
[[nodiscard]] std::vector<std::string> look_ahead(const universe& source, std::span<const instant> instants, Run&& run,
                                                  std::uint64_t seed = 1) {
  const result truth = run(source);
  std::vector<std::string> found;
  for (const instant now : instants) {
    const universe noisy = noise_after(source, now, seed);
    const std::vector<std::string> expected = lines_until(truth, now), got = lines_until(run(noisy), now);
    if (expected == got) continue;
    std::size_t at = 0;
    while (at < expected.size() && at < got.size() && expected[at] == got[at]) ++at;
    found.push_back("what became known after " + to_string(now) +
                    " changed an earlier line: " + (at < expected.size() ? expected[at] : "(none)") + " became " +
                    (at < got.size() ? got[at] : "(none)"));
  }
  return found;
}

}  // namespace basket::backtest
