// The loop that one writes by hand: each market sorted once; for each pair both orders are walked over the common days.
#include <algorithm>
#include <cmath>
#include <limits>

#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x");
    const int least = static_cast<int>(bench.parameter("min_overlap"));
    const Eigen::MatrixXd out = bench.measure([&] {
      const Eigen::Index days = x.rows(), markets = x.cols();
      std::vector<std::vector<int>> order(static_cast<std::size_t>(markets));
      std::vector<std::vector<unsigned char>> here(order.size());
      for (Eigen::Index j = 0; j < markets; ++j) {
        auto& o = order[static_cast<std::size_t>(j)];
        auto& h = here[static_cast<std::size_t>(j)];
        for (Eigen::Index t = 0; t < days; ++t) {
          h.push_back(x(t, j) == x(t, j));
          if (h.back()) o.push_back(static_cast<int>(t));
        }
        std::sort(o.begin(), o.end(), [&](int a, int b) { return x(a, j) < x(b, j); });
      }
      Eigen::MatrixXd rho = Eigen::MatrixXd::Constant(markets, markets, std::numeric_limits<double>::quiet_NaN());
      std::vector<double> ranks(static_cast<std::size_t>(days));
      std::vector<int> common(static_cast<std::size_t>(days));
      // Ranks of a on the days that b has too, each group of equal values closed by its mean rank.
      const auto rank_into = [&](Eigen::Index a, Eigen::Index b, const auto& take) {
        const double* const value = &x(0, a);
        const unsigned char* const other = here[static_cast<std::size_t>(b)].data();
        int n = 0;
        for (const int t : order[static_cast<std::size_t>(a)]) {
          common[static_cast<std::size_t>(n)] = t;
          n += other[t];
        }
        for (int begin = 0, end = 0; begin < n; begin = end) {
          const double v = value[common[static_cast<std::size_t>(begin)]];
          while (end < n && value[common[static_cast<std::size_t>(end)]] == v) ++end;
          for (int p = begin; p < end; ++p) take(common[static_cast<std::size_t>(p)], 0.5 * (begin + end + 1));
        }
        return n;
      };
      for (Eigen::Index i = 0; i < markets; ++i) {
        for (Eigen::Index j = 0; j <= i; ++j) {
          double aa = 0.0, bb = 0.0, ab = 0.0;
          const int n = rank_into(i, j, [&](int t, double r) {
            ranks[static_cast<std::size_t>(t)] = r;
            aa += r * r;
          });
          if (n < least) continue;
          rank_into(j, i, [&](int t, double r) {
            bb += r * r;
            ab += r * ranks[static_cast<std::size_t>(t)];
          });
          const double m = 0.25 * n * (n + 1.0) * (n + 1.0);
          rho(i, j) = rho(j, i) = (ab - m) / std::sqrt((aa - m) * (bb - m));
        }
      }
      return rho;
    });
    bench.write("rho", out);
  });
}
