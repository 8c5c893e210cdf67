#include "basket/model/panel.hpp"

#include <doctest/doctest.h>

#include <Eigen/Core>
#include <string>

namespace basket_test::model_panel {

using namespace basket;

const double* where(const Eigen::Ref<const Eigen::VectorXd>& x) { return x.data(); }
const double* where_all(const Eigen::Ref<const Eigen::MatrixXd>& x) { return x.data(); }

TEST_CASE("a panel begins missing and keeps what is put into it") {
  panel p(utc_day(100), 3, 2);
  CHECK(p.days() == 3);
  CHECK(p.contracts() == 2);
  CHECK(p.first_day() == utc_day(100));
  CHECK(p.end_day() == utc_day(103));
  for (std::size_t c = 0; c < 2; ++c) {
    for (const double close : p.series(contract_id(c))) CHECK(is_missing(close));
  }
  p.set_close(utc_day(101), contract_id(1), 0.4);
  CHECK(p.close(utc_day(101), contract_id(1)) == 0.4);
  CHECK(p.series(contract_id(1))[1] == 0.4);
  CHECK(p.values()(1, 1) == 0.4);
  CHECK(is_missing(p.close(utc_day(101), contract_id(0))));
}

TEST_CASE("outside its days a panel has nothing; outside its contracts it refuses") {
  panel p(utc_day(100), 3, 2);
  CHECK(is_missing(p.close(utc_day(99), contract_id(0))));
  CHECK(is_missing(p.close(utc_day(103), contract_id(0))));
  CHECK_FALSE(p.covers(utc_day(103)));
  CHECK(p.row(utc_day(102)) == 2);
  CHECK_THROWS_WITH_AS((void)p.row(utc_day(103)), "the panel does not cover 1970-04-14", precondition_error);
  CHECK_THROWS_WITH_AS(p.set_close(utc_day(100), contract_id(2), 0.5),
                       "the panel has 2 contracts; there is no number 2", precondition_error);
  CHECK_THROWS_AS((void)p.close(utc_day(100), contract_id(7)), precondition_error);
  const panel empty;
  CHECK(empty.days() == 0);
  CHECK(empty.contracts() == 0);
  CHECK_FALSE(empty.covers(utc_day(0)));
}

TEST_CASE("a column binds to an Eigen::Ref without a copy, and so does the whole panel") {
  panel p(utc_day(0), 50, 7);
  for (std::size_t c = 0; c < 7; ++c) {
    const auto series = p.series(contract_id(c));
    const Eigen::Map<const Eigen::VectorXd> column(series.data(), static_cast<Eigen::Index>(series.size()));
    CHECK(where(column) == series.data());
    CHECK(where(column.tail(10)) == series.data() + 40);
    CHECK(series.data() == p.values().data() + c * 50);
    CHECK(&p.values()(0, c) == series.data());
  }
  const Eigen::Map<const Eigen::MatrixXd> all(p.values().data(), 50, 7);
  CHECK(where_all(all) == p.values().data());
  p.set_close(utc_day(3), contract_id(4), 0.25);
  CHECK(all(3, 4) == 0.25);
}

}  // namespace basket_test::model_panel
