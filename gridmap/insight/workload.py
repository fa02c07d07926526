"""Workload: matters weighted by the effort of their category, and how evenly they fall."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gridmap.facts import Facts
from gridmap.insight import counts, outcomes
from gridmap.insight.areas import Areas, Grids, Real, Whole
from gridmap.insight.categories import Categories
from gridmap.insight.mask import Mask
from gridmap.insight.staff import Staff

By = Literal["worker", "grid"]


@dataclass(frozen=True, eq=False)
class Load:
    """Per grid of the city [n]: `reports` int64, `hours` float64 of effort, `open` int64 at
    the period's end.
    """

    reports: Whole
    hours: Real
    open: Whole


@dataclass(frozen=True, eq=False)
class Imbalance:
    """How unevenly n loads fall: `gini` in [0, 1), `max_over_mean` from 1, and the Lorenz curve.

    `lorenz_x`, `lorenz_y` float64[n + 1] rise from 0 to 1: the least loaded share x carries
    the share y. `by`: whose loads they are.
    """

    gini: float
    max_over_mean: float
    mean: float
    lorenz_x: Real
    lorenz_y: Real
    n: int
    by: By


def load(facts: Facts, mask: Mask, categories: Categories) -> Load:
    """The load of the mask's reports on every grid."""
    return Load(
        counts.by_grid(facts, mask),
        counts.by_grid(facts, mask.weighted(categories.effort)),
        outcomes.open_by_grid(facts, mask),
    )


def per(amount: npt.NDArray[Any], base: npt.NDArray[Any], *, times: float = 1.0) -> Real:
    """`amount` per `times` of `base`, float64[k]; NaN where the base is nought: nobody or
    nothing to share it.
    """
    below = np.asarray(base, dtype=np.float64)
    return times * np.asarray(amount, dtype=np.float64) / np.where(below > 0, below, np.nan)


def per_100_households(amount: npt.NDArray[Any], grids: Grids, places: Areas) -> Real:
    """`amount` [k] per 100 households of each place."""
    return per(amount, places.sums(grids.households), times=100.0)


def per_km2(amount: npt.NDArray[Any], grids: Grids, places: Areas) -> Real:
    """`amount` [k] per km² of each place."""
    return per(amount, places.sums(grids.area_km2))


def imbalance(loads: npt.NDArray[Any], *, by: By) -> Imbalance:
    """How unevenly `loads` [n], none negative, fall.

    The Gini coefficient is Σ (2 i − n − 1) x_i / (n Σ x) over loads in rising order, i from
    1 (Sen 1973): 0 when all carry the same, towards 1 when one carries everything. No load
    at all is even.
    """
    rising = np.sort(np.asarray(loads, dtype=np.float64))
    n, total = len(rising), float(rising.sum())
    x = np.linspace(0.0, 1.0, n + 1) if n else np.array([0.0, 1.0])
    if total <= 0:
        return Imbalance(0.0, 1.0, 0.0, x, x.copy(), n, by)
    y = np.concatenate([[0.0], np.cumsum(rising) / total])
    gini = float(((2 * np.arange(1, n + 1) - n - 1) * rising).sum() / (n * total))
    mean = total / n
    return Imbalance(max(gini, 0.0), float(rising[-1] / mean), mean, x, y, n, by)


def gini_per_area(values: npt.NDArray[Any], places: Areas) -> tuple[Real, Real]:
    """Gini and max/mean of grid `values` [n_grids] inside each place, float64[k] each."""
    bounds = np.append(places.starts, places.end)
    inside = [imbalance(values[a:b], by="grid") for a, b in pairwise(bounds)]
    return np.array([one.gini for one in inside]), np.array(
        [one.max_over_mean for one in inside]
    )


def of_workers(hours: Real, staff: Staff, places: Areas) -> Real:
    """Hours of each grid worker who has a grid in `places`, float64[w]; a grid's hours are
    shared evenly.
    """
    inside = np.zeros_like(hours)
    inside[places.first : places.end] = hours[places.first : places.end]
    workers, part = staff.shared(inside)
    here = np.unique(staff.worker[(staff.grid >= places.first) & (staff.grid < places.end)])
    return part[np.searchsorted(workers, here)]
