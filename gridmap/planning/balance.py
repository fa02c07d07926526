"""How even, compact and steady a plan is, for any area, beside another plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.codes import span
from gridmap.geo.adjacency import neighbours
from gridmap.geo.crs import to_metres
from gridmap.insight.workload import imbalance
from gridmap.planning.apportionment import Points
from gridmap.planning.crosswalk import moved_households
from gridmap.planning.plan import Plan

Floats = npt.NDArray[np.float64]
CITY = 4107


@dataclass(frozen=True, slots=True)
class Evenness:
    """How n values fall: `deviation` is the largest distance from the mean as a share of
    it, `gini`, `max_over_mean`.
    """

    deviation: float
    max_over_mean: float
    gini: float


@dataclass(frozen=True, slots=True)
class PlanMeasures:
    """A plan in an area.

    `households`, `population` and `load` (None when no load is given) say how evenly they
    fall on the grids. `polsby_popper` (4π area / perimeter²) and `reock` (area / area of
    the smallest circle around) are means over the grids, 1 for a circle. `border_km` is the
    length of all borders, shared ones once. `villages_split` counts villages whose grids do
    not hang together. `moved` households have another grid than in the plan compared with,
    `moved_share` of all in the area (None when there is none to compare with).
    """

    grids: int
    households: Evenness
    population: Evenness
    load: Evenness | None
    polsby_popper: float
    reock: float
    border_km: float
    villages_split: int
    moved: int | None = None
    moved_share: float | None = None


def measures(
    plan: Plan,
    area: int = CITY,
    *,
    load: Floats | None = None,
    compared_with: Plan | None = None,
    buildings: Points | None = None,
) -> PlanMeasures:
    """The measures of the grids in `area` (a code of any level); `load` float64[n] is one
    number a grid of the plan.
    """
    rows = rows_in(plan, area)
    shapes = plan.shapes[rows]
    shapes_m = to_metres(shapes)
    moved = share = None
    if compared_with is not None:
        moved = moved_households(
            part(compared_with, area), part(plan, area), buildings=buildings
        )
        share = moved / max(int(plan.households[rows].sum()), 1)
    left, right, shared_m = neighbours(shapes)
    return PlanMeasures(
        grids=len(rows),
        households=evenness(plan.households[rows]),
        population=evenness(plan.population[rows]),
        load=None if load is None else evenness(load[rows]),
        polsby_popper=_mean(polsby_popper(shapes_m)),
        reock=_mean(reock(shapes_m)),
        border_km=float(shapely.length(shapes_m).sum() - shared_m.sum()) / 1000,
        villages_split=_villages_split(plan.codes[rows] // 1000, left, right),
        moved=moved,
        moved_share=share,
    )


def rows_in(plan: Plan, area: int) -> npt.NDArray[np.int64]:
    """Rows of the grids in `area`."""
    if area == CITY:
        return np.arange(len(plan), dtype=np.int64)
    first, end = np.searchsorted(plan.codes, np.array(span(area), dtype=np.int64))
    return np.arange(first, end, dtype=np.int64)


def part(plan: Plan, area: int) -> Plan:
    """The plan of the grids in `area` alone."""
    rows = rows_in(plan, area)
    return Plan(
        plan.codes[rows],
        plan.names[rows],
        plan.kinds[rows],
        plan.households[rows],
        plan.population[rows],
        plan.shapes[rows],
    )


def evenness(values: npt.NDArray[Any]) -> Evenness:
    """How evenly `values` [n], none negative, fall."""
    spread = imbalance(values, by="grid")
    off = np.abs(np.asarray(values, dtype=np.float64) - spread.mean).max(initial=0.0)
    deviation = float(off / spread.mean) if spread.mean > 0 else 0.0
    return Evenness(deviation, spread.max_over_mean, spread.gini)


def polsby_popper(shapes_m: Any) -> Floats:
    """4π area / perimeter² of polygons in metres, float64[n] (Polsby and Popper 1991)."""
    return np.asarray(4 * np.pi * shapely.area(shapes_m) / shapely.length(shapes_m) ** 2)


def reock(shapes_m: Any) -> Floats:
    """Area / area of the smallest circle around, of polygons in metres, float64[n] (Reock 1961)."""
    radius = shapely.minimum_bounding_radius(shapes_m)
    return np.asarray(shapely.area(shapes_m) / (np.pi * radius**2))


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _villages_split(villages: npt.NDArray[np.int64], lefts: Any, rights: Any) -> int:
    """Villages whose grids fall into several groups of neighbours."""
    group = list(range(len(villages)))

    def root(row: int) -> int:
        while group[row] != row:
            group[row] = group[group[row]]
            row = group[row]
        return row

    for left_row, right_row in zip(lefts.tolist(), rights.tolist(), strict=True):
        if villages[left_row] == villages[right_row]:
            group[root(left_row)] = root(right_row)
    roots = np.array([root(row) for row in range(len(villages))], dtype=np.int64)
    pairs = np.unique(np.stack([villages, roots], axis=1), axis=0)
    return int((np.unique(pairs[:, 0], return_counts=True)[1] > 1).sum())
