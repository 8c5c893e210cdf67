#include "basket/files/fields.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "files/temporary_folder.hpp"

namespace basket_test::files_fields {

using namespace basket;

/// What a reader of one field makes of it.
template <class Read>
auto value(const std::string& field, const Read& read) {
  files::csv_reader in("f\n\"" + field + "\"\n", "t");
  const auto row = in.next();
  return read(*row, in.column("f"));
}
template <class Read>
std::string refusal(const std::string& field, const Read& read) {
  const std::string text = sentence<files::refused_row>([&] { (void)value(field, read); });
  const std::string head = "t, line 2, field 'f': ";
  return text.starts_with(head) ? text.substr(head.size()) : text;
}

TEST_CASE("fields: closes and numbers") {
  CHECK(value("0.25", files::close_in) == 0.25);
  CHECK(value("0", files::close_in) == 0.0);
  CHECK(value("1", files::close_in) == 1.0);
  CHECK(value("1e-3", files::close_in) == 0.001);
  CHECK_FALSE(std::signbit(value("-0", files::close_in)));
  CHECK(refusal("", files::close_in) == "empty: ''");
  for (const std::string text : {"x", "0.5 ", " 0.5", "+0.5", "0,5", "0x1", "1/2", "."}) {
    CHECK(refusal(text, files::close_in) == "not a number: '" + text + "'");
  }
  for (const std::string text : {"nan", "NaN", "inf", "-inf", "infinity"}) {
    CHECK(refusal(text, files::close_in) == "not a finite number: '" + text + "'");
  }
  CHECK(refusal("1e999", files::close_in) == "a number out of range: '1e999'");
  for (const std::string text : {"1.5", "-0.01", "1.0000001", "50"}) {
    CHECK(refusal(text, files::close_in) == "outside [0, 1]: '" + text + "'");
  }
  CHECK(value("", files::amount_in) == std::nullopt);
  CHECK(value("12.5", files::amount_in) == 12.5);
  CHECK(refusal("-1", files::amount_in) == "negative: '-1'");
}

TEST_CASE("fields: payouts are exact") {
  CHECK(value("", files::payout_in) == std::nullopt);
  CHECK(value("0.333333", files::payout_in) == price::micros(333'333));
  CHECK(value("1", files::payout_in) == price::micros(1'000'000));
  for (const std::string text : {"0.3333333", "1.1", "-0.1", "x", "nan", "1e-1"}) {
    CHECK(refusal(text, files::payout_in) == "not a payout in [0, 1] with at most six decimals: '" + text + "'");
  }
}

TEST_CASE("fields: dates") {
  CHECK(value("2024-02-29", files::date_in) == *utc_day::parse("2024-02-29"));
  CHECK(value("2500-12-31", files::date_in) == *utc_day::parse("2500-12-31"));
  CHECK(value("", files::optional_date_in) == std::nullopt);
  CHECK(refusal("", files::date_in) == "empty: ''");
  for (const std::string text :
       {"2025-02-29", "2025-2-01", "01.02.2025", "2025-01-01T00:00:00Z", "20250101", "2025-13-01"}) {
    CHECK(refusal(text, files::date_in) == "not a calendar date YYYY-MM-DD: '" + text + "'");
    CHECK(refusal(text, files::optional_date_in) == "not a calendar date YYYY-MM-DD: '" + text + "'");
  }
  CHECK(value("2000-01-01", files::panel_day_in) == *utc_day::parse("2000-01-01"));
  CHECK(value("2099-12-31", files::panel_day_in) == *utc_day::parse("2099-12-31"));
  CHECK(refusal("2100-01-01", files::panel_day_in) == "a date outside the years 2000 to 2099: '2100-01-01'");
  CHECK(refusal("1999-12-31", files::panel_day_in) == "a date outside the years 2000 to 2099: '1999-12-31'");
}

TEST_CASE("fields: ids, texts and lists") {
  CHECK(value("pm:1 a", files::id_in) == "pm:1 a");
  CHECK(refusal("", files::id_in) == "empty: ''");
  CHECK(refusal(" a", files::id_in) == "a blank at the beginning or the end: ' a'");
  CHECK(refusal("a ", files::id_in) == "a blank at the beginning or the end: 'a '");
  CHECK(refusal("a\nb", files::id_in) == "a control character: 'a?b'");
  CHECK(refusal("\xff", files::id_in).starts_with("not UTF-8"));
  CHECK(value("", files::text_in) == "");
  CHECK(value("a|b||c", files::list_in) == std::vector<std::string>{"a", "b", "c"});
  CHECK(value("", files::list_in).empty());
  CHECK(value("|", files::list_in).empty());
}

TEST_CASE("fields: UTF-8 by the table of the standard") {
  for (const char* good : {"", "ascii", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
                           "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
                           "a\xe2\x82\xac"
                           "b"}) {
    CHECK(files::is_utf8(good));
  }
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2",
                          "\xc2"
                          "a",
                          "\xe0\x9f\xbf", "\xe2\x82", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf0\x90\x80",
                          "\xf0\x90\x80"
                          "a",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK_FALSE(files::is_utf8(bad));
  }
}

}  // namespace basket_test::files_fields
