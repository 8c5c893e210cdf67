// Drawing by gnuplot: a script goes in through a pipe, the bytes of a picture come out of another.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// The format of a picture and its size in pixels (png) or points (svg).
struct terminal {
  enum class format { png, svg };
  format kind = format::png;
  int width = 1600;
  int height = 1000;
  double font_scale = 1.4;
};

/// A text as gnuplot takes it verbatim: nothing in it is a command, a variable or markup.
[[nodiscard]] inline std::string gnuplot_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : one_line(text)) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

namespace detail {

/// A child process with a socket for its standard input, and pipes for its output and its errors.
class child_process {
 public:
  explicit child_process(const std::vector<std::string>& command) {
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    // A socket, because writing to a pipe that nobody reads any more would raise SIGPIPE in the caller's program.
    int failed = ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0 || ::pipe2(out, O_CLOEXEC) != 0 ||
                         ::pipe2(err, O_CLOEXEC) != 0
                     ? errno
                     : 0;
    if (failed == 0) {
      posix_spawn_file_actions_t actions;
      ::posix_spawn_file_actions_init(&actions);
      ::posix_spawn_file_actions_adddup2(&actions, in[1], 0);
      ::posix_spawn_file_actions_adddup2(&actions, out[1], 1);
      ::posix_spawn_file_actions_adddup2(&actions, err[1], 2);
      std::vector<char*> arguments;
      for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      failed = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
      ::posix_spawn_file_actions_destroy(&actions);
    }
    for (const int end : {in[1], out[1], err[1]}) close_end(end);
    if (failed != 0) {
      for (const int end : {in[0], out[0], err[0]}) close_end(end);
      throw service_error(command[0], "start", 0, 1, std::generic_category().message(failed));
    }
    in_ = in[0], out_ = out[0], err_ = err[0];
    ::fcntl(in_, F_SETFL, O_NONBLOCK);
  }
  child_process(const child_process&) = delete;
  child_process& operator=(const child_process&) = delete;
  ~child_process() {
    for (const int end : {in_, out_, err_}) close_end(end);
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      (void)wait();
    }
  }

  /// Feeds `input` and collects what comes out of both ends; false when nothing moved for `patience_ms`.
  bool talk(std::string_view input, std::string& output, std::string& errors, int patience_ms) {
    while (out_ >= 0 || err_ >= 0) {
      if (in_ >= 0 && input.empty()) close_end(in_), in_ = -1;
      pollfd ends[3] = {{in_, POLLOUT, 0}, {out_, POLLIN, 0}, {err_, POLLIN, 0}};  // poll passes over ends of -1
      const int ready = ::poll(ends, 3, patience_ms);
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) return false;
      if (ends[0].revents != 0) {
        const ssize_t count = ::send(in_, input.data(), input.size(), MSG_NOSIGNAL);
        if (count > 0) {
          input.remove_prefix(static_cast<std::size_t>(count));
        } else if (count < 0 && errno != EAGAIN && errno != EINTR) {
          input = {};  // it reads no more; its exit status will say why
        }
      }
      if (ends[1].revents != 0) drain(out_, output);
      if (ends[2].revents != 0) drain(err_, errors);
    }
    return true;
  }

  /// The exit status, or 128 + the signal that ended it.
  int wait() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  static void close_end(int end) {
    if (end >= 0) ::close(end);
  }
  static void drain(int& end, std::string& into) {
    char buffer[65536];
    const ssize_t count = ::read(end, buffer, sizeof buffer);
    if (count > 0) {
      into.append(buffer, static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      close_end(end);
      end = -1;
    }
  }

  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
};

/// What went wrong, out of gnuplot's complaint: its message, without the line of script and the caret above it.
inline std::string complaint(const std::string& errors) {
  std::string reason;
  for (std::size_t at = 0; at < errors.size();) {
    const std::size_t end = std::min(errors.find('\n', at), errors.size());
    const std::string line = one_line(std::string_view(errors).substr(at, end - at), 300);
    at = end + 1;
    if (line.find_first_not_of(" ^") != std::string::npos) reason = line;
  }
  return reason.empty() ? "it gave no reason" : reason.substr(reason.find_first_not_of(' '));
}

}  // namespace detail

/// Runs a plotting script and gives the bytes of the picture. The script neither sets a terminal nor an output. The
/// same script gives the same bytes on one machine.
///
/// Fails: service_error when gnuplot is not there, refuses the script, is silent for a minute, or draws nothing.
[[nodiscard]] inline std::string render(std::string_view script, terminal to = {},
                                        const std::string& program = "gnuplot") {
  const bool png = to.kind == terminal::format::png;
  const std::string request = png ? "draw a PNG chart" : "draw an SVG chart";
  const std::string input =
      (png ? fmt::format("set terminal pngcairo size {},{} font 'DejaVu Sans,11' fontscale {} background '#ffffff'\n",
                         to.width, to.height, to.font_scale)
           : fmt::format(
                 "set terminal svg size {},{} dynamic font 'DejaVu Sans,11' fontscale {} background '#ffffff'\n",
                 to.width, to.height, to.font_scale)) +
      "set output\n" + std::string(script) + "\nunset output\n";
  std::string picture, errors;
  int status = 0;
  try {
    detail::child_process gnuplot({program, "-d", "-"});  // -d: the user's own settings change nothing
    if (!gnuplot.talk(input, picture, errors, 60'000)) {
      throw service_error(program, request, 0, 1, "it has been silent for a minute");
    }
    status = gnuplot.wait();
  } catch (const service_error& e) {
    if (e.request() != "start") throw;
    throw service_error(program, request, 0, 1, "it cannot be started (" + e.reason() + "); is it installed?");
  }
  if (status != 0) throw service_error(program, request, status, 1, detail::complaint(errors));
  const std::string_view expected = png ? "\x89PNG" : "<?xml";
  if (!picture.starts_with(expected)) throw service_error(program, request, 0, 1, "it drew nothing");
  return picture;
}

}  // namespace basket::report
