#include "basket/core/id.hpp"
#include "basket/regress/shift_null.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x"), y = bench.read("y");
    std::vector<basket::contract_id> markets;
    for (Eigen::Index j = 0; j < y.cols(); ++j) markets.emplace_back(static_cast<std::size_t>(j));
    const basket::regress::batch_ridge model{.penalty = bench.parameter("penalty")};
    const basket::regress::shift_null method{.shifts = static_cast<std::size_t>(bench.parameter("shifts"))};
    const auto null = bench.measure([&] { return method.test<basket::contract_id>(model, x, y, markets); });
    bench.write("p_value", null.p_value);
  });
}
