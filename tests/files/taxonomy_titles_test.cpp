// The taxonomy on titles from files: the example's rules, and every labelled title of the real data.
#include <doctest/doctest.h>

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/files/csv.hpp"
#include "basket/files/taxonomy_yaml.hpp"
#include "basket/taxonomy/theme_rules.hpp"
#include "basket/taxonomy/ticker.hpp"
#include "support/data_dir.hpp"

namespace basket_test::files_taxonomy_titles {

using namespace basket;

const taxonomy::theme_rules& example_rules() {
  static const taxonomy::theme_rules rules(
      files::read_theme_rules<taxonomy::theme_rule>(BASKET_SOURCE_DIR "/examples/taxonomy.yaml"));
  return rules;
}

TEST_CASE("the example's rules are read, and each of its phrases is found as it stands") {
  const taxonomy::theme_rules& rules = example_rules();
  CHECK(rules.size() == 10);
  for (const taxonomy::theme_rule& rule : rules.rules()) {
    const taxonomy::theme_rules alone({rule});
    for (const std::string& phrase : rule.any) {
      const taxonomy::theme_rules without_none({{rule.name, rule.any, {}}});
      CHECK_MESSAGE(without_none.match("the " + phrase + " of it"), rule.name, ": ", phrase);
    }
    for (const std::string& phrase : rule.none) CHECK_MESSAGE(!alone.match(phrase), rule.name, ": ", phrase);
  }
}

TEST_CASE("the example's rules on made-up titles") {
  const auto theme = [](std::string_view title) {
    const auto found = example_rules().match(title);
    return found ? example_rules().name(found->theme) : "none";
  };
  CHECK(theme("Harbour Lions vs. Mill Town: O/U 3.5") == "sports");
  CHECK(theme("Will Bitcoin reach $500K in March?") == "crypto");
  CHECK(theme("Highest temperature in Lisbon on March 3?") == "weather_climate");
  CHECK(theme("Fed cuts rates by 25 bps after the March meeting?") == "economics");
  CHECK(theme("Ceasefire in Ukraine by June 30?") == "geopolitics");
  CHECK(theme("Will the film win Best Picture?") == "culture");
  CHECK(theme("Which company has the best AI model?") == "tech_science");
  CHECK(theme("Largest company by market cap in June?") == "business");
  CHECK(theme("Republicans win the Senate race in Ohio?") == "us_politics");
  CHECK(theme("Next Prime Minister of the Netherlands?") == "world_politics");
  CHECK(theme("French presidential election: will the mayor win?") == "world_politics");
  CHECK(theme("Will Israel win Eurovision 2027?") == "culture");
  CHECK(theme("Whether the goat burns down") == "none");
}

struct title_pairs {
  std::size_t both = 0, ours = 0, silver = 0;
};

TEST_SUITE("slow taxonomy titles") {
  TEST_CASE("every labelled title: stripping is idempotent, and the silver pairs stay together") {
    const auto folder = basket_test::data_dir("tickers of the labelled titles");
    if (!folder) return;
    files::csv_reader in(*folder / "llm-theme-labels" / "basket_engine_market_labels.csv.gz");
    const auto title = in.column("title");
    const auto silver = in.column("ticker_id");
    std::map<std::string, std::map<std::string, std::size_t>> cells;  // ours, silver
    std::map<std::string, std::size_t> silver_sizes;
    std::size_t titles = 0;
    while (const auto row = in.next()) {
      const std::string ticker = taxonomy::strip_time((*row)[title]).text;
      REQUIRE_MESSAGE(taxonomy::strip_time(ticker).text == ticker, (*row)[title]);
      CHECK(!ticker.empty());
      ++cells[ticker][std::string((*row)[silver])];
      ++silver_sizes[std::string((*row)[silver])];
      ++titles;
    }
    CHECK(titles == 20180);
    title_pairs n;
    for (const auto& [ticker, parts] : cells) {
      std::size_t all = 0;
      for (const auto& [id, size] : parts) {
        n.both += size * (size - 1) / 2;
        all += size;
      }
      n.ours += all * (all - 1) / 2;
    }
    for (const auto& [id, size] : silver_sizes) n.silver += size * (size - 1) / 2;
    // What the silver rules keep apart by defect bounds the precision; examples/score_tickers lists it.
    CHECK(static_cast<double>(n.both) / static_cast<double>(n.silver) > 0.99);
    CHECK(static_cast<double>(n.both) / static_cast<double>(n.ours) > 0.64);
  }
}

}  // namespace basket_test::files_taxonomy_titles
