// needs: armadillo. Speed of the matrix product of its BLAS, in GFlop/s.
#include <armadillo>
#include <chrono>
#include <cstdio>

extern "C" char* openblas_get_corename();

int main() {
  const arma::mat a(1200, 1200, arma::fill::randn);
  arma::mat b(1200, 1200);
  double best = 1e9;
  for (int k = 0; k < 7; ++k) {
    const auto start = std::chrono::steady_clock::now();
    b = a * a;
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%.3f %s\n", 2e-9 * 1200.0 * 1200.0 * 1200.0 / best * (b(0, 0) == b(0, 0)), openblas_get_corename());
}
