// A source of any kind behind one type, for lists of sources that are chosen at run time.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "basket/concepts/message_source.hpp"

namespace basket::source {

/// Owns a source and forwards to it. Cost: one virtual call for each room that is filled.
class any_source {
 public:
  template <class Source>
    requires(!std::is_same_v<std::remove_cvref_t<Source>, any_source> && MessageSource<std::remove_cvref_t<Source>>)
  any_source(Source&& source)  // NOLINT: every source is one
      : held_(std::make_unique<holder<std::remove_cvref_t<Source>>>(std::forward<Source>(source))) {}

  [[nodiscard]] std::size_t next(std::span<message> room) { return held_->next(room); }
  [[nodiscard]] const std::vector<market_terms>& markets() const { return held_->markets(); }
  [[nodiscard]] recorded provides() const { return held_->provides(); }
  [[nodiscard]] std::string_view name() const { return held_->name(); }

 private:
  struct base {
    base() = default;
    base(const base&) = delete;
    base& operator=(const base&) = delete;
    virtual ~base() = default;
    virtual std::size_t next(std::span<message> room) = 0;
    [[nodiscard]] virtual const std::vector<market_terms>& markets() const = 0;
    [[nodiscard]] virtual recorded provides() const = 0;
    [[nodiscard]] virtual std::string_view name() const = 0;
  };
  template <class Source>
  struct holder final : base {
    explicit holder(Source&& held) : source(std::move(held)) {}
    std::size_t next(std::span<message> room) override { return source.next(room); }
    [[nodiscard]] const std::vector<market_terms>& markets() const override { return source.markets(); }
    [[nodiscard]] recorded provides() const override { return source.provides(); }
    [[nodiscard]] std::string_view name() const override { return source.name(); }
    Source source;
  };
  std::unique_ptr<base> held_;
};

static_assert(MessageSource<any_source>);

}  // namespace basket::source
