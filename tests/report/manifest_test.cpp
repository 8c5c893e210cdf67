// The manifest: what it holds, what is null, and its checksum against the published check value.
#include "basket/report/manifest.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "json_checker.hpp"

namespace basket_test::report_manifest {

using namespace basket;

TEST_CASE("CRC-32 has the check value of its definition, in one piece or many") {
  report::crc32 whole;
  whole.update("123456789");
  CHECK(whole.text() == "crc32:cbf43926");
  report::crc32 pieces;
  for (const char* piece : {"1", "", "2345", "6789"}) pieces.update(piece);
  CHECK(pieces.text() == whole.text());
  CHECK(report::crc32().text() == "crc32:00000000");
}

TEST_CASE("a manifest in full") {
  const report::manifest m{.program = "theme_baskets",
                           .options = {{"data", "a \"b\""}, {"fee_bps", "10"}},
                           .inputs = {{.name = "prices.csv", .bytes = 12, .checksum = "crc32:cbf43926"}},
                           .outputs = {{.name = "nav.csv", .bytes = 3}},
                           .seed = 18'446'744'073'709'551'615ULL,
                           .started = instant::seconds(0),
                           .finished = instant::milliseconds(1500),
                           .host = "somewhere",
                           .threads = 2};
  const auto json = json_checker::read(report::manifest_json(m));
  REQUIRE(json);
  CHECK(json->at("program") == "theme_baskets");
  CHECK(json->at("basket_version") == report::version_text());
  CHECK(json->at("compiler").find_first_of("0123456789") != std::string::npos);
  CHECK(json->at("options.data") == "a \"b\"");
  CHECK(json->at("inputs.0.bytes") == "12");
  CHECK(json->at("inputs.0.checksum") == "crc32:cbf43926");
  CHECK(json->at("outputs.0.checksum") == "null");
  CHECK(json->at("seed") == "18446744073709551615");
  CHECK(json->at("started") == "1970-01-01T00:00:00.000000000Z");
  CHECK(json->at("finished") == "1970-01-01T00:00:01.500000000Z");
  CHECK(json->at("host") == "somewhere");
  CHECK(json->at("threads") == "2");
}

TEST_CASE("what nobody said is null") {
  const auto json = json_checker::read(report::manifest_json({}));
  REQUIRE(json);
  for (const char* member : {"program", "seed", "started", "finished", "host"}) CHECK(json->at(member) == "null");
  CHECK(json->at("threads") == "1");
}

TEST_CASE("the version is three numbers that make the one integer") {
  int parts[3] = {-1, -1, -1};
  std::stringstream text(report::version_text());
  char dot = ' ', second_dot = ' ';
  text >> parts[0] >> dot >> parts[1] >> second_dot >> parts[2];
  CHECK(text.eof());
  CHECK(dot == '.');
  CHECK(second_dot == '.');
  CHECK(parts[0] * 10000 + parts[1] * 100 + parts[2] == BASKET_VERSION);
}

}  // namespace basket_test::report_manifest
