// Messages in memory as a source.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"

namespace basket::source {

/// Messages held in memory, delivered in their order; rows are numbered by position.
///
/// Fails: precondition_error naming the message when instants fall or a contract is not among the markets.
/// Cost:  48 bytes a message; delivering copies into the reader's room.
class message_list {
 public:
  message_list(std::string name, std::vector<market_terms> markets, recorded told, std::vector<message> messages)
      : name_(std::move(name)), markets_(std::move(markets)), told_(told), messages_(std::move(messages)) {
    for (std::size_t i = 0; i < messages_.size(); ++i) {
      message& m = messages_[i];
      m.row = static_cast<std::uint32_t>(i);
      if (i > 0 && m.known_at < messages_[i - 1].known_at) {
        throw precondition_error(name_ + ": message " + std::to_string(i) + " lies before the one in front of it");
      }
      if (m.contract.index() >= markets_.size()) {
        throw precondition_error(name_ + ": message " + std::to_string(i) + " speaks of contract " +
                                 std::to_string(m.contract.index()) + " of " + std::to_string(markets_.size()));
      }
      if (m.kind() == message_kind::own) {
        throw precondition_error(name_ + ": message " + std::to_string(i) + " is an answer that only an engine gives");
      }
    }
  }

  [[nodiscard]] std::size_t next(std::span<message> room) {
    const std::size_t count = std::min(room.size(), messages_.size() - at_);
    std::copy_n(messages_.begin() + static_cast<std::ptrdiff_t>(at_), count, room.begin());
    at_ += count;
    return count;
  }
  /// Goes back to the first message.
  void rewind() noexcept { at_ = 0; }

  [[nodiscard]] const std::vector<market_terms>& markets() const noexcept { return markets_; }
  [[nodiscard]] recorded provides() const noexcept { return told_; }
  [[nodiscard]] std::string_view name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<message>& messages() const noexcept { return messages_; }

 private:
  std::string name_;
  std::vector<market_terms> markets_;
  recorded told_;
  std::vector<message> messages_;
  std::size_t at_ = 0;
};

static_assert(MessageSource<message_list>);

}  // namespace basket::source
