// The manifest of a run: the only file that may say when, where and on how many threads it was made.
#pragma once

#include <fmt/format.h>

#include <boost/crc.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/time.hpp"
#include "basket/report/json.hpp"
#include "basket/version.hpp"

namespace basket::report {

/// CRC-32 (as in zip and gzip) of bytes given piece by piece.
class crc32 {
 public:
  void update(std::string_view bytes) { sum_.process_bytes(bytes.data(), bytes.size()); }
  /// "crc32:cbf43926".
  [[nodiscard]] std::string text() const { return fmt::format("crc32:{:08x}", sum_.checksum()); }

 private:
  boost::crc_32_type sum_;
};

/// A file that a run has read or written. `checksum` names its algorithm: "crc32:..." or "sha256:...".
struct file_fact {
  std::string name = {};
  std::uint64_t bytes = 0;
  std::string checksum = {};
};

/// All that is needed to run it again, and what is known of where it ran. Instants and host come from the program: the
/// library reads no clock and asks no machine.
///
/// Missing: what is empty is written as null.
struct manifest {
  std::string program = {};
  std::vector<std::pair<std::string, std::string>> options = {};  ///< those in effect, defaults included
  std::vector<file_fact> inputs = {};
  std::vector<file_fact> outputs = {};
  std::optional<std::uint64_t> seed = {};
  std::optional<instant> started = {}, finished = {};
  std::string host = {};
  std::size_t threads = 1;
};

/// "0.1.0".
[[nodiscard]] inline std::string version_text() {
  return fmt::format("{}.{}.{}", BASKET_VERSION / 10000, BASKET_VERSION / 100 % 100, BASKET_VERSION % 100);
}

/// The compiler that compiled the caller, with its version.
[[nodiscard]] inline std::string compiler_text() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "gcc " __VERSION__;
#else
  return "";
#endif
}

/// The manifest as JSON, members in a fixed order.
[[nodiscard]] inline std::string manifest_json(const manifest& m) {
  json_writer out(json_layout::indented);
  const auto text_or_null = [&](std::string_view name, const std::string& text) {
    out.key(name);
    if (text.empty()) {
      out.null();
    } else {
      out.value(text);
    }
  };
  const auto files = [&](std::string_view name, const std::vector<file_fact>& list) {
    out.key(name).array([&] {
      for (const file_fact& f : list) {
        out.object([&] {
          out.field("name", f.name);
          out.field("bytes", f.bytes);
          text_or_null("checksum", f.checksum);
        });
      }
    });
  };
  out.object([&] {
    text_or_null("program", m.program);
    out.field("basket_version", version_text());
    text_or_null("compiler", compiler_text());
    out.key("options").object([&] {
      for (const auto& [option, value] : m.options) out.field(option, value);
    });
    files("inputs", m.inputs);
    files("outputs", m.outputs);
    out.key("seed");
    if (m.seed) {
      out.value(std::to_string(*m.seed));  // 64 bits do not survive every reader's numbers
    } else {
      out.null();
    }
    text_or_null("started", m.started ? to_string(*m.started) : "");
    text_or_null("finished", m.finished ? to_string(*m.finished) : "");
    text_or_null("host", m.host);
    out.field("threads", m.threads);
  });
  return out.text() + "\n";
}

}  // namespace basket::report
