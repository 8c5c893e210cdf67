#include "basket/core/id.hpp"
#include "basket/regress/batch_ridge.hpp"
#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x"), y = bench.read("y");
    std::vector<std::string> factors;
    for (Eigen::Index k = 0; k < x.cols(); ++k) factors.push_back("f" + std::to_string(k));
    std::vector<basket::contract_id> markets;
    for (Eigen::Index j = 0; j < y.cols(); ++j) markets.emplace_back(static_cast<std::size_t>(j));
    const basket::regress::batch_ridge method{.penalty = bench.parameter("penalty")};
    const auto fit = bench.measure([&] { return method.fit<basket::contract_id>(x, factors, y, markets); });
    bench.write("beta", fit.beta);
    bench.write("t", fit.t);
    bench.write("r_squared", fit.r_squared);
  });
}
