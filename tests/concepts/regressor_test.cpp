#include "basket/concepts/regressor.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "basket/concepts/laws/regressor.hpp"
#include "basket/regress/linear_model.hpp"
#include "support/points.hpp"

namespace basket_test::concepts_regressor {

using namespace basket;

struct without_residuals {
  struct model {
    status state = status::ok;
    double intercept = 0.0;
    Eigen::VectorXd coefficients = {};
  };
  [[nodiscard]] model fit(const Eigen::Ref<const Eigen::MatrixXd>&, const Eigen::Ref<const Eigen::VectorXd>&,
                          std::span<const std::string>) const {
    return {};
  }
};
static_assert(!Regressor<without_residuals>);
static_assert(!Regressor<int>);

/// Forces the first coefficient to one: shifts and scales show it.
struct first_is_one {
  [[nodiscard]] laws::mean_fit fit(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                   const Eigen::Ref<const Eigen::VectorXd>& y,
                                   std::span<const std::string> names) const {
    laws::mean_fit out = laws::regressor_archetype{}.fit(x, y, names);
    out.coefficients[0] = 1.0;
    out.residuals[0] += 1.0;
    return out;
  }
};

/// Another answer each time.
struct moody {
  mutable double mood = 0.0;
  [[nodiscard]] laws::mean_fit fit(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                   const Eigen::Ref<const Eigen::VectorXd>& y,
                                   std::span<const std::string> names) const {
    laws::mean_fit out = laws::regressor_archetype{}.fit(x, y, names);
    mood += 1e-6;
    out.residuals[0] += mood;
    return out;
  }
};

/// Pulls the intercept towards zero, as a ridge that penalises it would.
struct penalised_intercept {
  [[nodiscard]] laws::mean_fit fit(const Eigen::Ref<const Eigen::MatrixXd>& x,
                                   const Eigen::Ref<const Eigen::VectorXd>& y,
                                   std::span<const std::string> names) const {
    laws::mean_fit out = laws::regressor_archetype{}.fit(x, y, names);
    out.residuals.array() += 0.5 * out.intercept;
    out.intercept *= 0.5;
    return out;
  }
};

TEST_CASE("regressors keep the laws, a cheat does not") {
  Eigen::MatrixXd x = gaussian_points(60, 4, 1);
  Eigen::VectorXd y = 2.0 * x.col(0) - x.col(2) + gaussian_points(60, 1, 2);
  x(7, 1) = missing;
  y[30] = missing;
  std::vector<double> weights(60, 1.0);
  weights[3] = 4.0;
  weights[9] = missing;
  CHECK(laws::broken_laws(regress::least_squares{}, x, y).empty());
  CHECK(laws::broken_laws(regress::weighted_least_squares{.weights = weights}, x, y).empty());
  CHECK(laws::broken_laws(regress::ridge{.penalty = 3.0}, x, y).empty());
  CHECK(laws::broken_laws(regress::ridge{.penalty = 3.0, .scaled = regress::scaling::sample_sd}, x, y).empty());
  CHECK(laws::broken_laws(laws::regressor_archetype{}, x, y).empty());
  CHECK(laws::broken_laws(first_is_one{}, x, y) ==
        std::vector<std::string>{"scaling the series does not scale the model",
                                 "factors in another order have other coefficients",
                                 "predictions and residuals do not add up to the series"});
  CHECK(laws::broken_laws(moody{}, x, y).front() == "asked twice, the regressor gives two answers");
  CHECK(laws::broken_laws(penalised_intercept{}, x, y) ==
        std::vector<std::string>{"shifting the series moves more than the intercept"});
  CHECK(laws::broken_laws(regress::least_squares{}, x.topRows(3), y.head(3)) ==
        std::vector<std::string>{"the data cannot be fitted, so no law can be looked at"});
}

}  // namespace basket_test::concepts_regressor
