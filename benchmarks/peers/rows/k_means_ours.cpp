#include "basket/cluster/k_means.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const basket::cluster::k_means method{.clusters = static_cast<std::size_t>(bench.parameter("clusters")),
                                          .starts = static_cast<std::size_t>(bench.parameter("starts")),
                                          .max_passes = static_cast<std::size_t>(bench.parameter("passes"))};
    const auto found = bench.measure([&] { return method.fit(x); });
    bench.write("inertia", Eigen::MatrixXd::Constant(1, 1, found.inertia));
    bench.write("passes", Eigen::MatrixXd::Constant(1, 1, static_cast<double>(found.passes)));
  });
}
