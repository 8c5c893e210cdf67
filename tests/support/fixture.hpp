// Numbers written by the scripts in tools/fixtures, by name.
#pragma once

#include <Eigen/Core>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace basket_test::fixture {

class sheet {
 public:
  explicit sheet(const std::string& file) {
    std::ifstream in(std::string(BASKET_SOURCE_DIR) + "/tests/fixtures/" + file);
    std::string line;
    while (std::getline(in, line)) {
      if (line.empty() || line[0] == '#') continue;
      std::size_t from = line.find(',');
      std::vector<double>& row = rows_[line.substr(0, from)];
      while (from != std::string::npos) {
        const std::size_t to = line.find(',', from + 1);
        row.push_back(std::strtod(line.substr(from + 1, to - from - 1).c_str(), nullptr));
        from = to;
      }
    }
    if (rows_.empty()) throw std::runtime_error("no fixture in " + file);
  }
  [[nodiscard]] const std::vector<double>& row(const std::string& name) const { return rows_.at(name); }
  [[nodiscard]] Eigen::VectorXd vector(const std::string& name) const {
    const auto& r = rows_.at(name);
    return Eigen::Map<const Eigen::VectorXd>(r.data(), static_cast<Eigen::Index>(r.size()));
  }
  /// A matrix that was written column by column.
  [[nodiscard]] Eigen::MatrixXd matrix(const std::string& name, Eigen::Index rows) const {
    const auto& r = rows_.at(name);
    return Eigen::Map<const Eigen::MatrixXd>(r.data(), rows, static_cast<Eigen::Index>(r.size()) / rows);
  }

 private:
  std::map<std::string, std::vector<double>> rows_;
};

}  // namespace basket_test::fixture
