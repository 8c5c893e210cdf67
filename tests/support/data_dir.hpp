// Where the real data is, for tests that want it.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>

namespace basket_test {

/// The folder that the environment variable BASKET_DATA_DIR names; nothing, after a line that says that `what` was
/// skipped, when it is unset. A folder that is named but absent is an error of the caller's and throws.
inline std::optional<std::filesystem::path> data_dir(const char* what) {
  const char* const value = std::getenv("BASKET_DATA_DIR");
  if (value == nullptr || *value == '\0') {
    std::cout << "SKIPPED: " << what << ": BASKET_DATA_DIR is not set\n" << std::flush;
    return std::nullopt;
  }
  std::filesystem::path folder = value;
  if (!std::filesystem::is_directory(folder)) {
    throw std::filesystem::filesystem_error("BASKET_DATA_DIR names no folder", folder,
                                            std::make_error_code(std::errc::not_a_directory));
  }
  return folder;
}

}  // namespace basket_test
