#include "basket/cluster/dbscan.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const basket::cluster::dbscan method{.radius = bench.parameter("radius"),
                                         .min_points = static_cast<std::size_t>(bench.parameter("neighbours"))};
    const auto found = bench.measure([&] { return method.fit(x); });
    Eigen::MatrixXd labels(x.rows(), 1);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const basket::group_label l = found.labels[static_cast<std::size_t>(i)];
      labels(i, 0) = l.has_group() ? static_cast<double>(l.group()) : -1.0;
    }
    bench.write("labels", labels);
  });
}
