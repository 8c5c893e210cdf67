// Theme by rules: phrases of whole words, looked up in a market's title and slug.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/taxonomy/words.hpp"

namespace basket::taxonomy {

/// One theme and its vocabulary. A phrase is one or more words, compared as `words_of` gives them; a trailing '*'
/// lets its last word go on ("tariff*" is also "tariffs"). One phrase of `none` in a text rules the theme out there.
struct theme_rule {
  std::string name = {};
  std::vector<std::string> any = {};
  std::vector<std::string> none = {};

  friend bool operator==(const theme_rule&, const theme_rule&) = default;
};

/// The theme of a text and the phrase of its rule that says the most; the view lives as long as the rules.
struct theme_match {
  std::size_t theme = 0;
  std::string_view phrase = {};
  std::size_t score = 0;      ///< words of the theme's distinct phrases in the text
  std::size_t runner_up = 0;  ///< the best score of another theme; equal to `score` when the order of the rules decided
};

/// An ordered list of themes, immutable once made.
///
/// The theme with the highest score wins: each distinct phrase of a theme that occurs in title or slug counts its
/// words, so that a longer phrase says more. The earlier rule wins a tie. Words are whole: "ai" is not in "fail".
class theme_rules {
 public:
  theme_rules() = default;

  /// Fails: precondition_error naming it, for a theme without a name or without a phrase in `any`, a name used twice,
  ///        a phrase without a letter or digit, and a phrase given twice to one theme (also once in each list).
  /// Cost:  one sort of all phrases.
  explicit theme_rules(std::vector<theme_rule> rules) : rules_(std::move(rules)) {
    for (std::size_t theme = 0; theme < rules_.size(); ++theme) add(theme);
    std::sort(phrases_.begin(), phrases_.end(), [](const phrase& a, const phrase& b) {
      return std::pair(std::string_view(a.words), a.order) < std::pair(std::string_view(b.words), b.order);
    });
    refuse_repeats();
    nodes_.push_back({});
    if (!phrases_.empty()) grow(0, 0, phrases_.size(), 0);
    for (std::size_t i = 0; i < nodes_[0].children; ++i) {
      const child& c = children_[nodes_[0].first_child + i];
      roots_[static_cast<unsigned char>(c.letter)] = c.node;
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }
  [[nodiscard]] const std::vector<theme_rule>& rules() const noexcept { return rules_; }

  /// The name of theme number `theme`.
  ///
  /// Fails: precondition_error when there is no such theme.
  [[nodiscard]] const std::string& name(std::size_t theme) const {
    if (theme >= rules_.size()) {
      throw precondition_error("theme " + std::to_string(theme) + " of " + std::to_string(rules_.size()) +
                               " was asked for its name");
    }
    return rules_[theme].name;
  }

  /// The theme of a market by its title and its venue's slug (either may be empty); nothing when no phrase occurs.
  ///
  /// Cost: one walk over the text; a few microseconds at most for a usual title, whatever the number of phrases.
  [[nodiscard]] std::optional<theme_match> match(std::string_view title, std::string_view slug = {}) const {
    if (phrases_.empty()) return {};
    std::string text;
    text.reserve(title.size() + slug.size() + 16);
    append_words(title, text);
    std::vector<std::uint32_t> found;
    find(text, found);
    if (!slug.empty()) {
      text.clear();
      append_words(slug, text);
      find(text, found);
    }
    if (found.empty()) return {};
    return judge(found);
  }

  /// The number of the theme that `match` finds.
  [[nodiscard]] std::optional<std::size_t> theme_of(std::string_view title, std::string_view slug = {}) const {
    const auto found = match(title, slug);
    if (!found) return {};
    return found->theme;
  }

 private:
  struct phrase {
    std::string words;  // normalised, without the '*'
    std::size_t order;  // of all phrases as given
    std::uint32_t theme;
    std::uint32_t place;   // in its list
    std::uint16_t weight;  // words
    bool prefix;
    bool excludes;
  };
  // A trie over the phrases' bytes: children and the phrases that end at a node are runs in two arrays.
  struct node {
    std::uint32_t first_child = 0;
    std::uint32_t first_phrase = 0;
    std::uint16_t children = 0;
    std::uint16_t phrases = 0;
  };
  struct child {
    char letter;
    std::uint32_t node;
  };

  void add(std::size_t theme) {
    const theme_rule& rule = rules_[theme];
    if (rule.name.empty()) throw precondition_error("theme " + std::to_string(theme) + " has no name");
    for (std::size_t earlier = 0; earlier < theme; ++earlier) {
      if (rules_[earlier].name == rule.name) {
        throw precondition_error("theme '" + rule.name + "' is given twice, as number " + std::to_string(earlier) +
                                 " and number " + std::to_string(theme));
      }
    }
    if (rule.any.empty()) throw precondition_error("theme '" + rule.name + "' has no phrase in any");
    add(theme, rule.any, false);
    add(theme, rule.none, true);
  }

  void add(std::size_t theme, const std::vector<std::string>& list, bool excludes) {
    for (std::size_t place = 0; place < list.size(); ++place) {
      std::string_view given = list[place];
      const bool prefix = !given.empty() && given.back() == '*';
      if (prefix) given.remove_suffix(1);
      phrase next{
          words_of(given), phrases_.size(), static_cast<std::uint32_t>(theme), static_cast<std::uint32_t>(place), 1,
          prefix,          excludes};
      if (next.words.empty()) {
        throw precondition_error("theme '" + rules_[theme].name + "': phrase '" + list[place] + "' has no word");
      }
      const auto blanks = std::count(next.words.begin(), next.words.end(), ' ');
      next.weight = static_cast<std::uint16_t>(blanks + 1);
      phrases_.push_back(std::move(next));
    }
  }

  void refuse_repeats() const {
    for (std::size_t i = 1; i < phrases_.size(); ++i) {
      for (std::size_t k = i; k > 0 && phrases_[k - 1].words == phrases_[i].words; --k) {
        if (phrases_[k - 1].theme == phrases_[i].theme && phrases_[k - 1].prefix == phrases_[i].prefix) {
          throw precondition_error("theme '" + rules_[phrases_[i].theme].name + "': phrase '" + phrases_[i].words +
                                   "' is given twice");
        }
      }
    }
  }

  // Makes the subtree of phrases [from, end), which agree in their first `depth` bytes, under node `at`.
  void grow(std::size_t at, std::size_t from, std::size_t end, std::size_t depth) {
    std::size_t first = from;
    while (first < end && phrases_[first].words.size() == depth) ++first;
    nodes_[at].first_phrase = static_cast<std::uint32_t>(from);
    nodes_[at].phrases = static_cast<std::uint16_t>(first - from);
    std::vector<std::pair<std::size_t, std::size_t>> runs;
    for (std::size_t i = first; i < end;) {
      std::size_t run = i + 1;
      while (run < end && phrases_[run].words[depth] == phrases_[i].words[depth]) ++run;
      runs.emplace_back(i, run);
      i = run;
    }
    const std::size_t first_child = children_.size();
    nodes_[at].first_child = static_cast<std::uint32_t>(first_child);
    nodes_[at].children = static_cast<std::uint16_t>(runs.size());
    for (const auto& [begin, stop] : runs) {
      (void)stop;
      children_.push_back({phrases_[begin].words[depth], static_cast<std::uint32_t>(nodes_.size())});
      nodes_.push_back({});
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      grow(children_[first_child + i].node, runs[i].first, runs[i].second, depth + 1);
    }
  }

  // Adds the phrases that occur in `text`, each once.
  void find(std::string_view text, std::vector<std::uint32_t>& found) const {
    for (std::size_t start = 0; start < text.size();) {
      std::size_t at = start;
      std::uint32_t current = roots_[static_cast<unsigned char>(text[at])];
      while (current != 0) {
        ++at;
        const node& here = nodes_[current];
        const bool word_ends = at == text.size() || text[at] == ' ';
        for (std::uint32_t i = here.first_phrase; i < here.first_phrase + here.phrases; ++i) {
          if ((word_ends || phrases_[i].prefix) && std::find(found.begin(), found.end(), i) == found.end()) {
            found.push_back(i);
          }
        }
        current = at == text.size() ? 0 : step(here, text[at]);
      }
      start = text.find(' ', start);
      if (start == std::string_view::npos) break;
      ++start;
    }
  }

  [[nodiscard]] std::uint32_t step(const node& from, char letter) const {
    for (std::uint32_t i = from.first_child; i < from.first_child + from.children; ++i) {
      if (children_[i].letter == letter) return children_[i].node;
    }
    return 0;
  }

  [[nodiscard]] std::optional<theme_match> judge(const std::vector<std::uint32_t>& found) const {
    std::vector<std::size_t> score(rules_.size(), 0);
    std::vector<char> excluded(rules_.size(), 0);
    for (const std::uint32_t i : found) {
      if (phrases_[i].excludes) {
        excluded[phrases_[i].theme] = 1;
      } else {
        score[phrases_[i].theme] += phrases_[i].weight;
      }
    }
    theme_match best;
    for (std::size_t theme = 0; theme < score.size(); ++theme) {
      if (excluded[theme] != 0) continue;
      if (score[theme] > best.score) {
        best.runner_up = best.score;
        best.score = score[theme];
        best.theme = theme;
      } else {
        best.runner_up = std::max(best.runner_up, score[theme]);
      }
    }
    if (best.score == 0) return {};
    const phrase* said = nullptr;
    for (const std::uint32_t i : found) {
      const phrase& p = phrases_[i];
      if (p.theme != best.theme || p.excludes) continue;
      if (said == nullptr || p.weight > said->weight ||
          (p.weight == said->weight &&
           (p.words.size() > said->words.size() || (p.words.size() == said->words.size() && p.place < said->place)))) {
        said = &p;
      }
    }
    best.phrase = rules_[best.theme].any[said->place];
    return best;
  }

  std::vector<theme_rule> rules_;
  std::vector<phrase> phrases_;
  std::vector<node> nodes_;
  std::vector<child> children_;
  std::array<std::uint32_t, 256> roots_{};  // the root's children by letter; 0 is none
};

}  // namespace basket::taxonomy
