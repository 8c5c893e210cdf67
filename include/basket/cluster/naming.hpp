// Names for clusters: the factors on which their members load most.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "basket/cluster/labels.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// A cluster's name and what stands behind it.
struct cluster_name {
  std::string name = {};
  std::size_t members = 0;
  std::vector<double> strength = {};       ///< a factor: mean loading of the members less that of all, in standard
                                           ///< errors of such a mean; missing where nobody has a loading
  std::vector<std::size_t> observed = {};  ///< a factor: members with a loading
};

/// Names each group by the factors that set it apart: "+oil -rates". The strength of a factor is
/// (mean of the group - mean of all) / (sd of all / sqrt(members of the group with a loading)).
///
/// Missing: a missing loading is left out and counted; members without a group count for the overall mean and sd only.
/// Fails:   precondition_error when loadings (members x factors), labels and factor names do not fit, or `most` is 0.
/// Cost:    O(members factors).
/// Bias:    strengths of groups that were made from the same loadings are large by construction: they name, they do not
///          test.
struct strongest_loadings {
  std::size_t most = 2;   ///< factors in a name at most
  double at_least = 2.0;  ///< strength below which a factor is not named; no factor above it: "mixed"

  [[nodiscard]] std::vector<cluster_name> names(const Eigen::Ref<const Eigen::MatrixXd>& loadings,
                                                std::span<const std::string> factors,
                                                std::span<const group_label> labels) const {
    if (static_cast<std::size_t>(loadings.rows()) != labels.size() ||
        static_cast<std::size_t>(loadings.cols()) != factors.size()) {
      throw precondition_error("strongest_loadings: loadings are " + std::to_string(loadings.rows()) + " x " +
                               std::to_string(loadings.cols()) + ", there are " + std::to_string(labels.size()) +
                               " labels and " + std::to_string(factors.size()) + " factor names");
    }
    if (most == 0) throw precondition_error("strongest_loadings: a name needs at least one factor");
    const std::vector<std::size_t> sizes = group_sizes(labels);
    std::vector<cluster_name> out(sizes.size());
    for (std::size_t g = 0; g < sizes.size(); ++g) {
      out[g].members = sizes[g];
      out[g].strength.assign(factors.size(), missing);
      out[g].observed.assign(factors.size(), 0);
    }
    for (std::size_t f = 0; f < factors.size(); ++f) {
      const auto column = loadings.col(static_cast<Eigen::Index>(f));
      double largest = 0.0;
      for (const double v : column) {
        if (!is_missing(v)) largest = std::max(largest, std::abs(v));
      }
      // Loadings are compared with each other only: a power of two keeps their squares in range.
      int exponent = 0;
      if (largest > 0.0 && std::isfinite(largest)) (void)std::frexp(largest, &exponent);
      const auto scaled = [&](std::size_t i) { return std::ldexp(column[static_cast<Eigen::Index>(i)], -exponent); };
      double sum = 0.0, count = 0.0;
      std::vector<double> of_group(sizes.size(), 0.0);
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (is_missing(scaled(i))) continue;
        sum += scaled(i);
        count += 1.0;
        if (!labels[i].has_group()) continue;
        of_group[labels[i].group()] += scaled(i);
        ++out[labels[i].group()].observed[f];
      }
      if (count < 2.0) continue;
      const double mean = sum / count;
      double squares = 0.0;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        if (!is_missing(scaled(i))) squares += (scaled(i) - mean) * (scaled(i) - mean);
      }
      const double sd = std::sqrt(squares / (count - 1.0));
      for (std::size_t g = 0; g < sizes.size(); ++g) {
        const auto seen = static_cast<double>(out[g].observed[f]);
        if (seen == 0.0) continue;
        out[g].strength[f] = sd > 0.0 ? (of_group[g] / seen - mean) / sd * std::sqrt(seen) : 0.0;
      }
    }
    std::map<std::string, std::size_t> times;
    for (cluster_name& c : out) {
      c.name = name_of(c, factors);
      const std::size_t again = ++times[c.name];
      if (again > 1) c.name += " (" + std::to_string(again) + ")";
    }
    return out;
  }

 private:
  [[nodiscard]] std::string name_of(const cluster_name& c, std::span<const std::string> factors) const {
    std::vector<std::size_t> order;
    for (std::size_t f = 0; f < factors.size(); ++f) {
      if (!is_missing(c.strength[f]) && std::abs(c.strength[f]) >= at_least) order.push_back(f);
    }
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      const double sa = std::abs(c.strength[a]), sb = std::abs(c.strength[b]);
      return sa != sb ? sa > sb : a < b;
    });
    std::string name;
    for (std::size_t i = 0; i < order.size() && i < most; ++i) {
      name += (name.empty() ? "" : " ") + std::string(c.strength[order[i]] > 0.0 ? "+" : "-") + factors[order[i]];
    }
    return name.empty() ? "mixed" : name;
  }
};

}  // namespace basket::cluster
