// Text tables: width by columns and not by bytes, cells that stay on their line, and the shape of a table.
#include "basket/report/text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "basket/core/random.hpp"

namespace basket_test::report_text {

using namespace basket;
using namespace basket::report;

TEST_CASE("code points are read as RFC 3629 says") {
  CHECK(first_code_point("a").value == U'a');
  CHECK(first_code_point("\xC3\xA9").value == U'\u00E9');
  CHECK(first_code_point("\xE2\x82\xAC").bytes == 3);
  CHECK(first_code_point("\xF0\x9F\x8E\xB2").value == U'\U0001F3B2');
  CHECK(first_code_point("\x80").value == U'\uFFFD');
  CHECK(first_code_point("\xE2\x82").bytes == 1);
  for (const char32_t c : {U'\u007F', U'\u0080', U'\u07FF', U'\u0800', U'\uFFFF', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    append_utf8(text, c);
    CHECK(first_code_point(text).value == c);
    CHECK(first_code_point(text).bytes == text.size());
  }
}

TEST_CASE("width is what a terminal shows") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("\xC3\xA9") == 1);
  CHECK(display_width("e\xCC\x81") == 1);                 // e and a combining acute
  CHECK(display_width("\xE9\x80\x89\xE4\xB8\xBE") == 4);  // two ideographs
  CHECK(display_width("\xF0\x9F\x8E\xB2") == 2);          // a die
}

TEST_CASE("one line: controls become spaces, long texts end in an ellipsis") {
  CHECK(one_line("a\nb\tc\x1b[31m") == "a b c [31m");
  CHECK(one_line("abcdef", 6) == "abcdef");
  CHECK(one_line("abcdef", 5) == "abcd\xE2\x80\xA6");
  CHECK(one_line("abc", 0).empty());
  CHECK(one_line("\xE9\x80\x89\xE4\xB8\xBE\xE9\x80\x89", 5) == "\xE9\x80\x89\xE4\xB8\xBE\xE2\x80\xA6");
  random_stream draw(2);
  for (int i = 0; i < 2000; ++i) {
    std::string noise;
    for (std::uint32_t n = draw.below(60); n > 0; --n) noise += static_cast<char>(draw.below(256));
    const std::size_t limit = draw.below(30);
    CHECK(display_width(one_line(noise, limit)) <= limit);
  }
}

TEST_CASE("a table lines up") {
  table t{.columns = {{"market"}, {"gain", align::right}, {"why", align::left, 6}}};
  t.rows = {{"a", "1.00", "x"}, {"\xE9\x80\x89\xE4\xB8\xBE", "-12.50", "far too long"}, {"b\nc", "", ""}};
  CHECK(t.text() ==
        "  market    gain  why\n"
        "  ------  ------  ------\n"
        "  a         1.00  x\n"
        "  \xE9\x80\x89\xE4\xB8\xBE    -12.50  far t\xE2\x80\xA6\n"
        "  b c\n");
  t.rows.push_back({"only one"});
  CHECK_THROWS_WITH_AS((void)t.text(), "a table of 3 columns was given a row of 1 cells", precondition_error);
}

TEST_CASE("a table without headings has no rule") {
  const table t{.columns = {{""}, {""}}, .rows = {{"key", "value"}, {"longer", "v"}}};
  CHECK(t.text() == "  key     value\n  longer  v\n");
}

TEST_CASE("headings and wrapped sentences") {
  CHECK(heading("Acc\xC3\xA8s") == "\nAcc\xC3\xA8s\n=====\n");
  CHECK(wrapped("one two three four", 9, 2) == "one two\n  three\n  four\n");
  CHECK(wrapped("a  b\n c") == "a b c\n");
  CHECK(wrapped("") == "\n");
}

TEST_CASE("numbers") {
  CHECK(grouped(money::micros(1'234'567'890'123)) == "1,234,567.890123");
  CHECK(grouped(money::micros(-999'999'999)) == "-999.999999");
  CHECK(grouped(money::micros(-1'000'000'000)) == "-1,000.000000");
  CHECK(grouped("12") == "12");
  CHECK(grouped("1234") == "1,234");
  CHECK(percent(0.1234) == "12.34 %");
  CHECK(percent(missing) == "missing");
  CHECK(fixed(-1.966, 2) == "-1.97");
  CHECK(fixed(missing, 2) == "missing");
  CHECK(fixed(2.5e17, 2) == "2.50e+17");
  CHECK(percent(3.0e15) == "3.00e+17 %");
}

}  // namespace basket_test::report_text
