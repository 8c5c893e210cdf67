// A loop over markets as one writes it with Eigen: the market's rows, their Gram matrix, one Cholesky factorisation.
#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    const Eigen::MatrixXd x = bench.read("x"), y = bench.read("y");
    const double penalty = bench.parameter("penalty");
    const Eigen::Index k = x.cols(), markets = y.cols();
    Eigen::MatrixXd beta, t, r_squared;
    bench.measure([&] {
      beta.resize(k, markets);
      t.resize(k, markets);
      r_squared.resize(markets, 1);
      std::vector<Eigen::Index> rows;
      Eigen::MatrixXd design, gram(k, k), inverse(k, k);
      Eigen::VectorXd target;
      for (Eigen::Index j = 0; j < markets; ++j) {
        rows.clear();
        for (Eigen::Index d = 0; d < y.rows(); ++d) {
          if (y(d, j) == y(d, j)) rows.push_back(d);
        }
        const Eigen::Index n = static_cast<Eigen::Index>(rows.size());
        if (rows.back() - rows.front() + 1 == n) {
          design = x.middleRows(rows.front(), n);
          target = y.col(j).segment(rows.front(), n);
        } else {
          design = x(rows, Eigen::all);
          target = y.col(j)(rows);
        }
        design.rowwise() -= design.colwise().mean().eval();
        target.array() -= target.mean();
        gram.setZero();
        gram.selfadjointView<Eigen::Lower>().rankUpdate(design.transpose());
        const Eigen::VectorXd xy = design.transpose() * target;
        const double yy = target.squaredNorm();
        gram.diagonal().array() += penalty;
        const Eigen::LLT<Eigen::MatrixXd> factor(gram);
        inverse = factor.solve(Eigen::MatrixXd::Identity(k, k));
        const Eigen::VectorXd b = factor.solve(xy);
        const double rss = (target - design * b).squaredNorm();
        const double degrees = static_cast<double>(k) - penalty * inverse.trace();
        const double variance = rss / (static_cast<double>(n) - 1.0 - degrees);
        beta.col(j) = b;
        t.col(j) =
            b.array() /
            (variance * (inverse.diagonal().array() - penalty * inverse.colwise().squaredNorm().transpose().array()))
                .sqrt();
        r_squared(j, 0) = 1.0 - rss / yy;
      }
      return 0;
    });
    bench.write("beta", beta);
    bench.write("t", t);
    bench.write("r_squared", r_squared);
  });
}
