// Performance figures: closed forms, naive twins, edge cases, and the seed's published table.
#include "basket/backtest/metrics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <concepts>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "basket/core/random.hpp"
#include "support/data_dir.hpp"

namespace basket_test::backtest_metrics {

using namespace basket;
using backtest::nav_series;

using daily = backtest::metrics<calendar::every_day>;
using trading = backtest::metrics<calendar::nyse>;

template <class Metrics, class Series>
concept Measures = requires(const Metrics& m, Series s) { m.measure(s); };

// A series of one calendar is refused by the metrics of another, and a bare span by all of them.
static_assert(Measures<daily, nav_series<calendar::every_day>>);
static_assert(!Measures<trading, nav_series<calendar::every_day>>);
static_assert(!Measures<daily, nav_series<calendar::nyse>>);
static_assert(!Measures<daily, std::span<const double>>);
static_assert(!Measures<backtest::seed_convention, nav_series<calendar::nyse>>);
static_assert(!std::convertible_to<backtest::performance<calendar::nyse>, backtest::performance<calendar::every_day>>);

backtest::performance<calendar::every_day> measure(const std::vector<double>& nav, double risk_free = 0.0) {
  return daily{.risk_free_per_year = risk_free}.measure({.values = nav});
}

std::string refusal(const std::vector<double>& nav) {
  try {
    (void)measure(nav);
  } catch (const precondition_error& e) {
    return e.what();
  }
  return "";
}

std::vector<double> random_nav(std::uint64_t seed, std::size_t n) {
  random_stream draw(seed);
  std::vector<double> nav{1000.0};
  for (std::size_t i = 0; i < n; ++i) nav.push_back(nav.back() * (1.0 + 0.04 * (draw.uniform() - 0.495)));
  return nav;
}

TEST_CASE("a worked example on paper") {
  // Returns +10 %, -10 %, +10 %, -10 %: mean 0, squares 0.04, sample variance 0.04 / 3.
  const auto p = measure({100.0, 110.0, 99.0, 108.9, 98.01});
  CHECK(p.periods == 4);
  CHECK(p.total_return == doctest::Approx(-0.0199).epsilon(1e-12));
  CHECK(p.annual_return == doctest::Approx(std::pow(0.9801, 365.0 / 4.0) - 1.0).epsilon(1e-12));
  CHECK(std::abs(p.arithmetic_annual_return) < 1e-12);
  CHECK(p.annual_volatility == doctest::Approx(std::sqrt(0.04 / 3.0 * 365.0)).epsilon(1e-12));
  CHECK(std::abs(p.sharpe) < 1e-12);
  CHECK(p.sharpe_error == doctest::Approx(std::sqrt(365.0 / 4.0)).epsilon(1e-12));
  CHECK(p.annual_downside_deviation == doctest::Approx(std::sqrt(0.02 / 4.0 * 365.0)).epsilon(1e-12));
  CHECK(p.positive_share == 0.5);
  CHECK(p.falls.deepest == doctest::Approx(98.01 / 110.0 - 1.0).epsilon(1e-12));
  CHECK(p.falls.deepest_peak == 1);
  CHECK(p.falls.deepest_trough == 4);
  CHECK(p.falls.longest == 3);
  CHECK(p.falls.longest_from == 1);
  CHECK(p.falls.longest_to == 4);
  CHECK(p.falls.longest_is_open);
  CHECK(p.calmar == doctest::Approx(p.annual_return / (1.0 - 98.01 / 110.0)).epsilon(1e-12));
}

TEST_CASE("the calendar decides the annual figures, and nothing else") {
  const auto nav = random_nav(3, 500);
  const auto every = measure(nav);
  const auto open = trading{}.measure({.values = nav});
  CHECK(every.total_return == open.total_return);
  CHECK(every.falls.deepest == open.falls.deepest);
  CHECK(every.annual_volatility / open.annual_volatility == doctest::Approx(std::sqrt(365.0 / 252.0)).epsilon(1e-13));
  CHECK(every.sharpe / open.sharpe == doctest::Approx(std::sqrt(365.0 / 252.0)).epsilon(1e-13));
  CHECK(std::log1p(every.annual_return) / std::log1p(open.annual_return) ==
        doctest::Approx(365.0 / 252.0).epsilon(1e-12));
}

TEST_CASE("a year of constant growth returns what it says") {
  std::vector<double> nav{100.0};
  for (int i = 0; i < 365; ++i) nav.push_back(100.0 * std::pow(1.12, (i + 1) / 365.0));
  const auto p = measure(nav);
  CHECK(p.total_return == doctest::Approx(0.12).epsilon(1e-12));
  CHECK(p.annual_return == doctest::Approx(0.12).epsilon(1e-12));
  CHECK(p.annual_volatility == 0.0);
  CHECK(is_missing(p.sharpe));  // the rounding of ratios is not a variation to divide by
  CHECK(is_missing(p.sortino));
  CHECK(is_missing(p.calmar));
  CHECK(p.falls.longest == 0);
  CHECK(p.positive_share == 1.0);
}

TEST_CASE("undefined figures are missing, never infinite") {
  SUBCASE("constant") {
    const auto p = measure({5.0, 5.0, 5.0, 5.0});
    CHECK(p.total_return == 0.0);
    CHECK(p.annual_return == 0.0);
    CHECK(p.annual_volatility == 0.0);
    CHECK(is_missing(p.sharpe));
    CHECK(is_missing(p.sharpe_error));
    CHECK(is_missing(p.sharpe_error_any_shape));
    CHECK(is_missing(p.sortino));
    CHECK(is_missing(p.calmar));
    CHECK(p.falls.deepest == 0.0);
  }
  SUBCASE("two points") {
    const auto p = measure({100.0, 99.0});
    CHECK(p.periods == 1);
    CHECK(p.total_return == doctest::Approx(-0.01));
    CHECK(p.arithmetic_annual_return == doctest::Approx(-3.65));
    CHECK(is_missing(p.annual_volatility));
    CHECK(is_missing(p.sharpe));
    CHECK(p.falls.deepest == doctest::Approx(-0.01));  // the start is a peak
  }
  SUBCASE("all lost on the last day") {
    const auto p = measure({100.0, 50.0, 0.0});
    CHECK(p.total_return == -1.0);
    CHECK(p.annual_return == -1.0);
    CHECK(p.falls.deepest == -1.0);
    CHECK(p.calmar == -1.0);
    CHECK(p.arithmetic_annual_return == doctest::Approx(-0.75 * 365.0));
    CHECK(!is_missing(p.sharpe));
  }
  SUBCASE("all lost before the end: there is no return on nothing") {
    const auto p = measure({100.0, 0.0, 0.0});
    CHECK(p.total_return == -1.0);
    CHECK(p.falls.deepest == -1.0);
    CHECK(is_missing(p.arithmetic_annual_return));
    CHECK(is_missing(p.annual_volatility));
    CHECK(is_missing(p.sharpe));
    CHECK(is_missing(p.sortino));
    CHECK(is_missing(p.positive_share));
  }
  SUBCASE("a growth that no double holds once it is annualised") {
    const auto p = measure({1.0, 1e10});
    CHECK(is_missing(p.annual_return));
    CHECK(p.total_return == doctest::Approx(1e10 - 1.0));
  }
}

TEST_CASE("nonsense is refused with a sentence") {
  CHECK(refusal({}) == "a NAV series needs at least 2 points, its starting capital first; this one has 0");
  CHECK(refusal({1.0}) == "a NAV series needs at least 2 points, its starting capital first; this one has 1");
  CHECK(refusal({1.0, missing}) == "a NAV must be finite and not negative; number 1 is missing");
  CHECK(refusal({1.0, -2.0}) == "a NAV must be finite and not negative; number 1 is -2.000000");
  CHECK(refusal({1.0, std::numeric_limits<double>::infinity()}) ==
        "a NAV must be finite and not negative; number 1 is inf");
  CHECK(refusal({0.0, 1.0}) == "a NAV series cannot start from a capital of 0");
  const std::vector<double> good{1.0, 1.1};
  CHECK_THROWS_AS((void)daily{.risk_free_per_year = missing}.measure({.values = good}), precondition_error);
}

TEST_CASE("a naive twin in long double agrees") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto nav = random_nav(seed, 40 + 10 * seed);
    const double risk_free = 0.02 * static_cast<double>(seed % 4);
    const auto p = measure(nav, risk_free);
    const std::size_t n = nav.size() - 1;
    long double mean = 0, squares = 0, below = 0, deepest = 0;
    for (std::size_t i = 1; i <= n; ++i) mean += (static_cast<long double>(nav[i]) / nav[i - 1] - 1) / n;
    for (std::size_t i = 1; i <= n; ++i) {
      const long double r = static_cast<long double>(nav[i]) / nav[i - 1] - 1;
      squares += (r - mean) * (r - mean);
      const long double short_of = r - risk_free / 365.0L;
      if (short_of < 0) below += short_of * short_of;
    }
    std::size_t longest = 0;
    for (std::size_t peak = 0; peak <= n; ++peak) {  // every pair, as a drawdown is defined
      for (std::size_t i = peak + 1; i <= n; ++i) {
        deepest = std::min(deepest, static_cast<long double>(nav[i]) / nav[peak] - 1);
      }
      std::size_t end = peak + 1;
      while (end <= n && nav[end] < nav[peak]) ++end;
      const bool is_peak = std::all_of(nav.begin(), nav.begin() + static_cast<std::ptrdiff_t>(peak),
                                       [&](double x) { return x <= nav[peak]; });
      if (is_peak && end > peak + 1) longest = std::max(longest, std::min(end, n) - peak);
    }
    const long double deviation = std::sqrt(squares / (n - 1)), downside = std::sqrt(below / n);
    const long double excess = mean - risk_free / 365.0L, root = std::sqrt(365.0L);
    CHECK(p.arithmetic_annual_return == doctest::Approx(static_cast<double>(mean * 365)).epsilon(1e-10));
    CHECK(p.annual_volatility == doctest::Approx(static_cast<double>(deviation * root)).epsilon(1e-10));
    CHECK(p.sharpe == doctest::Approx(static_cast<double>(excess / deviation * root)).epsilon(1e-10));
    CHECK(p.sortino == doctest::Approx(static_cast<double>(excess / downside * root)).epsilon(1e-10));
    CHECK(p.falls.deepest == doctest::Approx(static_cast<double>(deepest)).epsilon(1e-12));
    CHECK(p.falls.longest == longest);
  }
}

TEST_CASE("longest drawdowns end where the peak is reached again") {
  const auto recovered = measure({10.0, 12.0, 11.0, 9.0, 12.0, 13.0, 12.5}).falls;
  CHECK(recovered.longest == 3);
  CHECK(recovered.longest_from == 1);
  CHECK(recovered.longest_to == 4);
  CHECK(!recovered.longest_is_open);
  const auto from_the_start = measure({10.0, 9.0, 8.0}).falls;
  CHECK(from_the_start.longest == 2);
  CHECK(from_the_start.longest_from == 0);
  CHECK(from_the_start.longest_is_open);
  CHECK(from_the_start.deepest == doctest::Approx(-0.2));
  const auto flat_peak = measure({10.0, 10.0, 9.0, 10.0}).falls;  // counted from the last day at the peak
  CHECK(flat_peak.longest == 2);
  CHECK(flat_peak.longest_from == 1);
}

TEST_CASE("the error of a Sharpe ratio is what repeated samples show") {
  // Normal returns with a large ratio per period, so that the term in s^2 counts: sd by formula 0.1732 at s = 1, n
  // = 50.
  random_stream draw(11);
  const auto normal = [&] {  // Box and Muller
    const double u = 1.0 - draw.uniform(), v = draw.uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * 3.14159265358979323846 * v);
  };
  double sum = 0.0, squares = 0.0, stated = 0.0, stated_any = 0.0;
  const int samples = 4000;
  for (int k = 0; k < samples; ++k) {
    std::vector<double> nav{1.0};
    for (int i = 0; i < 50; ++i) nav.push_back(nav.back() * (1.0 + 0.01 * (1.0 + normal())));
    const auto p = measure(nav);
    const double s = p.sharpe / std::sqrt(365.0);
    sum += s;
    squares += s * s;
    stated += p.sharpe_error / std::sqrt(365.0) / samples;
    stated_any += p.sharpe_error_any_shape / std::sqrt(365.0) / samples;
  }
  const double seen = std::sqrt(squares / samples - sum / samples * (sum / samples));
  CHECK(stated == doctest::Approx(std::sqrt(1.5 / 50.0)).epsilon(0.02));
  CHECK(stated_any == doctest::Approx(stated).epsilon(0.03));
  CHECK(seen == doctest::Approx(stated).epsilon(0.06));
}

TEST_CASE("the NAV of a run starts from its capital") {
  backtest::result run{.capital = money::dollars(100)};
  CHECK_THROWS_WITH_AS((void)backtest::nav_values(run), "a run without a single day has no NAV series",
                       precondition_error);
  run.nav = {{.day = utc_day(10), .nav = money::dollars(100)}, {.day = utc_day(11), .nav = money::cents(10150)}};
  CHECK(backtest::nav_values(run) == std::vector<double>{100.0, 101.5});
  run.nav[0].nav = money::cents(9990);  // costs on the first day already: the capital is the point before it
  CHECK(backtest::nav_values(run) == std::vector<double>{100.0, 99.9, 101.5});
  run.nav[1].day = utc_day(12);
  CHECK_THROWS_WITH_AS((void)backtest::nav_values(run),
                       "the NAV has no value for every day: 1970-01-13 follows 1970-01-11", precondition_error);
}

TEST_CASE("the seed's convention, on paper") {
  // Returns -50 %, +100 %, -10 %, -20 %; drawdown counted from the first row on, so the -50 % is not seen.
  const std::vector<double> nav{1.0, 0.5, 1.0, 0.9, 0.72};
  const auto f = backtest::seed_convention{}.measure({.values = nav});
  CHECK(f.n_days == 4);
  CHECK(f.annual_return == doctest::Approx(0.05 * 252.0));
  CHECK(f.pct_positive_days == 0.25);
  CHECK(f.max_drawdown == doctest::Approx(-0.28));
  CHECK(f.calmar == doctest::Approx(0.05 * 252.0 / 0.28));
  // Negative returns -0.5, -0.1, -0.2: mean -0.8 / 3, sample variance 0.13 / 3.
  CHECK(f.sortino == doctest::Approx(0.05 * 252.0 / std::sqrt(0.13 / 3.0 * 252.0)));
  const std::vector<double> rising{1.0, 1.1, 1.3};
  const auto up = backtest::seed_convention{}.measure({.values = rising});
  CHECK(is_missing(up.sortino));
  CHECK(is_missing(up.calmar));
}

TEST_SUITE("slow: the seed's published table") {
  std::vector<std::vector<std::string>> rows_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    REQUIRE(in.good());
    std::vector<std::vector<std::string>> rows;
    for (std::string line; std::getline(in, line);) {
      rows.emplace_back();
      std::stringstream cells(line);
      for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
    }
    return rows;
  }

  TEST_CASE("its four strategy rows follow from its NAV file") {
    const auto data = basket_test::data_dir("the seed's published table");
    if (!data) return;
    const auto nav_rows = rows_of(*data / "seed-outputs" / "backtest_nav.csv");
    const auto published = rows_of(*data / "seed-outputs" / "backtest_metrics.csv");
    REQUIRE(nav_rows.size() == 777);
    std::map<std::string, std::vector<double>> expected;
    for (std::size_t i = 1; i < published.size(); ++i) {
      for (std::size_t c = 1; c < published[i].size(); ++c) {
        expected[published[i][0]].push_back(std::stod(published[i][c]));
      }
    }
    for (std::size_t c = 1; c <= 4; ++c) {
      const std::string name = nav_rows[0][c];
      CAPTURE(name);
      std::vector<double> nav{1.0};
      for (std::size_t i = 1; i < nav_rows.size(); ++i) nav.push_back(std::stod(nav_rows[i][c]));
      const auto f = backtest::seed_convention{}.measure({.values = nav});
      const std::array<double, 8> ours{f.annual_return,
                                       f.annual_vol,
                                       f.sharpe,
                                       f.sortino,
                                       f.max_drawdown,
                                       f.calmar,
                                       static_cast<double>(f.n_days),
                                       f.pct_positive_days};
      REQUIRE(expected.at(name).size() == ours.size());
      for (std::size_t k = 0; k < ours.size(); ++k) {
        CAPTURE(k);
        CHECK(std::abs(ours[k] - expected.at(name)[k]) <= 1e-9);
      }
      if (name == "risk_parity") {
        const auto p = measure(nav);
        CHECK(std::abs(p.arithmetic_annual_return - -0.191) < 0.0005);
        CHECK(std::abs(p.annual_volatility - 0.097) < 0.0005);
        CHECK(std::abs(p.sharpe - -1.97) < 0.005);
        CHECK(std::abs(p.annual_return - -0.178) < 0.0005);
        CHECK(std::abs(p.falls.deepest - -0.34203) < 0.000005);
        CHECK(std::abs(p.sharpe_error_any_shape - 0.47) < 0.005);  // skewness -9.7, kurtosis 179
      }
    }
  }
}

}  // namespace basket_test::backtest_metrics
