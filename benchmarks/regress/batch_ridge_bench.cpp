// Ridge of ragged markets on 41 shared factors: the batch beside a loop of one Eigen factorisation a market.
#include <benchmark/benchmark.h>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <cmath>
#include <string>
#include <vector>

#include "all_threads.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/regress/batch_ridge.hpp"

namespace {

constexpr std::ptrdiff_t days = 776, factors = 41;

struct workload {
  Eigen::MatrixXd x, y;
  std::vector<std::string> names;
  std::vector<std::uint32_t> ids;
};

double noise(basket::random_stream& stream) {  // Irwin-Hall: near enough to normal for a benchmark
  double sum = -6.0;
  for (int i = 0; i < 12; ++i) sum += stream.uniform();
  return sum;
}

// Windows of 30 to 776 days with equal chance of each logarithm (mean 229), holes in one market of fourteen: the shape
// of a real daily panel.
const workload& work(std::ptrdiff_t markets) {
  static workload made;
  if (made.y.cols() == markets) return made;
  basket::random_stream stream(20250301, 7);
  made.x.resize(days, factors);
  for (double& v : made.x.reshaped()) v = 0.01 * noise(stream);
  const Eigen::VectorXd common = made.x.col(0);
  for (std::ptrdiff_t j = 1; j < factors; ++j) made.x.col(j) += 0.7 * common;
  made.y.setConstant(days, markets, basket::missing);
  for (std::ptrdiff_t m = 0; m < markets; ++m) {
    const auto length = static_cast<std::ptrdiff_t>(30.0 * std::pow(776.0 / 30.0, stream.uniform()));
    const auto first = static_cast<std::ptrdiff_t>(stream.below(static_cast<std::uint32_t>(days - length + 1)));
    const std::ptrdiff_t f = m % factors;
    for (std::ptrdiff_t t = first; t < first + length; ++t) {
      made.y(t, m) = made.x(t, f) + 0.03 * (stream.uniform() - 0.5);
    }
    if (m % 14 == 0) {
      for (int h = 0; h < 3; ++h)
        made.y(first + 1 + stream.below(static_cast<std::uint32_t>(length - 2)), m) = basket::missing;
    }
  }
  made.names.clear();
  for (std::ptrdiff_t j = 0; j < factors; ++j) made.names.push_back("f" + std::to_string(j));
  made.ids.resize(static_cast<std::size_t>(markets));
  for (std::size_t m = 0; m < made.ids.size(); ++m) made.ids[m] = static_cast<std::uint32_t>(m);
  return made;
}

void count(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * days * 8);
}

template <class Policy>
void batch_ridge(benchmark::State& state) {
  const workload& w = work(state.range(0));
  const basket::regress::batch_ridge ridge{.penalty = 1.0, .scaled = basket::regress::scaling::sample_sd};
  for (auto _ : state) {
    auto fit = ridge.fit<std::uint32_t>(w.x, w.names, w.y, w.ids, Policy{});
    benchmark::DoNotOptimize(fit.r_squared.data());
  }
  count(state);
}

void batch_least_squares(benchmark::State& state) {
  const workload& w = work(state.range(0));
  const basket::regress::batch_ridge ridge{.penalty = 0.0};
  for (auto _ : state) {
    auto fit = ridge.fit<std::uint32_t>(w.x, w.names, w.y, w.ids);
    benchmark::DoNotOptimize(fit.r_squared.data());
  }
  count(state);
}

// What a careful user writes: rows gathered, centred, SYRK, LLT, inverse for the t values.
void eigen_loop(benchmark::State& state) {
  const workload& w = work(state.range(0));
  Eigen::MatrixXd beta(factors, w.y.cols()), t(factors, w.y.cols());
  Eigen::VectorXd r2(w.y.cols());
  Eigen::MatrixXd rows(days, factors);
  Eigen::VectorXd y(days);
  for (auto _ : state) {
    for (std::ptrdiff_t m = 0; m < w.y.cols(); ++m) {
      std::vector<std::ptrdiff_t> seen;
      seen.reserve(static_cast<std::size_t>(days));
      for (std::ptrdiff_t d = 0; d < days; ++d) {
        if (!basket::is_missing(w.y(d, m))) seen.push_back(d);
      }
      const auto n = static_cast<std::ptrdiff_t>(seen.size());
      auto x = rows.topRows(n);
      auto v = y.head(n);
      x = w.x(seen, Eigen::all);
      v = w.y.col(m)(seen);
      x.rowwise() -= x.colwise().mean().eval();
      v.array() -= v.mean();
      Eigen::MatrixXd a = Eigen::MatrixXd::Zero(factors, factors);
      a.selfadjointView<Eigen::Lower>().rankUpdate(x.transpose());
      const Eigen::VectorXd penalty = a.diagonal() / static_cast<double>(n - 1);
      a.diagonal() += penalty;
      const Eigen::LLT<Eigen::MatrixXd> llt(a);
      const Eigen::VectorXd b = llt.solve(x.transpose() * v);
      const Eigen::MatrixXd inverse = llt.solve(Eigen::MatrixXd::Identity(factors, factors));
      const double residual = (v - x * b).squaredNorm();
      const double degrees = static_cast<double>(factors) - inverse.diagonal().dot(penalty);
      const double variance = residual / (static_cast<double>(n) - 1.0 - degrees);
      const Eigen::VectorXd spread = inverse.diagonal() - inverse.cwiseAbs2() * penalty;
      beta.col(m) = b;
      t.col(m) = b.array() / (variance * spread.array()).sqrt();
      r2[m] = 1.0 - residual / v.squaredNorm();
    }
    benchmark::DoNotOptimize(r2.data());
  }
  count(state);
}

}  // namespace

BENCHMARK(batch_ridge<basket::execution_policy::sequential>)
    ->Arg(267)
    ->Arg(2666)
    ->Arg(20180)
    ->Unit(benchmark::kMillisecond);
#ifdef BASKET_BENCHMARK_THREADS
BENCHMARK(batch_ridge<all_threads>)->Arg(267)->Arg(2666)->Arg(20180)->Unit(benchmark::kMillisecond)->UseRealTime();
#endif
BENCHMARK(batch_least_squares)->Arg(267)->Arg(2666)->Arg(20180)->Unit(benchmark::kMillisecond);
BENCHMARK(eigen_loop)->Arg(267)->Arg(2666)->Unit(benchmark::kMillisecond);
