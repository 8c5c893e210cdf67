"""Spearman's rho between all columns of a panel without gaps."""
import numpy as np
from peers import Agreement, Case, cpp, gap, python

TITLE = "Spearman, complete, x 776 days"
CASES = [Case("500 markets", {"markets": 500, "days": 776, "min_overlap": 30}, 2),
         Case("2,134 markets", {"markets": 2134, "days": 776, "min_overlap": 30}, 2)]


def data(parameters, put):
    rng = np.random.default_rng(7)
    shape = parameters["days"], parameters["markets"]
    put("x", np.asfortranarray(rng.standard_normal((shape[0], 1)) * 0.3 + rng.standard_normal(shape)))


def rank_and_product(inputs, parameters):
    x = inputs["x"]
    ranks = np.empty(x.shape, order="F")
    places = np.arange(1.0, x.shape[0] + 1)
    for j in range(x.shape[1]):  # no ties here, so the order is the ranks
        ranks[np.argsort(x[:, j]), j] = places
    ranks -= places.mean()
    ranks /= np.sqrt((ranks[:, 0] ** 2).sum())
    return {"rho": ranks.T @ ranks}  # numpy calls dsyrk when both sides are one array


OURS = cpp("spearman_ours")
PEERS = {"rank + SYRK (sort, OpenBLAS)": cpp("spearman_rank_syrk"), "rank + SYRK (numpy)": python(rank_and_product)}


def agree(ours, peer, parameters):
    return Agreement(gap(ours["rho"], peer["rho"]), 1e-12)
