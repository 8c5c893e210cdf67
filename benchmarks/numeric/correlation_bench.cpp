// Correlations of ragged panels beside naive twins: 776 days, windows with holes, up to the real number of markets.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "all_threads.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/random.hpp"
#include "basket/numeric/pearson.hpp"
#include "basket/numeric/spearman.hpp"

namespace {

using namespace basket;

constexpr Eigen::Index days = 776;
enum shape : std::int64_t { complete, ragged };

Eigen::MatrixXd panel_of(Eigen::Index markets, std::int64_t kind) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Constant(days, markets, missing);
  for (Eigen::Index j = 0; j < markets; ++j) {
    random_stream random(41, static_cast<std::uint64_t>(j));
    Eigen::Index begin = 0, end = days;
    if (kind == ragged) {
      const auto length = days / 3 + static_cast<Eigen::Index>(random.below(static_cast<std::uint32_t>(2 * days / 3)));
      begin = static_cast<Eigen::Index>(random.below(static_cast<std::uint32_t>(days - length + 1)));
      end = begin + length;
    }
    for (Eigen::Index t = 0; t < days; ++t) {
      const double x = random.uniform() - 0.5;
      const bool hole = random.uniform() < 0.05;
      if (t >= begin && t < end && (kind == complete || !hole)) out(t, j) = x;
    }
  }
  return out;
}

double naive_pearson(const std::vector<double>& a, const std::vector<double>& b) {
  const double n = static_cast<double>(a.size());
  const double ma = std::accumulate(a.begin(), a.end(), 0.0) / n, mb = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double aa = 0, bb = 0, ab = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    aa += (a[t] - ma) * (a[t] - ma);
    bb += (b[t] - mb) * (b[t] - mb);
    ab += (a[t] - ma) * (b[t] - mb);
  }
  return ab / std::sqrt(aa * bb);
}

std::vector<double> naive_ranks(const std::vector<double>& x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> out(x.size());
  for (std::size_t begin = 0, end = 0; begin < x.size(); begin = end) {
    while (end < x.size() && x[order[end]] == x[order[begin]]) ++end;
    for (std::size_t p = begin; p < end; ++p) out[order[p]] = 0.5 * static_cast<double>(begin + end + 1);
  }
  return out;
}

Eigen::MatrixXd naive(const Eigen::MatrixXd& x, bool ranks) {
  Eigen::MatrixXd out(x.cols(), x.cols());
  std::vector<double> a, b;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index i = 0; i <= j; ++i) {
      a.clear();
      b.clear();
      for (Eigen::Index t = 0; t < x.rows(); ++t) {
        if (is_missing(x(t, i)) || is_missing(x(t, j))) continue;
        a.push_back(x(t, i));
        b.push_back(x(t, j));
      }
      out(i, j) = out(j, i) = ranks ? naive_pearson(naive_ranks(a), naive_ranks(b)) : naive_pearson(a, b);
    }
  }
  return out;
}

void count(benchmark::State& state) {
  const std::int64_t markets = state.range(0);
  state.SetItemsProcessed(state.iterations() * markets * (markets - 1) / 2);
  state.SetBytesProcessed(state.iterations() * markets * days * 8);
}

template <class Method, class Policy = basket::execution_policy::sequential>
void correlate(benchmark::State& state) {
  const Eigen::MatrixXd x = panel_of(state.range(0), state.range(1));
  const Method method{.min_overlap = numeric::overlap_rows(30)};
  for (auto _ : state) benchmark::DoNotOptimize(method.correlate(x, Policy{}).rho.data());
  count(state);
}

template <bool Ranks>
void naive_correlate(benchmark::State& state) {
  const Eigen::MatrixXd x = panel_of(state.range(0), state.range(1));
  for (auto _ : state) benchmark::DoNotOptimize(naive(x, Ranks).data());
  count(state);
}

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"markets", "ragged"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t kind : {complete, ragged}) {
    for (const std::int64_t markets : {50, 500, 2134}) b->Args({markets, kind});
  }
}
void naive_sizes(benchmark::internal::Benchmark* b) {
  b->ArgNames({"markets", "ragged"})->Unit(benchmark::kMillisecond);
  for (const std::int64_t kind : {complete, ragged}) b->Args({50, kind});
}

BENCHMARK(correlate<numeric::spearman>)->Apply(sizes);
#ifdef BASKET_BENCHMARK_THREADS
BENCHMARK(correlate<numeric::spearman, all_threads>)->Apply(sizes)->UseRealTime();
BENCHMARK(correlate<numeric::pearson, all_threads>)->Apply(sizes)->UseRealTime();
#endif
BENCHMARK(naive_correlate<true>)->Apply(naive_sizes);
BENCHMARK(correlate<numeric::pearson>)->Apply(sizes);
BENCHMARK(naive_correlate<false>)->Apply(naive_sizes);

}  // namespace
