"""Hierarchical clustering from complete distances."""
import numpy as np
from peers import Agreement, Case, cpp, gap, python

TITLE = "linkage from distances"
CASES = [
    Case("Ward, 2,134", {"points": 2134, "ward": 1}, 1.3),
    Case("average, 2,134", {"points": 2134, "ward": 0}, 1.3),
    Case("average, 20,000", {"points": 20000, "ward": 0}, 1.3, long=True, skip=("scipy",)),
]


def data(parameters, put):
    from scipy.spatial.distance import pdist
    rng = np.random.default_rng(9)
    centres = rng.standard_normal((12, 41))
    put("distances", pdist(centres[rng.integers(0, 12, parameters["points"])] +
                           rng.standard_normal((parameters["points"], 41))).reshape(-1, 1))


def method(parameters):
    return "ward" if parameters["ward"] else "average"


def fast(distances, parameters):
    import fastcluster
    return {"table": fastcluster.linkage(distances, method(parameters), preserve_input=False)}


def scipy_linkage(inputs, parameters):
    from scipy.cluster.hierarchy import linkage
    return {"table": linkage(inputs["distances"].ravel(), method(parameters))}


OURS = cpp("linkage_ours")
PEERS = {"fastcluster": python(fast, ready=lambda inputs, parameters: inputs["distances"].ravel().copy()),
         "scipy": python(scipy_linkage)}


def agree(ours, peer, parameters):
    same = (ours["table"][:, [0, 1, 3]] == peer["table"][:, [0, 1, 3]]).all()
    return Agreement(gap(ours["table"][:, 2], peer["table"][:, 2]) if same else float("inf"), 1e-10, "difference of heights")
