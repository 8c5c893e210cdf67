// What a replay of messages leaves behind.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "basket/model/ledger.hpp"
#include "basket/model/life.hpp"
#include "basket/model/message.hpp"
#include "basket/model/order_entry.hpp"

namespace basket::backtest {

/// One order, mint or merge from its arrival at the venue to its end. Of pairs, `request` holds contract and quantity.
struct order_record {
  order_id id = {};
  instruction::what kind = instruction::what::place;
  order_request request = {};
  instant sent = {}, arrived = {}, ended = {};  ///< `ended` is never() while it is open
  shares filled = {};
  order_event last = order_event::accepted;
  order_reason reason = order_reason::none;
};

/// The books at an instant; positions at what a taker would get for them: the bid of YES, one less the ask for NO.
struct equity_point {
  instant when = {};
  money cash = {}, locked = {}, positions = {};
  [[nodiscard]] money equity() const { return cash + locked + positions; }
};

/// What is still held at the end.
struct held_position {
  contract_id contract = {};
  holding held = {};
  life_stage stage = life_stage::data_ended;  ///< data_ended where the recording stops before a payout
  money at_bid = {};                          ///< 0 where nobody bids
};

/// Counts of a run.
struct replay_totals {
  std::uint64_t messages = 0;
  std::array<std::uint64_t, 9> by_kind = {};  ///< by message_kind; own counts the answers
  std::uint64_t orders = 0, accepted = 0, rejected = 0, cancelled = 0;
  std::array<std::uint64_t, 16> reasons = {};  ///< of rejections and cancels, by order_reason
  std::uint64_t taker_fills = 0, maker_fills = 0;
  shares taken = {}, made = {};
  std::uint64_t ignored_life = 0;  ///< life messages for which the contract has no step
};

/// Everything about a run; the lists are empty where they were not kept.
struct replay_result {
  std::vector<std::string> names = {};  ///< of the contracts, by number
  money capital = {};
  ledger books = {};
  replay_totals totals = {};
  std::vector<order_record> orders = {};
  std::vector<fill> fills = {};
  std::vector<ledger_entry> journal = {};
  std::vector<equity_point> equity = {};
  std::vector<held_position> left = {};
  equity_point end = {};
  std::vector<std::string> bias = {};
};

}  // namespace basket::backtest
