"""Classes of values for maps and legends."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

Method = Literal["quantiles", "natural", "equal"]
Floats = npt.NDArray[np.float64]


def breaks(
    values: npt.ArrayLike,
    *,
    method: Method = "quantiles",
    classes: int = 6,
    fixed: Sequence[float] | None = None,
) -> Floats:
    """Class limits float64[k + 1], k ≤ `classes`: class i holds the values in (b[i], b[i +
    1]], the first its lower end too.

    `values`: any shape, NaN left out. `fixed` limits win over `method`. The lowest value is
    a class of its own where it is common (zeros, mostly): then b[0] equals b[1]. Fewer
    distinct values than classes give fewer classes, whole numbers give whole limits; no
    values at all give [0, 1]. Quantiles share out what lies between a common lowest and a
    common highest value: where most places have nothing, or all there is, the others are
    still told apart.
    """
    known = np.asarray(values, dtype=np.float64).ravel()
    known = known[np.isfinite(known)]
    if fixed is not None:
        return np.unique(np.asarray(fixed, dtype=np.float64))
    if not known.size:
        return np.array([0.0, 1.0])
    distinct = np.unique(known)
    uppers = distinct if len(distinct) <= classes else _uppers(known, method, classes)
    if bool((known == np.rint(known)).all()):
        uppers = np.floor(uppers)
    return np.concatenate((distinct[:1], np.unique(uppers)))


def _uppers(known: Floats, method: Method, classes: int) -> Floats:
    shares = np.linspace(0, 1, classes + 1)[1:]
    if method == "quantiles":
        return _quantiles(known, classes)
    if method == "equal":
        return np.asarray(known.min() + shares * np.ptp(known), dtype=np.float64)
    return _natural(
        known if known.size <= 1000 else np.quantile(known, np.linspace(0, 1, 1000)),
        classes,
    )


def _quantiles(known: Floats, classes: int) -> Floats:
    ends = [
        float(end)
        for end in (known.min(), known.max())
        if np.mean(known == end) >= 1 / classes
    ]
    between = known[~np.isin(known, ends)]
    shares = np.linspace(0, 1, classes - len(ends) + 1)[1:]
    inner = np.quantile(between, shares) if between.size and shares.size else np.empty(0)
    return np.sort(np.concatenate((inner, ends))).astype(np.float64)


def _natural(sample: Floats, classes: int) -> Floats:
    # It brings scikit-learn along and takes seconds to load, which a start of the server
    # need not wait for.
    import mapclassify  # noqa: PLC0415

    with warnings.catch_warnings():
        # Ties make fewer classes than asked for; `breaks` deals with that.
        warnings.simplefilter("ignore")
        return np.asarray(mapclassify.FisherJenks(sample, k=classes).bins, dtype=np.float64)


def counts(values: npt.ArrayLike, limits: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How many `values` fall into each class of `limits`, int64[k]."""
    known = np.asarray(values, dtype=np.float64).ravel()
    known = known[np.isfinite(known)]
    edges = np.asarray(limits, dtype=np.float64)
    at = np.clip(np.searchsorted(edges[1:], known, side="left"), 0, len(edges) - 2)
    return np.bincount(at, minlength=len(edges) - 1).astype(np.int64)
