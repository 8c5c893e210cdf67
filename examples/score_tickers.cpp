// Scores our tickers, as pairs of titles, against the silver tickers of a labelled file, and lists the disagreements.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/error.hpp"
#include "basket/files/csv.hpp"
#include "basket/taxonomy/ticker.hpp"
#include "basket/taxonomy/time_words.hpp"
#include "basket/taxonomy/words.hpp"
#include "options.hpp"

namespace {

using namespace basket;

struct labelled_title {
  std::string title;
  std::string silver;       // id
  std::string silver_name;  // text
  taxonomy::ticker_name ours;
};

std::vector<labelled_title> read_titles(const std::filesystem::path& file) {
  std::vector<labelled_title> out;
  files::csv_reader in(file);
  const auto title = in.column("title");
  const auto id = in.column("ticker_id");
  const auto name = in.column("ticker_name");
  while (const auto row = in.next()) {
    if (!(*row)[id].empty()) {
      out.push_back({std::string((*row)[title]), std::string((*row)[id]), std::string((*row)[name]), {}});
    }
  }
  return out;
}

std::uint64_t pairs(std::uint64_t n) { return n * (n - 1) / 2; }

// Pairs of titles in one ticker: of both partitions, of ours, of the silver one.
struct pair_counts {
  std::uint64_t both = 0;
  std::uint64_t ours = 0;
  std::uint64_t silver = 0;
};

template <class OurKey>
pair_counts count_pairs(const std::vector<labelled_title>& titles, OurKey&& our_key) {
  std::map<std::pair<std::string, std::string>, std::uint64_t> cells;
  std::map<std::string, std::uint64_t> ours;
  std::map<std::string, std::uint64_t> silver;
  for (const labelled_title& t : titles) {
    const std::string key = our_key(t);
    ++cells[{key, t.silver}];
    ++ours[key];
    ++silver[t.silver];
  }
  pair_counts out;
  for (const auto& [key, n] : cells) out.both += pairs(n);
  for (const auto& [key, n] : ours) out.ours += pairs(n);
  for (const auto& [key, n] : silver) out.silver += pairs(n);
  return out;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

void print_scores(std::string_view what, const pair_counts& n) {
  fmt::print("{:<46}{:>8}{:>8}{:>8}{:>11.4f}{:>9.4f}{:>9.4f}\n", what, n.both, n.ours, n.silver, share(n.both, n.ours),
             share(n.both, n.silver), share(2 * n.both, n.ours + n.silver));
}

// ---- why two titles are together here and apart there --------------------------------------------------------------

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  std::string all = taxonomy::words_of(text);
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find(' ', at), all.size());
    out.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool has_role(const std::string& word, taxonomy::word_role role) {
  const auto* entry = taxonomy::find_role(word);
  return entry != nullptr && entry->role == role;
}

bool is_number(const std::string& word) { return !word.empty() && word.front() >= '0' && word.front() <= '9'; }

bool is_year(const std::string& word) { return word.size() == 4 && word.starts_with("20") && is_number(word); }

bool is_hour(const std::string& word) {
  return is_number(word) && (word.ends_with("am") || word.ends_with("pm")) && word.size() <= 4;
}

// Words of a title that are plainly a day, an hour, a weekday or a zone: numbers shortly behind a month or a year, or
// in front of am and pm. A reading of its own, so that it can contradict the grammar under test.
std::multiset<std::string> plain_time_words(std::string_view title) {
  const std::vector<std::string> all = words(title);
  std::vector<bool> time(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    using taxonomy::word_role;
    if (has_role(all[i], word_role::weekday) || has_role(all[i], word_role::zone) || all[i] == "today") time[i] = true;
    if (is_hour(all[i])) {
      for (std::size_t k = i; k < all.size() && i - k < 3 && is_number(all[k]); --k) time[k] = true;
    }
    if (!has_role(all[i], word_role::month) && !is_year(all[i])) continue;
    for (std::size_t k = i + 1, numbers = 0; k < all.size() && numbers < 3; ++k) {
      if (is_number(all[k]) && all[k].size() <= 4) {
        time[k] = true;
        ++numbers;
      } else if (!has_role(all[k], word_role::joiner) && !has_role(all[k], word_role::month)) {
        break;
      }
    }
  }
  std::multiset<std::string> out;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (time[i]) out.insert(all[i]);
  }
  return out;
}

// The silver name in one spelling: folded, amounts in full, no punctuation.
std::string one_spelling(std::string_view name) {
  std::string text = taxonomy::fold(name);
  std::vector<taxonomy::title_token> tokens;
  taxonomy::cut(text, tokens);
  std::string out;
  for (const taxonomy::title_token& token : tokens) {
    if (token.kind == taxonomy::token_kind::mark || token.role == taxonomy::word_role::the) continue;
    if (out.empty() && text.substr(token.begin, token.size) == "will") continue;
    const bool verb = token.role == taxonomy::word_role::verb_s;
    const std::size_t size = token.size - (verb ? static_cast<std::size_t>(token.value) : 0U);
    (out += text.substr(token.begin, size)) += ' ';
  }
  return out;
}

std::string without_time_words(const labelled_title& t) {
  std::multiset<std::string> time = plain_time_words(t.title);
  std::vector<std::string> left = words(one_spelling(t.silver_name));
  std::string out;
  for (std::size_t i = left.size(); i > 0; --i) {  // from the end, where times stand: the 20 of "20-39" stays
    const auto found = time.find(left[i - 1]);
    if (found == time.end()) continue;
    time.erase(found);
    left[i - 1].clear();
  }
  for (const std::string& word : left) {
    if (!word.empty()) (out += word) += ' ';
  }
  return out;
}

std::string without_relation(const labelled_title& t) {
  using taxonomy::word_role;
  std::string out;
  for (const std::string& word : words(without_time_words(t))) {
    const auto* entry = taxonomy::find_role(word);
    const word_role role = entry == nullptr ? word_role::plain : entry->role;
    const bool tie = role == word_role::lead || role == word_role::of || role == word_role::joiner ||
                     role == word_role::edge || role == word_role::period || role == word_role::relative ||
                     role == word_role::month || word == "timeframe";
    if (!tie) (out += word) += ' ';
  }
  return out;
}

enum class cause : std::uint8_t { spelling, day_left, relation, month_subject, other };

std::string_view tag(cause why) {
  constexpr std::array<std::string_view, 5> tags = {"spelling", "day left", "relation", "month", "other"};
  return tags[static_cast<std::size_t>(why)];
}

std::string_view sentence(cause why) {
  switch (why) {
    case cause::spelling:
      return "silver defect: a spelling kept apart ($4000 and $4,000; \"by [timeframe], ?\" and \"by [timeframe]?\")";
    case cause::day_left:
      return "silver defect: the day, hour, weekday or zone is left behind (\"by 28th\", \"on 22\", \"- 21, 10AM ET\")";
    case cause::relation:
      return "policy: one question tied to its time in another way (by, in, before, on, week of)";
    case cause::month_subject:
      return "silver defect: a month that is the subject is deleted (\"Will [May] be the best month\")";
    default:
      return "other";
  }
}

cause why_apart_in_silver(const labelled_title& a, const labelled_title& b) {
  if (one_spelling(a.silver_name) == one_spelling(b.silver_name)) return cause::spelling;
  if (without_time_words(a) == without_time_words(b)) return cause::day_left;
  if (without_relation(a) == without_relation(b)) return cause::relation;
  return cause::other;
}

cause why_apart_in_ours(const labelled_title& a, const labelled_title& b) {
  const std::vector<std::string> x = words(a.ours.text);
  const std::vector<std::string> y = words(b.ours.text);
  const auto differ = std::mismatch(x.begin(), x.end(), y.begin(), y.end());
  const bool month = differ.first != x.end() && differ.second != y.end() &&
                     has_role(*differ.first, taxonomy::word_role::month) &&
                     has_role(*differ.second, taxonomy::word_role::month);
  return month && std::equal(differ.first + 1, x.end(), differ.second + 1, y.end()) ? cause::month_subject
                                                                                    : cause::other;
}

// The words of one text that the other lacks, digits as 9.
std::string difference(std::string_view a, std::string_view b) {
  const auto blanked = [](std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= '0' && c <= '9' ? '9' : c;
    return out;
  };
  const auto split = [](std::string_view text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(' ', at), text.size());
      if (end > at) out.emplace_back(text.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  const auto only = [&](const std::vector<std::string>& in, const std::vector<std::string>& out_of) {
    std::string out;
    for (std::string word : in) {
      if (has_role(word, taxonomy::word_role::month)) word = "<month>";
      if (std::find(out_of.begin(), out_of.end(), word) == out_of.end()) (out += out.empty() ? "" : " ") += word;
    }
    return blanked(out);
  };
  const auto x = split(a);
  const auto y = split(b);
  std::string left = only(x, y);
  std::string right = only(y, x);
  if (right < left) std::swap(left, right);
  return "[" + left + "] and [" + right + "]";
}

struct pair_group {
  std::uint64_t pairs = 0;
  std::string first;
  std::string second;
};

struct disagreements {
  std::uint64_t pairs = 0;
  std::map<cause, pair_group> causes = {};
  std::map<std::pair<cause, std::string>, pair_group> patterns = {};

  void add(cause why, const std::string& pattern, const labelled_title& a, const labelled_title& b) {
    ++pairs;
    for (pair_group* group : {&causes[why], &patterns[{why, pattern}]}) {
      if (group->pairs++ == 0) {
        group->first = a.title;
        group->second = b.title;
      }
    }
  }

  void print(std::string_view heading, std::size_t top) const {
    fmt::print("\n{}: {} pairs\n", heading, pairs);
    for (const auto& [why, group] : causes) {
      fmt::print("  {:>6}  {:<9} {}\n          {} | {}\n", group.pairs, tag(why), sentence(why), group.first,
                 group.second);
    }
    std::vector<std::pair<std::pair<cause, std::string>, pair_group>> sorted(patterns.begin(), patterns.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
      return a.second.pairs != b.second.pairs ? a.second.pairs > b.second.pairs : a.first < b.first;
    });
    if (sorted.size() > top) sorted.resize(top);
    fmt::print("  the commonest differences, digits as 9:\n");
    for (const auto& [key, group] : sorted) {
      fmt::print("  {:>6}  {:<9} {}\n          {} | {}\n", group.pairs, tag(key.first), key.second, group.first,
                 group.second);
    }
  }
};

template <class Key, class Apart, class Add>
void for_pairs_apart(const std::vector<labelled_title>& titles, Key&& together, Apart&& apart, Add&& add) {
  std::map<std::string, std::vector<const labelled_title*>> groups;
  for (const labelled_title& t : titles) groups[together(t)].push_back(&t);
  for (const auto& [key, members] : groups) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      for (std::size_t k = i + 1; k < members.size(); ++k) {
        if (apart(*members[i]) != apart(*members[k])) add(*members[i], *members[k]);
      }
    }
  }
}

int run(const examples::options& given) {
  const auto folder = given.text("--data");
  if (!folder) throw examples::usage_error("option --data is needed: the folder of basket_engine_market_labels.csv.gz");
  const auto top = static_cast<std::size_t>(given.whole("--top", 0, 1000).value_or(12));
  std::vector<labelled_title> titles =
      read_titles(std::filesystem::path(*folder) / "basket_engine_market_labels.csv.gz");
  if (titles.empty()) throw data_error(*folder, 0, "ticker_id", "no title has a silver ticker");

  constexpr int rounds = 20;
  std::chrono::duration<double> best{1e9};
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    for (labelled_title& t : titles) t.ours = taxonomy::strip_time(t.title);
    best = std::min<std::chrono::duration<double>>(best, std::chrono::steady_clock::now() - start);
  }

  std::size_t unstable = 0;
  std::size_t with_time = 0;
  std::set<std::string> our_tickers;
  std::set<std::string> silver_tickers;
  for (const labelled_title& t : titles) {
    if (taxonomy::strip_time(t.ours.text).text != t.ours.text) ++unstable;
    if (t.ours.when) ++with_time;
    our_tickers.insert(t.ours.text);
    silver_tickers.insert(t.silver);
  }
  std::vector<labelled_title> distinct;
  std::set<std::string> seen;
  for (const labelled_title& t : titles) {
    if (seen.insert(t.title).second) distinct.push_back(t);
  }

  fmt::print("{} titles ({} distinct, {} with a time): {} tickers here, {} silver ones\n", titles.size(),
             distinct.size(), with_time, our_tickers.size(), silver_tickers.size());
  fmt::print("stripping again changes {} of {} titles\n", unstable, titles.size());
  fmt::print("{:.0f} titles a second on one core, the best of {} rounds\n\n",
             static_cast<double>(titles.size()) / std::max(best.count(), 1e-9), rounds);

  const auto text = [](const labelled_title& t) { return t.ours.text; };
  const auto text_and_relation = [](const labelled_title& t) {
    return t.ours.text + '\n' + (t.ours.when ? std::to_string(static_cast<int>(t.ours.when->relation)) : "");
  };
  const auto silver = [](const labelled_title& t) { return t.silver; };
  fmt::print("{:<46}{:>8}{:>8}{:>8}{:>11}{:>9}{:>9}\n", "pairs of titles in one ticker", "both", "ours", "silver",
             "precision", "recall", "F1");
  print_scores("all titles", count_pairs(titles, text));
  const pair_counts of_distinct = count_pairs(distinct, text);
  print_scores("distinct titles", of_distinct);
  print_scores("distinct titles, apart when by, in, on differ", count_pairs(distinct, text_and_relation));

  disagreements merged;
  for_pairs_apart(distinct, text, silver, [&](const labelled_title& a, const labelled_title& b) {
    merged.add(why_apart_in_silver(a, b), difference(a.silver_name, b.silver_name), a, b);
  });
  disagreements split;
  for_pairs_apart(distinct, silver, text, [&](const labelled_title& a, const labelled_title& b) {
    split.add(why_apart_in_ours(a, b), difference(a.ours.text, b.ours.text), a, b);
  });
  const auto of = [](const disagreements& d, cause why) {
    const auto at = d.causes.find(why);
    return at == d.causes.end() ? std::uint64_t{0} : at->second.pairs;
  };
  const std::uint64_t defects = of(merged, cause::spelling) + of(merged, cause::day_left);
  const std::uint64_t subjects = of(split, cause::month_subject);
  pair_counts repaired = of_distinct;
  repaired.both += defects;
  repaired.silver += defects;
  repaired.silver -= subjects;
  print_scores("distinct titles, silver defects put right", repaired);
  repaired.both += of(merged, cause::relation);
  repaired.silver += of(merged, cause::relation);
  print_scores("the same, and by, in, on held to be one ticker", repaired);

  merged.print("together here, apart in the silver labels", top);
  split.print("apart here, together in the silver labels", top);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("score_tickers", [&] {
    const examples::options given(argc, argv,
                                  {{"--data", "FOLDER", "holds basket_engine_market_labels.csv.gz"},
                                   {"--top", "COUNT", "differences listed of each kind (12)"}});
    if (given.help()) {
      fmt::print("{}", given.usage("score_tickers", "tickers from titles, scored as pairs against silver labels"));
      return 0;
    }
    return run(given);
  });
}
