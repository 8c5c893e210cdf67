// The words of the bundled universe: questions in the style of real markets.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "basket/core/time.hpp"

namespace basket::source::wording {

/// How the contracts of a question hang together.
enum class shape {
  binary,      ///< one contract, yes or no
  exhaustive,  ///< several answers, one of them right
  open_ended,  ///< several answers, or one that is not listed
  ladder,      ///< the same question with several deadlines
  scalar,      ///< one contract that pays a number between nothing and one
};

/// The wording of a question; words in braces are filled in, `answers` (split at |) replace {answer}.
struct form {
  shape kind;
  std::string_view theme, title, answers = "";
};

inline constexpr form forms[] = {
    {shape::binary, "sports", "Will the {team} beat the {rival} in the NBA game on {date}?"},
    {shape::binary, "sports", "Will the {team} make the NBA playoffs?"},
    {shape::binary, "us_politics", "Will the Senate confirm the nominee for {office} by {date}?"},
    {shape::binary, "us_politics", "Will a Democrat win the {state} governor election?"},
    {shape::binary, "crypto", "Will {mark} on {date}?"},
    {shape::binary, "crypto", "Will a spot {coin} ETF be approved by {date}?"},
    {shape::binary, "world_politics", "Will {country} hold a parliamentary election by {date}?"},
    {shape::binary, "economics", "Will the Fed cut interest rates in {month}?"},
    {shape::binary, "economics", "Will US CPI inflation be above {percent}% in {month}?"},
    {shape::binary, "geopolitics", "Will {country} and {neighbour} sign a ceasefire by {date}?"},
    {shape::binary, "culture", "Will a debut album be number one on the Billboard 200 on {date}?"},
    {shape::binary, "tech_science", "Will {lab} release a new AI model by {date}?"},
    {shape::binary, "tech_science", "Will SpaceX launch Starship before {date}?"},
    {shape::binary, "business", "Will {company} beat its quarterly earnings estimate in {month}?"},
    {shape::binary, "weather_climate", "Will a hurricane make landfall in {state} by {date}?"},
    {shape::binary, "", "Will the answer be number {count}?"},
    {shape::binary, "", "Will it have happened by {date}?"},
    {shape::exhaustive, "sports", "Will the {answer} win the Super Bowl?", "Chiefs|Eagles|Bills|Ravens|Lions|49ers"},
    {shape::exhaustive, "economics", "Fed decision in {month}: {answer}?",
     "cut by 50 basis points|cut by 25 basis points|no change in rates|rate hike"},
    {shape::exhaustive, "weather_climate", "Will the highest temperature in {city} on {date} be {answer}?",
     "far below normal|below normal|normal|above normal|far above normal"},
    {shape::exhaustive, "crypto", "Will the price of {coin} be {answer} on {date}?",
     "lower than a month before|up to 20% higher than a month before|more than 20% higher than a month before"},
    {shape::exhaustive, "us_politics", "Will the {answer} party win the {state} Senate election?",
     "Democratic|Republican|Independent"},
    {shape::open_ended, "culture", "Will {answer} win Best Picture at the Oscars?",
     "the war epic|the courtroom drama|the space opera|the quiet comedy|the musical"},
    {shape::open_ended, "sports", "Will {answer} win the Champions League?", "Arsenal|Barcelona|Bayern|Inter|PSG"},
    {shape::open_ended, "world_politics", "Will the {answer} lead the next government of {country}?",
     "Social Democrats|Christian Democrats|Liberals"},
    {shape::open_ended, "tech_science", "Which company has the best AI model in {month}: {answer}?",
     "OpenAI|Google|Anthropic"},
    {shape::ladder, "crypto", "Will {peak} by {date}?"},
    {shape::ladder, "geopolitics", "Will {country} withdraw its troops from {neighbour} by {date}?"},
    {shape::ladder, "business", "Will {company} announce a merger by {date}?"},
    {shape::ladder, "us_politics", "Will Congress pass the budget bill by {date}?"},
    {shape::scalar, "world_politics", "What share of the seats will the government keep in the election in {country}?"},
    {shape::scalar, "weather_climate", "What share of days in {month} will have rain in {city}?"},
};

/// What fills the braces, split at |.
inline constexpr std::pair<std::string_view, std::string_view> fillers[] = {
    {"team", "Celtics|Lakers|Knicks|Bulls|Heat|Nuggets|Suns|Spurs"},
    {"rival", "Warriors|Bucks|Mavericks|Pacers|Raptors|Thunder"},
    {"office", "Secretary of Labor|Attorney General|ambassador to Japan|Fed governor"},
    {"state", "Michigan|Georgia|Arizona|Florida|Texas|Ohio|Louisiana"},
    {"coin", "Bitcoin|Ethereum|Solana"},
    {"mark", "Bitcoin close above $100000|Ethereum close above $3500|Solana close above $200"},
    {"peak", "Bitcoin reach $150000|Ethereum reach $5000|Solana reach $300"},
    {"country", "Germany|Japan|Canada|Israel|Ukraine|Armenia|Colombia"},
    {"neighbour", "France|Russia|Lebanon|Syria|Azerbaijan|Venezuela"},
    {"percent", "2.4|2.7|3.0|3.3"},
    {"lab", "OpenAI|Google|Anthropic|Meta"},
    {"company", "Tesla|Nvidia|Boeing|Netflix|Intel"},
    {"city", "New York|Chicago|Miami|London"},
    {"count", "7|13|21|42"},
};

inline std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t end = text.find('|'); end != text.npos; end = text.find('|')) {
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  parts.push_back(text);
  return parts;
}

inline std::string replaced(std::string text, std::string_view word, std::string_view by) {
  const std::string braced = "{" + std::string(word) + "}";
  for (std::size_t at = text.find(braced); at != text.npos; at = text.find(braced, at + by.size())) {
    text.replace(at, braced.size(), by);
  }
  return text;
}

/// The title with {date} and {month} of a day.
inline std::string dated(const std::string& title, utc_day day) {
  constexpr std::string_view months[] = {"January", "February", "March",     "April",   "May",      "June",
                                         "July",    "August",   "September", "October", "November", "December"};
  const auto date = day.date();
  const std::string month(months[static_cast<unsigned>(date.month()) - 1]);
  const std::string year = std::to_string(static_cast<int>(date.year()));
  const std::string of_month = std::to_string(static_cast<unsigned>(date.day()));
  return replaced(replaced(title, "date", month + " " + of_month + ", " + year), "month", month + " " + year);
}

/// Lower case words joined by hyphens.
inline std::string slug(std::string_view title) {
  std::string out;
  for (const char c : title) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') out.pop_back();
  return out;
}

}  // namespace basket::source::wording
