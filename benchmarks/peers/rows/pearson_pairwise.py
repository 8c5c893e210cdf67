"""Pearson's correlation over the common days of every pair of a ragged panel."""
import importlib.util
import pathlib

import numpy as np
import pandas as pd
from peers import Agreement, Case, cpp, gap, python

TITLE = "Pearson, pairwise complete, x 776 days (the same panel)"
CASES = [Case("500 markets", {"markets": 500, "days": 776, "min_overlap": 30}, 1),
         Case("2,134 markets", {"markets": 2134, "days": 776, "min_overlap": 30}, 1, skip=("pandas",))]

spec = importlib.util.spec_from_file_location("ragged_panel", pathlib.Path(__file__).with_name("spearman_pairwise.py"))
ragged_panel = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ragged_panel)


def data(parameters, put):
    put("x", ragged_panel.ragged(parameters))


def masked_products(inputs, parameters):
    x = inputs["x"]
    mask = (~np.isnan(x)).astype(float)
    x = np.where(np.isnan(x), 0.0, x - np.nanmean(x, axis=0))
    n = mask.T @ mask
    product, sums, squares = x.T @ x, x.T @ mask, (x * x).T @ mask
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = squares - sums**2 / n
        rho = (product - sums * sums.T / n) / np.sqrt(variance * variance.T)
    rho[n < parameters["min_overlap"]] = np.nan
    return {"rho": rho}


OURS = cpp("pearson_ours")
PEERS = {
    "masked products (numpy)": python(masked_products),
    "pandas": python(lambda inputs, p: {"rho": pd.DataFrame(inputs["x"]).corr(min_periods=p["min_overlap"]).to_numpy()}),
}


def agree(ours, peer, parameters):
    return Agreement(gap(ours["rho"], peer["rho"]), 1e-10)
