#include "basket/core/progress.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace basket_test::core_progress {

using namespace basket;

struct remembering {
  std::vector<std::string> lines = {};
  void report(std::string_view stage, std::size_t done, std::size_t total) {
    lines.push_back(std::string(stage) + " " + std::to_string(done) + "/" + std::to_string(total));
  }
};
struct deaf {};
static_assert(ProgressSink<remembering> && ProgressSink<no_progress> && !ProgressSink<deaf>);

template <ProgressSink Sink>
int count_to(int n, Sink& sink) {
  for (int i = 1; i <= n; ++i) sink.report("counting", static_cast<std::size_t>(i), static_cast<std::size_t>(n));
  return n;
}

TEST_CASE("a sink hears the stages and changes nothing") {
  remembering heard;
  no_progress nobody;
  CHECK(count_to(2, heard) == count_to(2, nobody));
  CHECK(heard.lines == std::vector<std::string>{"counting 1/2", "counting 2/2"});
}

}  // namespace basket_test::core_progress
