// Ridge and least squares of thousands of ragged markets on shared factors in one pass.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/status.hpp"
#include "basket/numeric/lane_cholesky.hpp"
#include "basket/numeric/least_squares.hpp"
#include "basket/regress/market_windows.hpp"
#include "basket/regress/shared_factors.hpp"

namespace basket::regress {

/// By which way a market's numbers were computed.
enum class route : std::uint8_t {
  none,  ///< not at all; the status says why
  gram,  ///< from its Gram matrix, whose condition allowed it
  qr,    ///< by QR of its own rows
};

/// Fits of N markets on k shared factors, with their labels. What could not be computed is missing.
template <class Id>
struct batch_fit {
  std::vector<Id> markets = {};
  std::vector<std::string> factors = {};
  Eigen::MatrixXd beta = {};             ///< k x N, in the units of the data
  Eigen::MatrixXd t = {};                ///< k x N, beta over its classical standard error
  Eigen::VectorXd intercept = {};        ///< N
  Eigen::VectorXd intercept_t = {};      ///< N
  Eigen::VectorXd r_squared = {};        ///< N, in the sample: read it beside its null
  Eigen::VectorXd degrees = {};          ///< N, of freedom of the factors: k, or the trace of the ridge hat matrix
  Eigen::VectorXd residual_sd = {};      ///< N, with n - 1 - degrees below the sum of squares
  std::vector<std::size_t> counts = {};  ///< N, observations used
  std::vector<status> states = {};       ///< N
  std::vector<route> routes = {};        ///< N

  /// How many markets ended in a status.
  [[nodiscard]] std::size_t count(status s) const {
    return static_cast<std::size_t>(std::count(states.begin(), states.end(), s));
  }
  /// How many markets went a way.
  [[nodiscard]] std::size_t count(route r) const {
    return static_cast<std::size_t>(std::count(routes.begin(), routes.end(), r));
  }
};

namespace detail {

/// Where a batch writes: the columns of one market.
struct batch_target {
  double *beta, *t, *intercept, *intercept_t, *r_squared, *degrees, *residual_sd;
  status* states;
  route* routes;
};

struct batch_options {
  double penalty = 0.0;
  scaling scaled = scaling::none;
  double most_inflation = 1e5;
};

inline double column_penalty(const batch_options& options, double sum_of_squares, double count, double unit) {
  switch (options.scaled) {
    case scaling::none:
      return options.penalty * unit;
    case scaling::sample_sd:
      return options.penalty * sum_of_squares / (count - 1.0);
    case scaling::population_sd:
      return options.penalty * sum_of_squares / count;
  }
  return 0.0;
}

/// The penalty in units of a scaled column, kept where its products stay finite: beyond, the coefficient is 0 anyway.
inline double unit_of(double scale) { return std::min(scale * scale, 1e200); }

/// The observed rows of one market, centred and in units of size one, ready for QR.
struct centred_rows_of_market {
  Eigen::MatrixXd design = {};  ///< count x (columns used)
  Eigen::VectorXd target = {};
  Eigen::VectorXd mean = {}, penalty = {};  ///< of the columns used, in their units
  std::vector<std::ptrdiff_t> used = {};    ///< factors that vary, or all of them without a penalty
  std::vector<int> exponent = {};           ///< of the units of the columns used, as powers of two
  double y_mean = 0.0, total = 0.0;
  int y_exponent = 0;
  bool deficient = false;  ///< a column does not vary and no penalty makes up for it
};

inline centred_rows_of_market careful_rows(const shared_factors& x, const Eigen::Ref<const Eigen::MatrixXd>& raw,
                                           const market_window& w, const double* y, const batch_options& options) {
  const std::ptrdiff_t k = x.factors;
  const double count = static_cast<double>(w.count);
  centred_rows_of_market out;
  out.design.resize(w.count, k);
  out.target.resize(w.count);
  out.mean.resize(k);
  out.penalty.resize(k);
  std::ptrdiff_t at = 0;
  for_each_run(x, w, y, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
    for (std::ptrdiff_t row = first; row < last; ++row, ++at) {
      const std::ptrdiff_t day = x.dense ? row : x.rows[static_cast<std::size_t>(row)];
      out.target[at] = y[day];
      out.design.row(at) = raw.row(day);
    }
  });
  // Each column in units of its largest value here, centred in two passes.
  const auto center = [&](Eigen::Ref<Eigen::VectorXd> v, int& exponent) {
    (void)std::frexp(v.cwiseAbs().maxCoeff(), &exponent);
    for (double& value : v) value = std::ldexp(value, -exponent);
    const bool constant = v.minCoeff() == v.maxCoeff();
    double mean = constant ? v[0] : v.sum() / count;
    v.array() -= mean;
    if (!constant) {
      const double rest = v.sum() / count;
      v.array() -= rest;
      mean += rest;
    }
    return mean;
  };
  out.y_mean = center(out.target, out.y_exponent);
  out.total = out.target.squaredNorm();
  for (std::ptrdiff_t j = 0; j < k; ++j) {
    int exponent = 0;
    const double mean = center(out.design.col(j), exponent);
    const double squares = out.design.col(j).squaredNorm();
    out.deficient = out.deficient || (squares == 0.0 && options.penalty == 0.0);
    // A column without variation here has no coefficient; a penalty makes it zero, without one there is no answer.
    if (squares > 0.0 || options.penalty == 0.0) {
      const auto q = static_cast<std::ptrdiff_t>(out.used.size());
      if (q != j) out.design.col(q) = out.design.col(j);
      out.mean[q] = mean;
      out.penalty[q] =
          column_penalty(options, squares, count, unit_of(std::ldexp(1.0, -std::clamp(exponent, -500, 500))));
      out.used.push_back(j);
      out.exponent.push_back(exponent);
    }
  }
  const auto p = static_cast<std::ptrdiff_t>(out.used.size());
  out.design.conservativeResize(Eigen::NoChange, p);
  out.mean.conservativeResize(p);
  out.penalty.conservativeResize(p);
  return out;
}

/// One market by QR of its centred rows. The doors above it have checked the counts.
inline void fit_by_qr(const shared_factors& x, const Eigen::Ref<const Eigen::MatrixXd>& raw, const market_window& w,
                      const double* y, const batch_options& options, std::size_t m, const batch_target& to) {
  const std::ptrdiff_t k = x.factors;
  const double count = static_cast<double>(w.count);
  to.routes[m] = route::qr;
  const centred_rows_of_market rows = careful_rows(x, raw, w, y, options);
  if (rows.total == 0.0) {
    to.states[m] = status::constant_input;
    return;
  }
  if (rows.deficient) {
    to.states[m] = status::rank_deficient;
    return;
  }
  const auto fit = numeric::least_squares<double>(rows.design, rows.target, rows.penalty);
  if (fit.state != status::ok) {
    to.states[m] = fit.state;
    return;
  }
  const double residual = (rows.target - rows.design * fit.coefficients).squaredNorm();
  const auto& v = fit.inverse;
  const auto p = static_cast<std::ptrdiff_t>(rows.used.size());
  const double degrees = static_cast<double>(p) - v.diagonal().dot(rows.penalty);
  const double sd = std::sqrt(residual / (count - 1.0 - degrees));
  double* const beta = to.beta + static_cast<std::ptrdiff_t>(m) * k;
  double* const t = to.t + static_cast<std::ptrdiff_t>(m) * k;
  for (std::ptrdiff_t j = 0; j < k; ++j) beta[j] = 0.0;
  for (std::ptrdiff_t q = 0; q < p; ++q) {
    const auto i = static_cast<std::size_t>(q);
    const double variance = v(q, q) - v.col(q).cwiseAbs2().dot(rows.penalty);
    beta[rows.used[i]] = std::ldexp(fit.coefficients[q], rows.y_exponent - rows.exponent[i]);
    t[rows.used[i]] = fit.coefficients[q] / (sd * std::sqrt(std::max(variance, 0.0)));
  }
  const Eigen::VectorXd u = v * rows.mean;
  const double variance = 1.0 / count + u.dot(rows.mean) - u.cwiseAbs2().dot(rows.penalty);
  const double intercept = rows.y_mean - fit.coefficients.dot(rows.mean);
  to.intercept[m] = std::ldexp(intercept, rows.y_exponent);
  to.intercept_t[m] = intercept / (sd * std::sqrt(std::max(variance, 0.0)));
  to.r_squared[m] = 1.0 - residual / rows.total;
  to.degrees[m] = degrees;
  to.residual_sd[m] = std::ldexp(sd, rows.y_exponent);
  to.states[m] = status::ok;
}

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
    double* const to = a_.data() + at;
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

}  // namespace detail

/// Ridge of each market on its own observed days: min |y - a - X b|^2 + penalty |b|^2, the intercept a not penalised;
/// penalty 0 is least squares. X is T x k, Y is T x N, both column-major; a market's days are those where it and all
/// factors are observed. Standard errors are those of the penalised estimator, sd^2 A^-1 X'X A^-1 with
/// A = X'X + penalty, n - 1 - trace(hat) degrees of freedom; they know no bias.
///
/// Missing: NaN in Y is a day without an observation; a day with a NaN in X is left out for all markets.
/// Fails:   precondition_error when shapes or labels do not fit or the penalty is negative; data_error at an infinite
///          value. Per market: too_few_observations (below `min_observations`, k + 2 or, with a penalty, 3);
///          rank_deficient; constant_input.
/// Cost:    a pass over Y, T k^2 once, then O(k^2) for each window's Gram however long it is, 2/3 k^3 for each distinct
///          window and n k + 2 k^2 for each market.
/// Bias:    R2 is of the sample; with many factors and few days noise gives most of it. See regress::shift_null.
/// Source:  Hoerl and Kennard (1970); docs/regression.md for what a Gram cannot carry.
struct batch_ridge {
  double penalty = 1.0;
  scaling scaled = scaling::none;
  std::size_t min_observations = 0;
  /// Largest product of a variance inflation and the digits lost to centring for which the Gram is used; above, QR.
  double most_inflation = 1e5;

  /// The fewest observations with which a market of k factors is fitted.
  [[nodiscard]] std::ptrdiff_t least(std::ptrdiff_t k) const {
    return std::max(static_cast<std::ptrdiff_t>(min_observations), penalty > 0.0 ? std::ptrdiff_t{3} : k + 2);
  }
  /// Fails: precondition_error when the shapes do not fit or the penalty is negative.
  void check(const Eigen::Ref<const Eigen::MatrixXd>& x, const Eigen::Ref<const Eigen::MatrixXd>& y) const {
    if (x.rows() != y.rows()) {
      throw precondition_error("factors and markets need the same days; x has " + std::to_string(x.rows()) +
                               " rows, y has " + std::to_string(y.rows()));
    }
    if (!(penalty >= 0.0) || std::isinf(penalty)) {
      throw precondition_error("a penalty must be finite and not negative; this one is " + std::to_string(penalty));
    }
  }

  template <class Id, ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] batch_fit<Id> fit(const Eigen::Ref<const Eigen::MatrixXd>& x, std::span<const std::string> factors,
                                  const Eigen::Ref<const Eigen::MatrixXd>& y, std::span<const Id> markets,
                                  const Policy& policy = {}) const {
    const std::ptrdiff_t k = x.cols(), n = y.cols();
    check(x, y);
    if (static_cast<std::ptrdiff_t>(factors.size()) != k || static_cast<std::ptrdiff_t>(markets.size()) != n) {
      throw precondition_error("every column needs its label; x has " + std::to_string(k) + " columns and " +
                               std::to_string(factors.size()) + " names, y has " + std::to_string(n) + " columns and " +
                               std::to_string(markets.size()) + " ids");
    }
    batch_fit<Id> out;
    out.markets.assign(markets.begin(), markets.end());
    out.factors.assign(factors.begin(), factors.end());
    out.beta.setConstant(k, n, missing);
    out.t.setConstant(k, n, missing);
    for (Eigen::VectorXd* const v :
         {&out.intercept, &out.intercept_t, &out.r_squared, &out.degrees, &out.residual_sd}) {
      v->setConstant(n, missing);
    }
    const auto size = static_cast<std::size_t>(n);
    out.states.assign(size, status::too_few_observations);
    out.routes.assign(size, route::none);
    const detail::shared_factors shared = detail::prepare(x, factors);
    const detail::batch_order order = detail::arrange(shared, y, least(k), policy);
    out.counts.reserve(size);
    for (const detail::market_window& w : order.windows) out.counts.push_back(static_cast<std::size_t>(w.count));
    const detail::batch_target to{out.beta.data(),        out.t.data(),         out.intercept.data(),
                                  out.intercept_t.data(), out.r_squared.data(), out.degrees.data(),
                                  out.residual_sd.data(), out.states.data(),    out.routes.data()};
    const detail::batch_options options{penalty, scaled, most_inflation};
    constexpr std::size_t lanes = numeric::lane_count, groups_a_task = 8;
    const std::size_t groups = (order.slots.size() + lanes - 1) / lanes;
    policy.for_each_index((groups + groups_a_task - 1) / groups_a_task, [&](std::size_t task) {
      detail::lane_group group(shared, options);
      for (std::size_t g = task * groups_a_task; g < std::min(groups, (task + 1) * groups_a_task); ++g) {
        group.fit(order, g * lanes, x, y, to);
      }
    });
    return out;
  }
};

}  // namespace basket::regress
