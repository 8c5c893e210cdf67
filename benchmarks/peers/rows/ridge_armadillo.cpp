// needs: armadillo. The same loop as one writes it with Armadillo.
#include <armadillo>

#include "harness.hpp"

int main(int argc, char** argv) {
  return peers::main_of(argc, argv, [](const peers::bench& bench) {
    Eigen::MatrixXd x_in = bench.read("x"), y_in = bench.read("y");
    const auto size = [](Eigen::Index n) { return static_cast<arma::uword>(n); };
    const arma::mat x(x_in.data(), size(x_in.rows()), size(x_in.cols()), false, true);
    const arma::mat y(y_in.data(), size(y_in.rows()), size(y_in.cols()), false, true);
    const double penalty = bench.parameter("penalty");
    const arma::uword k = x.n_cols;
    arma::mat beta, t, r_squared;
    bench.measure([&] {
      beta.set_size(k, y.n_cols);
      t.set_size(k, y.n_cols);
      r_squared.set_size(y.n_cols, 1);
      for (arma::uword j = 0; j < y.n_cols; ++j) {
        const arma::uvec rows = arma::find_finite(y.col(j));
        const arma::uword first = rows(0), last = rows(rows.n_elem - 1), n = rows.n_elem;
        const bool whole = last - first + 1 == n;
        arma::mat design = whole ? arma::mat(x.rows(first, last)) : arma::mat(x.rows(rows));
        arma::vec target = y.col(j);
        target = whole ? arma::vec(target.subvec(first, last)) : arma::vec(target.elem(rows));
        design.each_row() -= arma::mean(design);
        target -= arma::mean(target);
        arma::mat gram = design.t() * design;
        const arma::vec xy = design.t() * target;
        gram.diag() += penalty;
        const arma::mat inverse = arma::inv_sympd(gram);
        const arma::vec b = inverse * xy;
        const double rss = arma::accu(arma::square(target - design * b));
        const double degrees = static_cast<double>(k) - penalty * arma::trace(inverse);
        const double variance = rss / (static_cast<double>(n) - 1.0 - degrees);
        beta.col(j) = b;
        t.col(j) = b / arma::sqrt(variance * (inverse.diag() - penalty * arma::sum(arma::square(inverse)).t()));
        r_squared(j, 0) = 1.0 - rss / arma::dot(target, target);
      }
      return 0;
    });
    const auto map = [](const arma::mat& m) {
      return Eigen::Map<const Eigen::MatrixXd>(m.memptr(), static_cast<Eigen::Index>(m.n_rows),
                                               static_cast<Eigen::Index>(m.n_cols));
    };
    bench.write("beta", map(beta));
    bench.write("t", map(t));
    bench.write("r_squared", map(r_squared));
  });
}
