// needs: armadillo. Ranks by sorting, then X'X of the standardised ranks, which Armadillo hands to dsyrk.
#include <algorithm>
#include <armadillo>
#include <cmath>
#include <utility>

#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const arma::mat rho = bench.measure([&] {
      const std::size_t days = static_cast<std::size_t>(x.rows());
      arma::mat ranks(days, static_cast<std::size_t>(x.cols()));
      std::vector<std::pair<double, std::uint32_t>> sorted(days);
      for (Eigen::Index j = 0; j < x.cols(); ++j) {
        for (std::size_t t = 0; t < days; ++t)
          sorted[t] = {x(static_cast<Eigen::Index>(t), j), static_cast<std::uint32_t>(t)};
        std::sort(sorted.begin(), sorted.end());
        double* const column = ranks.colptr(static_cast<std::size_t>(j));
        double squares = 0.0;
        for (std::size_t begin = 0, end = 0; begin < days; begin = end) {
          while (end < days && sorted[end].first == sorted[begin].first) ++end;
          const double rank = 0.5 * static_cast<double>(begin + end + 1) - 0.5 * static_cast<double>(days + 1);
          for (std::size_t p = begin; p < end; ++p) column[sorted[p].second] = rank;
          squares += static_cast<double>(end - begin) * rank * rank;
        }
        const double scale = 1.0 / std::sqrt(squares);
        for (std::size_t t = 0; t < days; ++t) column[t] *= scale;
      }
      return arma::mat(ranks.t() * ranks);
    });
    bench.write("rho", Eigen::Map<const Eigen::MatrixXd>(rho.memptr(), x.cols(), x.cols()));
  });
}
