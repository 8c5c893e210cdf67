#include "basket/cluster/naming.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "support/points.hpp"

namespace basket_test::cluster_naming {

using namespace basket;
using cluster::strongest_loadings;

const std::vector<std::string> factors = {"oil", "rates", "gold"};

TEST_CASE("four members, two groups, on paper") {
  Eigen::MatrixXd b(4, 3);
  b << 1, 0, 5, 1, 0, 5, -1, 0, 5, -1, 0, 5;
  const std::vector<group_label> labels = {group_label(0), group_label(0), group_label(1), group_label(1)};
  const auto names = strongest_loadings{.at_least = 1.0}.names(b, factors, labels);
  // sd of oil is 2 / sqrt(3); (1 - 0) / sd * sqrt(2) = sqrt(3 / 2)
  CHECK(names[0].strength[0] == doctest::Approx(std::sqrt(1.5)));
  CHECK(names[0].strength[1] == 0.0);
  CHECK(names[0].strength[2] == 0.0);
  CHECK(names[0].name == "+oil");
  CHECK(names[1].name == "-oil");
  CHECK(names[0].members == 2);
  CHECK(strongest_loadings{.at_least = 2.0}.names(b, factors, labels)[0].name == "mixed");
  CHECK(strongest_loadings{.at_least = 2.0}.names(b, factors, labels)[1].name == "mixed (2)");
}

TEST_CASE("planted loadings name their groups; the strongest comes first; units do not matter") {
  Eigen::MatrixXd b = gaussian_points(90, 3, 2);
  std::vector<group_label> labels;
  for (Eigen::Index i = 0; i < 90; ++i) {
    labels.emplace_back(static_cast<std::size_t>(i % 3));
    if (i % 3 == 0) b(i, 0) += 6.0;
    if (i % 3 == 1) b(i, 1) -= 5.0;
    if (i % 3 == 1) b(i, 2) += 9.0;
  }
  const auto names = strongest_loadings{.most = 2}.names(b, factors, labels);
  CHECK(names[0].name.starts_with("+oil"));
  CHECK(names[1].name == "+gold -rates");
  Eigen::MatrixXd scaled = b;
  scaled.col(0) *= 1e-280;
  scaled.col(2) *= 1e250;
  const auto again = strongest_loadings{.most = 2}.names(scaled, factors, labels);
  for (std::size_t g = 0; g < 3; ++g) CHECK(again[g].name == names[g].name);
}

TEST_CASE("missing loadings are left out and counted") {
  Eigen::MatrixXd b(4, 3);
  b << 1, missing, 2, missing, missing, 2, -1, missing, 2, -3, missing, missing;
  const std::vector<group_label> labels = {group_label(0), group_label(0), group_label(1), group_label::noise()};
  const auto names = strongest_loadings{.at_least = 0.1}.names(b, factors, labels);
  CHECK(names[0].observed == std::vector<std::size_t>{1, 0, 2});
  CHECK(names[1].observed == std::vector<std::size_t>{1, 0, 1});
  CHECK(is_missing(names[0].strength[1]));
  CHECK(names[0].strength[0] == doctest::Approx(1.0));  // (1 - -1) / 2
  CHECK(names[0].name == "+oil");
}

TEST_CASE("shapes that do not fit are refused; nobody has no names") {
  const Eigen::MatrixXd b = gaussian_points(2, 3, 0);
  const std::vector<group_label> one = {group_label(0)};
  CHECK_THROWS_AS((void)strongest_loadings{}.names(b, factors, one), precondition_error);
  CHECK_THROWS_AS((void)strongest_loadings{.most = 0}.names(b.topRows(1), factors, one), precondition_error);
  CHECK(strongest_loadings{}.names(Eigen::MatrixXd(0, 3), factors, {}).empty());
  CHECK(strongest_loadings{}.names(b.topRows(1), factors, one)[0].name == "mixed");
}

}  // namespace basket_test::cluster_naming
