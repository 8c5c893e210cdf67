// A folder in which a program of the examples is run, as a person would run it.
#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>

namespace basket_test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

inline void write_file(const fs::path& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

struct outcome_of_run {
  int status = -1;
  std::string out = {}, err = {};
};

class workplace {
 public:
  explicit workplace(std::string program) : program_(std::move(program)) {
    std::string name = (fs::temp_directory_path() / "basket-programs-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
  }
  ~workplace() { fs::remove_all(folder_); }
  [[nodiscard]] fs::path at(const std::string& name) const { return folder_ / name; }

  /// Runs the program in this folder with arguments that need no quoting.
  [[nodiscard]] outcome_of_run run(const std::string& arguments) const {
    const char* const folder = std::getenv("BASKET_EXAMPLES_DIR");
    REQUIRE(folder != nullptr);
    const std::string command = "cd '" + folder_.string() + "' && '" + std::string(folder) + "/" + program_ + "' " +
                                arguments + " >out.txt 2>err.txt </dev/null";
    const int status = std::system(command.c_str());
    return {.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
            .out = read_file(at("out.txt")),
            .err = read_file(at("err.txt"))};
  }
  /// A small folder in the tidy layout.
  void write_tidy(const std::string& name, const std::string& markets, const std::string& prices) const {
    fs::create_directories(at(name));
    write_file(at(name) / "markets.csv", markets);
    write_file(at(name) / "prices.csv", prices);
  }

 private:
  std::string program_;
  fs::path folder_;
};

}  // namespace basket_test
