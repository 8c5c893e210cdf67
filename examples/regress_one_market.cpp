// Regress one market on factors and read the summary beside what noise gives.
#include <fmt/format.h>

#include <Eigen/Core>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "basket/core/missing.hpp"
#include "basket/core/random.hpp"
#include "basket/numeric/streaming_gram.hpp"
#include "basket/regress/ridge_path.hpp"
#include "basket/regress/rolling_origin.hpp"
#include "basket/regress/shift_null.hpp"
#include "basket/report/regression.hpp"

namespace {

double normal(basket::random_stream& stream) {
  return std::sqrt(-2.0 * std::log(1.0 - stream.uniform())) * std::cos(2.0 * std::numbers::pi * stream.uniform());
}

}  // namespace

int main() {
  namespace regress = basket::regress;

  // Daily changes of a market's price that lean on the first of five factors, 180 days, two of them not observed.
  const std::vector<std::string> names = {"equities", "rates", "dollar", "oil", "bitcoin"};
  basket::random_stream stream(42);
  Eigen::MatrixXd x(180, 5);
  for (double& v : x.reshaped()) v = 0.01 * normal(stream);
  Eigen::VectorXd y = 0.6 * x.col(0);
  for (double& v : y) v += 0.018 * normal(stream);
  y[31] = y[90] = basket::missing;

  // [one_market]
  const auto model = regress::least_squares{}.fit(x, y, names);
  const auto table = regress::infer(model, x, regress::newey_west{.lags = 5});
  const auto null = regress::shift_null{.shifts = 999, .seed = 1}.test({.penalty = 0.0}, x, y);
  fmt::print("{}", basket::report::regression_text(model, x, table, null));
  // [/one_market]

  // [out_of_sample]
  const auto walk = regress::rolling_origin{.first = 60, .step = 20}.score(regress::least_squares{}, x, y);
  fmt::print("R2 of days not seen: {:+.4f} over {} days\n", walk.r_squared, walk.rows.size());
  // [/out_of_sample]

  // [penalty]
  const regress::ridge_path path{.penalties = {0.1, 1, 10, 100, 1000}, .scaled = regress::scaling::sample_sd};
  const auto choice = path.choose(x, y, regress::rolling_folds{.first = 60, .count = 6});
  const regress::ridge ridge{.penalty = choice.best, .scaled = regress::scaling::sample_sd};
  const auto pulled = regress::rolling_origin{}.score(ridge, x, y);
  fmt::print("ridge, penalty {}: {:+.4f} (the penalty was chosen on the same days)\n", choice.best, pulled.r_squared);
  // [/penalty]

  // [batch]
  const std::vector<std::string> markets = {"this market", "a third of it"};
  Eigen::MatrixXd both(180, 2);
  both << y, y;
  both.col(1).head(120).setConstant(basket::missing);
  const auto fits = regress::batch_ridge{.penalty = 1.0, .scaled = regress::scaling::sample_sd}.fit<std::string>(
      x, names, both, markets);
  for (Eigen::Index m = 0; m < 2; ++m) {
    fmt::print("{}: {} days, beta to {} {:.3f}, t {:.2f}, R2 {:.3f}\n", fits.markets[static_cast<std::size_t>(m)],
               fits.counts[static_cast<std::size_t>(m)], fits.factors[0], fits.beta(0, m), fits.t(0, m),
               fits.r_squared[m]);
  }
  // [/batch]

  // [batch_null]
  const auto noise =
      regress::shift_null{.shifts = 199, .seed = 1}.test<std::string>({.penalty = 1.0}, x, both, markets);
  for (std::size_t m = 0; m < 2; ++m) {
    const auto i = static_cast<Eigen::Index>(m);
    fmt::print("{}: R2 {:.3f}, of {} shifts {:.3f} on average, p = {:.3f}\n", noise.markets[m], noise.r_squared[i],
               noise.shifts[m], noise.mean[i], noise.p_value[i]);
  }
  // [/batch_null]

  // [moving_window]
  basket::numeric::streaming_gram window(5);
  std::vector<Eigen::Index> inside;
  for (Eigen::Index t = 0; t < y.size(); ++t) {
    if (basket::is_missing(y[t])) continue;  // a day that is missing is not pushed
    window.push(x.row(t).transpose(), y[t]);
    inside.push_back(t);
    if (inside.size() <= 60) continue;
    window.drop(x.row(inside.front()).transpose(), y[inside.front()]);
    inside.erase(inside.begin());
  }
  const auto moments = window.centred();
  fmt::print("the last {} days: slope on {} alone {:.3f}\n", moments.count, names[0],
             moments.cross[0] / moments.gram(0, 0));
  // [/moving_window]
  return model.state == basket::status::ok && fits.count(basket::status::ok) == 2 ? 0 : 1;
}
