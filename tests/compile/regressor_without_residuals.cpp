// What was learned must tell its residuals; without them it is no fit.
// expect: (requires  Regressor|does not satisfy 'Regressor'|Regressor<)
#include "basket/concepts/laws/regressor.hpp"

struct mine {
  struct model {
    basket::status state = basket::status::ok;
    double intercept = 0.0;
    Eigen::VectorXd coefficients = {};
    std::vector<Eigen::Index> rows = {};
#ifdef BASKET_REJECT
    Eigen::VectorXd errors = {};
#else
    Eigen::VectorXd residuals = {};
#endif
    Eigen::VectorXd predict(const Eigen::Ref<const Eigen::MatrixXd>& x) const {
      return Eigen::VectorXd::Constant(x.rows(), intercept);
    }
  };
  model fit(const Eigen::Ref<const Eigen::MatrixXd>&, const Eigen::Ref<const Eigen::VectorXd>&,
            std::span<const std::string>) const {
    return {};
  }
};

template <basket::Regressor R>
struct explained {
  R regressor = {};
};

explained<mine> it;
