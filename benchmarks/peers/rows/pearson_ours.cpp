#include "basket/numeric/pearson.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const basket::numeric::pearson method{
        .min_overlap = basket::numeric::overlap_rows(static_cast<std::size_t>(bench.parameter("min_overlap")))};
    bench.write("rho", bench.measure([&] { return method.correlate(x); }).rho);
  });
}
