#include "basket/cluster/silhouette.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const Eigen::MatrixXd numbers = bench.read("labels");
    std::vector<basket::group_label> labels;
    for (const double v : numbers.col(0)) labels.emplace_back(static_cast<std::size_t>(v));
    const auto found = bench.measure([&] { return basket::cluster::silhouette{}.score(x, labels); });
    bench.write("values", Eigen::Map<const Eigen::VectorXd>(found.values.data(), x.rows()));
  });
}
