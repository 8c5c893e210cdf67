// Speed of Eigen's matrix product as this build has it, in GFlop/s.
#include <Eigen/Core>
#include <chrono>
#include <cstdio>

int main() {
  const Eigen::MatrixXd a = Eigen::MatrixXd::Random(1200, 1200);
  Eigen::MatrixXd b(1200, 1200);
  double best = 1e9;
  for (int k = 0; k < 7; ++k) {
    const auto start = std::chrono::steady_clock::now();
    b.noalias() = a * a;
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  std::printf("%.3f Eigen %s\n", 2e-9 * 1200.0 * 1200.0 * 1200.0 / best * (b(0, 0) == b(0, 0)),
              Eigen::SimdInstructionSetsInUse());
}
