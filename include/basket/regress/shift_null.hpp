// What R2 noise gives: the series shifted in a circle against factors that stay.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/core/execution.hpp"
#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/core/status.hpp"
#include "basket/regress/batch_ridge.hpp"

namespace basket::regress {

/// R2 of one series beside R2 of its shifted copies.
struct shift_null_result {
  double r_squared = missing;
  double mean = missing;     ///< R2 over the shifts: what noise of this series' own shape gives
  double p_value = missing;  ///< (1 + shifts with at least this R2) / (1 + shifts)
  std::size_t shifts = 0;
  status state = status::too_few_observations;
};

/// The same for N markets.
template <class Id>
struct batch_shift_null {
  std::vector<Id> markets = {};
  Eigen::VectorXd r_squared = {}, mean = {}, p_value = {};  ///< N
  std::vector<std::size_t> shifts = {};                     ///< N, used
  std::vector<status> states = {};                          ///< N
};

namespace detail {

/// `wanted` different shifts of 1 .. n - 1, or all of them, in rising order.
inline std::vector<std::ptrdiff_t> draw_shifts(std::size_t wanted, std::ptrdiff_t n, random_stream stream) {
  std::vector<std::ptrdiff_t> out;
  const auto all = static_cast<std::size_t>(std::max<std::ptrdiff_t>(n - 1, 0));
  if (all <= wanted) {
    for (std::ptrdiff_t s = 1; s < n; ++s) out.push_back(s);
    return out;
  }
  // Floyd's sampling: each subset of this size is as likely as any other.
  std::vector<char> taken(all + 1, 0);
  for (std::size_t top = all - wanted + 1; top <= all; ++top) {
    const std::size_t draw = 1 + stream.below(static_cast<std::uint32_t>(top));
    taken[taken[draw] == 0 ? draw : top] = 1;
  }
  for (std::size_t s = 1; s <= all; ++s) {
    if (taken[s] != 0) out.push_back(static_cast<std::ptrdiff_t>(s));
  }
  return out;
}

/// Ranks the first of some R2 among all; ties count against it.
inline shift_null_result rank_first(std::span<const double> r_squared) {
  shift_null_result out;
  out.state = status::ok;
  out.r_squared = r_squared[0];
  out.shifts = r_squared.size() - 1;
  double sum = 0.0;
  std::size_t above = 1;
  for (const double value : r_squared.subspan(1)) {
    sum += value;
    if (value >= out.r_squared * (1.0 - 1e-12)) ++above;
  }
  if (out.shifts > 0) out.mean = sum / static_cast<double>(out.shifts);
  out.p_value = static_cast<double>(above) / static_cast<double>(r_squared.size());
  return out;
}

/// The shifts of one market against a factorisation that they share: only X'y changes.
class shift_solver {
 public:
  explicit shift_solver(const shared_factors& x) : x_(x) {}

  shift_null_result by_gram(const market_window& w, const double* y, const lane_group::factored_window& f,
                            std::span<const std::ptrdiff_t> shifts) {
    using namespace numeric;
    const std::ptrdiff_t n = w.count, k = x_.factors, width = x_.gram.layout().order, inner = padded(k);
    const auto columns = static_cast<std::ptrdiff_t>(shifts.size()) + 1;
    series_.resize(2 * n);  // written twice, so that a shift is a pointer
    std::ptrdiff_t at = 0;
    const double* rows = x_.gram.z().data() + w.first * width;
    if (!w.contiguous()) gathered_.resize(n, width);
    for_each_run(x_, w, y, [&](std::ptrdiff_t first, std::ptrdiff_t last) {
      if (!w.contiguous()) gathered_.middleRows(at, last - first) = x_.gram.z().middleRows(first, last - first);
      for (std::ptrdiff_t row = first; row < last; ++row, ++at) series_[at] = value_at(x_, y, row) - w.mean;
    });
    if (!w.contiguous()) rows = gathered_.data();
    series_.tail(n) = series_.head(n);
    std::vector<const double*> from(static_cast<std::size_t>(columns), series_.data());
    for (std::size_t s = 0; s < shifts.size(); ++s) from[s + 1] += shifts[s];
    product_.setZero(width, columns);
    add_product(rows, width, width, n, from.data(), columns, 1, product_.data(), width);
    // The sum and the sum of squares are those of any shift.
    const double total_sum = series_.head(n).sum(), count = static_cast<double>(n);
    const double total = series_.head(n).squaredNorm() - total_sum * total_sum / count;
    right_.resize(k, columns);
    for (std::ptrdiff_t c = 0; c < columns; ++c) {
      right_.col(c) = (product_.col(c).segment(1, k) - f.sum * (product_(0, c) / count)).cwiseProduct(f.root);
      from[static_cast<std::size_t>(c)] = right_.data() + c * k;
    }
    // z = M c, and where there is a penalty b = M'z: explained = z'z + sum lambda b^2.
    half_.setZero(inner, columns);
    add_product(f.inverse_root.data(), inner, inner, k, from.data(), columns, 1, half_.data(), inner);
    r_squared_.resize(static_cast<std::size_t>(columns));
    const bool penalised = (f.lambda.array() > 0.0).any();
    if (penalised) {
      transposed_.setZero(inner, inner);
      transposed_.topLeftCorner(k, k) = f.inverse_root.topRows(k).transpose();
      for (std::ptrdiff_t c = 0; c < columns; ++c) from[static_cast<std::size_t>(c)] = half_.data() + c * inner;
      beta_.setZero(inner, columns);
      add_product(transposed_.data(), inner, inner, k, from.data(), columns, 1, beta_.data(), inner);
    }
    for (std::ptrdiff_t c = 0; c < columns; ++c) {
      double explained = half_.col(c).squaredNorm();
      if (penalised) explained += beta_.col(c).head(k).cwiseAbs2().dot(f.lambda);
      r_squared_[static_cast<std::size_t>(c)] = explained / total;
    }
    return rank_first(r_squared_);
  }

  /// The same from QR, for markets that a Gram does not carry.
  shift_null_result by_qr(const Eigen::Ref<const Eigen::MatrixXd>& raw, const market_window& w, const double* y,
                          const batch_options& options, std::span<const std::ptrdiff_t> shifts) {
    const centred_rows_of_market rows = careful_rows(x_, raw, w, y, options);
    if (rows.total == 0.0) return {.state = status::constant_input};
    if (rows.deficient) return {.state = status::rank_deficient};
    const auto fit = numeric::least_squares<double>(rows.design, rows.target, rows.penalty);
    if (fit.state != status::ok) return {.state = fit.state};
    r_squared_.clear();
    const std::ptrdiff_t n = w.count;
    Eigen::VectorXd shifted = rows.target;
    for (std::size_t s = 0; s <= shifts.size(); ++s) {
      const std::ptrdiff_t by = s == 0 ? 0 : shifts[s - 1];
      shifted.head(n - by) = rows.target.tail(n - by);
      shifted.tail(by) = rows.target.head(by);
      const Eigen::VectorXd z = fit.root.transpose() * (rows.design.transpose() * shifted), b = fit.root * z;
      r_squared_.push_back((z.squaredNorm() + b.cwiseAbs2().dot(rows.penalty)) / rows.total);
    }
    return rank_first(r_squared_);
  }

 private:
  const shared_factors& x_;
  Eigen::VectorXd series_;
  numeric::windowed_gram::row_major gathered_;
  Eigen::MatrixXd product_, right_, half_, transposed_, beta_;
  std::vector<double> r_squared_;
};

}  // namespace detail

/// The circular-shift null of a block of factors: each market's observed values are moved by some days in a circle
/// against factors that stay in place. That keeps the series' own memory and the factors' own correlations and breaks
/// what ties them; a regression of each shifted copy says what R2 such a series gives by chance. As rows stay, so do
/// the Gram matrix and its factorisation, and sums of y: a shift costs X'y and two small triangles.
///
/// Missing: as batch_ridge; a gap keeps its place and values move over it.
/// Fails:   as batch_ridge; precondition_error without a shift. A market with fewer than `shifts` + 1 days uses all of
///          its shifts, and its p-value is at least 1 / days.
/// Cost:    n k + 2 k^2 a shift, products at the speed of the core.
/// Bias:    exact for series that are stationary around the circle; a trend makes the ends of the circle jump.
/// Source:  Theiler et al. (1992); Phipson and Smyth (2010) for the p-value that is never 0.
struct shift_null {
  std::size_t shifts = 99;
  std::uint64_t seed = 1;

  /// `model` says how each market is regressed. The shifts of market number m are drawn from stream m of the seed.
  template <class Id, ExecutionPolicy Policy = execution_policy::sequential>
  [[nodiscard]] batch_shift_null<Id> test(const batch_ridge& model, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                          const Eigen::Ref<const Eigen::MatrixXd>& y, std::span<const Id> markets,
                                          const Policy& policy = {}) const {
    if (shifts == 0) throw precondition_error("a shift null needs one shift at least");
    model.check(x, y);
    if (static_cast<std::ptrdiff_t>(markets.size()) != y.cols()) {
      throw precondition_error("every market needs its id; y has " + std::to_string(y.cols()) + " columns, there are " +
                               std::to_string(markets.size()) + " ids");
    }
    batch_shift_null<Id> out;
    out.markets.assign(markets.begin(), markets.end());
    for (Eigen::VectorXd* const v : {&out.r_squared, &out.mean, &out.p_value}) v->setConstant(y.cols(), missing);
    out.shifts.assign(markets.size(), 0);
    out.states.assign(markets.size(), status::too_few_observations);
    const detail::shared_factors shared = detail::prepare(x, {});
    const detail::batch_order order = detail::arrange(shared, y, model.least(x.cols()), policy);
    const detail::batch_options options{model.penalty, model.scaled, model.most_inflation};
    constexpr std::size_t lanes = detail::lane_group::lanes;
    policy.for_each_index((order.slots.size() + lanes - 1) / lanes, [&](std::size_t g) {
      detail::lane_group group(shared, options);
      detail::shift_solver solver(shared);
      detail::lane_group::factored_window window;
      const auto slots = detail::lane_group::slots_from(order, g * lanes);
      group.factor_slots(order, slots, y);
      for (std::size_t l = 0; l < lanes; ++l) {
        if (slots[l].count > 0) group.take(l, window);
        for (std::size_t i = slots[l].begin; i < slots[l].begin + slots[l].count; ++i) {
          const std::size_t m = order.order[i];
          const detail::market_window& w = order.windows[m];
          const double* const column = y.data() + static_cast<std::ptrdiff_t>(m) * y.outerStride();
          const auto drawn = detail::draw_shifts(shifts, w.count, random_stream(seed, m));
          shift_null_result one;
          if (window.inflation <= model.most_inflation) one = solver.by_gram(w, column, window, drawn);
          // R2 outside of its range: squares that left the range of a double, or a series that hardly varies.
          if (!(one.r_squared >= 0.0 && one.r_squared <= 1.0 - 1e-6)) {
            one = solver.by_qr(x, w, column, options, drawn);
          }
          const auto at = static_cast<std::ptrdiff_t>(m);
          out.r_squared[at] = one.r_squared;
          out.mean[at] = one.mean;
          out.p_value[at] = one.p_value;
          out.shifts[m] = one.shifts;
          out.states[m] = one.state;
        }
      }
    });
    return out;
  }

  /// The same for one series.
  [[nodiscard]] shift_null_result test(const batch_ridge& model, const Eigen::Ref<const Eigen::MatrixXd>& x,
                                       const Eigen::Ref<const Eigen::VectorXd>& y) const {
    const std::size_t only[] = {0};
    const auto all = test<std::size_t>(model, x, y, std::span<const std::size_t>(only));
    return {all.r_squared[0], all.mean[0], all.p_value[0], all.shifts[0], all.states[0]};
  }
};

}  // namespace basket::regress
