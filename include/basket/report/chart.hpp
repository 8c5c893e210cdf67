// The NAV chart of a daily run as a gnuplot script; report/gnuplot.hpp draws it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "basket/backtest/result.hpp"
#include "basket/core/error.hpp"
#include "basket/report/gnuplot.hpp"
#include "basket/report/text.hpp"

namespace basket::report {

/// Draws the NAV with the band between every stale position paying 0 and 1, a tick at each rebalance, and the drawdown
/// from the starting capital below. A day without a value is a gap in every line.
///
/// Fails: precondition_error when the run has fewer than two days, or no capital.
/// Cost:  a line of script a day.
struct nav_chart {
  std::string title = "Net asset value";
  std::string caption = {};  ///< a line under the chart: the first Bias sentence, say

  [[nodiscard]] std::string script(const backtest::result& run) const {
    if (run.nav.size() < 2) {
      throw precondition_error("a chart needs a run of at least 2 days; this one has " +
                               std::to_string(run.nav.size()));
    }
    require(run.capital > money{}, "a chart needs a run with a positive capital");
    const unit_of_money unit = unit_for(run);
    return data(run, unit) + layout(run, unit);
  }

 private:
  struct unit_of_money {
    double dollars = 1.0;
    const char* name = "US dollars";
  };

  static unit_of_money unit_for(const backtest::result& run) {
    money top = run.capital;
    for (const backtest::nav_point& p : run.nav) top = std::max(top, p.nav_if_stale_win);
    if (top >= money::dollars(10'000'000)) return {1e6, "million US dollars"};
    if (top >= money::dollars(10'000)) return {1e3, "thousand US dollars"};
    return {};
  }

  static std::string data(const backtest::result& run, const unit_of_money& unit) {
    std::string out = "# day, NAV, NAV if stale positions pay 0, if they pay 1, drawdown in percent\n$nav << EOD\n";
    double peak = run.capital.to_double();
    for (std::size_t i = 0; i < run.nav.size(); ++i) {
      const backtest::nav_point& p = run.nav[i];
      if (i > 0 && p.day - run.nav[i - 1].day != days(1)) out += "\n";  // an empty line interrupts gnuplot's lines
      peak = std::max(peak, p.nav.to_double());
      out += fmt::format("{} {:.6f} {:.6f} {:.6f} {:.4f}\n", to_string(p.day), p.nav.to_double() / unit.dollars,
                         p.nav_if_stale_lose.to_double() / unit.dollars, p.nav_if_stale_win.to_double() / unit.dollars,
                         100.0 * (p.nav.to_double() / peak - 1.0));
    }
    out += "EOD\n# rebalances\n$rebalances << EOD\n";
    for (const decision& d : run.decisions) out += to_string(last_closed_day(d.at)) + " 0.03\n";
    return out + "EOD\n";
  }

  /// Tics at the first of a month, every few months, so that about ten are shown; at each week where the run is short.
  enum class tic_labels { shown, hidden };
  static std::string date_tics(utc_day first, utc_day last, tic_labels labels) {
    const int span = (last - first).count;
    std::string major, minor;
    const auto add = [&](std::string& list, const std::string& label, utc_day day) {
      list += fmt::format("{}\"{}\" \"{}\"{}", list.empty() ? "" : ", ", labels == tic_labels::shown ? label : "",
                          to_string(day), label.empty() ? " 1" : "");
    };
    static constexpr const char* names[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const int every = span <= 300 ? 1 : span <= 800 ? 2 : span <= 1800 ? 6 : 12;
    for (utc_day day = first; day <= last; ++day) {
      const auto date = day.date();
      const int month = static_cast<int>(static_cast<unsigned>(date.month())) - 1;
      const std::string year = std::to_string(static_cast<int>(date.year()));
      const unsigned of_month = static_cast<unsigned>(date.day());
      if (span <= 60 && (day - first).count % std::max(1, span / 8) == 0) {
        add(major, fmt::format("{} {}\\n{}", of_month, names[month], year), day);
      } else if (span > 60 && of_month == 1) {
        const bool labelled = month % every == 0;
        add(labelled ? major : minor, labelled ? fmt::format("{}\\n{}", names[month], year) : "", day);
      }
    }
    return minor.empty() ? "set xtics (" + major + ")\n" : "set xtics (" + major + ")\nset xtics add (" + minor + ")\n";
  }

  [[nodiscard]] std::string layout(const backtest::result& run, const unit_of_money& unit) const {
    const bool any_stale = std::any_of(run.nav.begin(), run.nav.end(),
                                       [](const auto& p) { return p.nav_if_stale_lose != p.nav_if_stale_win; });
    money peak = run.capital;
    bool any_fall = false;
    for (const backtest::nav_point& p : run.nav) {
      any_fall = any_fall || p.nav < peak;
      peak = std::max(peak, p.nav);
    }
    std::string out =
        "set locale 'C'\n"
        "set encoding utf8\n"
        "set xdata time\n"
        "set timefmt '%Y-%m-%d'\n"
        "set style line 1 lc rgb '#1b4f8a' lw 2.2\n"
        "set style line 2 lc rgb '#bcd4ec'\n"
        "set style line 3 lc rgb '#777777' lw 1.2 dt 2\n"
        "set style line 4 lc rgb '#c06a14' lw 2\n"
        "set style line 5 lc rgb '#a63232' lw 1.4\n"
        "set style fill solid 1.0 noborder\n"
        "set border 3 lc rgb '#555555'\n"
        "set tics out nomirror textcolor rgb '#222222'\n"
        "set grid ytics lc rgb '#dddddd' lt 1 lw 0.8\n"
        "set lmargin at screen 0.085\n"
        "set rmargin at screen 0.97\n";
    out += fmt::format("set xrange ['{}':'{}']\n", to_string(run.nav.front().day), to_string(run.nav.back().day));
    out += fmt::format("set label 1 {} noenhanced at screen 0.5275,0.97 center font ',15'\n", gnuplot_quoted(title));
    const std::string lines = caption.empty() ? "" : wrapped(caption, 150, 0);
    std::string_view rest = lines;
    for (int line = 0; line < 2 && !rest.empty(); ++line) {  // gnuplot breaks no lines
      const std::size_t end = rest.find('\n');
      const std::string_view part = line == 0 ? rest.substr(0, end) : rest;
      out += fmt::format("set label {} {} noenhanced at screen 0.5275,{} center font ',9' textcolor rgb '#555555'\n",
                         2 + line, gnuplot_quoted(one_line(part, 150)), line == 0 ? 0.037 : 0.014);
      rest.remove_prefix(std::min(rest.size(), end + 1));
    }
    out += fmt::format(
        "set multiplot\n"
        "set tmargin at screen 0.87\n"
        "set bmargin at screen 0.40\n"
        "set key at graph 0.5,1.02 center bottom horizontal maxrows 1 Left reverse samplen 2 width -1 textcolor rgb "
        "'#222222'\n"
        "set ylabel 'Net asset value ({})' offset 0.3,0\n"
        "set format y '%g'\n"
        "set y2range [0:1]\n"
        "unset y2tics\n",
        unit.name);
    out += date_tics(run.nav.front().day, run.nav.back().day, tic_labels::hidden) + "plot ";
    if (any_stale) out += "$nav using 1:3:4 with filledcurves ls 2 title 'if stale positions pay 0 to 1', ";
    out += fmt::format("{:.6f} with lines ls 3 title 'starting capital', ", run.capital.to_double() / unit.dollars);
    out += "$nav using 1:2 with lines ls 1 title 'NAV'";
    if (!run.decisions.empty()) out += ", $rebalances using 1:2 axes x1y2 with impulses ls 4 title 'rebalance'";
    out += "\n" + date_tics(run.nav.front().day, run.nav.back().day, tic_labels::shown);
    out += fmt::format(
        "unset label 1\n"
        "unset label 2\n"
        "unset label 3\n"
        "unset key\n"
        "set tmargin at screen 0.36\n"
        "set bmargin at screen 0.15\n"
        "set ylabel 'Drawdown (%)' offset 0.3,0\n"
        "set xlabel 'Date (UTC)' offset 0,-0.6\n"
        "set yrange [{}:0]\n"
        "plot $nav using 1:5 with filledcurves y1=0 lc rgb '#e8c4c4', $nav using 1:5 with lines ls 5\n"
        "unset multiplot\n",
        any_fall ? "*" : "-1");
    return out;
  }
};

}  // namespace basket::report
