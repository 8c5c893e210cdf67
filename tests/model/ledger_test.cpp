#include "basket/model/ledger.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "basket/core/random.hpp"

namespace basket_test::model_ledger {

using namespace basket;

constexpr contract_id one(0);

fill buy(std::int64_t cents, std::int64_t count, fee_charge fee = {}) {
  return {.contract = one, .at = price::cents(cents), .quantity = shares::whole(count), .fee = fee};
}
fill sell(std::int64_t cents, std::int64_t count, fee_charge fee = {}) {
  fill f = buy(cents, count, fee);
  f.direction = side::sell;
  return f;
}
ledger with_dollars(std::int64_t dollars) {
  ledger books;
  books.deposit({}, money::dollars(dollars));
  return books;
}

// Each of these is done on paper: 100 dollars, 100 YES bought at 0.60 with a fee of 0.48.
ledger long_hundred() {
  ledger books = with_dollars(100);
  books.trade(buy(60, 100, {.cash = money::cents(48)}));
  CHECK(books.cash() == money::cents(3'952));
  CHECK(books.position(one).yes == shares::whole(100));
  CHECK(books.invested() == int128{60} * micro * micro);
  return books;
}

TEST_CASE("settled at 1: a dollar a share") {
  ledger books = long_hundred();
  const ledger_entry e = books.settle({}, one, price::cents(100));
  CHECK(e.cash == money::dollars(100));
  CHECK(books.cash() == money::cents(13'952));
  CHECK(books.position(one).empty());
  CHECK(books.invested() == int128{-40} * micro * micro);  // minus this is the gain, fees apart
  CHECK(books.imbalance() == 0);
  CHECK(books.audit() == 0);
}

TEST_CASE("settled at 0: nothing comes back") {
  ledger books = long_hundred();
  CHECK(books.settle({}, one, price{}).cash == money{});
  CHECK(books.cash() == money::cents(3'952));
  CHECK(books.position(one).empty());
  CHECK(books.invested() == int128{60} * micro * micro);
  CHECK(books.imbalance() == 0);
}

TEST_CASE("void at 0.50: half comes back, and the fee does not") {
  ledger books = long_hundred();
  CHECK(books.settle({}, one, price::cents(50)).cash == money::dollars(50));
  CHECK(books.cash() == money::cents(8'952));
  CHECK(books.fees() == money::cents(48));
  CHECK(books.imbalance() == 0);
}

TEST_CASE("scalar at 0.24: YES gets 24 cents, NO the other 76") {
  ledger books = with_dollars(100);
  books.trade(buy(30, 100));
  fill no = buy(65, 50);
  no.of = outcome::no;
  books.trade(no);
  CHECK(books.cash() == money::cents(3'750));
  const ledger_entry e = books.settle({}, one, price::cents(24));
  CHECK(e.cash == money::dollars(24 + 38));
  CHECK(e.yes == shares::whole(-100));
  CHECK(e.no == shares::whole(-50));
  CHECK(books.cash() == money::cents(9'950));
  CHECK(books.imbalance() == 0);
}

TEST_CASE("late: until it is announced the holding stays, and cash does not move") {
  ledger books = long_hundred();
  const money before = books.cash();
  books.trade({.contract = contract_id(1), .at = price::cents(10), .quantity = shares::whole(10)});  // life goes on
  CHECK(books.position(one).yes == shares::whole(100));
  CHECK(books.cash() == before - money::dollars(1));
  CHECK(books.settle({}, one, price::cents(100)).cash == money::dollars(100));
  CHECK(books.settle({}, contract_id(1), price{}).cash == money{});
  CHECK(books.cash() == money::cents(13'852));
  CHECK(books.invested() == int128{-39} * micro * micro);
  CHECK(books.audit() == 0);
}

TEST_CASE("settling nothing is an entry of nothing, and twice is no more than once") {
  ledger books = long_hundred();
  books.settle({}, one, price::cents(100));
  const ledger_entry again = books.settle({}, one, price::cents(100));
  CHECK(again.cash == money{});
  CHECK(again.yes == shares{});
  CHECK(books.settle({}, contract_id(999), price::cents(100)).cash == money{});
  CHECK(books.audit() == 0);
}

TEST_CASE("a fraction of a micro-dollar goes against the trader and into the residue") {
  ledger books = with_dollars(1);
  fill tiny{.contract = one, .at = price::micros(333'333), .quantity = shares::micros(1'000'001)};
  const ledger_entry bought = books.trade(tiny);  // 0.333333333333 dollars
  CHECK(bought.cash == money::micros(-333'334));
  CHECK(bought.residue == 666'667);
  tiny.direction = side::sell;
  const ledger_entry sold = books.trade(tiny);
  CHECK(sold.cash == money::micros(333'333));
  CHECK(sold.residue == 333'333);
  CHECK(books.residue() == 1'000'000);  // the two roundings took one micro-dollar together
  CHECK(books.cash() == money::micros(999'999));
  CHECK(books.invested() == 0);
  CHECK(books.imbalance() == 0);
}

TEST_CASE("a fee in shares shortens what arrives and costs no cash") {
  ledger books = with_dollars(10);
  // 5 shares at 0.29 with a fee of 0.1065 shares leave 4.8935.
  const ledger_entry e = books.trade({.contract = one,
                                      .at = price::cents(29),
                                      .quantity = shares::whole(5),
                                      .fee = {.in_shares = shares::micros(106'500)}});
  CHECK(e.cash == money::cents(-145));
  CHECK(e.fees == money{});
  CHECK(e.fee_shares == shares::micros(106'500));
  CHECK(books.position(one).yes == shares::micros(4'893'500));
  CHECK(e.invested == int128{145} * 10'000 * micro);
  CHECK(e.imbalance() == 0);
}

TEST_CASE("a negative fee is a rebate") {
  ledger books = with_dollars(100);
  books.trade(buy(50, 10, {.cash = money::cents(-3)}));
  CHECK(books.cash() == money::cents(9'503));
  CHECK(books.fees() == money{});
  CHECK(books.rebates() == money::cents(3));
  books.rebate({}, money::cents(7));
  CHECK(books.rebates() == money::cents(10));
  CHECK(books.cash() == money::cents(9'510));
  CHECK(books.imbalance() == 0);
}

TEST_CASE("a pair is minted for a dollar and merged back") {
  ledger books = with_dollars(100);
  books.mint({}, one, shares::whole(40));
  CHECK(books.cash() == money::dollars(60));
  CHECK(books.position(one).yes == shares::whole(40));
  CHECK(books.position(one).no == shares::whole(40));
  books.merge({}, one, shares::whole(15));
  CHECK(books.cash() == money::dollars(75));
  CHECK_THROWS_AS(books.merge({}, one, shares::whole(26)), precondition_error);
  CHECK(books.settle({}, one, price::cents(24)).cash == money::dollars(25));  // a pair pays a dollar at any payout
  CHECK(books.invested() == 0);
  CHECK(books.imbalance() == 0);
}

TEST_CASE("locked cash is nobody else's") {
  ledger books = with_dollars(100);
  books.lock({}, money::dollars(70));
  CHECK(books.cash() == money::dollars(30));
  CHECK(books.locked() == money::dollars(70));
  CHECK_THROWS_WITH_AS(books.trade(buy(50, 100)), "cash of 30.000000 does not cover a movement of -50.000000",
                       precondition_error);
  CHECK_THROWS_WITH_AS(books.release({}, money::dollars(71)), "more cash was released than is locked",
                       precondition_error);
  books.release({}, money::dollars(50));
  CHECK_NOTHROW(books.trade(buy(50, 100)));
  CHECK(books.imbalance() == 0);
}

TEST_CASE("each refusal has a sentence and leaves the books as they were") {
  ledger books = long_hundred();
  const money cash = books.cash();
  const auto refused = [&](auto&& operation, const char* sentence) {
    CHECK_THROWS_WITH_AS(operation(), sentence, precondition_error);
    CHECK(books.cash() == cash);
    CHECK(books.position(one).yes == shares::whole(100));
    CHECK(books.audit() == 0);
  };
  refused([&] { books.deposit({}, money::micros(-1)); }, "a deposit must not be negative");
  refused([&] { books.withdraw({}, money::micros(-1)); }, "a withdrawal must not be negative");
  refused([&] { books.withdraw({}, money::dollars(40)); }, "cash of 39.520000 does not cover a movement of -40.000000");
  refused([&] { books.lock({}, money::micros(-1)); }, "an amount to lock must not be negative");
  refused([&] { books.release({}, money::micros(-1)); }, "an amount to release must not be negative");
  refused([&] { books.rebate({}, money::micros(-1)); }, "a rebate must not be negative");
  refused([&] { books.trade(buy(50, 0)); }, "a fill must have a positive quantity");
  refused([&] { books.trade(buy(50, -1)); }, "a fill must have a positive quantity");
  refused([&] { books.trade(sell(50, 101)); }, "a holding of contract number 0 would become negative");
  refused([&] { books.trade(sell(50, 1, {.in_shares = shares::micros(1)})); }, "a fee in shares belongs to a purchase");
  refused([&] { books.trade(buy(50, 1, {.in_shares = shares::micros(1'000'001)})); },
          "a fee in shares must lie between nothing and what was filled");
  refused([&] { books.trade(buy(50, 1, {.in_shares = shares::micros(-1)})); },
          "a fee in shares must lie between nothing and what was filled");
  refused([&] { books.trade(buy(50, 1, {.cash = money::micros(INT64_MIN)})); }, "an amount does not fit into 64 bits");
  refused([&] { books.mint({}, one, shares{}); }, "a number of pairs must be positive");
  refused([&] { books.merge({}, one, shares::whole(1)); }, "a holding of contract number 0 would become negative");
  refused([&] { books.deposit({}, money::micros(INT64_MAX)); }, "an amount does not fit into 64 bits");
}

TEST_CASE("every kind of booking has a word") {
  CHECK(to_string(booking::deposit) == "deposit");
  CHECK(to_string(booking::settlement) == "settlement");
  CHECK(to_string(booking::rebate) == "rebate");
}

// ---- the naive twin ----------------------------------------------------------------------------------------------

/// The same books by another hand: named accounts in pico-dollars in a map, refusal by trying on a copy.
class twin {
 public:
  using number = int128;
  static constexpr number pico = 1'000'000;  // of a micro-dollar

  std::map<std::string, number> account = {};                // pico-dollars
  std::map<std::pair<std::size_t, char>, number> held = {};  // micro-shares of (contract, 'y' or 'n')
  std::map<std::size_t, number> spent = {};                  // pico-dollars a contract

  /// Moves pico-dollars between accounts; true when the books may look like this afterwards.
  [[nodiscard]] bool sound() const {
    const auto fits = [](number x) { return x >= number{INT64_MIN} && x <= number{INT64_MAX}; };
    for (const auto& [name, amount] : account) {
      if (name == "residue") continue;
      if (amount % pico != 0 || !fits(amount / pico)) return false;
    }
    for (const auto& [what, count] : held) {
      if (count < 0 || !fits(count)) return false;
    }
    const auto at = [&](const char* name) {
      const auto found = account.find(name);
      return found == account.end() ? number{0} : found->second;
    };
    return at("cash") >= 0 && at("locked") >= 0;
  }

  /// Applies `change` to a copy and keeps it if that is sound.
  template <class Change>
  bool attempt(const Change& change) {
    twin next = *this;
    if (!change(next) || !next.sound()) return false;
    *this = std::move(next);
    return true;
  }

  bool move(const char* from, const char* to, std::int64_t micros) {
    return attempt([&](twin& t) {
      if (micros < 0) return false;
      if (*from != '-') t.account[from] -= number{micros} * pico;
      if (*to != '-') t.account[to] += number{micros} * pico;
      return true;
    });
  }

  bool trade(const fill& f) {
    return attempt([&](twin& t) {
      const number q = f.quantity.micros(), p = f.at.micros(), fee_shares = f.fee.in_shares.micros();
      const bool buys = f.direction == side::buy;
      if (q <= 0 || fee_shares < 0 || fee_shares > q || (!buys && fee_shares != 0)) return false;
      const number exact = p * q;
      number cash = exact / pico * pico;  // quantities and prices are not negative: this is a floor
      if (buys && cash != exact) cash += pico;
      const number fee = number{f.fee.cash.micros()} * pico;
      t.account["cash"] += (buys ? -cash : cash) - fee;
      t.account[fee >= 0 ? "fees" : "rebates"] += fee >= 0 ? fee : -fee;
      t.account["residue"] += buys ? cash - exact : exact - cash;
      t.spent[f.contract.index()] += buys ? exact : -exact;
      t.held[{f.contract.index(), f.of == outcome::yes ? 'y' : 'n'}] += buys ? q - fee_shares : -q;
      return true;
    });
  }

  bool pairs(std::size_t contract, std::int64_t count, int sign) {
    return attempt([&](twin& t) {
      if (count <= 0) return false;
      t.held[{contract, 'y'}] += sign * number{count};
      t.held[{contract, 'n'}] += sign * number{count};
      t.account["cash"] -= sign * number{count} * pico;
      t.spent[contract] += sign * number{count} * pico;
      return true;
    });
  }

  bool settle(std::size_t contract, std::int64_t payout) {
    return attempt([&](twin& t) {
      const number yes = t.held[{contract, 'y'}] * payout, no = t.held[{contract, 'n'}] * (1'000'000 - payout);
      const number paid = yes / pico * pico + no / pico * pico;
      t.account["cash"] += paid;
      t.account["residue"] += yes + no - paid;
      t.spent[contract] -= yes + no;
      t.held[{contract, 'y'}] = t.held[{contract, 'n'}] = 0;
      return true;
    });
  }
};

/// Differences between the books and their twin, in words; empty when they agree.
std::string difference(const ledger& books, twin& other, std::size_t contracts) {
  const auto compare = [](const char* what, int128 ours, int128 theirs) {
    return ours == theirs ? std::string()
                          : std::string(what) + ": " + to_string(ours) + " against " + to_string(theirs) + "; ";
  };
  const auto micros = [](money m) { return int128{m.micros()} * twin::pico; };
  std::string out = compare("cash", micros(books.cash()), other.account["cash"]) +
                    compare("locked", micros(books.locked()), other.account["locked"]) +
                    compare("fees", micros(books.fees()), other.account["fees"]) +
                    compare("rebates", micros(books.rebates()), other.account["rebates"]) +
                    compare("capital", micros(books.capital()), other.account["capital"]) +
                    compare("residue", books.residue(), other.account["residue"]);
  int128 invested = 0;
  for (std::size_t i = 0; i < contracts; ++i) {
    const holding held = books.position(contract_id(i));
    out += compare("yes", held.yes.micros(), other.held[{i, 'y'}]) +
           compare("no", held.no.micros(), other.held[{i, 'n'}]) + compare("invested", held.invested, other.spent[i]);
    invested += other.spent[i];
  }
  return out + compare("all invested", books.invested(), invested);
}

/// Random operations on both; the first thing that is wrong, or nothing.
std::string fuzz(std::uint64_t seed, int operations, std::size_t contracts, int& refused) {
  random_stream random(seed);
  ledger books;
  twin other;
  ledger_entry sum;
  for (int step = 0; step < operations; ++step) {
    const std::size_t c = random.below(static_cast<std::uint32_t>(contracts));
    // Amounts of every size: mostly ordinary, some tiny, some absurd, some negative.
    const auto amount = [&]() -> std::int64_t {
      const std::uint32_t kind = random.below(400);
      if (kind == 0) return INT64_MAX - static_cast<std::int64_t>(random.below(3));
      if (kind == 1) return -static_cast<std::int64_t>(random.below(1'000'000));
      if (kind < 40) return static_cast<std::int64_t>(random.below(20));
      return static_cast<std::int64_t>(random.below(200'000'000));
    };
    const holding held = books.position(contract_id(c));
    std::optional<ledger_entry> entry;
    bool accepted = false;
    const auto run = [&](auto&& on_books, bool on_twin) {
      accepted = on_twin;
      try {
        entry = on_books();
      } catch (const precondition_error&) {
        entry.reset();
      }
    };
    const std::uint32_t what = random.below(100);
    const std::int64_t a = amount();
    if (what < 6) {
      run([&] { return books.deposit({}, money::micros(a)); }, other.attempt([&](twin& t) {
        t.account["cash"] += int128{a} * twin::pico;
        t.account["capital"] += int128{a} * twin::pico;
        return a >= 0;
      }));
    } else if (what < 8) {
      run([&] { return books.withdraw({}, money::micros(a)); }, other.attempt([&](twin& t) {
        t.account["cash"] -= int128{a} * twin::pico;
        t.account["capital"] -= int128{a} * twin::pico;
        return a >= 0;
      }));
    } else if (what < 13) {
      run([&] { return books.lock({}, money::micros(a)); }, other.move("cash", "locked", a));
    } else if (what < 19) {
      const std::int64_t some = random.below(3) != 0 ? books.locked().micros() / 2 : a;
      run([&] { return books.release({}, money::micros(some)); }, other.move("locked", "cash", some));
    } else if (what < 21) {
      run([&] { return books.rebate({}, money::micros(a)); }, other.attempt([&](twin& t) {
        t.account["cash"] += int128{a} * twin::pico;
        t.account["rebates"] += int128{a} * twin::pico;
        return a >= 0;
      }));
    } else if (what < 80) {
      fill f{.contract = contract_id(c), .of = random.below(2) == 0 ? outcome::yes : outcome::no};
      f.direction = random.below(2) == 0 ? side::buy : side::sell;
      f.at = price::micros(random.below(10) == 0 ? random.below(1'000'001) : random.below(101) * 10'000);
      f.quantity = shares::micros(a);
      const shares mine = f.of == outcome::yes ? held.yes : held.no;
      if (f.direction == side::sell && random.below(3) != 0) {  // most sales are of what there is
        f.quantity = random.below(4) == 0 ? mine : shares::micros(mine.micros() / 2);
      }
      const std::uint32_t fee = random.below(10);
      if (fee < 5) f.fee.cash = money::micros(random.below(500'000));
      if (fee == 5) f.fee.cash = money::micros(-static_cast<std::int64_t>(random.below(500'000)));
      if (fee == 6) f.fee.cash = money::micros(random.below(50) == 0 ? INT64_MIN : INT64_MAX);
      if (fee == 7) f.fee.in_shares = shares::micros(a / 50);
      if (fee == 8)
        f.fee = {.cash = money::micros(random.below(9)), .in_shares = shares::micros(random.below(2'000'000))};
      run([&] { return books.trade(f); }, other.trade(f));
    } else if (what < 86) {
      run([&] { return books.mint({}, contract_id(c), shares::micros(a)); }, other.pairs(c, a, 1));
    } else if (what < 92) {
      const std::int64_t both = std::min(held.yes.micros(), held.no.micros());
      const std::int64_t some = random.below(4) != 0 ? both / 2 : a;
      run([&] { return books.merge({}, contract_id(c), shares::micros(some)); }, other.pairs(c, some, -1));
    } else {
      const std::uint32_t kind = random.below(5);
      const std::int64_t payout = kind == 0   ? 0
                                  : kind == 1 ? 1'000'000
                                  : kind == 2 ? 500'000
                                              : static_cast<std::int64_t>(random.below(1'000'001));
      run([&] { return books.settle({}, contract_id(c), price::micros(payout)); }, other.settle(c, payout));
    }

    const std::string at = "operation " + std::to_string(step) + ", kind " + std::to_string(what) + ": ";
    if (entry.has_value() != accepted) return at + (accepted ? "refused without need" : "accepted what is not sound");
    refused += !accepted;
    if (entry) {
      if (entry->imbalance() != 0) return at + "an entry is out of balance";
      sum.capital += entry->capital;
      sum.cash += entry->cash;
      sum.locked += entry->locked;
      sum.fees += entry->fees;
      sum.rebates += entry->rebates;
      sum.invested += entry->invested;
      sum.residue += entry->residue;
      const holding now = books.position(contract_id(c));
      if (now.yes != held.yes + entry->yes || now.no != held.no + entry->no)
        return at + "an entry is not the holding's change";
    }
    if (books.imbalance() != 0) return at + "the books are out of balance";
    if (books.audit() != 0) return at + "the positions do not add up to the books";
    if (books.cash() < money{} || books.locked() < money{} || books.residue() < 0) return at + "an account is negative";
    if (sum.capital != books.capital() || sum.cash != books.cash() || sum.locked != books.locked() ||
        sum.fees != books.fees() || sum.rebates != books.rebates() || sum.invested != books.invested() ||
        sum.residue != books.residue()) {
      return at + "the entries do not add up to the balances";
    }
    if (const std::string d = difference(books, other, contracts); !d.empty()) return at + d;
  }
  return {};
}

TEST_CASE("ten thousand random operations keep the identity and agree with the twin") {
  int refused = 0;
  CHECK(fuzz(1, 10'000, 5, refused) == "");
  CHECK(refused > 500);
  CHECK(refused < 9'000);
}

TEST_SUITE("slow model.ledger") {
  TEST_CASE("a million random operations keep the identity to the last unit and agree with the twin") {
    int refused = 0;
    for (std::uint64_t seed = 100; seed < 110; ++seed) {
      CAPTURE(seed);
      CHECK(fuzz(seed, 100'000, 4, refused) == "");
    }
    MESSAGE("1000000 operations, of which ", refused, " were refused and changed nothing");
    CHECK(refused > 50'000);
    CHECK(refused < 900'000);
  }
}

TEST_CASE("a fill whose average price lies off the grid is booked at its exact amount") {
  ledger books;
  books.deposit(instant{}, money::dollars(10));
  // 3 shares for 1 dollar: 0.333333... a share. The price on the grid is shown; the amount is what counts.
  const fill three{
      .at = price::micros(333'333), .quantity = shares::whole(3), .amount = notional{int128{1'000'000} * 1'000'000}};
  CHECK(books.trade(three).cash == -money::dollars(1));
  CHECK(books.residue() == 0);
  CHECK(books.imbalance() == 0);
  fill too_dear = three;
  too_dear.amount = notional{int128{3'000'001} * 1'000'000};
  CHECK_THROWS_WITH_AS((void)books.trade(too_dear), "a fill must cost between nothing and a dollar a share",
                       precondition_error);
  CHECK(books.cash() == money::dollars(9));
}

}  // namespace basket_test::model_ledger
