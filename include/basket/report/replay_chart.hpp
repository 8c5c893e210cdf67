// One picture of a replay: the price with one's own fills, and the equity below; report/gnuplot.hpp draws it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "basket/backtest/replay_result.hpp"
#include "basket/concepts/message_source.hpp"
#include "basket/core/error.hpp"
#include "basket/model/order_book.hpp"
#include "basket/report/gnuplot.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// The mid of a market at an instant; nothing where there is no book, or a side of it is empty.
struct mid_point {
  instant when = {};
  std::optional<double> mid = std::nullopt;
};

/// The mid of one market at the end of every span of `every_ns` in which something was told, on candles the close.
/// Reads the source to its end. O(messages).
template <MessageSource Source>
[[nodiscard]] std::vector<mid_point> mids_of(Source& source, contract_id market, std::int64_t every_ns) {
  require(every_ns > 0, "the mid is sampled in spans longer than nothing");
  require(market.index() < source.markets().size(), "there is no such contract");
  order_book book(source.markets()[market.index()].grid);
  std::vector<mid_point> out;
  std::vector<message> room(4096);
  std::optional<double> last;
  std::optional<instant> span_end;
  for (std::size_t n = source.next(room); n > 0; n = source.next(room)) {
    for (std::size_t i = 0; i < n; ++i) {
      const message& m = room[i];
      if (m.contract != market || m.kind() == message_kind::timer) continue;
      if (span_end && m.known_at >= *span_end) {
        out.push_back({.when = *span_end, .mid = last});
        span_end.reset();
      }
      if (!span_end) span_end = instant::nanoseconds((m.known_at.nanoseconds() / every_ns + 1) * every_ns);
      if (m.kind() == message_kind::candle) {
        const double close = m.candle().close.to_double();
        last = m.of == outcome::yes ? close : 1.0 - close;
        continue;
      }
      (void)book.apply(m);
      if (m.kind() == message_kind::level || m.kind() == message_kind::quote || m.kind() == message_kind::market) {
        const auto mid = book.ready() ? book.double_mid() : std::nullopt;
        last = mid ? std::optional(static_cast<double>(*mid) / 2e6) : std::nullopt;
      }
    }
  }
  if (span_end) out.push_back({.when = *span_end, .mid = last});
  return out;
}

/// Draws the price of YES with the strategy's fills in it (bought YES or sold NO points up) and the equity below.
///
/// Missing: where there is no mid, and over a silence of more than `silence_ns`, the line is interrupted.
/// Fails:   precondition_error when there are fewer than two mids or equity points.
/// Cost:    a line of script a mid, fill and equity point.
struct replay_chart {
  std::string title = "Replay";
  std::string caption = {};  ///< a line under the chart: the first Bias sentence, say
  contract_id market = {};
  std::int64_t silence_ns = 600'000'000'000;

  [[nodiscard]] std::string script(const backtest::replay_result& run, const std::vector<mid_point>& mids) const {
    if (mids.size() < 2 || run.equity.size() < 2) {
      throw precondition_error("a chart needs at least 2 prices and 2 equity points; there are " +
                               std::to_string(mids.size()) + " and " + std::to_string(run.equity.size()));
    }
    std::string out = "$price << EOD\n";
    for (std::size_t i = 0; i < mids.size(); ++i) {
      const mid_point& p = mids[i];
      // An empty line interrupts gnuplot's lines.
      if (i > 0 && p.when.nanoseconds() - mids[i - 1].when.nanoseconds() > silence_ns) out += "\n";
      out += p.mid ? fmt::format("{} {:.6f}\n", seconds(p.when), *p.mid) : "\n";
    }
    for (const bool up : {true, false}) {
      out += fmt::format("EOD\n${} << EOD\n", up ? "up" : "down");
      std::size_t points = 0;
      for (const fill& f : run.fills) {
        if (f.contract != market || ((f.of == outcome::yes) == (f.direction == side::buy)) != up) continue;
        const price yes = f.of == outcome::yes ? f.at : f.at.complement();
        out += fmt::format("{} {:.6f}\n", seconds(f.when), yes.to_double());
        ++points;
      }
      if (points == 0) out += fmt::format("{} NaN\n", seconds(mids.front().when));
    }
    out += "EOD\n$equity << EOD\n";
    for (const backtest::equity_point& p : run.equity) {
      out += fmt::format("{} {:.6f}\n", seconds(p.when), p.equity().to_double());
    }
    const instant first = std::min(mids.front().when, run.equity.front().when);
    const instant last = std::max(mids.back().when, run.equity.back().when);
    out +=
        "EOD\n"
        "set locale 'C'\n"
        "set encoding utf8\n"
        "set datafile missing 'NaN'\n"
        "set xdata time\n"
        "set timefmt '%s'\n"
        "set style line 1 lc rgb '#1b4f8a' lw 1.6\n"
        "set style line 2 lc rgb '#2a7f3f' pt 9 ps 1.2\n"
        "set style line 3 lc rgb '#a63232' pt 11 ps 1.2\n"
        "set style line 4 lc rgb '#777777' lw 1.2 dt 2\n"
        "set border 3 lc rgb '#555555'\n"
        "set tics out nomirror textcolor rgb '#222222'\n"
        "set grid ytics lc rgb '#dddddd' lt 1 lw 0.8\n"
        "set lmargin at screen 0.085\n"
        "set rmargin at screen 0.97\n";
    out += fmt::format("set xrange ['{}':'{}']\n", seconds(first), seconds(last));
    out += fmt::format("set label 1 {} noenhanced at screen 0.5275,0.97 center font ',15'\n", gnuplot_quoted(title));
    if (!caption.empty()) {
      out += fmt::format("set label 2 {} noenhanced at screen 0.5275,0.02 center font ',9' textcolor rgb '#555555'\n",
                         gnuplot_quoted(one_line(caption, 150)));
    }
    out += fmt::format(
        "set multiplot\n"
        "set tmargin at screen 0.90\n"
        "set bmargin at screen 0.42\n"
        "set key top left horizontal textcolor rgb '#222222'\n"
        "set ylabel 'Price of YES (US dollars)' offset 0.3,0\n"
        "set format x ''\n"
        "plot $price using 1:2 with lines ls 1 title 'mid', $up using 1:2 with points ls 2 title 'bought YES or sold "
        "NO', $down using 1:2 with points ls 3 title 'sold YES or bought NO'\n"
        "unset label 1\n"
        "unset label 2\n"
        "set tmargin at screen 0.37\n"
        "set bmargin at screen 0.11\n"
        "set ylabel 'Equity (US dollars)' offset 0.3,0\n"
        "set format x '{}'\n"
        "set xlabel 'UTC'\n"
        "unset key\n"
        "plot $equity using 1:2 with steps ls 1, {:.6f} with lines ls 4\n"
        "unset multiplot\n",
        last.nanoseconds() - first.nanoseconds() > 3 * nanoseconds_per_day ? "%d %b" : "%H:%M",
        run.capital.to_double());
    return out;
  }

 private:
  static std::string seconds(instant when) {
    const std::int64_t n = when.nanoseconds();
    return fmt::format("{}.{:03}", n / 1'000'000'000, n / 1'000'000 % 1'000);
  }
};

}  // namespace basket::report
