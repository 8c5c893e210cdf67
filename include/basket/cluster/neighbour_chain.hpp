// Nearest-neighbour chains: the O(n^2) way through a condensed distance matrix that most linkages share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "basket/cluster/dendrogram.hpp"
#include "basket/core/error.hpp"
#include "basket/core/missing.hpp"

namespace basket::cluster {

/// Where the distance of points i < j stands in a condensed matrix of n points (SciPy's pdist order).
[[nodiscard]] constexpr std::size_t condensed_index(std::size_t i, std::size_t j, std::size_t n) noexcept {
  return i * (2 * n - i - 1) / 2 + (j - i - 1);
}

/// Two clusters, named by one of their points each, and the distance at which they met.
struct meeting {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  double height = 0.0;
};

/// Checks that the length fits the number of points.
inline void check_length(const std::vector<double>& distances, std::size_t points, const char* who) {
  if (points == 0) throw precondition_error(std::string(who) + ": there are no points to link");
  if (points > std::numeric_limits<std::uint32_t>::max()) {
    throw precondition_error(std::string(who) + ": " + std::to_string(points) + " points are more than 2^32");
  }
  if (distances.size() != points * (points - 1) / 2) {
    throw precondition_error(std::string(who) + ": " + std::to_string(points) + " points have " +
                             std::to_string(points * (points - 1) / 2) + " distances, not " +
                             std::to_string(distances.size()));
  }
}

[[noreturn]] inline void refuse_distance(double value, std::size_t i, std::size_t j) {
  throw data_error("distances", 0, std::to_string(i) + ", " + std::to_string(j),
                   is_missing(value) ? "the distance is missing; choose a policy for missing pairs first"
                   : value < 0.0     ? "the distance is negative"
                                     : "the distance is infinite");
}

/// Meetings in any order -> rows by rising height, numbered as SciPy numbers them.
inline dendrogram to_dendrogram(const std::vector<meeting>& meetings, std::size_t points) {
  std::vector<std::size_t> order(meetings.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t l, std::size_t r) {
    return meetings[l].height != meetings[r].height ? meetings[l].height < meetings[r].height : l < r;
  });
  dendrogram out;
  out.leaves = points;
  out.merges.reserve(meetings.size());
  std::vector<std::uint32_t> parent(points);
  std::iota(parent.begin(), parent.end(), std::uint32_t{0});
  std::vector<std::size_t> number(points);
  std::iota(number.begin(), number.end(), std::size_t{0});
  std::vector<std::size_t> size(points, 1);
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const std::size_t t : order) {
    const meeting& m = meetings[t];
    const std::uint32_t a = root(m.a);
    const std::uint32_t b = root(m.b);
    const std::size_t together = size[a] + size[b];
    out.merges.push_back({std::min(number[a], number[b]), std::max(number[a], number[b]), m.height, together});
    const std::uint32_t top = size[a] < size[b] ? b : a;
    parent[a] = parent[b] = top;
    number[top] = points + out.merges.size() - 1;
    size[top] = together;
  }
  return out;
}

/// Nearest-neighbour chains over a condensed matrix that is overwritten.
///
/// Two things keep it off the memory bus. Each cluster remembers its nearest neighbour and a bound under which no other
/// cluster can be: these linkages are reducible, so distances to unions never fall below the smaller part, and a row is
/// read again only when its neighbour moved past that bound. And a union keeps the smaller index, whose row is the
/// longer run of consecutive memory; once 3 in 10 rows are dead the matrix is squeezed in place.
///
/// Source: Murtagh, A survey of recent advances in hierarchical clustering algorithms (1983);
///         Muellner, Modern hierarchical, agglomerative clustering algorithms (2011).
class neighbour_chain {
 public:
  neighbour_chain(std::vector<double>& distances, std::size_t points)
      : d_(distances.data()),
        n_(points),
        live_(points),
        base_(points),
        parent_(points),
        leaf_(points),
        size_(points, 1.0),
        neighbour_(points, 0),
        second_(points, infinity) {
    std::iota(live_.begin(), live_.end(), std::uint32_t{0});
    parent_ = leaf_ = live_;
    lay_out();
  }

  /// `prepare` is applied to each distance in the first sweep through memory: what it returns is worked with.
  template <class Prepare, class MakeUpdate>
  std::vector<meeting> run(const Prepare& prepare, const MakeUpdate& make_update) {
    std::vector<meeting> out;
    if (n_ < 2) return out;
    out.reserve(n_ - 1);
    first_neighbours(prepare);
    std::vector<std::uint32_t> chain;
    while (live_.size() > 1) {
      if (chain.empty()) chain.push_back(live_.front());
      while (true) {
        const std::uint32_t top = chain.back();
        const auto [next, distance] = nearest(top);
        if (chain.size() > 1) {
          const std::uint32_t before = chain[chain.size() - 2];
          // On a tie the chain turns back: that is what makes it end.
          if (next == before || at(top, before) <= distance) {
            chain.resize(chain.size() - 2);
            const std::uint32_t a = std::min(top, before);
            const std::uint32_t b = std::max(top, before);
            const double height = at(a, b);
            out.push_back({leaf_[a], leaf_[b], height});
            unite(a, b, make_update(size_[a], size_[b], height));
            break;
          }
        }
        chain.push_back(next);
      }
      if (live_.size() * 10 < rows_ * 7 && rows_ > 256) squeeze(chain);
    }
    return out;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  void lay_out() {
    rows_ = live_.size();
    // d_[base_[i] + j] is the distance of i < j; the sum is formed first, since base_[0] alone lies before the array.
    for (std::size_t i = 0; i < rows_; ++i) base_[i] = i * (2 * rows_ - i - 1) / 2 - i - 1;
  }
  [[nodiscard]] double& at(std::size_t i, std::size_t j) const noexcept {
    return i < j ? d_[base_[i] + j] : d_[base_[j] + i];
  }
  [[nodiscard]] std::uint32_t now(std::uint32_t i) noexcept {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  /// The nearest and the second-nearest of every point in one sweep through memory.
  template <class Prepare>
  void first_neighbours(const Prepare& prepare) {
    std::vector<double> best(n_, infinity);
    for (std::size_t i = 0; i < n_; ++i) {
      const std::size_t row = base_[i];
      double near = best[i];
      double next = second_[i];
      std::uint32_t who = neighbour_[i];
      for (std::size_t j = i + 1; j < n_; ++j) {
        double& distance = d_[row + j];
        if (!(distance >= 0.0 && distance < infinity)) refuse_distance(distance, i, j);
        const double value = prepare(distance);
        distance = value;
        if (value < next) {
          if (value < near) {
            next = near;
            near = value;
            who = static_cast<std::uint32_t>(j);
          } else {
            next = value;
          }
        }
        if (value < second_[j]) {
          if (value < best[j]) {
            second_[j] = best[j];
            best[j] = value;
            neighbour_[j] = static_cast<std::uint32_t>(i);
          } else {
            second_[j] = value;
          }
        }
      }
      neighbour_[i] = who;
      second_[i] = next;
    }
  }

  std::pair<std::uint32_t, double> nearest(std::uint32_t i) {
    const std::uint32_t known = now(neighbour_[i]);
    if (known != i) {
      const double distance = at(i, known);
      if (distance <= second_[i]) return {known, distance};
    }
    double near = infinity;
    double next = infinity;
    std::uint32_t who = i;
    const auto look = [&](std::uint32_t other, double value) {
      if (value < next) {
        if (value < near) {
          next = near;
          near = value;
          who = other;
        } else {
          next = value;
        }
      }
    };
    std::size_t c = 0;
    for (; live_[c] < i; ++c) look(live_[c], d_[base_[live_[c]] + i]);
    const std::size_t row = base_[i];
    for (++c; c < live_.size(); ++c) look(live_[c], d_[row + live_[c]]);
    neighbour_[i] = who;
    second_[i] = next;
    return {who, near};
  }

  /// Writes the distances of the union of a < b into the row of a, and finds its neighbours on the way.
  template <class Update>
  void unite(std::uint32_t a, std::uint32_t b, const Update& update) {
    double near = infinity;
    double next = infinity;
    std::uint32_t who = a;
    const auto look = [&](std::uint32_t other, double value) {
      if (value < next) {
        if (value < near) {
          next = near;
          near = value;
          who = other;
        } else {
          next = value;
        }
      }
    };
    const auto join = [&](std::uint32_t c, double& to_a, double to_b) {
      to_a = update(to_a, to_b, size_[c]);
      look(c, to_a);
    };
    std::size_t c = 0;
    for (; live_[c] < a; ++c) {
      const std::size_t row = base_[live_[c]];
      join(live_[c], d_[row + a], d_[row + b]);
    }
    const std::size_t row_a = base_[a];
    for (++c; live_[c] < b; ++c) join(live_[c], d_[row_a + live_[c]], d_[base_[live_[c]] + b]);
    live_.erase(live_.begin() + static_cast<std::ptrdiff_t>(c));
    const std::size_t row_b = base_[b];
    for (; c < live_.size(); ++c) join(live_[c], d_[row_a + live_[c]], d_[row_b + live_[c]]);
    size_[a] += size_[b];
    parent_[b] = a;
    neighbour_[a] = who;
    second_[a] = next;
  }

  /// Moves the rows and columns that are still in use to the front; nothing is ever moved to a later place.
  void squeeze(std::vector<std::uint32_t>& chain) {
    const std::size_t left = live_.size();
    std::vector<std::uint32_t> renamed(rows_, 0);
    for (std::size_t c = 0; c < left; ++c) renamed[live_[c]] = static_cast<std::uint32_t>(c);
    double* to = d_;
    for (std::size_t r = 0; r < left; ++r) {
      const std::size_t row = base_[live_[r]];
      for (std::size_t c = r + 1; c < left; ++c) *to++ = d_[row + live_[c]];
    }
    for (std::size_t c = 0; c < left; ++c) {
      const std::uint32_t old = live_[c];
      neighbour_[c] = renamed[now(neighbour_[old])];
      leaf_[c] = leaf_[old];
      size_[c] = size_[old];
      second_[c] = second_[old];
    }
    for (std::uint32_t& link : chain) link = renamed[link];
    std::iota(live_.begin(), live_.end(), std::uint32_t{0});
    std::iota(parent_.begin(), parent_.end(), std::uint32_t{0});
    lay_out();
  }

  double* d_;
  std::size_t n_;
  std::size_t rows_ = 0;
  std::vector<std::uint32_t> live_;
  std::vector<std::size_t> base_;
  std::vector<std::uint32_t> parent_;
  std::vector<std::uint32_t> leaf_;
  std::vector<double> size_;
  std::vector<std::uint32_t> neighbour_;
  std::vector<double> second_;
};

}  // namespace basket::cluster
