#include "basket/cluster/linkage.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd distances = bench.read("distances");
    const auto points = static_cast<std::size_t>(bench.parameter("points"));
    const bool ward = bench.parameter("ward") != 0.0;
    const auto tree =
        bench.measure([&] { return std::vector<double>(distances.data(), distances.data() + distances.size()); },
                      [&](std::vector<double>& copy) {
                        return ward ? basket::cluster::ward{}.link(std::move(copy), points)
                                    : basket::cluster::average{}.link(std::move(copy), points);
                      });
    Eigen::MatrixXd table(static_cast<Eigen::Index>(tree.merges.size()), 4);
    for (Eigen::Index r = 0; r < table.rows(); ++r) {
      const auto& m = tree.merges[static_cast<std::size_t>(r)];
      table.row(r) << static_cast<double>(m.first), static_cast<double>(m.second), m.height,
          static_cast<double>(m.size);
    }
    bench.write("table", table);
  });
}
