#include "basket/core/units.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "basket/core/random.hpp"

namespace basket_test::core_units {

using namespace basket;

TEST_CASE("an amount is what is written") {
  CHECK(money::parse("100000.25")->micros() == 100'000'250'000);
  CHECK(money::parse("-0.000001")->micros() == -1);
  CHECK(money::parse("+7")->micros() == 7'000'000);
  CHECK(money::parse(".5")->micros() == 500'000);
  CHECK(money::parse("3.")->micros() == 3'000'000);
  CHECK(money::parse("1.2500000000")->micros() == 1'250'000);
  CHECK(to_string(money::micros(-1)) == "-0.000001");
  CHECK(to_string(money::dollars(12)) == "12.000000");
  CHECK(to_string(money::cents(-1'205)) == "-12.050000");
  CHECK(money::cents(50).to_double() == 0.5);
}

TEST_CASE("what is no amount is not parsed") {
  for (const char* text : {"", "-", "+", ".", "1e5", "1,000", " 1", "1 ", "--1", "1.2.3", "0x10", "nan", "inf", "$1",
                           "1.0000001", "9223372036855", "99999999999999999999999999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FALSE(money::parse(text).has_value());
    CHECK_FALSE(shares::parse(text).has_value());
  }
  for (const char* text : {"1.000001", "-0.1", "2", "x"}) CHECK_FALSE(price::parse(text).has_value());
  CHECK(price::parse("1")->micros() == 1'000'000);
  CHECK(price::parse("0")->micros() == 0);
}

TEST_CASE("amounts print and parse back") {
  random_stream random(1);
  int wrong = 0;
  for (int i = 0; i < 20'000; ++i) {
    const auto bits = static_cast<std::int64_t>((std::uint64_t{random()} << 32) | random());
    const std::int64_t value = bits >> random.below(63);
    wrong += money::parse(to_string(money::micros(value))) != money::micros(value) && value != INT64_MIN;
    wrong += shares::parse(to_string(shares::micros(value))) != shares::micros(value) && value != INT64_MIN;
    const auto p = price::micros(static_cast<std::int64_t>(random.below(1'000'001)));
    wrong += price::parse(to_string(p)) != p || price::nearest(p.to_double()) != p;
  }
  CHECK(wrong == 0);
  CHECK(to_string(money::micros(INT64_MAX)) == "9223372036854.775807");
  CHECK(to_string(money::micros(INT64_MIN)) == "-9223372036854.775808");
  CHECK(money::parse("9223372036854.775807") == money::micros(INT64_MAX));
}

TEST_CASE("amounts never wrap") {
  const money most = money::micros(INT64_MAX), least = money::micros(INT64_MIN), one = money::micros(1);
  CHECK_THROWS_AS((void)(most + one), precondition_error);
  CHECK_THROWS_AS((void)(least - one), precondition_error);
  CHECK_THROWS_AS((void)(-least), precondition_error);
  CHECK_THROWS_AS((void)money::dollars(INT64_MAX / 1'000'000 + 1), precondition_error);
  CHECK_THROWS_AS((void)money::cents(INT64_MAX / 1'000), precondition_error);
  CHECK_THROWS_AS((void)shares::whole(INT64_MIN / 1'000'000 - 1), precondition_error);
  CHECK_THROWS_AS((void)(shares::micros(INT64_MAX) + shares::micros(1)), precondition_error);
  CHECK_THROWS_AS((void)(-shares::micros(INT64_MIN)), precondition_error);
  money sum = most;
  CHECK_THROWS_AS(sum += one, precondition_error);
  CHECK(sum == most);
  CHECK((most - most) == money{});
  CHECK(-(one - most) == most - one);
}

TEST_CASE("a price lies between nothing and a dollar") {
  CHECK_THROWS_WITH_AS((void)price::micros(-1), "a price must lie in [0, 1] dollars", precondition_error);
  CHECK_THROWS_AS((void)price::micros(1'000'001), precondition_error);
  CHECK_THROWS_AS((void)price::cents(101), precondition_error);
  CHECK_THROWS_AS((void)price::nearest(std::nan("")), precondition_error);
  CHECK_THROWS_AS((void)price::nearest(1.1), precondition_error);
  CHECK_THROWS_AS((void)price::nearest(1e300), precondition_error);
  CHECK(price::nearest(0.1234564).micros() == 123'456);
  CHECK(price::nearest(0.1234566).micros() == 123'457);
  CHECK(price::nearest(-1e-9).micros() == 0);
  CHECK(price::cents(37).complement() == price::cents(63));
  CHECK(price::cents(100).complement() == price{});
}

TEST_CASE("a product is exact, and its rounding is named") {
  const notional third = price::micros(333'333) * shares::micros(1'000'001);  // 0.333333 * 1.000001 = 0.333333333333
  CHECK(third.picos == 333'333'333'333);
  CHECK(third == shares::micros(1'000'001) * price::micros(333'333));
  CHECK(third.to_money(rounding::down).micros() == 333'333);
  CHECK(third.to_money(rounding::up).micros() == 333'334);
  CHECK(third.to_money(rounding::half_to_even).micros() == 333'333);
  CHECK((third + third).picos == 666'666'666'666);
  const notional half{500'000};  // half a micro-dollar
  CHECK(half.to_money(rounding::half_to_even).micros() == 0);
  CHECK(notional{1'500'000}.to_money(rounding::half_to_even).micros() == 2);
  CHECK(notional{-500'000}.to_money(rounding::down).micros() == -1);
  CHECK(notional{-500'000}.to_money(rounding::up).micros() == 0);
  // The largest product there is does not overflow: 64 bits of shares at a dollar.
  CHECK((price::micros(1'000'000) * shares::micros(INT64_MAX)).to_money(rounding::up).micros() == INT64_MAX);
}

TEST_CASE("products agree with long multiplication in decimal digits") {
  // Oracle: school arithmetic on digit strings.
  const auto school = [](std::uint64_t a, std::uint64_t b) {
    const std::string x = std::to_string(a), y = std::to_string(b);
    std::string digits(x.size() + y.size(), '0');
    for (std::size_t i = x.size(); i-- > 0;) {
      int carry = 0;
      for (std::size_t j = y.size(); j-- > 0;) {
        const int t = (x[i] - '0') * (y[j] - '0') + (digits[i + j + 1] - '0') + carry;
        digits[i + j + 1] = static_cast<char>('0' + t % 10);
        carry = t / 10;
      }
      digits[i] = static_cast<char>(digits[i] + carry);
    }
    const auto first = digits.find_first_not_of('0');
    return first == std::string::npos ? std::string("0") : digits.substr(first);
  };
  random_stream random(2);
  int wrong = 0;
  for (int i = 0; i < 2'000; ++i) {
    const std::uint32_t p = random.below(1'000'001);
    const std::uint64_t s = ((std::uint64_t{random()} << 32) | random()) >> (1 + random.below(60));
    wrong += to_string((price::micros(p) * shares::micros(static_cast<std::int64_t>(s))).picos) != school(p, s);
  }
  CHECK(wrong == 0);
}

TEST_CASE("basis points of an amount") {
  const notional hundred = price::cents(50) * shares::whole(200);
  CHECK(fraction(hundred, basis_points{25}, rounding::up) == money::cents(25));
  CHECK(fraction(hundred, basis_points{0}, rounding::up) == money{});
  const notional small = price::micros(1) * shares::micros(1);  // 1e-12 dollars
  CHECK(fraction(small, basis_points{1}, rounding::up) == money::micros(1));
  CHECK(fraction(small, basis_points{1}, rounding::down) == money{});
}

TEST_CASE("a probability lies in [0, 1]") {
  CHECK(probability(0.25).value() == 0.25);
  CHECK(probability(0.0) < probability(1.0));
  CHECK_THROWS_AS((void)probability(1.0000001), precondition_error);
  CHECK_THROWS_AS((void)probability(-1e-300), precondition_error);
  CHECK_THROWS_WITH_AS((void)probability(std::nan("")), "a probability must lie in [0, 1]", precondition_error);
}

}  // namespace basket_test::core_units
