// Cluster a ragged panel of markets and judge what came out beside what noise gives.
#include <fmt/format.h>

#include <Eigen/Core>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "basket/cluster/agreement.hpp"
#include "basket/cluster/calinski_harabasz.hpp"
#include "basket/cluster/choose_count.hpp"
#include "basket/cluster/cut_by_silhouette.hpp"
#include "basket/cluster/davies_bouldin.hpp"
#include "basket/cluster/dbscan.hpp"
#include "basket/cluster/k_means.hpp"
#include "basket/cluster/match.hpp"
#include "basket/cluster/naming.hpp"
#include "basket/cluster/quality_null.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/numeric/spearman.hpp"
#include "basket/regress/batch_ridge.hpp"
#include "basket/similarity/correlation_distance.hpp"

namespace {

constexpr Eigen::Index days = 240, markets = 90;

double normal(basket::random_stream& stream) {
  return std::sqrt(-2.0 * std::log(1.0 - stream.uniform())) * std::cos(2.0 * std::numbers::pi * stream.uniform());
}

}  // namespace

int main() {
  namespace cluster = basket::cluster;
  namespace numeric = basket::numeric;
  namespace regress = basket::regress;
  namespace similarity = basket::similarity;

  // Daily changes of ninety markets: a third leans on rates, a third on oil, a third on nothing. Each is observed from
  // a day of its own on, so many pairs share only a part of their days.
  const std::vector<std::string> factors = {"rates", "oil", "bitcoin"};
  basket::random_stream stream(7);
  Eigen::MatrixXd x(days, 3), y(days, markets);
  for (double& v : x.reshaped()) v = normal(stream);
  std::vector<std::string> names;
  std::vector<basket::group_label> truth;
  for (Eigen::Index m = 0; m < markets; ++m) {
    names.push_back("market " + std::to_string(m));
    truth.emplace_back(static_cast<std::size_t>(m % 3));
    for (Eigen::Index t = 0; t < days; ++t) y(t, m) = (m % 3 < 2 ? 0.9 * x(t, m % 3) : 0.0) + normal(stream);
    y.col(m).head(stream.below(120)).setConstant(basket::missing);
  }

  // [from_correlations]
  const auto rho = numeric::spearman{.min_overlap = numeric::overlap_rows(60)}.correlate(y);
  const similarity::correlation_distance measure{.measure = similarity::euclidean{},
                                                 .missing_pairs = similarity::drop_markets{}};
  auto far = measure.between(rho, std::span<const std::string>(names));
  const auto tree = cluster::cut_by_silhouette<cluster::ward>{.least = 2, .most = 12}.fit(std::move(far.condensed),
                                                                                          far.members.size());
  fmt::print("Ward on {} markets: {} groups, silhouette {:.3f}\n", far.members.size(), tree.groups,
             tree.figures[tree.groups - 2]);
  // [/from_correlations]

  // [loadings]
  const auto fits = regress::batch_ridge{.penalty = 1.0, .scaled = regress::scaling::sample_sd}.fit<std::string>(
      x, factors, y, names);
  const Eigen::MatrixXd loadings = fits.beta.transpose();  // markets x factors
  // [/loadings]

  // [judge]
  const cluster::k_means method{.clusters = 3, .starts = 10, .seed = 1};
  const cluster::quality_null<cluster::random_rotation> null{.draws = 199, .seed = 1};
  const auto beside = [&](const char* what, const auto& quality) {
    const auto q = null.test(method, quality, loadings);
    fmt::print("{:<20}{:>9.3f}   noise of the same covariance {:.3f} +- {:.3f}, p = {:.3f}\n", what, q.observed,
               q.null_mean, q.null_sd, q.p_value);
    return q;
  };
  const auto judged = beside("silhouette", cluster::silhouette{});
  beside("Davies-Bouldin", cluster::davies_bouldin{});
  beside("Calinski-Harabasz", cluster::calinski_harabasz{});
  // [/judge]

  // [count]
  const auto count = cluster::count_by_silhouette<cluster::random_rotation>{.least = 2, .most = 6}.choose(
      [](std::size_t k) { return cluster::k_means{.clusters = k, .starts = 10}; }, loadings);
  fmt::print("clusters that stand out of noise: {}\n", count.clusters);
  // [/count]

  // [name]
  for (const auto& c : cluster::strongest_loadings{.most = 2}.names(loadings, factors, judged.labels)) {
    fmt::print("  {:<12} {} markets\n", c.name, c.members);
  }
  // [/name]

  // [agree]
  const auto shared = cluster::agree(judged.labels, truth, cluster::ungrouped::leave_out);
  fmt::print("against the truth: ARI {:.3f}, AMI {:.3f}, variation of information {:.3f}, purity {:.3f}\n",
             cluster::adjusted_rand(shared), cluster::adjusted_mutual_information(shared),
             cluster::variation_of_information(shared), cluster::purity(shared));
  // [/agree]

  // [dates]
  cluster::lasting_numbers<std::string> numbers;
  const auto first = regress::batch_ridge{}.fit<std::string>(x.topRows(180), factors, y.topRows(180), names);
  const auto before = numbers.next(names, method.fit(first.beta.transpose()).labels);
  const auto after = numbers.next(names, judged.labels);
  fmt::print("numbers that last: {} before, {} after\n", fmt::format("{}, {}, {}", before[0], before[1], before[2]),
             fmt::format("{}, {}, {}", after[0], after[1], after[2]));
  // [/dates]

  // [dense]
  const auto dense = cluster::dbscan{.radius = 0.12, .min_points = 5}.fit(loadings);
  fmt::print("DBSCAN: {} dense markets, {} in no group\n", dense.core.size(), dense.noise);
  // [/dense]
  return judged.p_value <= 0.05 && cluster::adjusted_rand(shared) > 0.8 ? 0 : 1;
}
