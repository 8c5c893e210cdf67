// Files that appear whole and all together, or not at all.
#pragma once

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"

namespace basket::files {

/// A folder that files are written into. Each goes to `<folder>/.partial` first; `commit` makes all of them appear
/// under their names. Without a commit the folder is left as it was, and one that was made for it is removed again.
///
///     files::output_folder out("report");
///     out.add("nav.csv", text);
///     draw(out.reserve("nav.png"));  // somebody else writes to this path
///     out.commit();
///
/// Fails: data_error naming the path and the reason; the constructor already when the folder cannot be made or written
///        to, is a file, or another program is writing into it; `add` when the disk is full.
class output_folder {
 public:
  explicit output_folder(std::filesystem::path folder) : folder_(std::move(folder)) {
    try {
      open();
    } catch (...) {
      close();
      throw;
    }
  }
  output_folder(const output_folder&) = delete;
  output_folder& operator=(const output_folder&) = delete;
  ~output_folder() { close(); }

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  /// Keeps `bytes` to appear as `name`, a plain file name that does not begin with a dot. Written to disk at once.
  void add(const std::string& name, std::string_view bytes) { write(reserve(name), bytes); }

  /// Where somebody else (a plotting program) is to write the file that will appear as `name`. Asked for once a name.
  ///
  /// Fails: precondition_error for a name that is not a plain file name, or was given before.
  [[nodiscard]] std::filesystem::path reserve(const std::string& name) {
    if (committed_) throw precondition_error("files cannot be added to " + folder_.string() + " after its commit");
    if (name.empty() || name[0] == '.' || name.find_first_of(std::string_view("/\0", 2)) != std::string::npos) {
      throw precondition_error("'" + name + "' is not a plain file name");
    }
    if (std::find(names_.begin(), names_.end(), name) != names_.end()) {
      throw precondition_error("the file " + name + " was added twice");
    }
    names_.push_back(name);
    return staging() / name;
  }

  /// Makes every file appear under its name, replacing older ones. When one of them cannot, all older ones are as
  /// before.
  ///
  /// Fails: data_error naming the file; also for a reserved file that nobody wrote.
  void commit() {
    if (committed_) throw precondition_error("the files of " + folder_.string() + " were committed before");
    for (const std::string& name : names_) settle(name);
    std::vector<std::pair<std::string, bool>> done;  // name, and whether an older file was kept aside
    try {
      for (const std::string& name : names_) {
        done.emplace_back(name, keep_older(name));
        std::error_code failed;
        std::filesystem::rename(staging() / name, folder_ / name, failed);
        if (failed) {
          done.pop_back();
          refuse(folder_ / name, "cannot be replaced: " + failed.message());
        }
      }
    } catch (...) {
      for (const auto& [name, had_older] : done) {
        std::error_code ignored;
        if (had_older) {
          std::filesystem::rename(older(name), folder_ / name, ignored);
        } else {
          std::filesystem::remove(folder_ / name, ignored);
        }
      }
      throw;
    }
    ::fsync(lock_);
    committed_ = true;
  }

 private:
  [[noreturn]] static void refuse(const std::filesystem::path& path, std::string reason) {
    throw data_error(path.string(), 0, "", std::move(reason));
  }
  [[nodiscard]] static std::string errno_text() { return std::generic_category().message(errno); }
  [[nodiscard]] std::filesystem::path staging() const { return folder_ / ".partial"; }
  [[nodiscard]] std::filesystem::path older(const std::string& name) const { return staging() / (".older-" + name); }

  void open() {
    if (folder_.empty()) refuse("the output folder", "has an empty name");
    std::error_code failed;
    const auto kind = std::filesystem::status(folder_, failed).type();
    if (kind == std::filesystem::file_type::not_found) {
      make(std::filesystem::absolute(folder_).lexically_normal());
    } else if (kind != std::filesystem::file_type::directory) {
      refuse(folder_, kind == std::filesystem::file_type::none ? failed.message() : "this is not a folder");
    }
    lock_ = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_ < 0) refuse(folder_, errno_text());
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      refuse(folder_, "another program is writing into this folder");
    }
    // Under the lock, what lies there was left by a program that was killed.
    std::filesystem::remove_all(staging(), failed);
    if (::mkdir(staging().c_str(), 0777) != 0) refuse(folder_, "cannot be written to: " + errno_text());
    staged_ = true;
  }

  void make(const std::filesystem::path& path) {
    std::error_code failed;
    if (path.has_parent_path() && path != path.root_path() && !std::filesystem::exists(path.parent_path(), failed)) {
      make(path.parent_path());
    }
    if (path.filename().empty()) return;  // "a/b/" names the folder that its parent step has made
    if (::mkdir(path.c_str(), 0777) == 0) {
      made_.push_back(path);
    } else if (errno != EEXIST) {
      refuse(folder_, "cannot be made: " + errno_text());
    }
  }

  void write(const std::filesystem::path& path, std::string_view bytes) const {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) refuse(path, errno_text());
    while (!bytes.empty()) {
      const ssize_t count = ::write(file, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        const std::string reason = errno_text();
        ::close(file);
        refuse(path, "cannot be written: " + reason);
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::close(file) != 0) refuse(path, "cannot be written: " + errno_text());
  }

  /// Brings a staged file to the disk and makes sure that its place is free for it.
  void settle(const std::string& name) const {
    const std::filesystem::path path = staging() / name;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) refuse(folder_ / name, "was not written: " + errno_text());
    struct stat facts = {};
    const bool known = ::fstat(file, &facts) == 0 && S_ISREG(facts.st_mode);
    const bool synced = ::fsync(file) == 0;
    const std::string reason = errno_text();
    ::close(file);
    if (!known) refuse(folder_ / name, "was not written as a file");
    if (!synced) refuse(folder_ / name, "cannot be written: " + reason);
    std::error_code failed;
    if (std::filesystem::is_directory(folder_ / name, failed)) refuse(folder_ / name, "is a folder");
  }

  /// Keeps the file that is about to be replaced; false when there is none.
  [[nodiscard]] bool keep_older(const std::string& name) const {
    std::error_code failed;
    if (!std::filesystem::exists(std::filesystem::symlink_status(folder_ / name, failed))) return false;
    std::filesystem::create_hard_link(folder_ / name, older(name), failed);
    if (failed) {  // not every file system has hard links
      std::filesystem::copy(folder_ / name, older(name), std::filesystem::copy_options::copy_symlinks, failed);
    }
    if (failed) refuse(folder_ / name, "cannot be kept aside: " + failed.message());
    return true;
  }

  void close() noexcept {
    std::error_code ignored;
    if (staged_) std::filesystem::remove_all(staging(), ignored);
    if (lock_ >= 0) ::close(lock_);
    lock_ = -1;
    staged_ = false;
    if (!committed_) {
      for (auto path = made_.rbegin(); path != made_.rend(); ++path) std::filesystem::remove(*path, ignored);
    }
  }

  std::filesystem::path folder_;
  std::vector<std::filesystem::path> made_;  ///< folders that did not exist before
  std::vector<std::string> names_;
  int lock_ = -1;
  bool staged_ = false;
  bool committed_ = false;
};

}  // namespace basket::files
