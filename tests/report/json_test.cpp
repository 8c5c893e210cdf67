// The JSON writer: escapes, numbers that read back, structure that cannot be left open, and a strict reader as oracle.
#include "basket/report/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "basket/core/random.hpp"
#include "json_checker.hpp"

namespace basket_test::report_json {

using namespace basket;
using report::json_layout;
using report::json_writer;

template <class T>
std::string written(const T& x) {
  json_writer out;
  out.value(x);
  return out.text();
}

TEST_CASE("the checker itself refuses what is not JSON") {
  for (const char* bad : {"", "{", "{\"a\":1,}", "[1 2]", "{\"a\":1,\"a\":2}", "01", "1.", ".5", "+1", "nan",
                          "\"\x01\"", "\"\\x\"", "\"\\u12g4\"", "{a:1}", "1 2", "'a'", "-", "1e", "[1]]"}) {
    CAPTURE(bad);
    CHECK_FALSE(json_checker::read(bad));
  }
  for (const char* good :
       {"0", "-0", "1e+20", "-1.5E-3", "[]", "{}", " [ 1 , \"a\\u00e9\" ] ", "null", "{\"a\":[{}]}"}) {
    CAPTURE(good);
    CHECK(json_checker::read(good));
  }
}

TEST_CASE("an object as it stands in a file") {
  json_writer out;
  out.object([&] {
    out.field("name", "a \"quoted\" \\ name");
    out.field("nav", money::micros(-1'234'567));
    out.field("ratio", 0.1);
    out.field("none", missing);
    out.field("held", true);
    out.field("count", std::size_t{7});
    out.key("list").array([&] {
      out.value(1);
      out.value("two");
      out.array([] {});
      out.object([] {});
    });
    out.field("day", *utc_day::parse("2025-02-01"));
    out.field("shares", shares::micros(500'000));
    out.field("price", price::cents(5));
    out.key("nothing").null();
  });
  CHECK(out.text() ==
        R"({"name":"a \"quoted\" \\ name","nav":"-1.234567","ratio":0.1,"none":null,"held":true,"count":7,)"
        R"("list":[1,"two",[],{}],"day":"2025-02-01","shares":"0.500000","price":"0.050000","nothing":null})");
  REQUIRE(json_checker::read(out.text()));
  CHECK(json_checker::read(out.text())->at("list.1") == "two");
}

TEST_CASE("indented, the same values") {
  json_writer out(json_layout::indented);
  out.object([&] {
    out.field("a", 1);
    out.key("b").array([&] { out.value(2); });
    out.key("c").object([] {});
  });
  CHECK(out.text() == "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ],\n  \"c\": {}\n}");
}

TEST_CASE("lines of JSON") {
  json_writer out;
  for (int i = 0; i < 2; ++i) {
    out.object([&] { out.field("i", i); });
    out.end_line();
  }
  CHECK(out.text() == "{\"i\":0}\n{\"i\":1}\n");
}

TEST_CASE("a double reads back bit for bit") {
  random_stream draw(5);
  for (int i = 0; i < 20000; ++i) {
    const double x = (draw.uniform() - 0.5) * std::pow(10.0, static_cast<int>(draw.below(600)) - 300);
    const std::string text = written(x);
    CAPTURE(text);
    CHECK(json_checker::read(text));
    CHECK(std::strtod(text.c_str(), nullptr) == x);
  }
  CHECK(written(0.1) == "0.1");
  CHECK(written(1.0) == "1");  // 1 is JSON; 1. would not be
  CHECK(written(-0.0) == "-0");
  CHECK(written(1e300) == "1e+300");
  CHECK(written(std::numeric_limits<double>::denorm_min()) == "5e-324");
  CHECK(written(missing) == "null");
  CHECK_THROWS_WITH_AS(written(std::numeric_limits<double>::infinity()), "a number in JSON cannot be infinite",
                       precondition_error);
}

TEST_CASE("texts: controls are escaped, UTF-8 stays, what is not UTF-8 is replaced") {
  CHECK(written("a\tb\nc\rd") == R"("a\tb\nc\u000dd")");
  CHECK(written(std::string("\0\x1f\x7f", 3)) == R"("\u0000\u001f\u007f")");
  CHECK(written("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8E\xB2") == "\"caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8E\xB2\"");
  CHECK(written("\xE2\x80\xA8") == R"("\u2028")");
  const std::string replaced = "\xEF\xBF\xBD";
  CHECK(written("\xFFx") == "\"" + replaced + "x\"");
  CHECK(written("\xC3") == "\"" + replaced + "\"");                                               // cut short
  CHECK(written("\xC0\xAF") == "\"" + replaced + replaced + "\"");                                // overlong
  CHECK(written("\xED\xA0\x80") == "\"" + replaced + replaced + replaced + "\"");                 // surrogate
  CHECK(written("\xF4\x90\x80\x80") == "\"" + replaced + replaced + replaced + replaced + "\"");  // past the last
  random_stream draw(9);
  for (int i = 0; i < 3000; ++i) {
    std::string noise;
    for (std::uint32_t n = draw.below(40); n > 0; --n) noise += static_cast<char>(draw.below(256));
    const std::string text = written(noise);
    CHECK(json_checker::read(text));
    for (std::string_view rest = text; !rest.empty();) {  // valid UTF-8: U+FFFD only where three bytes spell it
      const report::code_point c = report::first_code_point(rest);
      CHECK((c.value != U'\uFFFD' || c.bytes == 3));
      rest.remove_prefix(c.bytes);
    }
  }
}

TEST_CASE("a misuse is refused, not written") {
  json_writer out;
  CHECK_THROWS_AS(out.key("a"), precondition_error);
  CHECK_THROWS_AS(out.object([&] { out.value(1); }), precondition_error);
  json_writer open_key;
  CHECK_THROWS_AS(open_key.object([&] { open_key.key("a"); }), precondition_error);
  json_writer two_keys;
  CHECK_THROWS_AS(two_keys.object([&] { two_keys.key("a").key("b"); }), precondition_error);
}

}  // namespace basket_test::report_json
