// Gnuplot by pipe: quoting, and every way in which drawing can fail.
#include "basket/report/gnuplot.hpp"

#include <doctest/doctest.h>

#include <string>

#include "gnuplot_is_there.hpp"

namespace basket_test::report_gnuplot {

using namespace basket;

TEST_CASE("a text is quoted so that gnuplot runs none of it") {
  CHECK(report::gnuplot_quoted("it's `rm`\n$x @y") == "'it''s `rm` $x @y'");
}

TEST_CASE("a plotting program that is not there, or fails, is a sentence") {
  const auto failure = [](const std::string& script, const std::string& program) -> std::string {
    try {
      (void)report::render(script, {}, program);
    } catch (const service_error& e) {
      return e.what();
    }
    return "";
  };
  CHECK(failure("", "no-such-plotting-program") ==
        "no-such-plotting-program failed to draw a PNG chart: it cannot be started (No such file or directory); is it "
        "installed?");
  CHECK(failure("", "false") == "false failed to draw a PNG chart: it gave no reason (status 1)");
  CHECK(failure("", "true") == "true failed to draw a PNG chart: it drew nothing");
  // A program that ends without reading must not end ours by a signal, however much it was sent.
  CHECK(failure(std::string(5'000'000, '#'), "true") == "true failed to draw a PNG chart: it drew nothing");
}

TEST_CASE("a script that gnuplot does not understand is answered with its reason") {
  if (!gnuplot_is_there()) return;
  try {
    (void)report::render("plot nonsense nonsense\n", {.kind = report::terminal::format::svg});
    FAIL("it was drawn");
  } catch (const service_error& e) {
    CHECK(e.status() == 1);
    CHECK(e.service() == "gnuplot");
    CHECK(e.request() == "draw an SVG chart");
    CAPTURE(e.reason());
    CHECK(e.reason().find("line") != std::string::npos);
  }
}

}  // namespace basket_test::report_gnuplot
