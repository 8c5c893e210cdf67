// Recorded order books held against themselves, one row a recording: how far each can be trusted.
#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "basket/cost/quadratic.hpp"
#include "basket/files/clob_recording.hpp"
#include "basket/model/book_audit.hpp"
#include "basket/replay_engine.hpp"
#include "basket/report/replay_files.hpp"
#include "basket/report/text.hpp"
#include "basket/strategy/two_sided_quoter.hpp"
#include "options.hpp"

namespace {

using namespace basket;

std::string share(const level_agreement& a) { return a.share() ? fmt::format("{:.4f}", *a.share()) : ""; }
std::string seconds(std::int64_t ns) { return fmt::format("{:.1f}", static_cast<double>(ns) / 1e9); }

std::vector<std::string> row_of(const std::filesystem::path& file) {
  files::clob_recording in(file);
  book_audit audit(in.markets()[0].grid);
  std::vector<message> room(4096);
  for (std::size_t n = in.next(room); n > 0; n = in.next(room)) {
    for (std::size_t i = 0; i < n; ++i) audit.add(room[i]);
  }
  const book_audit_result r = audit.finish();
  files::clob_recording again(file);
  const replay_engine<strategy::two_sided_quoter, execution::decreases_trade, cost::quadratic> quoter{
      .cost = {.law = {{.taker = 30'000}}}};
  const auto run = quoter.run(again);
  const auto accounts = report::account(run);
  return {std::string(in.name()),
          std::to_string(r.messages),
          share(r.token),
          share(r.joint),
          fmt::format("{} of {}", r.contradictions, r.two_told),
          std::to_string(r.crossed.spells),
          seconds(r.crossed.total_ns),
          seconds(r.crossed.longest_ns),
          std::to_string(r.gaps.spells),
          std::to_string(in.rows_back()),
          std::to_string(run.totals.orders),
          std::to_string(run.totals.maker_fills),
          std::to_string(accounts.lines),
          accounts.balances() ? "0" : "BROKEN"};
}

int run(int argc, char** argv) {
  const examples::options given(argc, argv, {{"--data", "FOLDER", "recordings of Polymarket books (*.csv, *.csv.gz)"}});
  if (given.help()) {
    fmt::print("{}", given.usage("audit_recordings", "how far recorded order books agree with themselves"));
    return 0;
  }
  const auto data = given.text("--data");
  if (!data) throw examples::usage_error("option --data is needed: the folder of the recordings");
  if (!std::filesystem::is_directory(*data)) throw data_error(*data, 0, "", "there is no such folder");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(*data)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".csv") || name.ends_with(".csv.gz")) paths.push_back(entry.path());
  }
  if (paths.empty()) throw data_error(*data, 0, "", "holds no recording");
  std::sort(paths.begin(), paths.end());
  const auto right = report::align::right;
  report::table rows{.columns = {{"recording"},
                                 {"messages", right},
                                 {"token", right},
                                 {"joint", right},
                                 {"contradict", right},
                                 {"crossed", right},
                                 {"s", right},
                                 {"longest", right},
                                 {"gaps", right},
                                 {"back", right},
                                 {"orders", right},
                                 {"fills", right},
                                 {"journal", right},
                                 {"off by", right}}};
  bool all_balance = true;
  for (const auto& path : paths) {
    rows.rows.push_back(row_of(path));
    all_balance = all_balance && rows.rows.back().back() == "0";
  }
  fmt::print(
      "{}\n{}{}{}{}", rows.text(),
      report::wrapped("token, joint: share of levels on which the replayed book of each token, and of both "
                      "together, agrees with the next snapshot. contradict: levels told while both tokens have a "
                      "book, on which the two differ once the instant is over."),
      report::wrapped("crossed, s, longest: spells in which the joint book is crossed, their length in all and "
                      "the longest. gaps: silences over a minute. back: rows stamped before the one in front."),
      report::wrapped("orders, fills, journal, off by: a quoter's orders and fills on it, lines of its journal, "
                      "and by how much its books fail to balance."),
      all_balance ? "" : "THE BOOKS DO NOT BALANCE.\n");
  return all_balance ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  return examples::guarded("audit_recordings", [&] { return run(argc, argv); });
}
