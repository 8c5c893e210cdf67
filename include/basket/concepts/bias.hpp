// Assumptions that flatter or hurt a result, carried by the types that make them.
#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace basket {

/// A part that states its assumption in a sentence, for the reports.
template <class T>
concept StatesBias = requires(const T& part) {
  { part.bias } -> std::convertible_to<std::string_view>;
};

/// Appends the sentence of `part` where it has one and it is not there yet.
template <class Part>
void append_bias([[maybe_unused]] const Part& part, [[maybe_unused]] std::vector<std::string>& sentences) {
  if constexpr (StatesBias<Part>) {
    const std::string sentence{std::string_view(part.bias)};
    if (sentence.empty()) return;
    for (const std::string& s : sentences) {
      if (s == sentence) return;
    }
    sentences.push_back(sentence);
  }
}

}  // namespace basket
