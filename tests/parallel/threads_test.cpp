#include "basket/parallel/threads.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "basket/core/random.hpp"
#include "basket/numeric/pearson.hpp"
#include "basket/numeric/spearman.hpp"

namespace basket_test::parallel_threads {

using namespace basket;

TEST_CASE("law: each index runs exactly once, and what was written is visible") {
  for (const std::size_t count : {0U, 1U, 2U, 3U}) {
    for (const std::size_t bodies : {0U, 1U, 2U, 1000U}) {
      std::vector<int> runs(bodies, 0);
      parallel::threads{.count = count}.for_each_index(bodies, [&](std::size_t i) { ++runs[i]; });
      CHECK(runs == std::vector<int>(bodies, 1));
    }
  }
  CHECK(parallel::threads{.count = 1}.concurrency() == 1);
  CHECK(parallel::threads{}.concurrency() >= 1);
  CHECK(parallel::threads{.count = 100'000}.concurrency() == parallel::threads{}.concurrency());
}

TEST_CASE("two threads do run at the same time") {
  std::atomic<int> here = 0;
  std::atomic<bool> met = false;
  parallel::threads{.count = 2}.for_each_index(2, [&](std::size_t) {
    ++here;
    // Each body waits for the other, but not for ever: a machine may refuse the second thread.
    for (long spin = 0; spin < 200'000'000 && !met; ++spin) {
      if (here == 2) met = true;
    }
  });
  CHECK(here == 2);
  WARN(met);
}

TEST_CASE("an exception of a body reaches the caller") {
  CHECK_THROWS_WITH_AS(parallel::threads{.count = 2}.for_each_index(10,
                                                                    [](std::size_t i) {
                                                                      if (i == 7) throw std::runtime_error("seven");
                                                                    }),
                       "seven", std::runtime_error);
}

TEST_CASE("correlations have the same bytes on one thread and on two") {
  for (const double holes : {0.0, 0.25}) {
    random_stream random(4);
    Eigen::MatrixXd x(120, 210);
    for (double& v : x.reshaped()) {
      v = std::floor(random.uniform() * 50.0);
      if (random.uniform() < holes) v = missing;
    }
    const auto same = [](const numeric::correlations& a, const numeric::correlations& b) {
      return a.overlap == b.overlap &&
             std::memcmp(a.rho.data(), b.rho.data(), sizeof(double) * static_cast<std::size_t>(a.rho.size())) == 0;
    };
    const numeric::overlap_rows bound(20);
    const numeric::spearman ranks{.min_overlap = bound};
    const numeric::pearson values{.min_overlap = bound};
    for (int repeat = 0; repeat < 3; ++repeat) {
      CHECK(same(ranks.correlate(x), ranks.correlate(x, parallel::threads{.count = 2})));
      CHECK(same(values.correlate(x), values.correlate(x, parallel::threads{.count = 2})));
    }
  }
}

}  // namespace basket_test::parallel_threads
