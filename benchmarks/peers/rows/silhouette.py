"""The exact silhouette of every point."""
import numpy as np
from peers import Agreement, Case, cpp, gap, python

TITLE = "silhouette, 8 clusters, x 41"
CASES = [Case("2,666", {"points": 2666}, 4), Case("20,000", {"points": 20000}, 4, long=True)]


def data(parameters, put):
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 8, parameters["points"])
    put("x", np.asfortranarray(rng.standard_normal((8, 41))[labels] * 0.6 +
                               rng.standard_normal((parameters["points"], 41))))
    put("labels", labels.astype(float).reshape(-1, 1))


def scikit(inputs, parameters):
    from sklearn.metrics import silhouette_samples
    return {"values": silhouette_samples(inputs[0], inputs[1]).reshape(-1, 1)}


OURS = cpp("silhouette_ours")
PEERS = {"scikit-learn": python(scikit, ready=lambda inputs, parameters: (np.ascontiguousarray(inputs["x"]),
                                                                          inputs["labels"].ravel().astype(int)))}


def agree(ours, peer, parameters):
    return Agreement(gap(ours["values"], peer["values"]), 1e-9)
