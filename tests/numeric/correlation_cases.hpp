// Panels and twins for the tests of the correlations.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/numeric/correlation.hpp"

namespace basket_test::correlation_cases {

struct recipe {
  int rows = 0;
  int columns = 0;
  double holes = 0.0;    // probability of a missing cell
  double levels = 0.0;   // 0: no ties; else values are rounded to so many levels a unit
  bool windows = false;  // each column has a window of its own
};

inline Eigen::MatrixXd panel_of(const recipe& r, std::uint64_t seed) {
  Eigen::MatrixXd out = Eigen::MatrixXd::Constant(r.rows, r.columns, basket::missing);
  basket::random_stream common(seed, 1'000'000);
  Eigen::VectorXd factor(r.rows);
  for (double& f : factor) f = common.uniform() - 0.5;
  for (int j = 0; j < r.columns; ++j) {
    basket::random_stream random(seed, static_cast<std::uint64_t>(j));
    const double loading = 2.0 * random.uniform() - 1.0;
    int begin = 0, end = r.rows;
    if (r.windows && r.rows > 3) {
      const int length = 2 + static_cast<int>(random.below(static_cast<std::uint32_t>(r.rows - 2)));
      begin = static_cast<int>(random.below(static_cast<std::uint32_t>(r.rows - length + 1)));
      end = begin + length;
    }
    for (int t = 0; t < r.rows; ++t) {
      double x = loading * factor[t] + random.uniform() - 0.5;
      if (r.levels > 0.0) x = std::round(x * r.levels) / r.levels;
      if (random.uniform() >= r.holes && t >= begin && t < end) out(t, j) = x;
    }
  }
  return out;
}

struct pair_result {
  double rho = basket::missing;
  int overlap = 0;
};

using series = std::vector<long double>;

inline long double naive_pearson(const series& a, const series& b) {
  long double ma = 0, mb = 0, aa = 0, bb = 0, ab = 0;
  for (std::size_t t = 0; t < a.size(); ++t) ma += a[t], mb += b[t];
  ma /= static_cast<long double>(a.size());
  mb /= static_cast<long double>(a.size());
  for (std::size_t t = 0; t < a.size(); ++t) {
    aa += (a[t] - ma) * (a[t] - ma);
    bb += (b[t] - mb) * (b[t] - mb);
    ab += (a[t] - ma) * (b[t] - mb);
  }
  return ab / (std::sqrt(aa) * std::sqrt(bb));
}

inline series naive_ranks(const series& x) {
  series out;
  for (const long double v : x) {
    long double rank = 0.5L;
    for (const long double other : x) rank += (other < v ? 1.0L : 0.0L) + (other == v ? 0.5L : 0.0L);
    out.push_back(rank);
  }
  return out;
}

// The twin: the definition, pair by pair, in long double.
inline pair_result naive_pair(const Eigen::MatrixXd& x, Eigen::Index i, Eigen::Index j, std::size_t min_overlap,
                              bool ranks) {
  series a, b;
  for (Eigen::Index t = 0; t < x.rows(); ++t) {
    if (basket::is_missing(x(t, i)) || basket::is_missing(x(t, j))) continue;
    a.push_back(x(t, i));
    b.push_back(x(t, j));
  }
  pair_result out{.rho = basket::missing, .overlap = static_cast<int>(a.size())};
  const auto constant = [](const series& s) {
    for (const long double v : s) {
      if (v != s.front()) return false;
    }
    return true;
  };
  if (a.size() < min_overlap || constant(a) || constant(b)) return out;
  out.rho = static_cast<double>(ranks ? naive_pearson(naive_ranks(a), naive_ranks(b)) : naive_pearson(a, b));
  return out;
}

// The worst difference from `expected`; infinite where one is missing and the other is not.
inline double distance(const Eigen::MatrixXd& got, const Eigen::MatrixXd& expected) {
  if (got.rows() != expected.rows() || got.cols() != expected.cols()) return HUGE_VAL;
  double worst = 0.0;
  for (Eigen::Index j = 0; j < got.cols(); ++j) {
    for (Eigen::Index i = 0; i < got.rows(); ++i) {
      if (basket::is_missing(got(i, j)) != basket::is_missing(expected(i, j))) return HUGE_VAL;
      if (!basket::is_missing(got(i, j))) worst = std::max(worst, std::abs(got(i, j) - expected(i, j)));
    }
  }
  return worst;
}

// The worst difference from the twin; infinite where an overlap or a missing value differs.
inline double distance_from_twin(const basket::numeric::correlations& got, const Eigen::MatrixXd& x, bool ranks) {
  Eigen::MatrixXd expected(x.cols(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index i = 0; i <= j; ++i) {
      const pair_result pair = naive_pair(x, i, j, got.min_overlap.count(), ranks);
      if (got.overlap(i, j) != pair.overlap || got.overlap(j, i) != pair.overlap) return HUGE_VAL;
      expected(i, j) = expected(j, i) = pair.rho;
    }
  }
  return distance(got.rho, expected);
}

inline bool same_bytes(const basket::numeric::correlations& a, const basket::numeric::correlations& b) {
  return a.rho.size() == b.rho.size() && a.overlap == b.overlap &&
         (a.rho.size() == 0 ||
          std::memcmp(a.rho.data(), b.rho.data(), sizeof(double) * static_cast<std::size_t>(a.rho.size())) == 0);
}

// Policies that run the bodies in another order, and on two threads.
struct backwards {
  template <class Body>
  void for_each_index(std::size_t count, const Body& body) const {
    while (count-- > 0) body(count);
  }
  static std::size_t concurrency() { return 1; }
};
struct two_threads {
  template <class Body>
  void for_each_index(std::size_t count, const Body& body) const {
    std::thread odd([&] {
      for (std::size_t i = 1; i < count; i += 2) body(i);
    });
    for (std::size_t i = 0; i < count; i += 2) body(i);
    odd.join();
  }
  static std::size_t concurrency() { return 2; }
};

// tests/fixtures/correlation.txt: panels and what pandas and scipy said of them (versions in its first line).
struct fixture {
  std::size_t min_overlap = 0;
  Eigen::MatrixXd panel, pandas_spearman, pandas_pearson, scipy_spearman, scipy_pearson;
};
inline std::vector<fixture> fixtures() {
  const std::string path = BASKET_SOURCE_DIR "/tests/fixtures/correlation.txt";
  std::ifstream in(path);
  std::string line, word;
  std::size_t min_overlap = 0, cases = 0;
  if (!std::getline(in, line) || !(in >> word >> min_overlap >> word >> cases))
    throw std::runtime_error("cannot read " + path);
  const auto matrix = [&](const std::string& name) {
    Eigen::Index rows = 0, columns = 0;
    if (!(in >> word >> rows >> columns) || word != name)
      throw std::runtime_error(path + ": " + name + " is not there");
    Eigen::MatrixXd out(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i) {
      for (Eigen::Index j = 0; j < columns; ++j) {
        if (!(in >> word)) throw std::runtime_error(path + " ends early");
        out(i, j) = word == "nan" ? basket::missing : std::strtod(word.c_str(), nullptr);
      }
    }
    return out;
  };
  std::vector<fixture> out(cases);
  for (fixture& f : out) {
    f.min_overlap = min_overlap;
    f.panel = matrix("panel");
    f.pandas_spearman = matrix("pandas_spearman");
    f.pandas_pearson = matrix("pandas_pearson");
    f.scipy_spearman = matrix("scipy_spearman");
    f.scipy_pearson = matrix("scipy_pearson");
  }
  return out;
}

}  // namespace basket_test::correlation_cases
