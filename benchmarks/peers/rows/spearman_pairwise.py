"""Spearman's rho over the common days of every pair of a ragged panel, ranks taken anew for each pair."""
import numpy as np
import pandas as pd
from peers import Agreement, Case, cpp, gap, python

TITLE = "Spearman, pairwise complete, x 776 days (5 % holes, one market in four lists late or closes early)"
CASES = [Case("500 markets", {"markets": 500, "days": 776, "min_overlap": 30}, 4),
         Case("2,134 markets", {"markets": 2134, "days": 776, "min_overlap": 30}, 4, long=True, skip=("pandas",))]


def ragged(parameters, seed=11):
    rng = np.random.default_rng(seed)
    days, markets = parameters["days"], parameters["markets"]
    x = rng.standard_normal((days, 1)) * 0.3 + rng.standard_normal((days, markets))
    x[rng.random(x.shape) < 0.05] = np.nan
    for j in range(0, markets, 4):
        length = int(rng.integers(days // 3, days))
        start = int(rng.integers(0, days - length + 1))
        x[:start, j] = np.nan
        x[start + length:, j] = np.nan
    return np.asfortranarray(x)


def data(parameters, put):
    put("x", ragged(parameters))


OURS = cpp("spearman_ours")
PEERS = {
    "compiled loop over presorted order": cpp("spearman_presorted"),
    "pandas": python(lambda inputs, p: {"rho": pd.DataFrame(inputs["x"]).corr(
        method="spearman", min_periods=p["min_overlap"]).to_numpy()}),
}


def agree(ours, peer, parameters):
    return Agreement(gap(ours["rho"], peer["rho"]), 1e-12)
