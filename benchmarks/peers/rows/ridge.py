"""Ridge of thousands of ragged markets on shared factors: beta, R2 and t of each."""
import numpy as np
from peers import Agreement, Case, cpp, gap, python

TITLE = "ridge, ragged markets x 776 x 41: beta, R2, t"
CASES = [
    Case("2,666", {"markets": 2666, "days": 776, "factors": 41, "penalty": 1.0}, 6),
    Case("20,180", {"markets": 20180, "days": 776, "factors": 41, "penalty": 1.0}, 6, skip=("scikit-learn loop (no t)",)),
    Case("200,000", {"markets": 200000, "days": 776, "factors": 41, "penalty": 1.0}, 6, long=True,
         skip=("scikit-learn loop (no t)",)),
]


def panel(parameters, seed=5):
    """Factors with a common part, markets on windows of 60 to 776 days of their own, three in ten with holes."""
    rng = np.random.default_rng(seed)
    days, markets, k = parameters["days"], parameters["markets"], parameters["factors"]
    x = 0.5 * rng.standard_normal((days, 1)) + rng.standard_normal((days, k))
    y = np.empty((days, markets), order="F")
    for first in range(0, markets, 5000):
        part = slice(first, min(first + 5000, markets))
        y[:, part] = x @ (rng.standard_normal((k, part.stop - part.start)) * 0.05) + rng.standard_normal(
            (days, part.stop - part.start))
    for j in range(markets):
        length = int(np.exp(rng.uniform(np.log(60), np.log(days))))
        start = int(rng.integers(0, days - length + 1))
        y[:start, j] = np.nan
        y[start + length:, j] = np.nan
        if j % 10 < 3:
            y[start + 1 + np.flatnonzero(rng.random(length - 2) < 0.03), j] = np.nan
    return np.asfortranarray(x), y


def data(parameters, put):
    x, y = panel(parameters)
    put("x", x)
    put("y", y)


def prefix_sums(inputs, parameters):
    x, y, penalty = inputs["x"], inputs["y"], parameters["penalty"]
    days, k = x.shape
    z = np.hstack([np.ones((days, 1)), x])
    prefix = np.concatenate([np.zeros((1, k + 1, k + 1)), np.cumsum(z[:, :, None] * z[:, None, :], axis=0)])
    beta, t, r2 = np.empty((k, y.shape[1])), np.empty((k, y.shape[1])), np.empty(y.shape[1])
    for first in range(0, y.shape[1], 4000):
        part = slice(first, first + 4000)
        yp = y[:, part]
        seen = ~np.isnan(yp)
        begin, end = seen.argmax(axis=0), days - seen[::-1].argmax(axis=0)
        gram = prefix[end] - prefix[begin]
        for j in np.flatnonzero(seen.sum(axis=0) != end - begin):
            holes = begin[j] + np.flatnonzero(~seen[begin[j]:end[j], j])
            gram[j] -= z[holes].T @ z[holes]
        y0 = np.where(seen, yp, 0.0)
        zy = (z.T @ y0).T
        n = gram[:, 0, 0]
        mean, sums = gram[:, 0, 1:] / n[:, None], gram[:, 0, 1:]
        centred = gram[:, 1:, 1:] - mean[:, :, None] * sums[:, None, :]
        xy = zy[:, 1:] - mean * zy[:, :1]
        yy = (y0**2).sum(axis=0) - zy[:, 0] ** 2 / n
        inverse = np.linalg.inv(centred + penalty * np.eye(k))
        b = np.einsum("njk,nk->nj", inverse, xy)
        rss = yy - 2 * (b * xy).sum(axis=1) + np.einsum("nj,njk,nk->n", b, centred, b, optimize=True)
        diagonal = np.einsum("njj->nj", inverse)
        degrees = k - penalty * diagonal.sum(axis=1)
        variance = rss / (n - 1 - degrees)
        scale = diagonal - penalty * (inverse**2).sum(axis=2)
        beta[:, part], r2[part] = b.T, 1 - rss / yy
        t[:, part] = (b / np.sqrt(variance[:, None] * scale)).T
    return {"beta": beta, "t": t, "r_squared": r2.reshape(-1, 1)}


def loop(inputs, parameters):
    from sklearn import config_context
    from sklearn.linear_model import Ridge
    x, y = inputs["x"], inputs["y"]
    beta, r2 = np.empty((x.shape[1], y.shape[1])), np.empty((y.shape[1], 1))
    with config_context(assume_finite=True):
        for j in range(y.shape[1]):
            rows = ~np.isnan(y[:, j])
            xj, yj = x[rows], y[rows, j]
            model = Ridge(alpha=parameters["penalty"], solver="cholesky").fit(xj, yj)
            beta[:, j] = model.coef_
            residual = yj - model.predict(xj)
            r2[j] = 1 - residual @ residual / ((yj - yj.mean()) ** 2).sum()
    return {"beta": beta, "r_squared": r2}


OURS = cpp("ridge_ours")
PEERS = {"Eigen loop": cpp("ridge_eigen"), "Armadillo loop": cpp("ridge_armadillo"),
         "numpy with prefix sums": python(prefix_sums), "scikit-learn loop (no t)": python(loop)}


def agree(ours, peer, parameters):
    return Agreement(max(gap(ours[name], peer[name]) for name in peer), 1e-9)
