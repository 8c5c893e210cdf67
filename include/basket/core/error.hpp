// Error kinds: what went wrong decides how it is said (docs/architecture.md, "Errors").
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace basket {

/// A broken precondition at a public boundary; the sentence names the argument and the values that do not fit.
class precondition_error : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// Bad or missing input data: which source, where in it, which field, and why it was refused.
class data_error : public std::runtime_error {
 public:
  /// `line` counts from 1; 0 means that the refusal concerns the source as a whole.
  data_error(std::string source, std::size_t line, std::string field, std::string reason)
      : std::runtime_error(sentence(source, line, field, reason)),
        source_(std::move(source)),
        line_(line),
        field_(std::move(field)),
        reason_(std::move(reason)) {}

  [[nodiscard]] const std::string& source() const noexcept { return source_; }
  [[nodiscard]] std::size_t line() const noexcept { return line_; }
  [[nodiscard]] const std::string& field() const noexcept { return field_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  static std::string sentence(const std::string& source, std::size_t line, const std::string& field,
                              const std::string& reason) {
    std::string text = source;
    if (line != 0) text += ", line " + std::to_string(line);
    if (!field.empty()) text += ", field '" + field + "'";
    return text + ": " + reason;
  }

  std::string source_;
  std::size_t line_;
  std::string field_;
  std::string reason_;
};

/// A service outside the library failed: which one, what was asked of it, its status (0 when there was none), after how
/// many attempts, and why. Whoever throws one keeps keys and tokens out of `request` and `reason`.
class service_error : public std::runtime_error {
 public:
  service_error(std::string service, std::string request, int status, int attempts, std::string reason)
      : std::runtime_error(sentence(service, request, status, attempts, reason)),
        service_(std::move(service)),
        request_(std::move(request)),
        status_(status),
        attempts_(attempts),
        reason_(std::move(reason)) {}

  [[nodiscard]] const std::string& service() const noexcept { return service_; }
  [[nodiscard]] const std::string& request() const noexcept { return request_; }
  [[nodiscard]] int status() const noexcept { return status_; }
  [[nodiscard]] int attempts() const noexcept { return attempts_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  static std::string sentence(const std::string& service, const std::string& request, int status, int attempts,
                              const std::string& reason) {
    std::string text = service + " failed to " + request + ": " + reason;
    if (status != 0) text += " (status " + std::to_string(status) + ")";
    if (attempts > 1) text += " after " + std::to_string(attempts) + " attempts";
    return text;
  }

  std::string service_;
  std::string request_;
  int status_;
  int attempts_;
  std::string reason_;
};

/// A status that was not ok, turned into an exception by `require_ok`.
class numeric_error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

namespace detail {

/// The throw by itself, out of the way of whoever checks something in a hot loop.
[[noreturn, gnu::cold, gnu::noinline]] inline void refuse(const char* sentence) { throw precondition_error(sentence); }

}  // namespace detail

/// Throws `precondition_error` with `sentence` unless `holds`; for sentences that are known at compile time.
inline void require(bool holds, const char* sentence) {
  if (!holds) [[unlikely]]
    detail::refuse(sentence);
}

}  // namespace basket
