// A queue that grows and never shrinks: once warm it allocates nothing.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"

namespace basket {

/// First in, first out, in a circular buffer whose capacity is a power of two.
/// Fails: precondition_error when something is taken out of an empty one.
/// Cost:  O(1); doubling copies.
template <class T>
class ring {
 public:
  /// Room for at least `count` without another allocation.
  void reserve(std::size_t count) {
    std::size_t capacity = items_.empty() ? 16 : items_.size();
    while (capacity < count) capacity *= 2;
    if (capacity != items_.size()) grow(capacity);
  }
  [[nodiscard]] bool empty() const noexcept { return first_ == last_; }
  [[nodiscard]] std::size_t size() const noexcept { return last_ - first_; }
  [[nodiscard]] const T& front() const {
    require(!empty(), "the queue is empty");
    return items_[first_ & (items_.size() - 1)];
  }
  void push(const T& item) { push_slot() = item; }
  /// A new last place, to be filled where it lies; it still holds what was there before.
  [[nodiscard]] T& push_slot() {
    if (size() == items_.size()) grow(items_.empty() ? 16 : 2 * items_.size());
    return items_[last_++ & (items_.size() - 1)];
  }
  /// Takes the front away; a reference to it holds until the next push.
  void drop() {
    require(!empty(), "the queue is empty");
    ++first_;
  }
  T pop() {
    T item = front();
    ++first_;
    return item;
  }

 private:
  void grow(std::size_t capacity) {
    std::vector<T> wider(capacity);
    const std::size_t count = size();
    for (std::size_t i = 0; i < count; ++i) wider[i] = std::move(items_[(first_ + i) & (items_.size() - 1)]);
    items_ = std::move(wider);
    first_ = 0;
    last_ = count;
  }

  std::vector<T> items_;
  std::size_t first_ = 0, last_ = 0;  // count up for ever; only their difference and their low bits matter
};

}  // namespace basket
