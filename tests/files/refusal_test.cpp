#include "basket/files/refusal.hpp"

#include <doctest/doctest.h>

#include <string>

#include "files/temporary_folder.hpp"

namespace basket_test::files_refusal {

using namespace basket;
using files::on_bad_row;
using files::refused_row;

TEST_CASE("refusal: counted by source, field and reason, the first one kept as the example") {
  files::refusals refused;
  const auto bad = [&](const char* source, std::size_t line, const char* field, const char* kind, const char* value) {
    return accept(on_bad_row::skip_and_count, refused, [&] { throw refused_row(source, line, field, kind, value); });
  };
  CHECK_FALSE(bad("p.csv", 7, "close", "outside [0, 1]", "1.5"));
  CHECK_FALSE(bad("p.csv", 9, "close", "outside [0, 1]", "-2"));
  CHECK_FALSE(bad("p.csv", 9, "date", "empty", ""));
  CHECK_FALSE(bad("m.csv", 2, "date", "empty", ""));
  CHECK_FALSE(bad("m.csv", 3, "listed", "empty", ""));
  CHECK(accept(on_bad_row::skip_and_count, refused, [] {}));
  REQUIRE(refused.entries.size() == 4);
  CHECK(refused.total() == 5);
  CHECK(refused.entries[0].rows == 2);
  CHECK(refused.entries[0].first_line == 7);
  CHECK(refused.entries[0].reason == "outside [0, 1]");
  CHECK(refused.entries[0].example == "p.csv, line 7, field 'close': outside [0, 1]: '1.5'");
  CHECK(refused.entries[1].field == "date");
  CHECK(refused.entries[2].source == "m.csv");
  CHECK(refused.entries[3].field == "listed");
}

TEST_CASE("refusal: raise lets it through, and only a refused row can be skipped") {
  files::refusals refused;
  CHECK_THROWS_AS(accept(on_bad_row::raise, refused, [] { throw refused_row("p.csv", 1, "f", "kind", "v"); }),
                  refused_row);
  CHECK_THROWS_AS(accept(on_bad_row::skip_and_count, refused, [] { throw data_error("p.csv", 0, "", "damaged"); }),
                  data_error);
  CHECK(refused.total() == 0);
}

TEST_CASE("refusal: a value is quoted on one line and cut at 60 bytes") {
  CHECK(refused_row("p", 1, "f", "bad", "a\nb\x7f").reason() == "bad: 'a?b?'");
  CHECK(refused_row("p", 1, "f", "bad", std::string(60, 'x')).reason() == "bad: '" + std::string(60, 'x') + "'");
  CHECK(refused_row("p", 1, "f", "bad", std::string(61, 'x')).reason() == "bad: '" + std::string(60, 'x') + "...'");
  CHECK(refused_row("p", 1, "f", "bad").reason() == "bad");
  CHECK(refused_row("p", 1, "f", "bad", "v").kind() == "bad");
}

}  // namespace basket_test::files_refusal
