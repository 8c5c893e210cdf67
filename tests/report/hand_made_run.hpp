// A run whose every cent was worked out by hand, for the tests of the reports.
#pragma once

#include <string>

#include "basket/backtest/result.hpp"

namespace basket_test::hand_made {

using namespace basket;

/// Four markets, six days. Bought on the 2nd: 1,000 of the first at 0.505, 1,500 B at 0.205, 33.33 C at 0.333333. The
/// first pays a dollar on the 4th; 500 B are sold at 0.295 on the 5th; C is last seen on the 3rd, at 0.20.
///
///     cash  1000 - 505.505 - 307.8075 - 11.119989 + 1000 + 147.3525 = 1322.920011
///     NAV   1322.920011 + 1000 * 0.30 + 33.33 * 0.20               = 1629.586011
inline backtest::result run() {
  const auto day = [](int n) { return *utc_day::parse("2025-02-01") + days(n - 1); };
  const contract_id a(0), b(1), c(2), d(3);
  backtest::result out;
  out.names = {"rate, \"cut\"", "B", "C-\xC3\xA9lection", "D"};
  out.capital = money::dollars(1000);
  out.journal.push_back(out.books.deposit(day(1).open(), out.capital));
  const auto trade = [&](int decided, int filled, contract_id contract, side direction, shares quantity, price close,
                         price paid, money fee) {
    const ledger_entry entry = out.books.trade({.when = day(filled).close(),
                                                .contract = contract,
                                                .direction = direction,
                                                .at = paid,
                                                .quantity = quantity,
                                                .fee = {.cash = fee}});
    out.journal.push_back(entry);
    out.trades.push_back({.decided = day(decided),
                          .filled = day(filled),
                          .contract = contract,
                          .direction = direction,
                          .quantity = quantity,
                          .close = close,
                          .paid = paid,
                          .cash = entry.cash,
                          .fee = fee});
  };
  trade(1, 2, a, side::buy, shares::whole(1000), price::cents(50), price::micros(505'000), money::micros(505'000));
  trade(1, 2, b, side::buy, shares::whole(1500), price::cents(20), price::micros(205'000), money::micros(307'500));
  trade(1, 2, c, side::buy, shares::micros(33'330'000), price::micros(333'333), price::micros(333'333),
        money::cents(1));
  const ledger_entry paid = out.books.settle(day(4).close(), a, price::cents(100));
  out.journal.push_back(paid);
  out.payouts.push_back({.day = day(4),
                         .contract = a,
                         .quantity = shares::whole(1000),
                         .per_share = price::cents(100),
                         .cash = paid.cash});
  trade(4, 5, b, side::sell, shares::whole(500), price::cents(30), price::micros(295'000), money::micros(147'500));

  out.not_done = {{.decided = day(1),
                   .given_up = day(2),
                   .contract = c,
                   .quantity = shares::micros(500'000),
                   .reason = "cash does not cover it"},
                  {.decided = day(1),
                   .given_up = day(4),
                   .contract = a,
                   .quantity = shares::whole(10),
                   .reason = "the contract is settled"}};
  out.decisions = {
      {.at = day(1).close(),
       .contracts =
           {{.contract = a, .event = "rates", .theme = "politics", .weight = 0.5, .reason = "stands for rates"},
            {.contract = b, .event = "jobs", .theme = "economy", .weight = 0.3, .reason = "stands for jobs"},
            {.contract = c, .event = "vote", .theme = "economy", .weight = 0.0125, .reason = "stands for vote"},
            {.contract = d, .reason = "not eligible: too few prices"}}},
      {.at = day(4).close(),
       .contracts = {{.contract = b, .event = "jobs", .theme = "economy", .weight = 0.2, .reason = "stands for jobs"},
                     {.contract = c, .event = "vote", .theme = "economy", .reason = "not eligible: stale"},
                     {.contract = d, .reason = "not eligible: too few prices"}}}};
  out.left = {{.contract = b,
               .quantity = shares::whole(1000),
               .last_day = day(6),
               .last_close = price::cents(30),
               .value = money::dollars(300)},
              {.contract = c,
               .quantity = shares::micros(33'330'000),
               .last_day = day(3),
               .last_close = price::cents(20),
               .value = money::micros(6'666'000),
               .data_ended = true}};
  out.themes = {{.theme = "economy",
                 .bought = money::micros(318'609'989),
                 .sold = money::micros(147'500'000),
                 .held = money::micros(306'666'000),
                 .fees = money::micros(465'000)},
                {.theme = "politics",
                 .bought = money::dollars(505),
                 .settled = money::dollars(1000),
                 .fees = money::micros(505'000)}};
  out.bias = {"Every order of the hand-made run trades half a tick from the close."};

  const auto point = [&](int n, std::int64_t cash, std::int64_t positions, int held) {
    backtest::nav_point p{.day = day(n), .cash = money::micros(cash), .positions = money::micros(positions)};
    p.nav = p.nav_if_stale_lose = p.nav_if_stale_win = p.cash + p.positions;
    p.held = held;
    out.nav.push_back(p);
  };
  point(1, 1'000'000'000, 0, 0);
  point(2, 175'567'511, 500'000'000 + 300'000'000 + 11'109'988, 3);
  point(3, 175'567'511, 600'000'000 + 375'000'000 + 6'666'000, 3);
  point(4, 1'175'567'511, 375'000'000 + 6'666'000, 2);
  point(5, 1'322'920'011, 300'000'000 + 6'666'000, 2);
  point(6, 1'322'920'011, 300'000'000 + 6'666'000, 2);
  backtest::nav_point& last = out.nav.back();  // C was last seen three days ago
  last.stale = 1;
  last.stale_value = money::micros(6'666'000);
  last.nav_if_stale_lose = last.nav - last.stale_value;
  last.nav_if_stale_win = last.nav_if_stale_lose + money::micros(33'330'000);
  return out;
}

}  // namespace basket_test::hand_made
