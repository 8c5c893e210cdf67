"""hftbacktest on the stream of messages.hpp: hft.py idle|quoter DATA_FOLDER ANSWER_FOLDER SECONDS, in an environment of
its own, since it needs another numpy than the other peers."""
import os
import sys
import time

import numpy as np
from numba import njit, uint64

import hftbacktest as hft
from hftbacktest import (BUY_EVENT, DEPTH_CLEAR_EVENT, DEPTH_EVENT, DEPTH_SNAPSHOT_EVENT, EXCH_EVENT, GTX, LIMIT,
                         LOCAL_EVENT, SELL_EVENT, TRADE_EVENT, BacktestAsset, ROIVectorMarketDepthBacktest, event_dtype)

TICK = 0.001


def read_matrix(path):
    with open(path, "rb") as source:
        shape = np.fromfile(source, dtype=np.int64, count=2)
        return np.fromfile(source, dtype=np.float64).reshape(shape, order="F")


def write_matrix(path, m):
    m = np.asarray(m, dtype=np.float64).reshape(1, -1)
    with open(path, "wb") as to:
        np.array(m.shape, dtype=np.int64).tofile(to)
        m.ravel(order="F").tofile(to)


def events_of(rows):
    """The rows as events: a snapshot and a gap clear both sides, the levels that follow are told one by one."""
    kind = rows[:, 0].astype(np.int64)
    side = np.where(rows[:, 2] == 0.0, BUY_EVENT, SELL_EVENT).astype(np.uint64)
    what = np.zeros(len(rows), dtype=np.uint64)
    what[kind == 1] = DEPTH_EVENT
    what[kind == 4] = DEPTH_SNAPSHOT_EVENT
    what[kind == 2] = TRADE_EVENT
    what[(kind == 0) | (kind == 3)] = DEPTH_CLEAR_EVENT
    out = np.zeros(len(rows), dtype=event_dtype)
    out["ev"] = what | np.uint64(EXCH_EVENT) | np.uint64(LOCAL_EVENT)
    moves = (kind == 1) | (kind == 4) | (kind == 2)
    out["ev"][moves] |= side[moves]
    out["exch_ts"] = out["local_ts"] = 1_760_000_000_000_000_000 + rows[:, 1].astype(np.int64)
    out["px"] = np.round(rows[:, 3] * TICK, 3)
    out["qty"] = rows[:, 4]
    return out


@njit
def idle(hbt):
    feeds = 0
    while True:
        r = hbt.wait_next_feed(False, 10**15)
        if r != 2:
            return feeds, r, 0
        feeds += 1


@njit
def quoter(hbt):
    feeds = 0
    orders = 0
    last = -1
    number = uint64(1)
    bid_order = uint64(0)
    ask_order = uint64(0)
    while True:
        r = hbt.wait_next_feed(False, 10**15)
        if r != 2:
            return feeds, r, orders
        feeds += 1
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        if bid <= 0 or ask >= 1000 or bid + ask == last:
            continue
        last = bid + ask
        open_orders = hbt.orders(0)
        if bid_order in open_orders and open_orders.get(bid_order).cancellable:
            hbt.cancel(0, bid_order, False)
        if ask_order in open_orders and open_orders.get(ask_order).cancellable:
            hbt.cancel(0, ask_order, False)
        hbt.clear_inactive_orders(0)
        bid_order = number
        ask_order = number + uint64(1)
        number += uint64(2)
        hbt.submit_buy_order(0, bid_order, (last // 2 - 1) * 0.001, 10.0, GTX, LIMIT, False)
        hbt.submit_sell_order(0, ask_order, (last - last // 2 + 1) * 0.001, 10.0, GTX, LIMIT, False)
        orders += 2


def replay(events):
    asset = (BacktestAsset().data([events]).linear_asset(1.0).constant_order_latency(0, 0).risk_adverse_queue_model()
             .no_partial_fill_exchange().trading_value_fee_model(0.001, 0.001).tick_size(TICK).lot_size(1.0)
             .roi_lb(0.0).roi_ub(1.0).last_trades_capacity(0))
    return ROIVectorMarketDepthBacktest([asset])


def main():
    what, data, answers, budget = sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4])
    body = {"idle": idle, "quoter": quoter}[what]
    events = events_of(read_matrix(os.path.join(data, "stream")))
    warm = replay(events[: min(len(events), 20_000)].copy())  # compiles
    body(warm)
    warm.close()
    times = []
    while not times or (sum(times) < budget and len(times) < 9):
        hbt = replay(events)
        start = time.perf_counter()
        feeds, end, orders = body(hbt)
        times.append(time.perf_counter() - start)
        depth = hbt.depth(0)
        values = hbt.state_values(0)
        seen = [feeds, depth.best_bid_tick, depth.best_ask_tick, orders, values.num_trades]
        hbt.close()
        if end != 1:
            raise SystemExit(f"hftbacktest ended with {end} after {feeds} feeds")
    for t in times:
        print("seconds", t)
    os.makedirs(answers, exist_ok=True)
    write_matrix(os.path.join(answers, "seen"), seen)


if __name__ == "__main__":
    main()
