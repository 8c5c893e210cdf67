// What a daily run leaves behind: NAV, trades, settlements, decisions and the journal, all from one ledger.
#pragma once

#include <string>
#include <vector>

#include "basket/model/decision.hpp"
#include "basket/model/ledger.hpp"

namespace basket::backtest {

/// The books at the close of one UTC day. Positions are marked at their last observed close; one whose last close is
/// older than the engine's `stale_after` counts as stale, whatever becomes of it later.
struct nav_point {
  utc_day day = {};
  money cash = {};
  money positions = {};          ///< at their marks, each rounded down
  money nav = {};                ///< cash + positions
  int held = 0;                  ///< contracts held
  int stale = 0;                 ///< of these, without a recent close
  money stale_value = {};        ///< at their marks
  money nav_if_stale_lose = {};  ///< every stale position worth nothing
  money nav_if_stale_win = {};   ///< every stale position worth a dollar a share
};

/// One executed order.
struct trade {
  utc_day decided = {};
  utc_day filled = {};
  contract_id contract = {};
  side direction = side::buy;
  shares quantity = {};
  price close = {};  ///< observed on the day it was filled
  price paid = {};   ///< with the execution cost in it
  money cash = {};   ///< movement of cash, fee included
  money fee = {};
};

/// An order, or part of one, that was not executed.
struct unfilled {
  utc_day decided = {};
  utc_day given_up = {};
  contract_id contract = {};
  side direction = side::buy;
  shares quantity = {};
  std::string reason = {};
};

/// A holding paid out by its venue.
struct payout {
  utc_day day = {};
  contract_id contract = {};
  shares quantity = {};
  price per_share = {};
  money cash = {};
  bool voided = false;
};

/// A holding left at the end of the run, at its last observed close.
struct open_position {
  contract_id contract = {};
  shares quantity = {};
  utc_day last_day = {};
  price last_close = {};
  money value = {};
  bool data_ended = false;  ///< nothing was observed after `last_day` in all of the data and no payout is known
};

/// A theme's gain over the run: what its contracts returned less what they cost, fees apart. Contracts are counted in
/// the theme they were last wanted for.
struct theme_gain {
  std::string theme = {};
  money bought = {}, sold = {}, settled = {}, held = {}, fees = {};
  [[nodiscard]] money gain() const { return sold + settled + held - bought - fees; }
};

/// All of a run. `names[i]` is the venue's id of contract i.
struct result {
  std::vector<std::string> names = {};
  money capital = {};
  std::vector<nav_point> nav = {};  ///< one a day, the first day included
  std::vector<trade> trades = {};
  std::vector<unfilled> not_done = {};
  std::vector<payout> payouts = {};
  std::vector<decision> decisions = {};
  std::vector<open_position> left = {};
  std::vector<theme_gain> themes = {};
  std::vector<ledger_entry> journal = {};
  ledger books = {};
  std::vector<std::string> bias = {};  ///< the assumptions of the parts, a sentence each
};

}  // namespace basket::backtest
