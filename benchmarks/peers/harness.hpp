// What the small C++ programs of the peer table share: the same bytes in, seconds and answers out.
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace peers {

// A program is called as: program DATA_FOLDER ANSWER_FOLDER SECONDS. It reads matrices, measures, writes matrices, and
// prints a line "seconds S" for each repetition. A matrix is a file: rows, columns as 64-bit integers, then doubles by
// column.
class bench {
 public:
  bench(int argc, char** argv) {
    if (argc != 4) throw std::runtime_error("usage: program DATA_FOLDER ANSWER_FOLDER SECONDS");
    data_ = argv[1];
    answers_ = argv[2];
    budget_ = std::atof(argv[3]);
    std::ifstream in(data_ + "/parameters");
    std::string name;
    double value = 0.0;
    while (in >> name >> value) parameters_[name] = value;
  }
  double parameter(const std::string& name) const {
    const auto found = parameters_.find(name);
    if (found == parameters_.end()) throw std::runtime_error("there is no parameter " + name);
    return found->second;
  }
  Eigen::MatrixXd read(const std::string& name) const {
    std::ifstream in(data_ + "/" + name, std::ios::binary);
    std::int64_t shape[2] = {0, 0};
    if (!in.read(reinterpret_cast<char*>(shape), sizeof shape))
      throw std::runtime_error("cannot read " + data_ + "/" + name);
    Eigen::MatrixXd out(shape[0], shape[1]);
    if (!in.read(reinterpret_cast<char*>(out.data()), 8 * out.size())) throw std::runtime_error(name + " ends early");
    return out;
  }
  void write(const std::string& name, const Eigen::Ref<const Eigen::MatrixXd>& m) const {
    const Eigen::MatrixXd dense = m;
    const std::int64_t shape[2] = {dense.rows(), dense.cols()};
    std::ofstream to(answers_ + "/" + name, std::ios::binary);
    to.write(reinterpret_cast<const char*>(shape), sizeof shape);
    to.write(reinterpret_cast<const char*>(dense.data()), 8 * dense.size());
    if (!to.flush()) throw std::runtime_error("cannot write " + answers_ + "/" + name);
  }
  // Once, or more often until SECONDS are used up, at most nine times. What `prepare` returns is given to `work` and is
  // not timed; the result of the last repetition is returned.
  template <class Prepare, class Work>
  auto measure(const Prepare& prepare, const Work& work) const {
    for (int done = 1;; ++done) {
      auto input = prepare();
      const auto start = std::chrono::steady_clock::now();
      auto result = work(input);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      std::printf("seconds %.9f\n", seconds);
      used_ += seconds;
      if (done == 9 || used_ >= budget_) return result;
    }
  }
  template <class Work>
  auto measure(const Work& work) const {
    return measure([] { return 0; }, [&](int) { return work(); });
  }

 private:
  std::string data_;
  std::string answers_;
  double budget_ = 0.0;
  mutable double used_ = 0.0;
  std::map<std::string, double> parameters_;
};

template <class Body>
int main_of(int argc, char** argv, const Body& body) {
  try {
    body(bench(argc, argv));
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[0], e.what());
    return 1;
  }
}

}  // namespace peers
