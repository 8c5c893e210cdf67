// The clusterers beside their naive twins: three sizes up to those of a real universe, one thread and all.
#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include "all_threads.hpp"
#include "basket/cluster/agreement.hpp"
#include "basket/cluster/dbscan.hpp"
#include "basket/cluster/k_means.hpp"
#include "basket/cluster/linkage.hpp"
#include "basket/cluster/silhouette.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/random.hpp"

namespace {

namespace cluster = basket::cluster;
using one_thread = basket::execution_policy::sequential;
constexpr Eigen::Index factors = 41;
constexpr std::size_t groups = 8;

struct workload {
  Eigen::MatrixXd x;
  std::vector<basket::group_label> labels;
};

// Eight clouds that overlap, as clusters of factor loadings do.
const workload& work(Eigen::Index n) {
  static workload made;
  if (made.x.rows() == n) return made;
  basket::random_stream stream(11, 1);
  const auto noise = [&] {  // Irwin-Hall: near enough to normal for a benchmark
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) sum += stream.uniform();
    return sum;
  };
  Eigen::MatrixXd centres(static_cast<Eigen::Index>(groups), factors);
  for (double& v : centres.reshaped()) v = 0.5 * noise();
  made.x.resize(n, factors);
  made.labels.clear();
  for (Eigen::Index i = 0; i < n; ++i) {
    const std::size_t g = stream.below(groups);
    made.labels.emplace_back(g);
    for (Eigen::Index d = 0; d < factors; ++d) made.x(i, d) = centres(static_cast<Eigen::Index>(g), d) + noise();
  }
  return made;
}

std::vector<double> distances_of(const Eigen::MatrixXd& x) {
  std::vector<double> out;
  out.reserve(static_cast<std::size_t>(x.rows() * (x.rows() - 1) / 2));
  const Eigen::MatrixXd columns = x.transpose();
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    for (Eigen::Index j = i + 1; j < x.rows(); ++j) out.push_back((columns.col(i) - columns.col(j)).norm());
  }
  return out;
}

void count_points(benchmark::State& state) {
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.SetBytesProcessed(state.iterations() * state.range(0) * factors * 8);
}
void count_pairs(benchmark::State& state, std::int64_t bytes) {
  const std::int64_t pairs = state.range(0) * (state.range(0) - 1) / 2;
  state.SetItemsProcessed(state.iterations() * pairs);
  state.SetBytesProcessed(state.iterations() * pairs * bytes);
}

void k_means_one_start(benchmark::State& state) {
  const workload& w = work(state.range(0));
  for (auto _ : state) {
    auto found = cluster::k_means{.clusters = groups, .starts = 1}.fit(w.x);
    benchmark::DoNotOptimize(found.inertia);
  }
  count_points(state);
}

template <class Policy>
void k_means_ten_starts(benchmark::State& state) {
  const workload& w = work(state.range(0));
  for (auto _ : state) {
    auto found = cluster::k_means{.clusters = groups, .starts = 10}.fit(w.x, Policy{});
    benchmark::DoNotOptimize(found.inertia);
  }
  count_points(state);
}

// One start of the textbook's method from the first points.
void k_means_naive(benchmark::State& state) {
  const workload& w = work(state.range(0));
  const Eigen::MatrixXd x = w.x.transpose();
  for (auto _ : state) {
    Eigen::MatrixXd centres = x.leftCols(static_cast<Eigen::Index>(groups));
    std::vector<Eigen::Index> label(static_cast<std::size_t>(x.cols()), -1);
    for (bool changed = true; changed;) {
      changed = false;
      for (Eigen::Index i = 0; i < x.cols(); ++i) {
        Eigen::Index best = 0;
        (centres.colwise() - x.col(i)).colwise().squaredNorm().minCoeff(&best);
        changed = changed || label[static_cast<std::size_t>(i)] != best;
        label[static_cast<std::size_t>(i)] = best;
      }
      Eigen::MatrixXd sums = Eigen::MatrixXd::Zero(factors, static_cast<Eigen::Index>(groups));
      Eigen::VectorXd counts = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(groups));
      for (Eigen::Index i = 0; i < x.cols(); ++i) {
        sums.col(label[static_cast<std::size_t>(i)]) += x.col(i);
        counts[label[static_cast<std::size_t>(i)]] += 1.0;
      }
      for (Eigen::Index j = 0; j < sums.cols(); ++j) {
        if (counts[j] > 0.0) centres.col(j) = sums.col(j) / counts[j];
      }
    }
    benchmark::DoNotOptimize(centres.data());
  }
  count_points(state);
}

template <class Linkage>
void link(benchmark::State& state) {
  const std::vector<double> d = distances_of(work(state.range(0)).x);
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<double> copy = d;
    state.ResumeTiming();
    auto tree = Linkage{}.link(std::move(copy), static_cast<std::size_t>(state.range(0)));
    benchmark::DoNotOptimize(tree.merges.data());
  }
  count_pairs(state, 8);
}

// Average linkage by looking for the nearest pair again and again: O(n^3).
void average_naive(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const std::vector<double> d = distances_of(work(state.range(0)).x);
  for (auto _ : state) {
    std::vector<double> full(n * n, std::numeric_limits<double>::infinity()), size(n, 1.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) full[i * n + j] = full[j * n + i] = d[cluster::condensed_index(i, j, n)];
    }
    for (std::size_t step = 0; step + 1 < n; ++step) {
      const auto at = static_cast<std::size_t>(std::min_element(full.begin(), full.end()) - full.begin());
      const std::size_t a = std::min(at / n, at % n), b = std::max(at / n, at % n);
      for (std::size_t c = 0; c < n; ++c) {
        if (c == a || c == b || size[c] == 0.0) continue;
        full[a * n + c] = full[c * n + a] =
            (size[a] * full[a * n + c] + size[b] * full[b * n + c]) / (size[a] + size[b]);
        full[b * n + c] = full[c * n + b] = std::numeric_limits<double>::infinity();
      }
      full[a * n + b] = full[b * n + a] = std::numeric_limits<double>::infinity();
      size[a] += size[b];
      size[b] = 0.0;
    }
    benchmark::DoNotOptimize(full.data());
  }
  count_pairs(state, 8);
}

template <class Policy>
void silhouette_exact(benchmark::State& state) {
  const workload& w = work(state.range(0));
  for (auto _ : state) {
    auto s = cluster::silhouette{}.score(w.x, w.labels, Policy{});
    benchmark::DoNotOptimize(s.mean);
  }
  count_pairs(state, factors * 8);
}

void silhouette_naive(benchmark::State& state) {
  const workload& w = work(state.range(0));
  const Eigen::MatrixXd x = w.x.transpose();
  for (auto _ : state) {
    double total = 0.0;
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      double sums[groups] = {};
      for (Eigen::Index j = 0; j < x.cols(); ++j) {
        sums[w.labels[static_cast<std::size_t>(j)].group()] += (x.col(i) - x.col(j)).norm();
      }
      total += *std::min_element(sums, sums + groups);
    }
    benchmark::DoNotOptimize(total);
  }
  count_pairs(state, factors * 8);
}

template <class Policy>
void dbscan(benchmark::State& state) {
  const workload& w = work(state.range(0));
  for (auto _ : state) {
    auto found = cluster::dbscan{.radius = 7.0, .min_points = 10}.fit(w.x, Policy{});
    benchmark::DoNotOptimize(found.noise);
  }
  count_pairs(state, factors * 8);
}

void dbscan_neighbours_naive(benchmark::State& state) {
  const workload& w = work(state.range(0));
  const Eigen::MatrixXd x = w.x.transpose();
  for (auto _ : state) {
    std::size_t close = 0;
    for (Eigen::Index i = 0; i < x.cols(); ++i) {
      for (Eigen::Index j = i + 1; j < x.cols(); ++j) close += (x.col(i) - x.col(j)).squaredNorm() <= 49.0 ? 1 : 0;
    }
    benchmark::DoNotOptimize(close);
  }
  count_pairs(state, factors * 8);
}

void agreement(benchmark::State& state) {
  const workload& w = work(state.range(0));
  std::vector<basket::group_label> other = w.labels;
  std::rotate(other.begin(), other.begin() + 7, other.end());
  for (auto _ : state) {
    const auto m = cluster::agree(w.labels, other, cluster::ungrouped::leave_out);
    benchmark::DoNotOptimize(cluster::adjusted_mutual_information(m));
    benchmark::DoNotOptimize(cluster::adjusted_rand(m));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define BASKET_SIZES ->Arg(266)->Arg(2'666)->Unit(benchmark::kMillisecond)
BENCHMARK(k_means_naive) BASKET_SIZES->Arg(20'180);
BENCHMARK(k_means_one_start) BASKET_SIZES->Arg(20'180);
BENCHMARK(k_means_ten_starts<one_thread>) BASKET_SIZES->Arg(20'180);
BENCHMARK(average_naive)->Arg(266)->Unit(benchmark::kMillisecond);
BENCHMARK(link<cluster::average>)->Arg(213)->Arg(2'134)->Arg(5'000)->Unit(benchmark::kMillisecond);
BENCHMARK(link<cluster::ward>)->Arg(213)->Arg(2'134)->Arg(5'000)->Unit(benchmark::kMillisecond);
BENCHMARK(link<cluster::complete>)->Arg(213)->Arg(2'134)->Arg(5'000)->Unit(benchmark::kMillisecond);
BENCHMARK(link<cluster::single>)->Arg(213)->Arg(2'134)->Arg(5'000)->Unit(benchmark::kMillisecond);
BENCHMARK(silhouette_naive) BASKET_SIZES;
BENCHMARK(silhouette_exact<one_thread>) BASKET_SIZES->Arg(20'180);
BENCHMARK(dbscan_neighbours_naive) BASKET_SIZES;
BENCHMARK(dbscan<one_thread>) BASKET_SIZES->Arg(20'180);
#ifdef BASKET_BENCHMARK_THREADS
BENCHMARK(k_means_ten_starts<all_threads>) BASKET_SIZES->Arg(20'180)->UseRealTime();
BENCHMARK(silhouette_exact<all_threads>) BASKET_SIZES->Arg(20'180)->UseRealTime();
BENCHMARK(dbscan<all_threads>) BASKET_SIZES->Arg(20'180)->UseRealTime();
#endif
BENCHMARK(agreement) BASKET_SIZES->Arg(20'180);

}  // namespace
