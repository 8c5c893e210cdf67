// A universe as text, every fact and every close in it, so that two can be compared.
#pragma once

#include <string>
#include <vector>

#include "basket/backtest/engine_access.hpp"
#include "basket/model/universe.hpp"

namespace basket_test {

inline std::string text_of(const basket::contract& c) {
  std::string out = c.name + " on " + c.venue + "\n";
  for (const auto& v : c.versions) {
    out += "  version " + to_string(v.known_at) + " [" + v.title + "] [" + v.slug + "] [" + v.event + "] " +
           (v.scheduled_end ? to_string(*v.scheduled_end) : "no end") + "\n";
  }
  for (const auto& e : c.life) {
    out += "  life " + to_string(e.known_at) + " " + std::string(to_string(e.stage)) + " " +
           (e.payout ? to_string(*e.payout) : "-") + "\n";
  }
  const basket::lifetime_facts& after = c.after.open(basket::backtest::engine_access::key());
  out += "  after " + (after.volume ? std::to_string(*after.volume) : "-") + " " +
         (after.last_priced ? to_string(*after.last_priced) : "-") + " " + after.theme;
  for (const std::string& tag : after.tags) out += " " + tag;
  return out + "\n";
}

inline std::string text_of(const basket::universe& u) {
  std::string out = to_string(u.closes.first_day()) + " " + std::to_string(u.closes.days()) + " days\n";
  for (std::size_t i = 0; i < u.contracts.size(); ++i) {
    out += text_of(u.contracts[i]);
    for (const double close : u.closes.series(basket::contract_id(i))) {
      out += basket::is_missing(close) ? " -" : " " + std::to_string(close);
    }
    out += "\n";
  }
  return out;
}

/// The lines of a table behind its header, in another order that depends on `turn`.
inline std::string reordered(const std::string& text, std::size_t turn) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end + 1 - at));
    at = end + 1;
  }
  std::string out = lines[0];
  const std::size_t n = lines.size() - 1;
  for (std::size_t i = 0; i < n; ++i) out += lines[1 + (n - 1 - i + turn) % n];
  return out;
}

inline std::string with_crlf(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

}  // namespace basket_test
