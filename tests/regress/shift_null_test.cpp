// The shift null against refits of shifted series, its p-values on noise, and power on planted R2.
#include "basket/regress/shift_null.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <numbers>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "basket/core/id.hpp"
#include "basket/core/random.hpp"
#include "basket/regress/rolling_origin.hpp"
#include "basket/regress/standard_errors.hpp"
#include "basket/stats/kolmogorov_smirnov.hpp"

namespace basket_test::regress_shift_null {
using namespace basket;
using namespace basket::regress;
using Eigen::MatrixXd;
using Eigen::VectorXd;

inline double normal(random_stream& s) {
  return std::sqrt(-2.0 * std::log(1.0 - s.uniform())) * std::cos(2.0 * std::numbers::pi * s.uniform());
}
inline MatrixXd normals(std::ptrdiff_t rows, std::ptrdiff_t columns, std::uint64_t seed) {
  random_stream s(seed);
  MatrixXd m(rows, columns);
  for (double& v : m.reshaped()) v = normal(s);
  return m;
}
struct backwards {  // another thread, and the last index first
  template <class Body>
  void for_each_index(std::size_t count, const Body& body) const {
    std::thread([&] {
      for (std::size_t i = count; i-- > 0;) body(i);
    }).join();
  }
  static constexpr std::size_t concurrency() noexcept { return 2; }
};
inline std::vector<int> ids(std::ptrdiff_t n) { return std::vector<int>(static_cast<std::size_t>(n), 5); }

// The naive twin: the shifted series is written out and fitted again.
inline shift_null_result refit(const batch_ridge& model, const MatrixXd& x, const VectorXd& y,
                               const std::vector<std::ptrdiff_t>& shifts) {
  std::vector<std::ptrdiff_t> rows;
  for (std::ptrdiff_t i = 0; i < y.size(); ++i) {
    if (!is_missing(y[i])) rows.push_back(i);
  }
  const MatrixXd d = x(rows, Eigen::all);
  const VectorXd v = y(rows);
  const auto fit = [&](std::ptrdiff_t s) {
    VectorXd moved(v.size());
    for (std::ptrdiff_t i = 0; i < v.size(); ++i) moved[i] = v[(i + s) % v.size()];
    return model.penalty > 0.0 ? ridge{model.penalty, model.scaled}.fit(d, moved).r_squared
                               : least_squares{}.fit(d, moved).r_squared;
  };
  shift_null_result out;
  out.r_squared = fit(0);
  double sum = 0.0, above = 1.0;
  for (const std::ptrdiff_t s : shifts) {
    const double r = fit(s);
    sum += r;
    above += r >= out.r_squared ? 1.0 : 0.0;
  }
  out.mean = sum / static_cast<double>(shifts.size());
  out.p_value = above / (1.0 + static_cast<double>(shifts.size()));
  return out;
}

TEST_CASE("shift null: equal to refits of the shifted series") {
  MatrixXd x = normals(120, 6, 1);
  x.col(5) += x.col(4);
  MatrixXd y = normals(120, 12, 2) + 0.2 * x.col(0).replicate(1, 12);
  for (std::ptrdiff_t m = 0; m < 12; ++m) {
    y.col(m).head(3 * m).setConstant(missing);
    if (m % 4 == 2) y(60 + m, m) = y(90, m) = missing;
  }
  y.col(3) *= 1e180;                                               // goes by QR
  y.col(7).tail(117 - 21) = (2.0 * x.col(1) - x.col(2)).tail(96);  // a perfect fit, by QR as well
  for (const batch_ridge model : {batch_ridge{.penalty = 0.0}, batch_ridge{.penalty = 3.0},
                                  batch_ridge{.penalty = 2.0, .scaled = scaling::population_sd}}) {
    const auto all = shift_null{.shifts = 29, .seed = 5}.test<int>(model, x, y, ids(12));
    for (std::ptrdiff_t m = 0; m < 12; ++m) {
      CAPTURE(m);
      const auto n = (y.col(m).array() == y.col(m).array()).count();
      const auto shifts = regress::detail::draw_shifts(29, n, random_stream(5, static_cast<std::uint64_t>(m)));
      const shift_null_result twin = refit(model, x, y.col(m), shifts);
      CHECK(all.r_squared[m] == doctest::Approx(twin.r_squared).epsilon(1e-10));
      CHECK(all.mean[m] == doctest::Approx(twin.mean).epsilon(1e-10));
      CHECK(all.p_value[m] == doctest::Approx(twin.p_value).epsilon(1e-12));
      CHECK(all.shifts[static_cast<std::size_t>(m)] == 29);
    }
    const auto again = shift_null{.shifts = 29, .seed = 5}.test<int>(model, x, y, ids(12), backwards{});
    CHECK((again.p_value.array() == all.p_value.array()).all());
    CHECK((again.mean.array() == all.mean.array()).all());
  }
}

TEST_CASE("shift null: drawn shifts differ from each other, from 0, and are equally likely") {
  std::vector<int> hits(20, 0);
  for (std::uint64_t seed = 0; seed < 4000; ++seed) {
    const auto s = regress::detail::draw_shifts(5, 20, random_stream(seed));
    REQUIRE(std::set<std::ptrdiff_t>(s.begin(), s.end()).size() == 5);
    for (const std::ptrdiff_t v : s) ++hits[static_cast<std::size_t>(v)];
  }
  CHECK(hits[0] == 0);
  // Each of 19 is drawn with probability 5 / 19: 1052.6 +- 27.9; five deviations.
  for (std::size_t v = 1; v < 20; ++v) CHECK(std::abs(hits[v] - 1052.6) < 140.0);
  CHECK(regress::detail::draw_shifts(99, 10, random_stream(1)).size() == 9);
  CHECK(regress::detail::draw_shifts(99, 1, random_stream(1)).empty());
}

TEST_CASE("shift null: hostile input") {
  const MatrixXd x = normals(40, 2, 3);
  MatrixXd y = normals(40, 3, 4);
  y.col(0).setConstant(0.25);
  y.col(1).setConstant(missing);
  const auto n = shift_null{}.test<int>({.penalty = 1.0}, x, y, ids(3));
  CHECK(n.states[0] == status::constant_input);
  CHECK(n.states[1] == status::too_few_observations);
  CHECK(n.states[2] == status::ok);
  CHECK(n.shifts[2] == 39);  // all there are
  CHECK(is_missing(n.p_value[0]));
  CHECK_THROWS_WITH_AS((void)shift_null{.shifts = 0}.test({}, x, VectorXd(y.col(2))), doctest::Contains("one shift"),
                       precondition_error);
  CHECK_THROWS_AS((void)shift_null{}.test<int>({}, x, y, ids(2)), precondition_error);
  CHECK_THROWS_AS((void)shift_null{}.test({.penalty = -2.0}, x, VectorXd(y.col(2))), precondition_error);
}

TEST_SUITE("slow regress") {
  TEST_CASE("noise in: 2,000 p-values are uniform and R2 equals its null") {
    // Nine factors with memory, 100 to 250 days, ragged; the series without and with memory of their own.
    for (const double memory : {0.0, 0.5}) {
      random_stream s(77);
      MatrixXd x = normals(1000, 9, 78), y = MatrixXd::Constant(1000, 2000, missing);
      for (std::ptrdiff_t t = 1; t < 1000; ++t) x.row(t) += 0.5 * x.row(t - 1);
      for (std::ptrdiff_t m = 0; m < 2000; ++m) {
        const std::ptrdiff_t n = 100 + s.below(151), first = s.below(static_cast<std::uint32_t>(1001 - n));
        double last = normal(s) / std::sqrt(1.0 - memory * memory);
        for (std::ptrdiff_t t = first; t < first + n; ++t) y(t, m) = last = memory * last + normal(s);
      }
      for (const double penalty : {0.0, 10.0}) {
        const batch_ridge model{.penalty = penalty, .scaled = scaling::sample_sd};
        const auto null = shift_null{.shifts = 99, .seed = 9}.test<int>(model, x, y, ids(2000));
        const std::vector<double> p(null.p_value.begin(), null.p_value.end());
        REQUIRE(std::count(null.shifts.begin(), null.shifts.end(), 99) == 2000);
        const auto ks = stats::against_uniform(p, 100);
        const double r2 = null.r_squared.mean(), chance = null.mean.mean();
        const auto small = std::count_if(p.begin(), p.end(), [](double v) { return v <= 0.05; });
        fmt::print(
            "noise, memory {}, penalty {:2}: KS of 2,000 p-values {:.4f} (p {:.3f}), share at 0.05 {:.4f}, mean R2 "
            "{:.4f}, "
            "null {:.4f}\n",
            memory, penalty, ks.distance, ks.p_value, static_cast<double>(small) / 2000.0, r2, chance);
        CHECK(ks.p_value > 0.01);
        CHECK(std::abs(r2 - chance) < 0.004);  // four standard errors of a mean of 2,000
        CHECK(chance > 0.05);
      }
    }
  }

  TEST_CASE("truth in: planted R2 of 0.10: slope, coverage, power") {
    fmt::print(
        "planted R2 0.10, one factor of five | slope | 95 % covers: classical HC1 HC3 | power of t | of shift null | "
        "R2 out of sample\n");
    for (const std::ptrdiff_t n : {60, 120, 250}) {
      const int trials = 2000;
      const MatrixXd noise = normals(n, trials, 90 + static_cast<std::uint64_t>(n));
      const double slope = std::sqrt(0.1 / 0.9);
      double sum = 0, covered[3] = {0, 0, 0}, found = 0, above = 0, outside = 0;
      for (int trial = 0; trial < trials; ++trial) {
        const MatrixXd x = normals(n, 5, 1000 + static_cast<std::uint64_t>(trial));
        const VectorXd y = slope * x.col(0) + noise.col(trial);
        const linear_model m = least_squares{}.fit(x, y);
        const auto a = infer(m, x), b = infer(m, x, hc1{}), c = infer(m, x, hc3{});
        sum += m.coefficients[0];
        const coefficient_table* const tables[] = {&a, &b, &c};
        for (int i = 0; i < 3; ++i) {
          covered[i] += tables[i]->lower[1] <= slope && slope <= tables[i]->upper[1] ? 1.0 : 0.0;
        }
        found += a.p_value[1] < 0.05 ? 1.0 : 0.0;
        above +=
            shift_null{.shifts = 99, .seed = static_cast<std::uint64_t>(trial)}.test({.penalty = 0.0}, x, y).p_value <=
            0.05;
        if (trial < 200)
          outside += rolling_origin{.first = 40, .step = 20}.score(least_squares{}, x, y).r_squared / 200;
      }
      fmt::print("n = {:3}   {:.4f} of {:.4f}   {:.3f} {:.3f} {:.3f}   {:.3f}   {:.3f}   {:+.3f}\n", n, sum / trials,
                 slope, covered[0] / trials, covered[1] / trials, covered[2] / trials, found / trials, above / trials,
                 outside);
      const double error = std::sqrt(0.95 * 0.05 / trials);
      CHECK(std::abs(sum / trials - slope) < 4.0 / std::sqrt(static_cast<double>(n) * trials) * 1.1);
      CHECK(std::abs(covered[0] / trials - 0.95) < 4 * error);
      CHECK(std::abs(covered[2] / trials - 0.95) < 0.02);
      // The block of five has more to beat than one t, and less power.
      CHECK(found >= above);
      if (n == 250) CHECK(above / trials > 0.9);
    }
  }

  TEST_CASE("event-clustered errors cover where classical ones do not") {
    // Events of 2 to 20 markets; factor and error both have a part that the markets of an event share.
    for (const std::size_t events_of_trial : {std::size_t{20}, std::size_t{40}, std::size_t{160}}) {
      random_stream s(5);
      const int trials = 2000;
      double covers[4] = {0, 0, 0, 0};
      for (int trial = 0; trial < trials; ++trial) {
        std::vector<event_id> events;
        std::vector<double> xs, ys;
        for (std::size_t e = 0; e < events_of_trial; ++e) {
          const double shared_x = normal(s), shared_error = normal(s);
          const std::uint32_t size = 2 + s.below(19);
          for (std::uint32_t i = 0; i < size; ++i) {
            events.push_back(event_id(e));
            xs.push_back(shared_x + 0.7 * normal(s));
            ys.push_back(0.5 * xs.back() + shared_error + 0.7 * normal(s));
          }
        }
        const MatrixXd x = Eigen::Map<const VectorXd>(xs.data(), static_cast<std::ptrdiff_t>(xs.size()));
        const VectorXd y = Eigen::Map<const VectorXd>(ys.data(), static_cast<std::ptrdiff_t>(ys.size()));
        const linear_model m = least_squares{}.fit(x, y);
        const auto count = [&](const coefficient_table& t) {
          return t.lower[1] <= 0.5 && 0.5 <= t.upper[1] ? 1.0 / trials : 0.0;
        };
        covers[0] += count(infer(m, x));
        covers[1] += count(infer(m, x, hc3{}));
        covers[2] += count(infer(m, x, clustered<event_id>{.labels = events}));
        covers[3] += count(infer(m, x, clustered_left_out<event_id>{.labels = events}));
      }
      fmt::print("{:3} events, 95 % intervals cover: classical {:.3f}, HC3 {:.3f}, clustered {:.3f}, left out {:.3f}\n",
                 events_of_trial, covers[0], covers[1], covers[2], covers[3]);
      CHECK(covers[0] < 0.75);
      CHECK(covers[1] < 0.75);
      CHECK(std::abs(covers[3] - 0.95) < 0.02);
      if (events_of_trial == 160) CHECK(std::abs(covers[2] - 0.95) < 0.02);
    }
  }
}

}  // namespace basket_test::regress_shift_null
