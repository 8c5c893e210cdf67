"""DBSCAN from points."""
import numpy as np
from peers import Agreement, Case, cpp, python

TITLE = "DBSCAN, x 41"
CASES = [Case("2,666", {"points": 2666, "neighbours": 10}, 3), Case("20,180", {"points": 20180, "neighbours": 10}, 3)]


def data(parameters, put):
    rng = np.random.default_rng(13)
    n = parameters["points"]
    x = rng.standard_normal((12, 41))[rng.integers(0, 12, n)] * 2.0 + 0.5 * rng.standard_normal((n, 41))
    x[: n // 10] = 3.0 * rng.standard_normal((n // 10, 41))  # noise
    parameters["radius"] = 4.0  # two points of one group stand about 0.5 sqrt(82) = 4.5 apart
    put("x", np.asfortranarray(x))


def scikit(algorithm):
    def run(x, parameters):
        from sklearn.cluster import DBSCAN
        model = DBSCAN(eps=parameters["radius"], min_samples=parameters["neighbours"], algorithm=algorithm).fit(x)
        return {"labels": model.labels_.reshape(-1, 1).astype(float)}

    return python(run, ready=lambda inputs, parameters: np.ascontiguousarray(inputs["x"]))


OURS = cpp("dbscan_ours")
PEERS = {"scikit-learn, its choice": scikit("auto"), "scikit-learn, brute": scikit("brute")}


def agree(ours, peer, parameters):
    # A border point within reach of two groups may go to either; everything else must be the same partition.
    from sklearn.metrics import adjusted_rand_score
    a, b = ours["labels"].ravel(), peer["labels"].ravel()
    groups = int(b.max()) + 1
    return Agreement(max(1.0 - adjusted_rand_score(a, b), float(((a < 0) != (b < 0)).mean())), 1e-3,
                     f"{groups} groups, {(b < 0).mean():.0%} noise, 1 - ARI")
