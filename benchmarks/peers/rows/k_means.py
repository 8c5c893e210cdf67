"""k-means with k-means++ starts, followed to the end."""
import numpy as np
from peers import Agreement, Case, cpp, python

TITLE = "k-means, k = 8, x 41"
CASES = [
    Case("2,666, one start", {"points": 2666, "clusters": 8, "starts": 1, "passes": 300}, 3),
    Case("2,666, ten starts", {"points": 2666, "clusters": 8, "starts": 10, "passes": 300}, 4),
    Case("1,000,000, 17 passes", {"points": 1000000, "clusters": 8, "starts": 1, "passes": 17}, 2.5, long=True),
    Case("1,000,000, ten starts", {"points": 1000000, "clusters": 8, "starts": 10, "passes": 300}, 2, long=True),
]


def points(n, seed=3):
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((8, 41)) * 0.45
    return centres[rng.integers(0, 8, n)] + rng.standard_normal((n, 41))


def data(parameters, put):
    put("x", np.asfortranarray(points(parameters["points"])))


def with_algorithm(name):
    def run(x, parameters):
        from sklearn.cluster import KMeans
        model = KMeans(n_clusters=parameters["clusters"], init="k-means++", n_init=parameters["starts"], tol=0.0,
                       max_iter=parameters["passes"], algorithm=name, random_state=0).fit(x)
        return {"inertia": [[model.inertia_]], "passes": [[model.n_iter_]]}

    # scikit-learn wants points by row; it is given them so.
    return python(run, ready=lambda inputs, parameters: np.ascontiguousarray(inputs["x"]))


OURS = cpp("k_means_ours")
PEERS = {"scikit-learn, Lloyd": with_algorithm("lloyd"), "scikit-learn, Elkan": with_algorithm("elkan")}


def agree(ours, peer, parameters):
    # Starts are drawn differently, so one start may end elsewhere; the best of ten must not be worse.
    excess = ours["inertia"][0][0] / peer["inertia"][0][0] - 1.0
    return Agreement(excess, 1e-3 if parameters["starts"] > 1 else 0.02,
                     f"{int(peer['passes'][0][0])} passes in the best start, excess of our inertia")


def note(ours, seconds, parameters):
    passes = int(ours["passes"][0][0])
    text = f"{passes} passes in the best start"
    if parameters["starts"] == 1:
        text += f", {passes * parameters['points'] * 41 * 8 / seconds / 1e9:.1f} GB/s a pass with the start in it"
    return text
