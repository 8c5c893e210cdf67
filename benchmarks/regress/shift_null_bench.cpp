// The shift null: 99 shifts of 2,666 ragged markets beside 99 times X'y alone, and beside refits.
#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <cmath>
#include <vector>

#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/regress/shift_null.hpp"

namespace {

constexpr std::ptrdiff_t days = 776, factors = 41;

struct workload {
  Eigen::MatrixXd x, y;
  std::vector<int> ids;
};

const workload& work(std::ptrdiff_t markets) {
  static workload made;
  if (made.y.cols() == markets) return made;
  basket::random_stream stream(20250301, 7);
  made.x.resize(days, factors);
  for (double& v : made.x.reshaped()) v = stream.uniform() - 0.5;
  made.y.setConstant(days, markets, basket::missing);
  for (std::ptrdiff_t m = 0; m < markets; ++m) {
    const auto length = static_cast<std::ptrdiff_t>(43.0 * std::pow(776.0 / 43.0, stream.uniform()));
    const auto first = static_cast<std::ptrdiff_t>(stream.below(static_cast<std::uint32_t>(days - length + 1)));
    for (std::ptrdiff_t t = first; t < first + length; ++t) made.y(t, m) = stream.uniform() - 0.5;
  }
  made.ids.assign(static_cast<std::size_t>(markets), 0);
  return made;
}

void shift_null_99(benchmark::State& state) {
  const workload& w = work(state.range(0));
  for (auto _ : state) {
    auto null = basket::regress::shift_null{}.test<int>({.penalty = 1.0}, w.x, w.y, w.ids);
    benchmark::DoNotOptimize(null.p_value.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * 99);
}

// X'y of every market once, on its own days, by Eigen's matrix-vector product: what 99 of these cost is the mark.
void product_alone(benchmark::State& state) {
  const workload& w = work(state.range(0));
  Eigen::MatrixXd out(factors, w.y.cols());
  std::vector<std::ptrdiff_t> first, count;
  for (std::ptrdiff_t m = 0; m < w.y.cols(); ++m) {
    std::ptrdiff_t a = 0;
    while (basket::is_missing(w.y(a, m))) ++a;
    first.push_back(a);
    count.push_back((w.y.col(m).array() == w.y.col(m).array()).count());
  }
  for (auto _ : state) {
    for (std::ptrdiff_t m = 0; m < w.y.cols(); ++m) {
      const auto a = first[static_cast<std::size_t>(m)], n = count[static_cast<std::size_t>(m)];
      out.col(m).noalias() = w.x.middleRows(a, n).transpose() * w.y.col(m).segment(a, n);
    }
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// The naive twin: the batch is fitted again for each shift.
void refits(benchmark::State& state) {
  const workload& w = work(state.range(0));
  std::vector<std::string> names(static_cast<std::size_t>(factors));
  Eigen::MatrixXd moved = w.y;
  for (auto _ : state) {
    for (int shift = 1; shift <= 99; ++shift) {
      for (std::ptrdiff_t m = 0; m < w.y.cols(); ++m) {
        std::ptrdiff_t a = 0;
        while (basket::is_missing(w.y(a, m))) ++a;
        const std::ptrdiff_t n = (w.y.col(m).array() == w.y.col(m).array()).count();
        for (std::ptrdiff_t t = 0; t < n; ++t) moved(a + t, m) = w.y(a + (t + shift) % n, m);
      }
      auto fit = basket::regress::batch_ridge{.penalty = 1.0}.fit<int>(w.x, names, moved, w.ids);
      benchmark::DoNotOptimize(fit.r_squared.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * state.range(0) * 99);
}

}  // namespace

BENCHMARK(shift_null_99)->Arg(27)->Arg(267)->Arg(2666)->Unit(benchmark::kMillisecond);
BENCHMARK(product_alone)->Arg(27)->Arg(267)->Arg(2666)->Unit(benchmark::kMillisecond);
BENCHMARK(refits)->Arg(27)->Arg(267)->Unit(benchmark::kMillisecond);
