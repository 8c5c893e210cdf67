// Whether gnuplot is installed; says so where it is not.
#pragma once

#include <iostream>
#include <string>

#include "basket/report/gnuplot.hpp"

namespace basket_test {

inline bool gnuplot_is_there() {
  try {
    (void)basket::report::render("plot 1\n");
    return true;
  } catch (const basket::service_error& e) {
    if (e.reason().find("cannot be started") == std::string::npos) return true;  // let the test say so
    std::cout << "SKIPPED: drawing charts: gnuplot is not installed\n" << std::flush;
    return false;
  }
}

}  // namespace basket_test
