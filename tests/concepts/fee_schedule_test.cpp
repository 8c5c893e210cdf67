#include "basket/concepts/laws/fee_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/cost/quadratic.hpp"
#include "basket/model/ledger.hpp"
#include "basket/model/life.hpp"

namespace basket_test::concepts_fee_schedule {

using namespace basket;

// ---- the venues' laws as models of the concept ---------------------------------------------------------------------
// Both charge a rate times p (1 - p) C. With A = p C dollars paid for C shares that is rate A (C - A) / C, so that an
// average price off the grid needs no division before the last one.

using cost::quadratic_fee;

instant at(const char* day, int hour = 12) {
  return instant::nanoseconds(utc_day::parse(day)->open().nanoseconds() + hour * 3'600'000'000'000);
}

/// Polymarket: in shares for a buyer until 2026-04-28 11:00, in collateral since; makers pay nothing. The rate is the
/// market's own, in millionths; without one, and before the law of April 2026, nothing is known.
struct polymarket {
  std::optional<std::int64_t> rate = {};

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry&) const {
    if (!rate || match.when < at("2026-03-31", 0)) return std::nullopt;
    if (match.role == liquidity::maker) return fee_charge{};
    constexpr int128 unit = 10'000'000;  // 0.00001 dollars, or as many shares, in picos
    if (match.when < at("2026-04-28", 11) && match.direction == side::buy) {
      const int128 rest = int128{match.quantity.micros()} * micro - match.amount.picos;  // C (1 - p)
      return fee_charge{.in_shares = shares::micros(narrow(divide(rest * *rate, unit * micro, rounding::down) * 10))};
    }
    return fee_charge{.cash = money::micros(narrow(quadratic_fee(match, *rate, unit, rounding::down) / micro))};
  }
};
static_assert(FeeSchedule<polymarket>);

// [kalshi]
/// Kalshi's page C: the trade fee is rounded up to `unit`, the balance moves on a grid, and what the grid took from an
/// order's fills comes back to it in whole steps of the grid. `rate` in millionths: 0.07 for takers, times a
/// multiplier.
struct kalshi {
  std::optional<std::int64_t> rate = 70'000;
  money grid = money::cents(1), unit = money::micros(1);
  bool rebate_is_capped = true;  // page C; pages A and B gave back one cent once more than that had gathered

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry& carry) const {
    if (!rate) return std::nullopt;
    const bool buys = match.direction == side::buy;
    const int128 g = int128{grid.micros()} * micro;
    const int128 trade_fee = quadratic_fee(match, *rate, int128{unit.micros()} * micro, rounding::up);
    const int128 change = (buys ? -match.amount.picos : match.amount.picos) - trade_fee;
    const int128 aligned = divide(change, g, rounding::down) * g;
    carry.rounding_picos += change - aligned;
    const int128 due = std::min(carry.rounding_picos, trade_fee + change - aligned);
    const int128 cent = int128{10'000} * micro;
    const int128 rebate = rebate_is_capped              ? divide(due, g, rounding::down) * g
                          : carry.rounding_picos > cent ? cent
                                                        : int128{0};
    carry.rounding_picos -= rebate;
    // The ledger moves -(notional rounded up) - fee or +(notional rounded down) - fee: the fee is what is left of that.
    const money moved = money::micros(narrow((aligned + rebate) / micro));
    const money whole = match.amount.to_money(buys ? rounding::up : rounding::down);
    return fee_charge{.cash = (buys ? -whole : whole) - moved};
  }
};
static_assert(FeeSchedule<kalshi>);
// [/kalshi]

/// Kalshi before fractional contracts: the sum over an order, rounded up to a cent once. What has been charged beyond
/// the exact sum is carried, so that fill by fill the order pays the same as in one piece.
struct kalshi_by_order {
  std::int64_t rate = 70'000;
  std::optional<money> flat = {};  // a contract

  [[nodiscard]] std::optional<fee_charge> charge(const fee_request& match, fee_carry& carry) const {
    const int128 exact = flat ? int128{flat->micros()} * match.quantity.micros()
                              : quadratic_fee(match, rate, 1, rounding::up);  // whole contracts at whole cents: exact
    const int128 cent = int128{10'000} * micro;
    const int128 charged = divide(exact - carry.rounding_picos, cent, rounding::up) * cent;
    carry.rounding_picos += charged - exact;
    return fee_charge{.cash = money::micros(narrow(charged / micro))};
  }
};
static_assert(FeeSchedule<kalshi_by_order>);

// ---- reading the worked cases --------------------------------------------------------------------------------------

shares n(const char* text) { return *shares::parse(text); }
price p(const char* text) { return *price::parse(text); }
money usd(const char* text) { return *money::parse(text); }

fee_request match(const char* quantity, const char* each, side direction = side::buy) {
  return {.when = at("2026-09-15"), .direction = direction, .amount = p(each) * n(quantity), .quantity = n(quantity)};
}
/// A leg whose average price is off the grid: `paid` dollars for `quantity` shares.
fee_request leg(const char* quantity, const char* paid) {
  return {.when = at("2026-07-15"), .amount = {int128{usd(paid).micros()} * micro}, .quantity = n(quantity)};
}
template <FeeSchedule S>
std::string fee(const S& schedule, const fee_request& of) {
  fee_carry carry;
  return to_string(schedule.charge(of, carry)->cash);
}
/// Books a match and says by how much cash moved.
template <FeeSchedule S>
std::string cash_moved(const S& schedule, const char* quantity, const char* each, side direction = side::buy) {
  ledger books;
  books.deposit({}, money::dollars(1'000));
  fee_carry carry;
  const fee_request asked = match(quantity, each, direction);
  fill f{.when = asked.when, .direction = direction, .at = p(each), .quantity = n(quantity)};
  if (direction == side::sell) books.mint({}, f.contract, f.quantity);
  f.fee = *schedule.charge(asked, carry);
  const ledger_entry e = books.trade(f);
  CHECK(books.audit() == 0);
  return to_string(e.cash);
}

TEST_CASE("Polymarket V2: the worked cases P1 to P16, to the last unit") {
  CHECK(fee(polymarket{70'000}, match("100", "0.50")) == "1.750000");              // P1
  CHECK(fee(polymarket{70'000}, match("100", "0.01")) == "0.069300");              // P2
  CHECK(fee(polymarket{70'000}, match("100", "0.99")) == "0.069300");              // P2
  CHECK(fee(polymarket{40'000}, match("100", "0.30")) == "0.840000");              // P3
  CHECK(fee(polymarket{50'000}, match("100", "0.05")) == "0.237500");              // P4
  CHECK(fee(polymarket{70'000}, match("24.925", "0.40")) == "0.418740");           // P5
  CHECK(cash_moved(polymarket{70'000}, "24.925", "0.40") == "-10.388740");         // P5
  CHECK(fee(polymarket{70'000}, leg("6.493505", "1.999999")) == "0.096870");       // P6, half-up would be 0.09688
  CHECK(fee(polymarket{50'000}, match("25", "0.13")) == "0.141370");               // P8
  CHECK(cash_moved(polymarket{50'000}, "25", "0.13") == "-3.391370");              // P8
  CHECK(fee(polymarket{50'000}, match("1", "0.50")) == "0.012500");                // P9
  CHECK(fee(polymarket{40'000}, match("1", "0.01")) == "0.000390");                // P10
  CHECK(fee(polymarket{50'000}, match("1", "0.99")) == "0.000490");                // P11
  CHECK(fee(polymarket{70'000}, match("0.01", "0.01")) == "0.000000");             // P12
  CHECK(fee(polymarket{50'000}, match("0.5", "0.37")) == "0.005820");              // P13
  CHECK(fee(polymarket{30'000}, match("50", "0.97", side::sell)) == "0.043650");   // P15
  CHECK(cash_moved(polymarket{30'000}, "50", "0.97", side::sell) == "48.456350");  // P15
  CHECK(fee(polymarket{40'000}, match("100", "0.976")) == "0.093690");             // P16
}

TEST_CASE("P7: twenty makers at an average of 0.527058567 are one charge on the leg's totals") {
  // 580.677591 shares at an average that is printed with nine digits: any total that rounds to it gives this fee.
  for (const char* paid : {"306.051098", "306.051099", "306.051100"}) {
    CHECK(fee(polymarket{70'000}, leg("580.677591", paid)) == "10.132090");
  }
}

TEST_CASE("P6: a leg at an average off the 1e-6 grid is booked at its exact total") {
  // The chain took 1.999999 for 6.493505 shares, which is no price with six digits; 0.308 is the nearest.
  ledger books;
  books.deposit({}, money::dollars(10));
  const fee_request whole = leg("6.493505", "1.999999");
  fee_carry carry;
  const auto entry = books.trade({.at = p("0.308"),
                                  .quantity = whole.quantity,
                                  .fee = *polymarket{70'000}.charge(whole, carry),
                                  .amount = whole.amount});
  CHECK(to_string(entry.cash) == "-2.096869");  // 1.999999 and a fee of 0.09687
  CHECK(entry.residue == 0);
  CHECK(books.imbalance() == 0);
}

TEST_CASE("P14: one taker order that meets two makers pays one fee, on the totals of its leg") {
  const polymarket venue{.rate = 50'000};
  fee_carry carry;
  const fill cheap{.when = at("2026-09-15"), .at = price::cents(52), .quantity = shares::whole(10)};
  fill dear{.when = at("2026-09-15"), .at = price::cents(54), .quantity = shares::whole(10)};
  dear.fee = *venue.charge({.when = dear.when,
                            .amount = cheap.at * cheap.quantity + dear.at * dear.quantity,
                            .quantity = cheap.quantity + dear.quantity},
                           carry);
  CHECK(dear.fee.cash == money::micros(249'100));  // a fee a maker would be 0.12480 + 0.12420 = 0.24900

  ledger books;
  books.deposit({}, money::dollars(100));
  books.trade(cheap);  // two fills at exact prices, the leg's fee on the last
  books.trade(dear);
  CHECK(books.cash() == money::micros(100'000'000 - 10'600'000 - 249'100));
  CHECK(books.position(dear.contract).yes == shares::whole(20));
}

TEST_CASE("P17: until April 28 a buyer pays in shares") {
  fee_request asked = match("5", "0.29");
  asked.when = at("2026-03-31");
  fee_carry carry;
  const auto charged = polymarket{30'000}.charge(asked, carry);
  REQUIRE(charged.has_value());
  CHECK(*charged == fee_charge{.in_shares = n("0.1065")});
  ledger books;
  books.deposit({}, money::dollars(10));
  books.trade({.when = asked.when, .at = p("0.29"), .quantity = n("5"), .fee = *charged});
  CHECK(to_string(books.position(contract_id(0)).yes) == "4.893500");
  CHECK(to_string(books.cash()) == "8.550000");
  // One second before and after the change of law.
  asked.when = instant::nanoseconds(at("2026-04-28", 11).nanoseconds() - 1);
  CHECK(polymarket{30'000}.charge(asked, carry)->in_shares == n("0.1065"));
  asked.when = at("2026-04-28", 11);
  CHECK(*polymarket{30'000}.charge(asked, carry) == fee_charge{.cash = money::micros(30'880)});
  // A seller always paid in collateral.
  asked.when = at("2026-04-02");
  asked.direction = side::sell;
  CHECK(*polymarket{30'000}.charge(asked, carry) == fee_charge{.cash = money::micros(30'880)});
}

TEST_CASE("an order of ten million dollars is charged without overflow") {
  CHECK(fee(polymarket{70'000}, match("20000000", "0.50")) == "350000.000000");
  CHECK(fee(polymarket{70'000}, leg("19999999.999999", "9999999.999999")) == "349999.999990");
}

TEST_CASE("Kalshi by order: K1 to K8") {
  const kalshi_by_order taker;
  const auto two = [](const std::string& text) { return text.substr(0, text.size() - 4); };
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"1", "0.50", "0.02"},   {"100", "0.50", "1.75"}, {"1", "0.01", "0.01"},   {"1", "0.99", "0.01"},
      {"100", "0.01", "0.07"}, {"100", "0.99", "0.07"}, {"100", "0.15", "0.90"}, {"100", "0.20", "1.12"},
      {"100", "0.25", "1.32"}, {"100", "0.45", "1.74"}, {"100", "0.60", "1.68"}, {"10", "0.50", "0.18"}};
  for (const auto& [count, each, expected] : cases) {
    CAPTURE(count);
    CAPTURE(each);
    CHECK(two(fee(taker, match(count, each))) == expected);
  }
  CHECK(two(fee(kalshi_by_order{.flat = money::micros(2'500)}, match("100", "0.30"))) == "0.25");  // K6
  const kalshi_by_order maker{.rate = 17'500};
  CHECK(two(fee(maker, match("100", "0.50"))) == "0.44");  // K7
  CHECK(two(fee(maker, match("1", "0.50"))) == "0.01");
  CHECK(two(fee(maker, match("100", "0.05"))) == "0.09");
  CHECK(two(fee(kalshi_by_order{.rate = 35'000}, match("100", "0.50"))) == "0.88");  // K8
}

TEST_CASE("Kalshi by order: fill by fill an order pays what it pays in one piece") {
  const kalshi_by_order taker;
  fee_carry carry;
  money sum;
  for (int i = 0; i < 100; ++i) sum += taker.charge(match("1", "0.50"), carry)->cash;
  CHECK(sum == money::cents(175));  // a ceiling a fill would bill 2.00
}

TEST_CASE("Kalshi page B on the fine grid: three real fills, K10") {
  const kalshi b{.grid = money::micros(100), .unit = money::micros(100), .rebate_is_capped = false};
  CHECK(fee(b, match("14.11", "0.84")) == "0.132800");
  CHECK(fee(b, match("9.13", "0.53")) == "0.159200");
  CHECK(fee(b, match("21.75", "0.17")) == "0.214900");
}

/// The net fees of an order's fills and what is carried after the last, in millionths.
struct order_fees {
  std::vector<std::int64_t> net = {};
  std::int64_t carried = 0;
  friend bool operator==(const order_fees&, const order_fees&) = default;
};
order_fees fees_of(const kalshi& venue, const std::vector<fee_request>& fills) {
  order_fees out;
  fee_carry carry;
  for (const fee_request& f : fills) out.net.push_back(venue.charge(f, carry)->cash.micros());
  CHECK(carry.rounding_picos % micro == 0);
  out.carried = narrow(carry.rounding_picos / micro);
  return out;
}

TEST_CASE("Kalshi page C in whole cents: K11 to K16, K20 to K22") {
  const kalshi c;
  const auto once = match("1", "0.055");
  CHECK(fees_of(c, {once}) == order_fees{{5'000}, 1'361});                            // K11
  CHECK(cash_moved(c, "1", "0.055") == "-0.060000");                                  // K11
  CHECK(fees_of(c, {once, once, once}) == order_fees{{5'000, 5'000, 5'000}, 4'083});  // K12
  CHECK(fees_of(c, {match("3", "0.055")}).net == std::vector<std::int64_t>{15'000});  // K12, in one piece
  const auto four = match("1", "0.311");                                              // trade fee 0.015, rounding 0.004
  CHECK(fees_of(c, {four}) == order_fees{{19'000}, 4'000});                           // K13
  CHECK(fees_of(c, {four, four}).carried == 8'000);                                   // K13
  CHECK(fees_of(c, {four, four, four}) == order_fees{{19'000, 19'000, 9'000}, 2'000});  // K13
  const auto half = match("0.30", "0.50");
  CHECK(fees_of(c, {half, half, half}).net == std::vector<std::int64_t>{10'000, 10'000, 0});  // K14
  CHECK(fees_of(c, {match("0.90", "0.50")}).net == std::vector<std::int64_t>{20'000});        // K14
  const auto third = match("0.03", "0.3301");
  CHECK(fees_of(c, {third, third, third}) == order_fees{{10'097, 97, 97}, 8'896});  // K15
  CHECK(fees_of(c, {match("1", "0.50"), match("1", "0.51"), match("3", "0.52")}) ==
        order_fees{{20'000, 20'000, 50'000}, 2'591});                                      // K16
  CHECK(fees_of(kalshi{.rate = 0}, {match("3.33", "0.3333")}) == order_fees{{111}, 111});  // K20
  CHECK(cash_moved(kalshi{.rate = 0}, "3.33", "0.3333") == "-1.110000");                   // K20
  CHECK(fee(c, match("10", "0.60", side::sell)) == "0.170000");                            // K21
  CHECK(cash_moved(c, "10", "0.60", side::sell) == "5.830000");                            // K21
  CHECK(fee(kalshi{.rate = 35'000}, match("100", "0.50")) == "0.880000");                  // K22
  CHECK(cash_moved(kalshi{.rate = 35'000}, "100", "0.50") == "-50.880000");                // K22
}

TEST_CASE("Kalshi page C on the fine grid: K17 to K19, K22") {
  const kalshi c{.grid = money::micros(100)};
  CHECK(fee(c, match("1", "0.01")) == "0.000700");  // K17
  CHECK(fee(c, match("1", "0.50")) == "0.017500");
  CHECK(fee(c, match("1", "0.99")) == "0.000700");
  CHECK(fee(kalshi{}, match("1", "0.01")) == "0.010000");  // and in whole cents
  CHECK(fee(kalshi{}, match("1", "0.50")) == "0.020000");
  CHECK(fee(kalshi{}, match("1", "0.99")) == "0.010000");
  CHECK(fees_of(c, {match("2.5", "0.4321")}) == order_fees{{42'950}, 6});                              // K18
  CHECK(cash_moved(c, "2.5", "0.4321") == "-1.123200");                                                // K18
  CHECK(fee(c, match("1", "0.3333")) == "0.015600");                                                   // K19
  CHECK(cash_moved(c, "1", "0.3333") == "-0.348900");                                                  // K19
  CHECK(fee(kalshi{.rate = 35'000, .grid = money::micros(100)}, match("100", "0.50")) == "0.875000");  // K22
}

TEST_CASE("balances stay on the venue's grid also where a notional is no whole micro-dollar") {
  ledger books;
  books.deposit({}, money::dollars(10));
  fee_carry carry;
  for (int i = 0; i < 20; ++i) {
    const shares quantity = shares::micros(10'001 + 997 * i);
    const price each = price::micros(330'137);
    const auto charged = kalshi{}.charge({.amount = each * quantity, .quantity = quantity}, carry);
    REQUIRE(charged.has_value());
    CHECK(charged->cash >= money{});
    books.trade({.at = each, .quantity = quantity, .fee = *charged});
    CHECK(books.cash().micros() % 10'000 == 0);
    CHECK(books.audit() == 0);
  }
}

TEST_CASE("unknown is not zero: without a rate, or before a law is known, nothing is answered") {
  fee_carry carry;
  CHECK_FALSE(polymarket{}.charge(match("1", "0.50"), carry).has_value());
  fee_request early = match("1", "0.50");
  early.when = at("2025-06-01");
  CHECK_FALSE(polymarket{70'000}.charge(early, carry).has_value());
  CHECK_FALSE(kalshi{.rate = std::nullopt}.charge(match("1", "0.50"), carry).has_value());
  fee_request maker = match("1", "0.50");
  maker.role = liquidity::maker;
  CHECK(*polymarket{70'000}.charge(maker, carry) == fee_charge{});
}

// ---- the laws ------------------------------------------------------------------------------------------------------

struct bare_fee {
  fee_charge charge(const fee_request&, fee_carry&) const { return {}; }
};
struct without_carry {
  std::optional<fee_charge> charge(const fee_request&) const { return fee_charge{}; }
};
static_assert(!FeeSchedule<bare_fee> && !FeeSchedule<without_carry>);

struct too_many_shares {
  std::optional<fee_charge> charge(const fee_request& m, fee_carry&) const {
    return fee_charge{.in_shares = m.quantity + shares::micros(1)};
  }
};
struct shares_of_a_sale {
  std::optional<fee_charge> charge(const fee_request&, fee_carry&) const {
    return fee_charge{.in_shares = shares::micros(1)};
  }
};
struct by_mood {
  mutable std::int64_t asked = 0;
  std::optional<fee_charge> charge(const fee_request&, fee_carry&) const {
    return fee_charge{.cash = money::micros(++asked)};
  }
};
struct hands_out_shares {
  std::optional<fee_charge> charge(const fee_request&, fee_carry&) const {
    return fee_charge{.in_shares = shares::micros(-5)};
  }
};
struct forgets_while_refusing {
  std::optional<fee_charge> charge(const fee_request&, fee_carry& carry) const {
    carry.rounding_picos += 1;
    return std::nullopt;
  }
};

TEST_CASE("the venues keep the laws, and planted lawbreakers are named") {
  const std::vector<fee_request> order = {match("1", "0.055"), match("0.30", "0.50"), match("3.33", "0.3333"),
                                          match("10", "0.60", side::sell)};
  std::vector<fee_request> in_april = order;
  for (fee_request& m : in_april) m.when = at("2026-04-02");
  CHECK(laws::broken_laws(laws::fee_schedule_archetype{}, order).empty());
  CHECK(laws::broken_laws(polymarket{70'000}, order).empty());
  CHECK(laws::broken_laws(polymarket{70'000}, in_april).empty());
  CHECK(laws::broken_laws(kalshi{}, order).empty());
  CHECK(laws::broken_laws(kalshi_by_order{}, order).empty());
  const auto first = [&](const auto& schedule) {
    const auto broken = laws::broken_laws(schedule, order);
    REQUIRE_FALSE(broken.empty());
    return broken.front();
  };
  CHECK(first(too_many_shares{}) == "match 0: a fee in shares exceeds the quantity");
  CHECK(first(shares_of_a_sale{}) == "match 3: a sale is charged in shares");
  CHECK(first(by_mood{}) == "match 0: the same match and carry are charged differently the second time");
  CHECK(first(hands_out_shares{}) == "match 0: a fee in shares is negative");
  CHECK(first(forgets_while_refusing{}) == "match 0: a match whose law is not known moves the carry");
}

// ---- the two call sites on paper -----------------------------------------------------------------------------------

// [daily_call_site]
/// What the daily engine does with one order at a close: price, fee, booking. Nothing, when the fee is not known.
template <FeeSchedule Cost>
std::optional<ledger_entry> execute(ledger& books, const Cost& cost, instant close, contract_id contract,
                                    side direction, price paid, shares quantity) {
  fee_carry carry;  // a daily order is one fill
  const auto fee =
      cost.charge({.when = close, .direction = direction, .amount = paid * quantity, .quantity = quantity}, carry);
  if (!fee) return std::nullopt;
  return books.trade(
      {.when = close, .contract = contract, .direction = direction, .at = paid, .quantity = quantity, .fee = *fee});
}
// [/daily_call_site]

TEST_CASE("the daily call site: buy, hold through a late settlement, be paid") {
  ledger books;
  const contract_id id(3);
  books.deposit({}, money::dollars(100));
  const auto bought =
      execute(books, polymarket{40'000}, at("2026-09-01"), id, side::buy, price::micros(305'000), shares::whole(100));
  REQUIRE(bought.has_value());
  CHECK(to_string(bought->cash) == "-31.347900");  // 30.50 and a fee of 0.84790
  CHECK_FALSE(execute(books, polymarket{}, at("2026-09-01"), id, side::buy, price::cents(30), shares::whole(1)));

  life state;
  for (const life_event& event :
       {life_event{.stage = life_stage::open}, life_event{.stage = life_stage::closed},
        life_event{.stage = life_stage::pending},  // disputed: the holding stays, the cash is not there
        life_event{.stage = life_stage::settled, .payout = price::cents(24)}}) {
    REQUIRE(state.apply(event));
    CHECK(books.cash() == usd("68.6521"));
    if (state.is_final()) books.settle({}, id, *state.payout());
  }
  CHECK(books.cash() == usd("92.6521"));
  CHECK(books.position(id).empty());
  CHECK(books.audit() == 0);
}

// [message_call_site]
/// What the message engine keeps of a resting purchase.
struct resting {
  fill each = {};          // contract, outcome, limit price and id of its fills
  shares open = {};        // not filled yet
  money fee_reserve = {};  // set aside for fees, and a micro-dollar a fill for rounding
  money locked = {};
  fee_carry carry = {};

  [[nodiscard]] money reserve() const { return (each.at * open).to_money(rounding::up) + fee_reserve; }
};

/// Sets aside what the order can cost at most.
inline void place(ledger& books, resting& order, instant now) {
  books.lock(now, order.reserve());
  order.locked = order.reserve();
}

/// Books a partial fill: fee, release of what it frees, trade. False, and nothing changes, when the fee is not known or
/// neither the reserve nor free cash covers it.
template <FeeSchedule Cost>
bool match_one(ledger& books, const Cost& cost, resting& order, instant now, shares quantity, liquidity role) {
  fill f = order.each;
  f.when = now;
  f.quantity = quantity;
  f.role = role;
  fee_carry carry = order.carry;  // kept only once the fill is booked
  const auto fee = cost.charge({.when = now, .role = role, .amount = f.at * quantity, .quantity = quantity}, carry);
  if (!fee) return false;
  f.fee = *fee;
  if ((f.at * quantity).to_money(rounding::up) + fee->cash > books.cash() + order.locked) return false;
  order.open -= quantity;
  order.carry = carry;
  books.release(now, order.locked);  // all of it, then what is still open is set aside again
  books.trade(f);
  order.fee_reserve -= std::min(order.fee_reserve, f.fee.cash);
  order.locked = order.open > shares{} ? std::min(order.reserve(), books.cash()) : money{};
  books.lock(now, order.locked);
  return true;
}

/// Gives back what is still set aside.
inline void cancel(ledger& books, resting& order, instant now) {
  books.release(now, order.locked);
  order.locked = {};
}
// [/message_call_site]

TEST_CASE("the message call site: lock, partial fills with a carry, cancel, mint and merge, settle late") {
  ledger books;
  const instant now = at("2026-09-15");
  const kalshi venue;
  books.deposit(now, money::dollars(10));
  resting order{.each = {.contract = contract_id(1), .at = price::cents(50), .role = liquidity::maker},
                .open = n("1.20"),
                .fee_reserve = money::cents(4)};
  place(books, order, now);
  CHECK(books.locked() == money::cents(64));
  CHECK(books.cash() == usd("9.36"));

  const char* cash[] = {"-0.160000", "-0.160000", "-0.150000"};  // K14: net fees 0.01, 0.01, 0.00
  for (const char* moved : cash) {
    const money before = books.cash() + books.locked();
    REQUIRE(match_one(books, venue, order, now, n("0.30"), liquidity::maker));
    CHECK(to_string(books.cash() + books.locked() - before) == moved);
    CHECK(books.audit() == 0);
  }
  CHECK(order.open == n("0.30"));
  CHECK(books.locked() == money::cents(17));
  const fee_carry kept = order.carry;
  CHECK_FALSE(match_one(books, kalshi{.rate = std::nullopt}, order, now, n("0.30"), liquidity::maker));
  CHECK(order.carry.rounding_picos == kept.rounding_picos);
  CHECK(order.open == n("0.30"));
  cancel(books, order, now);
  CHECK(books.locked() == money{});
  CHECK(books.cash() == usd("9.53"));  // 10 less 0.45 and fees of 0.02

  books.mint(now, contract_id(1), n("5"));
  books.merge(now, contract_id(1), n("2"));
  CHECK(books.cash() == usd("6.53"));
  books.settle(at("2026-10-20"), contract_id(1), price::cents(100));  // weeks later
  CHECK(books.cash() == usd("10.43"));                                // 3.90 YES pay 3.90, 3.00 NO nothing
  CHECK(books.fees() == money::cents(2));
  CHECK(books.position(contract_id(1)).empty());
  CHECK(books.audit() == 0);
}

TEST_CASE("an order that takes all the cash there is fills to its end, rounding included") {
  ledger books;
  resting order{.each = {.at = price::micros(333'333), .role = liquidity::maker},
                .open = shares::micros(3'000'003),
                .fee_reserve = money::micros(3)};
  books.deposit({}, order.reserve());
  place(books, order, {});
  CHECK(books.cash() == money{});
  for (int i = 0; i < 3; ++i) {
    REQUIRE(match_one(books, polymarket{70'000}, order, at("2026-09-15"), shares::micros(1'000'001), liquidity::maker));
    CHECK(books.audit() == 0);
  }
  CHECK(order.open == shares{});
  CHECK(books.locked() == money{});
  CHECK(books.cash() == money::micros(1));  // 0.333334 three times, and two of the three micro-dollars for rounding
  // One that is not covered is refused before anything moves.
  resting dear{.each = {.at = price::cents(50)}, .open = shares::whole(1)};
  CHECK_FALSE(match_one(books, polymarket{70'000}, dear, at("2026-09-15"), shares::whole(1), liquidity::taker));
  CHECK(dear.open == shares::whole(1));
  CHECK(books.cash() == money::micros(1));
}

}  // namespace basket_test::concepts_fee_schedule
