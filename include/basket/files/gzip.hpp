// Reading files, plain or gzip, told apart by their first bytes.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"

namespace basket::files {

namespace detail {

/// A file descriptor that closes itself.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int fd) noexcept : fd_(fd) {}
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const noexcept { return fd_; }

 private:
  int fd_ = -1;
};

inline std::string errno_text(int number) { return std::generic_category().message(number); }

struct inflate_closer {
  void operator()(z_stream* stream) const noexcept {
    ::inflateEnd(stream);
    delete stream;  // NOLINT: the deleter of a unique_ptr
  }
};

}  // namespace detail

/// The bytes of a file from its beginning, decompressed where the file is gzip (one member or several).
///
/// Fails: data_error naming the file when it is missing, a directory or unreadable, and when gzip data is cut off,
///        damaged (its checksum is verified) or followed by something else.
class input_file {
 public:
  explicit input_file(const std::filesystem::path& path) : name_(path.string()) {
    fd_ = detail::descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (fd_.get() < 0) refuse(errno == ENOENT ? "there is no such file" : detail::errno_text(errno));
    struct stat facts = {};
    if (::fstat(fd_.get(), &facts) != 0) refuse(detail::errno_text(errno));
    if (S_ISDIR(facts.st_mode)) refuse("this is a directory, not a file");
    raw_.resize(raw_bytes);
    while (available() < 2 && fill_raw()) {
    }
    if (available() >= 2 && raw(0) == 0x1f && raw(1) == 0x8b) start_member();
  }

  /// The path as it was given.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] bool is_compressed() const noexcept { return stream_ != nullptr; }

  /// Fills `out` with the next bytes; fewer than asked may come, 0 only at the end of the file.
  [[nodiscard]] std::size_t read(std::span<char> out) {
    if (out.empty()) return 0;
    return stream_ ? read_compressed(out) : read_plain(out);
  }

 private:
  static constexpr std::size_t raw_bytes = std::size_t{1} << 18;

  [[noreturn]] void refuse(std::string reason) const { throw data_error(name_, 0, "", std::move(reason)); }
  [[nodiscard]] std::size_t available() const noexcept { return end_ - begin_; }
  [[nodiscard]] unsigned raw(std::size_t i) const noexcept { return static_cast<unsigned char>(raw_[begin_ + i]); }

  [[nodiscard]] std::size_t from_disk(char* to, std::size_t count) const {
    for (;;) {
      const ssize_t got = ::read(fd_.get(), to, count);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) refuse(detail::errno_text(errno));
    }
  }
  /// Appends to what is left in the raw buffer; false at the end of the file.
  bool fill_raw() {
    std::memmove(raw_.data(), raw_.data() + begin_, available());
    end_ = available();
    begin_ = 0;
    const std::size_t got = from_disk(raw_.data() + end_, raw_.size() - end_);
    end_ += got;
    return got != 0;
  }

  [[nodiscard]] std::size_t read_plain(std::span<char> out) {
    if (available() == 0) return from_disk(out.data(), out.size());
    const std::size_t count = std::min(out.size(), available());
    std::memcpy(out.data(), raw_.data() + begin_, count);
    begin_ += count;
    return count;
  }

  void start_member() {
    constexpr int gzip_only = 15 + 16;  // zlib's way of asking for the gzip header with the largest window
    if (!stream_) {
      auto fresh = std::make_unique<z_stream>();
      if (::inflateInit2(fresh.get(), gzip_only) != Z_OK) refuse("zlib could not start");
      stream_.reset(fresh.release());
    } else if (::inflateReset(stream_.get()) != Z_OK) {
      refuse("zlib could not start again");
    }
    inside_member_ = true;
  }

  /// Between members: true when another one follows. Zero bytes are padding, as tape and disk images leave it.
  bool next_member() {
    for (;;) {
      while (available() != 0 && raw(0) == 0) ++begin_;
      if (available() >= 2) break;
      if (!fill_raw()) break;
    }
    if (available() == 0) return false;
    if (available() < 2 || raw(0) != 0x1f || raw(1) != 0x8b) refuse("the gzip data is followed by something else");
    start_member();
    return true;
  }

  [[nodiscard]] std::size_t read_compressed(std::span<char> out) {
    constexpr std::size_t most = std::size_t{1} << 30;  // zlib counts in unsigned int
    out = out.first(std::min(out.size(), most));
    for (;;) {
      if (!inside_member_ && !next_member()) return 0;
      if (available() == 0 && !fill_raw()) refuse("the gzip data is cut off before its end");
      stream_->next_in = reinterpret_cast<Bytef*>(raw_.data() + begin_);
      stream_->avail_in = static_cast<uInt>(available());
      stream_->next_out = reinterpret_cast<Bytef*>(out.data());
      stream_->avail_out = static_cast<uInt>(out.size());
      const int code = ::inflate(stream_.get(), Z_NO_FLUSH);
      begin_ = end_ - stream_->avail_in;
      if (code == Z_STREAM_END) {
        inside_member_ = false;
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        refuse(std::string("the gzip data is damaged") +
               (stream_->msg != nullptr ? " (" + std::string(stream_->msg) + ")" : std::string()));
      }
      const std::size_t written = out.size() - stream_->avail_out;
      if (written != 0) return written;
    }
  }

  std::string name_;
  detail::descriptor fd_;
  std::vector<char> raw_;
  std::size_t begin_ = 0, end_ = 0;
  std::unique_ptr<z_stream, detail::inflate_closer> stream_;  // zlib keeps its address: it must not move
  bool inside_member_ = false;
};

/// The whole file as one text, decompressed where it is gzip.
///
/// Fails: data_error as `input_file`, and when the text is empty or longer than `max_bytes`.
[[nodiscard]] inline std::string read_file(const std::filesystem::path& path,
                                           std::size_t max_bytes = std::size_t{1} << 32) {
  input_file in(path);
  std::string text;
  std::size_t used = 0;
  for (;;) {
    if (used == text.size()) text.resize(std::max(std::size_t{1} << 16, 2 * used));
    const std::size_t got = in.read(std::span(text).subspan(used));
    if (got == 0) break;
    used += got;
    if (used > max_bytes) {
      throw data_error(in.name(), 0, "", "the text is longer than " + std::to_string(max_bytes) + " bytes");
    }
  }
  if (used == 0) throw data_error(in.name(), 0, "", "the file is empty");
  text.resize(used);
  return text;
}

}  // namespace basket::files
