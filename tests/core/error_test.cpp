#include "basket/core/error.hpp"

#include <doctest/doctest.h>

namespace basket_test::core_error {

using namespace basket;

TEST_CASE("a data error names source, line, field and reason in one sentence") {
  const data_error e("prices.csv", 17, "close", "'abc' is not a number");
  CHECK(std::string(e.what()) == "prices.csv, line 17, field 'close': 'abc' is not a number");
  CHECK(e.source() == "prices.csv");
  CHECK(e.line() == 17);
  CHECK(e.field() == "close");
  CHECK(e.reason() == "'abc' is not a number");
}

TEST_CASE("a refusal of the whole source has neither line nor field") {
  CHECK(std::string(data_error("prices.csv", 0, "", "no such file").what()) == "prices.csv: no such file");
  CHECK(std::string(data_error("prices.csv", 3, "", "too short").what()) == "prices.csv, line 3: too short");
}

TEST_CASE("a service error names the service, the request, the status, the attempts and the reason") {
  const service_error e("the price service", "list the markets", 503, 4, "it is overloaded");
  CHECK(std::string(e.what()) ==
        "the price service failed to list the markets: it is overloaded (status 503) after 4 attempts");
  CHECK(e.service() == "the price service");
  CHECK(e.request() == "list the markets");
  CHECK(e.status() == 503);
  CHECK(e.attempts() == 4);
  CHECK(e.reason() == "it is overloaded");
  CHECK(std::string(service_error("it", "answer", 0, 1, "no reply").what()) == "it failed to answer: no reply");
}

TEST_CASE("a precondition is checked and said") {
  CHECK_NOTHROW(require(true, "never said"));
  CHECK_THROWS_WITH_AS(require(false, "a count must be positive"), "a count must be positive", precondition_error);
}

TEST_CASE("kinds are caught apart") {
  CHECK_THROWS_AS(throw data_error("a", 1, "b", "c"), std::runtime_error);
  CHECK_THROWS_AS(throw precondition_error("a"), std::invalid_argument);
  CHECK_THROWS_AS(throw numeric_error("a"), std::runtime_error);
  static_assert(!std::is_base_of_v<data_error, numeric_error> &&
                !std::is_base_of_v<std::runtime_error, precondition_error>);
}

}  // namespace basket_test::core_error
