// Points with and without planted groups, for tests of clusterers.
#pragma once

#include <Eigen/Core>
#include <boost/random/normal_distribution.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "basket/core/random.hpp"
#include "basket/model/grouping.hpp"

namespace basket_test {

/// Independent standard normal coordinates, n x p.
inline Eigen::MatrixXd gaussian_points(Eigen::Index n, Eigen::Index p, std::uint64_t seed) {
  basket::random_stream random(seed, 1);
  boost::random::normal_distribution<double> normal;
  Eigen::MatrixXd x(n, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index i = 0; i < n; ++i) x(i, j) = normal(random);
  }
  return x;
}

struct planted {
  Eigen::MatrixXd points = {};
  std::vector<basket::group_label> labels = {};
};

/// `groups` clouds of unit variance around centres whose coordinates are normal with standard deviation `signal`.
inline planted planted_points(Eigen::Index n, Eigen::Index p, std::size_t groups, double signal, std::uint64_t seed) {
  planted out;
  out.points = gaussian_points(n, p, seed);
  const Eigen::MatrixXd centres = signal * gaussian_points(static_cast<Eigen::Index>(groups), p, seed + 1000);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto g = static_cast<std::size_t>(i) % groups;
    out.points.row(i) += centres.row(static_cast<Eigen::Index>(g));
    out.labels.emplace_back(g);
  }
  return out;
}

/// Whether two labellings group the same members, whatever the numbers; noise and unclassified must agree.
inline bool same_partition(const std::vector<basket::group_label>& a, const std::vector<basket::group_label>& b) {
  if (a.size() != b.size()) return false;
  std::map<std::size_t, std::size_t> there, back;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].has_group() != b[i].has_group()) return false;
    if (!a[i].has_group()) {
      if (a[i] != b[i]) return false;
      continue;
    }
    const auto [t, fresh] = there.emplace(a[i].group(), b[i].group());
    const auto [u, also] = back.emplace(b[i].group(), a[i].group());
    if (t->second != b[i].group() || u->second != a[i].group()) return false;
  }
  return true;
}

}  // namespace basket_test
