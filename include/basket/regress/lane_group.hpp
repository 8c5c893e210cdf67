// The markets of as many windows as a register has lanes, factored and solved together.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/numeric/lane_cholesky.hpp"
#include "basket/regress/market_by_qr.hpp"
#include "basket/regress/market_windows.hpp"
#include "basket/regress/shared_factors.hpp"

namespace basket::regress::detail {

/// As many windows at once as a register has lanes: their Gram matrices factored, then all their markets solved.
class lane_group {
 public:
  lane_group(const shared_factors& x, const batch_options& options)
      : x_(x), options_(options), shape_(numeric::lane_triangle::of_order(x.factors)) {
    gram_.resize(x.gram.layout().size());
    const std::ptrdiff_t vectors = shape_.order() * numeric::lane_count;
    for (Eigen::VectorXd* const m : {&a_, &m_, &v_}) m->resize(shape_.size());
    for (Eigen::VectorXd* const v : {&sum_, &flat_, &unit_, &root_, &lambda_, &variance_, &u_, &c_, &z_, &b_}) {
      v->setZero(vectors);
    }
    for (std::ptrdiff_t i = 0; i < x.factors; ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) along_rows_.push_back(static_cast<std::int32_t>(shape_.at(i, j)));
      for (std::ptrdiff_t j = i; j < x.factors; ++j)
        down_columns_.push_back(static_cast<std::int32_t>(shape_.at(j, i)));
    }
  }

  void fit(const batch_order& all, std::size_t first_slot, const Eigen::Ref<const Eigen::MatrixXd>& raw,
           const Eigen::Ref<const Eigen::MatrixXd>& y, const batch_target& to) {
    using namespace numeric;
    const slot_array slots = slots_from(all, first_slot);
    std::size_t rounds = 0;
    for (const window_slot& slot : slots) rounds = std::max(rounds, slot.count);
    const std::size_t begin = slots[0].begin;
    std::size_t count = 0;
    for (const window_slot& slot : slots) count += slot.count;
    factor_slots(all, slots, y);
    multiply_series(all, begin, count, y);
    const std::ptrdiff_t k = x_.factors, width = x_.gram.layout().order;
    for (std::size_t round = 0; round < rounds; ++round) {
      std::array<std::size_t, lanes> which{};
      lane squares, first, mean;
      for (std::size_t l = 0; l < lanes; ++l) {
        const window_slot& slot = slots[l];
        const std::size_t i = slot.count == 0 ? 0 : slot.begin - begin + std::min(round, slot.count - 1);
        which[l] = all.order[begin + i];
        const double* const from = products_.data() + static_cast<std::ptrdiff_t>(i) * width;
        squares[static_cast<int>(l)] = squares_[static_cast<std::ptrdiff_t>(i)];
        mean[static_cast<int>(l)] = all.windows[which[l]].mean;
        first[static_cast<int>(l)] = from[0];
        for (std::ptrdiff_t j = 0; j < k; ++j) c_[j * lane_count + static_cast<std::ptrdiff_t>(l)] = from[j + 1];
      }
      solve(squares, first, mean);
      for (std::size_t l = 0; l < lanes; ++l) {
        if (round < slots[l].count) write(which[l], static_cast<std::ptrdiff_t>(l), all, raw, y, to);
      }
    }
  }

  static constexpr auto lanes = static_cast<std::size_t>(numeric::lane_count);
  using slot_array = std::array<window_slot, lanes>;

  /// The slots of a group; lanes without one repeat the last window and hold no market.
  static slot_array slots_from(const batch_order& all, std::size_t first_slot) {
    slot_array slots;
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::size_t s = first_slot + l;
      slots[l] = s < all.slots.size() ? all.slots[s] : window_slot{all.slots.back().begin, 0};
    }
    return slots;
  }

  void factor_slots(const batch_order& all, const slot_array& slots, const Eigen::Ref<const Eigen::MatrixXd>& y) {
    for (std::size_t l = 0; l < lanes; ++l) {
      const std::size_t m = all.order[slots[l].begin];
      read_gram(all.windows[m], y.data() + static_cast<std::ptrdiff_t>(m) * y.outerStride(), l);
    }
    factor();
  }

  /// One lane of what `factor_slots` made, as plain arrays.
  struct factored_window {
    Eigen::MatrixXd inverse_root = {};                 ///< M, k x k; the inverse of the scaled matrix is M'M
    Eigen::VectorXd sum = {}, root = {}, lambda = {};  ///< k
    double inflation = missing;
  };
  void take(std::size_t l, factored_window& to) const {
    const std::ptrdiff_t k = x_.factors, at = static_cast<std::ptrdiff_t>(l);
    to.inverse_root.setZero(numeric::padded(k), k);
    for (Eigen::VectorXd* const v : {&to.sum, &to.root, &to.lambda}) v->resize(k);
    for (std::ptrdiff_t i = 0; i < k; ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) to.inverse_root(i, j) = m_[shape_.at(i, j) + at];
      to.sum[i] = sum_[i * numeric::lane_count + at];
      to.root[i] = root_[i * numeric::lane_count + at];
      to.lambda[i] = lambda_[i * numeric::lane_count + at];
    }
    to.inflation = usable_[static_cast<int>(l)];
  }

 private:
  using lane = numeric::lane;

  void read_gram(const market_window& w, const double* y, std::size_t l) {
    gram_.setZero();
    for_each_run(x_, w, y, [&](std::ptrdiff_t first, std::ptrdiff_t last) { x_.gram.add(first, last, gram_.data()); });
    const auto layout = x_.gram.layout();
    const auto at = static_cast<std::ptrdiff_t>(l);
    n_[static_cast<int>(l)] = gram_[0];
    double* const to = x_.factors > 0 ? a_.data() + at : nullptr;
    const std::int32_t* place = down_columns_.data();
    for (std::ptrdiff_t j = 0; j < x_.factors; ++j) {
      sum_[j * numeric::lane_count + at] = gram_[layout.at(j + 1, 0)];
      flat_[j * numeric::lane_count + at] = x_.same_since(j, w.last - 1) <= w.first ? 1.0 : 0.0;
      const double* const from = gram_.data() + layout.at(j + 1, j + 1);
      for (std::ptrdiff_t i = j; i < x_.factors; ++i) to[*place++] = from[i - j];
    }
  }

  // Centres, scales to a unit diagonal with the penalty inside, factors and inverts; then what depends on windows only.
  void factor() {
    using namespace numeric;
    const std::ptrdiff_t k = x_.factors;
    const lane one = broadcast(1.0), per_n = one / n_;
    lane loss{};
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane s = load(&sum_[j * lane_count]);
      const lane raw = load(&a_[shape_.at(j, j)]);
      const lane d = raw - s * s * per_n;
      lane lambda = broadcast(options_.penalty * unit_of(x_.scale[j]));
      if (options_.scaled == scaling::sample_sd) lambda = options_.penalty * d / (n_ - 1.0);
      if (options_.scaled == scaling::population_sd) lambda = options_.penalty * d * per_n;
      lane r = one / square_root(d + lambda);
      lane ratio = d > 0.0 ? raw / d : broadcast(missing);  // what centring costs in digits
      lambda *= r * r;
      if (options_.penalty > 0.0) {
        // A factor without variation in the window: its row becomes that of a unit matrix, its coefficient 0.
        const lane flat = load(&flat_[j * lane_count]);
        r = flat > 0.0 ? lane{} : r;
        lambda = flat > 0.0 ? one : lambda;
        ratio = flat > 0.0 ? one : ratio;
      }
      store(&root_[j * lane_count], r);
      store(&lambda_[j * lane_count], lambda);
      loss = !(ratio <= loss) ? ratio : loss;
    }
    const std::int32_t* place = along_rows_.data();
    for (std::ptrdiff_t i = 0; i < k; ++i) {
      const lane mine = load(&root_[i * lane_count]), scaled = load(&sum_[i * lane_count]) * per_n;
      for (std::ptrdiff_t j = 0; j < i; ++j) {
        double* const here = a_.data() + *place++;
        const lane centred = load(here) - scaled * load(&sum_[j * lane_count]);
        store(here, centred * mine * load(&root_[j * lane_count]));
      }
      store(a_.data() + *place++, one);
    }
    for (std::ptrdiff_t i = k; i < shape_.order(); ++i) {
      for (std::ptrdiff_t j = 0; j <= i; ++j) store(&a_[shape_.at(i, j)], i == j ? one : lane{});
    }
    factor_lanes(shape_, a_.data());
    invert_lanes(shape_, a_.data(), m_.data());
    // g: means of the factors in the units of the scaled problem; u = V g gives the intercept's variance.
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane g = (load(&sum_[j * lane_count]) * per_n + x_.reference[j]) * load(&root_[j * lane_count]);
      store(&unit_[j * lane_count], g);
    }
    apply_lanes(shape_, m_.data(), unit_.data(), z_.data());
    apply_transposed_lanes(shape_, m_.data(), z_.data(), u_.data());
    intercept_variance_ = per_n;
    lane trace{}, worst{};
    inverse_diagonal();
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane lambda = load(&lambda_[j * lane_count]), v = load(&diagonal_[j * lane_count]);
      const lane u = load(&u_[j * lane_count]), z = load(&z_[j * lane_count]);
      intercept_variance_ += z * z - lambda * u * u;
      trace += lambda * v;
      worst = !(v <= worst) ? v : worst;
    }
    degrees_ = broadcast(static_cast<double>(k)) - trace;
    // Not-a-number in any pivot arrives here and fails the comparison as well.
    usable_ = worst * loss;
  }

  // diagonal_ = diag V; variance_ = diag V (S - Lambda) V = diag(V) - sum_j Lambda_j V_ij^2.
  void inverse_diagonal() {
    using namespace numeric;
    const std::ptrdiff_t k = x_.factors;
    diagonal_.setZero(shape_.order() * lane_count);
    const std::int32_t* place = along_rows_.data();
    if (options_.penalty == 0.0) {
      for (std::ptrdiff_t i = 0; i < k; ++i) {
        for (std::ptrdiff_t j = 0; j <= i; ++j) {
          const lane x = load(m_.data() + *place++);
          store(&diagonal_[j * lane_count], multiply_add(x, x, load(&diagonal_[j * lane_count])));
        }
      }
      variance_ = diagonal_;
      return;
    }
    multiply_inverse_lanes(shape_, m_.data(), v_.data());
    variance_.setZero();
    for (std::ptrdiff_t i = 0; i < k; ++i) {
      const lane mine = load(&lambda_[i * lane_count]);
      lane sum{};
      for (std::ptrdiff_t j = 0; j < i; ++j) {
        const lane v = load(v_.data() + *place++), squared = v * v;
        sum = multiply_add(squared, load(&lambda_[j * lane_count]), sum);
        store(&variance_[j * lane_count], load(&variance_[j * lane_count]) - squared * mine);
      }
      const lane v = load(v_.data() + *place++);
      store(&diagonal_[i * lane_count], v);
      store(&variance_[i * lane_count], v - sum - v * v * mine);
    }
  }

  // X'y and y'y of markets begin .. begin + count in the order, four at a time over their common rows.
  void multiply_series(const batch_order& all, std::size_t begin, std::size_t count,
                       const Eigen::Ref<const Eigen::MatrixXd>& y) {
    using namespace numeric;
    const std::ptrdiff_t width = x_.gram.layout().order, rows = x_.gram.rows();
    products_.setZero(width * static_cast<std::ptrdiff_t>(count));
    squares_.setZero(static_cast<std::ptrdiff_t>(count));
    packed_.resize(tile_columns * rows);
    for (std::size_t i = 0; i < count; i += static_cast<std::size_t>(tile_columns)) {
      const std::size_t some = std::min(count - i, static_cast<std::size_t>(tile_columns));
      std::ptrdiff_t first = rows, last = 0;
      for (std::size_t c = 0; c < some; ++c) {
        const market_window& w = all.windows[all.order[begin + i + c]];
        first = std::min(first, w.first / lane_count * lane_count);
        last = std::max(last, w.last);
      }
      const double* columns[tile_columns] = {};
      for (std::size_t c = 0; c < some; ++c) {
        const std::size_t m = all.order[begin + i + c];
        const double* const from = y.data() + static_cast<std::ptrdiff_t>(m) * y.outerStride();
        double* const to = packed_.data() + static_cast<std::ptrdiff_t>(c) * rows - first;
        squares_[static_cast<std::ptrdiff_t>(i + c)] = pack(from, all.windows[m], first, last, to);
        columns[c] = to + first;
      }
      add_product(x_.gram.z().data() + first * width, width, width, last - first, columns,
                  static_cast<std::ptrdiff_t>(some), 1, products_.data() + static_cast<std::ptrdiff_t>(i) * width,
                  width);
    }
  }

  // Writes y - mean at rows [first, last) of `to`, 0 where nothing was observed; returns the sum of squares.
  double pack(const double* y, const market_window& w, std::ptrdiff_t first, std::ptrdiff_t last, double* to) const {
    using namespace numeric;
    std::ptrdiff_t t = first;
    for (; t + lane_count <= w.first; t += lane_count) store(to + t, lane{});
    lane sum{};
    for (; t + lane_count <= w.last; t += lane_count) {
      const lane v = values_at(x_, y, t), centred = v == v ? v - w.mean : lane{};
      sum = multiply_add(centred, centred, sum);
      store(to + t, centred);
    }
    double squares = 0.0;
    for (; t < w.last; ++t) {
      const double v = value_at(x_, y, t);
      to[t] = is_missing(v) ? 0.0 : v - w.mean;
      squares += to[t] * to[t];
    }
    for (; t < last; ++t) to[t] = 0.0;
    for (std::ptrdiff_t l = 0; l < lane_count; ++l) squares += sum[l];
    return squares;
  }

  void solve(lane squares, lane first, lane mean) {
    using namespace numeric;
    const std::ptrdiff_t k = x_.factors;
    const lane per_n = broadcast(1.0) / n_;
    const lane total = squares - first * first * per_n;
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane c = load(&c_[j * lane_count]) - load(&sum_[j * lane_count]) * first * per_n;
      store(&c_[j * lane_count], c * load(&root_[j * lane_count]));
    }
    apply_lanes(shape_, m_.data(), c_.data(), z_.data());
    apply_transposed_lanes(shape_, m_.data(), z_.data(), b_.data());
    lane explained{};
    lane intercept = mean + first * per_n;
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane b = load(&b_[j * lane_count]), z = load(&z_[j * lane_count]);
      explained += z * z + load(&lambda_[j * lane_count]) * b * b;
      intercept -= b * load(&unit_[j * lane_count]);
    }
    const lane residual = total - explained;
    const lane variance = residual / (n_ - 1.0 - degrees_);
    const lane sd = square_root(variance);
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      const lane b = load(&b_[j * lane_count]);
      store(&z_[j * lane_count], b / square_root(variance * load(&variance_[j * lane_count])));
      store(&b_[j * lane_count], b * load(&root_[j * lane_count]) * x_.scale[j]);
    }
    store(out_.total, total);
    store(out_.residual, residual);
    store(out_.sd, sd);
    store(out_.intercept, intercept);
    store(out_.intercept_t, intercept / (sd * square_root(intercept_variance_)));
  }

  void write(std::size_t m, std::ptrdiff_t l, const batch_order& all, const Eigen::Ref<const Eigen::MatrixXd>& raw,
             const Eigen::Ref<const Eigen::MatrixXd>& y, const batch_target& to) {
    using namespace numeric;
    const market_window& w = all.windows[m];
    const double total = out_.total[l], residual = out_.residual[l], inflation = usable_[static_cast<int>(l)];
    // Digits of the residual sum are lost where the fit is nearly perfect, of the total where y hardly varies, and both
    // where squares leave the range of a double: QR of the rows decides all of these.
    const bool carries = inflation <= options_.most_inflation && residual > 1e-6 * total &&
                         total > 1e-22 * static_cast<double>(w.count) * w.mean * w.mean && total > 1e-280 &&
                         total < 1e280;
    if (!carries) {
      return fit_by_qr(x_, raw, w, y.data() + static_cast<std::ptrdiff_t>(m) * y.outerStride(), options_, m, to);
    }
    const std::ptrdiff_t k = x_.factors;
    double* const beta = to.beta + static_cast<std::ptrdiff_t>(m) * k;
    double* const t = to.t + static_cast<std::ptrdiff_t>(m) * k;
    for (std::ptrdiff_t j = 0; j < k; ++j) {
      beta[j] = b_[j * lane_count + l];
      t[j] = z_[j * lane_count + l];
    }
    to.intercept[m] = out_.intercept[l];
    to.intercept_t[m] = out_.intercept_t[l];
    to.r_squared[m] = 1.0 - residual / total;
    to.degrees[m] = degrees_[static_cast<int>(l)];
    to.residual_sd[m] = out_.sd[l];
    to.states[m] = status::ok;
    to.routes[m] = route::gram;
  }

  struct outputs {
    double total[numeric::lane_count], residual[numeric::lane_count], sd[numeric::lane_count],
        intercept[numeric::lane_count], intercept_t[numeric::lane_count];
  };

  const shared_factors& x_;
  const batch_options options_;
  const numeric::lane_triangle shape_;
  Eigen::VectorXd gram_, a_, m_, v_;
  std::vector<std::int32_t> along_rows_, down_columns_;  // where the elements of a lower triangle lie, in both orders
  // Lane vectors, one a factor: sums, 1 where it does not vary, scaled means, 1 / sqrt(diagonal), penalties, variances,
  // right-hand sides.
  Eigen::VectorXd sum_, flat_, unit_, root_, lambda_, variance_, diagonal_, u_, c_, z_, b_;
  Eigen::VectorXd products_, squares_, packed_;
  lane n_{}, degrees_{}, intercept_variance_{}, usable_{};
  outputs out_{};
};

}  // namespace basket::regress::detail
