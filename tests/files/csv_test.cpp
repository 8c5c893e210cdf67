#include "basket/files/csv.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "basket/core/random.hpp"
#include "files/temporary_folder.hpp"

namespace basket_test::files_csv {

using namespace basket;
using files::csv_reader;
using table = std::vector<std::vector<std::string>>;

/// The header and all rows of well-formed text.
table rows_of(csv_reader& in) {
  table out{in.header()};
  while (const auto row = in.next()) out.emplace_back(row->fields().begin(), row->fields().end());
  return out;
}
table parse(std::string text) {
  csv_reader in(std::move(text), "t.csv");
  return rows_of(in);
}
std::string refusal(std::string text) {
  return sentence<data_error>([&] { (void)parse(std::move(text)); });
}

TEST_CASE("csv: the rules of RFC 4180") {
  const table plain = {{"a", "b"}, {"1", "2"}, {"3", "4"}};
  CHECK(parse("a,b\n1,2\n3,4\n") == plain);
  CHECK(parse("a,b\r\n1,2\r\n3,4\r\n") == plain);
  CHECK(parse("a,b\n1,2\n3,4") == plain);
  CHECK(parse("a,b\r\n1,2\r\n3,4") == plain);
  CHECK(parse("\xef\xbb\xbf"
              "a,b\n1,2\n3,4\n") == plain);
  CHECK(parse("\"a\",\"b\"\n\"1\",2\n3,\"4\"") == plain);
  CHECK(parse("a,b\n1,2\r\n3,4\n") == plain);  // both line ends in one file

  CHECK(parse("a,b\n\"x, y\",\"say \"\"no\"\"\"\n") == table{{"a", "b"}, {"x, y", "say \"no\""}});
  CHECK(parse("a,b\n\"\"\"\",\"\"\n") == table{{"a", "b"}, {"\"", ""}});
  CHECK(parse("a,b\n\"one\ntwo\r\nthree\",\" kept \"\n") == table{{"a", "b"}, {"one\ntwo\r\nthree", " kept "}});
  CHECK(parse("a,b\n,\n") == table{{"a", "b"}, {"", ""}});
  CHECK(parse("a,b\n,") == table{{"a", "b"}, {"", ""}});
  CHECK(parse("a\n1\n\n2\n") == table{{"a"}, {"1"}, {""}, {"2"}});  // one column: an empty line is an empty field
  CHECK(parse("a,b\n\n1,2\n\r\n\n") == table{{"a", "b"}, {"1", "2"}});
  CHECK(parse("a,b") == table{{"a", "b"}});
  CHECK(parse("a,b\n").size() == 1);
}

TEST_CASE("csv: a row knows its line, a column is found once") {
  csv_reader in("x,y\n1,\"a\nb\"\n\n2,c\n", "t.csv");
  const auto y = in.column("y");
  auto row = in.next();
  REQUIRE(row);
  CHECK(row->line() == 2);
  CHECK((*row)[y] == "a\nb");
  CHECK(row->source() == "t.csv");
  row = in.next();
  REQUIRE(row);
  CHECK(row->line() == 5);
  CHECK((*row)[y] == "c");
  CHECK_FALSE(in.next());
  CHECK_FALSE(in.next());
  CHECK_FALSE(in.find_column("z"));
  CHECK(sentence<data_error>([&] { (void)in.column("z"); }) ==
        "t.csv, line 1, field 'z': there is no such column; the header has x, y");
  CHECK(sentence<data_error>([&] { row->refuse(y, "too short"); }) == "t.csv, line 5, field 'y': too short: 'c'");
}

TEST_CASE("csv: each kind of damage has its sentence") {
  CHECK(refusal("") == "t.csv: the file is empty");
  CHECK(refusal("\xef\xbb\xbf") == "t.csv: the file is empty");
  CHECK(refusal("\xff\xfe"
                "a\0,\0") == "t.csv: the text is UTF-16; UTF-8 is read");
  CHECK(refusal(std::string("a\0b,c\n", 6)) == "t.csv, line 1: the header holds a zero byte: this is not a text file");
  CHECK(refusal("a,b,a\n1,2,3\n") == "t.csv, line 1, field 'a': two columns have this name");
  CHECK(refusal("a,b\n1,2\n1\n") == "t.csv, line 3: not as many fields as the header: '1 instead of 2'");
  CHECK(refusal("a,b\n1,2,3\n") == "t.csv, line 2: not as many fields as the header: '3 instead of 2'");
  CHECK(refusal("a,b\n1,2\n3,\"4\n5,6\n") == "t.csv, line 3: a quote opens here and is not closed");
  CHECK(refusal("a,b\n\"x\ny\",\"4\n5,6\n") == "t.csv, line 3: a quote opens here and is not closed");
  CHECK(refusal("a,b\n1,2\"\n") == "t.csv, line 2: there is a quote inside an unquoted field");
  CHECK(refusal("a,b\n1,\"2\" \n") == "t.csv, line 2: there is text behind a closing quote");
  CHECK(refusal("a,b\n1,2\r3,4\n") == "t.csv, line 2: a carriage return stands without its line feed");
  CHECK(refusal("a,b\n1,2\r") == "t.csv, line 2: a carriage return stands without its line feed");
  CHECK(refusal("a,b\n1,\"2\"\r") == "t.csv, line 2: a carriage return stands without its line feed");
}

TEST_CASE("csv: behind a ragged row reading goes on, behind a broken quote it does not") {
  csv_reader ragged("a,b\n1\n2,3\n", "t.csv");
  CHECK_THROWS_AS((void)ragged.next(), files::refused_row);
  const auto row = ragged.next();
  REQUIRE(row);
  CHECK(row->fields()[1] == "3");

  csv_reader broken("a,b\n1,\"x\" y\n2,3\n", "t.csv");
  CHECK_THROWS_AS((void)broken.next(), data_error);
  CHECK_FALSE(broken.next());

  files::refusals refused;
  csv_reader counted("a,b\n1\n2,3\n4\n", "t.csv");
  std::string seen;
  for_each_row(counted, files::on_bad_row::skip_and_count, refused,
               [&](const files::csv_row& r) { seen += r.fields()[0]; });
  CHECK(seen == "2");
  CHECK(refused.total() == 2);
  csv_reader damaged("a,b\n1,\"x\n", "t.csv");  // damage of the whole file is never skipped
  CHECK_THROWS_AS(for_each_row(damaged, files::on_bad_row::skip_and_count, refused, [](const files::csv_row&) {}),
                  data_error);
}

/// The rows of a text, one character at a time; nothing when it is refused.
std::optional<table> naive_twin(const std::string& text) {
  enum { at_start, plain, quoted, after_quote } state = at_start;
  table rows;
  std::vector<std::string> row;
  std::string field;
  const auto end_field = [&] {
    row.push_back(field);
    field.clear();
    state = at_start;
  };
  bool row_open = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    row_open = true;
    if (state == quoted) {
      if (c != '"') {
        field += c;
      } else {
        state = after_quote;
      }
    } else if (c == '"') {
      if (state == at_start) {
        state = quoted;
      } else if (state == after_quote) {
        field += '"';
        state = quoted;
      } else {
        return std::nullopt;
      }
    } else if (c == ',') {
      end_field();
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && (i + 1 == text.size() || text[++i] != '\n')) return std::nullopt;
      end_field();
      rows.push_back(std::exchange(row, {}));
      row_open = false;
    } else if (state == after_quote) {
      return std::nullopt;
    } else {
      field += c;
      state = plain;
    }
  }
  if (state == quoted) return std::nullopt;
  if (row_open) {
    end_field();
    rows.push_back(row);
  }
  return rows;
}

std::optional<table> every_row(const std::string& text) {
  try {
    csv_reader in(text, "t.csv");
    return rows_of(in);
  } catch (const data_error&) {
    return std::nullopt;
  }
}

/// What the reader must make of the twin's rows: empty lines skipped, ragged rows and repeated names refused.
std::optional<table> judged(std::optional<table> rows) {
  if (!rows || rows->empty()) return std::nullopt;
  const std::vector<std::string> header = rows->front();
  table out;
  for (const auto& row : *rows) {
    if (!out.empty() && header.size() > 1 && row.size() == 1 && row[0].empty()) continue;
    if (row.size() != header.size()) return std::nullopt;
    out.push_back(row);
  }
  for (std::size_t i = 0; i < header.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (header[i] == header[k]) return std::nullopt;
    }
  }
  return out;
}

TEST_CASE("csv: short random texts are taken or refused as a naive reader does") {
  random_stream random(7);
  const std::string letters = "a1,,\"\"\n\n\r ";
  std::size_t taken = 0, refused = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = round % 2 == 0 ? "h,k\n" : "";
    const std::uint32_t length = random.below(14);
    for (std::uint32_t i = 0; i < length; ++i)
      text += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
    const auto expected = judged(naive_twin(text));
    const auto got = every_row(text);
    (expected ? taken : refused) += 1;
    if (got != expected) CAPTURE(text);
    REQUIRE(got == expected);
  }
  CHECK(taken > 3'000);  // the comparison saw both kinds
  CHECK(refused > 3'000);
}

/// Random rows of `columns` fields and their text, with quotes where needed and sometimes where not.
std::pair<table, std::string> random_table(std::uint64_t seed, std::size_t columns, std::size_t rows,
                                           std::uint32_t longest) {
  random_stream random(seed);
  const std::string letters = "abc,\"\n\r \t\xc3\xa9;0123456789";
  table out;
  std::string text;
  const bool crlf = random.below(2) == 1;
  for (std::size_t r = 0; r <= rows; ++r) {
    std::vector<std::string> row;
    for (std::size_t c = 0; c < columns; ++c) {
      std::string field = r == 0 ? "column " + std::to_string(c) : "";
      if (r != 0) {
        const std::uint32_t length = random.below(random.below(50) == 0 ? longest : 12);
        for (std::uint32_t i = 0; i < length; ++i) {
          field += letters[random.below(static_cast<std::uint32_t>(letters.size()))];
        }
      }
      const bool must = field.find_first_of(",\"\r\n") != std::string::npos;
      if (c != 0) text += ',';
      if (must || random.below(4) == 0) {
        text += '"';
        for (const char letter : field) text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
        text += '"';
      } else {
        text += field;
      }
      row.push_back(std::move(field));
    }
    if (r != rows || random.below(2) == 0) text += crlf ? "\r\n" : "\n";
    out.push_back(std::move(row));
  }
  return {out, text};
}

TEST_CASE("csv: what is written comes back, from memory, from a file and from gzip, across buffer ends") {
  const temporary_folder folder;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto [expected, text] = random_table(seed, 2 + seed % 4, seed == 3 ? 100 : 20'000, seed == 3 ? 600'000 : 300);
    REQUIRE(text.size() > std::size_t{1} << 18);  // longer than one buffer
    csv_reader memory(text, "t.csv");
    CHECK(rows_of(memory) == expected);
    csv_reader plain(folder.file("t.csv", text));
    CHECK(rows_of(plain) == expected);
    csv_reader packed(folder.file("t.csv.gz", gzipped(text)));
    CHECK(rows_of(packed) == expected);
  }
  for (std::uint64_t seed = 100; seed < 400; ++seed) {
    const auto [expected, text] = random_table(seed, 1 + seed % 5, seed % 7, 40);
    if (expected.back() == std::vector<std::string>{""}) continue;  // one empty field without a line end is no row
    CHECK(parse(text) == expected);
  }
}

TEST_CASE("csv: the buffer may end at any byte of a row") {
  const temporary_folder folder;
  const std::string rows = "one,\"x \"\"y\"\", z\"\r\n\"a\nb\",two\r\n\"\",\r\nthree,4\n";
  for (std::size_t before = 0; before <= rows.size(); ++before) {  // bytes of `rows` in the first buffer
    const std::string padding((std::size_t{1} << 18) - before - 6, 'p');
    const std::string text = "h,k\n" + padding + ",\n" + rows;
    csv_reader in(folder.file("t.csv", text));
    CHECK(rows_of(in) ==
          table{{"h", "k"}, {padding, ""}, {"one", "x \"y\", z"}, {"a\nb", "two"}, {"", ""}, {"three", "4"}});
  }
}

TEST_SUITE("slow: rows of 64 MB") {
  TEST_CASE("csv: an unclosed quote does not swallow memory") {
    const temporary_folder folder;
    std::string text = "a,b\n1,\"";
    text.resize((std::size_t{1} << 26) + 1'000'000, 'x');
    const auto path = folder.file("long.csv.gz", gzipped(text));
    csv_reader in(path);
    CHECK(sentence<data_error>([&] { (void)in.next(); }) ==
          path.string() + ", line 2: the row that begins here is longer than 67108864 bytes");
  }
}

}  // namespace basket_test::files_csv
