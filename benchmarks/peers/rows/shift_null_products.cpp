// X'y of each market's rows, as often as there are shifts; the rows are gathered once.
#include <Eigen/Core>

#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x"), y = bench.read("y");
    const int shifts = static_cast<int>(bench.parameter("shifts"));
    Eigen::MatrixXd last(x.cols(), y.cols());
    bench.measure([&] {
      std::vector<Eigen::Index> rows;
      Eigen::MatrixXd design;
      Eigen::VectorXd target, product(x.cols());
      for (Eigen::Index j = 0; j < y.cols(); ++j) {
        rows.clear();
        for (Eigen::Index d = 0; d < y.rows(); ++d) {
          if (y(d, j) == y(d, j)) rows.push_back(d);
        }
        design = x(rows, Eigen::all);
        target = y.col(j)(rows);
        for (int s = 0; s < shifts; ++s) {
          product.noalias() = design.transpose() * target;
          last.col(j) = product;
          target[0] += 1e-300;  // not the same product again
        }
      }
      return 0;
    });
    bench.write("xy", last);
  });
}
