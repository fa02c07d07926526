"""From old codes to new ones: which share of land, households and reports of a grid goes where."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.geo.crs import to_metres
from gridmap.geo.locate import GridIndex
from gridmap.planning.apportionment import Points, shared_out
from gridmap.planning.difference import differing
from gridmap.planning.plan import Plan

COLUMNS = (
    "old",
    "new",
    "area_km2",
    "area_share",
    "households",
    "households_share",
    "reports",
    "reports_share",
)
THINNEST_SHARE = 1e-6
"""Overlaps of less than this share of the smaller grid are the rounding of vertices."""


def crosswalk(
    before: Plan,
    after: Plan,
    *,
    buildings: Points | None = None,
    reports: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    changed_only: bool = False,
) -> pd.DataFrame:
    """One row for each pair of an old and a new grid that share land, by old and new code.

    Columns: `old`, `new` (int64), `area_km2` in common and its share of the old grid,
    `households` of the old grid that live there (by `buildings`, else by area; whole
    numbers that add up to the old grid's) and their share, `reports` of the old grid that
    lie there and their share (NaN without reports). `reports` are longitudes and latitudes
    (float64) of all reports that count. Shares of an old grid add up to 1 where the land
    stays the city's. With `changed_only` grids that are the same in both plans are left
    out.
    """
    gone, come = differing(before, after)
    rows = _overlaps(before, after, gone, come, buildings)
    if not changed_only:
        stay = np.setdiff1d(before.codes, gone, assume_unique=True)
        unchanged = before.rows(stay)
        area = shapely.area(to_metres(before.shapes[unchanged])) / 1e6
        same = {
            "old": stay,
            "new": stay,
            "area_km2": area,
            "area_share": 1.0,
            "households": before.households[unchanged],
        }
        rows = pd.concat([rows, pd.DataFrame(same)], ignore_index=True)
    rows = rows.sort_values(["old", "new"], ignore_index=True)
    total = rows.groupby("old")["households"].transform("sum")
    rows["households_share"] = np.where(
        total > 0, rows["households"] / total.where(total > 0, 1), rows["area_share"]
    )
    return _with_reports(rows, before, after, reports)[list(COLUMNS)]


def moved_households(before: Plan, after: Plan, *, buildings: Points | None = None) -> int:
    """Households that change grid: for each old grid all but those of the new grid that
    gets most of them.
    """
    table = crosswalk(before, after, buildings=buildings, changed_only=True)
    if table.empty:
        return 0
    by_old = table.groupby("old")["households"]
    return int(by_old.sum().sum() - by_old.max().sum())


def _overlaps(
    before: Plan, after: Plan, gone: Any, come: Any, buildings: Points | None
) -> pd.DataFrame:
    old_rows = before.rows(gone)
    old, new, common, area = _common_land(
        before.shapes[old_rows], after.shapes[after.rows(come)]
    )
    households = np.zeros(len(old), dtype=np.int64)
    share = np.zeros(len(old))
    for row in np.unique(old):
        pieces = old == row
        share[pieces] = area[pieces] / area[pieces].sum()
        weight = area[pieces]
        if buildings is not None:
            living = buildings.totals(common[pieces])
            weight = living if living.sum() > 0 else weight
        households[pieces] = shared_out(int(before.households[old_rows[row]]), weight)
    return pd.DataFrame(
        {
            "old": gone[old],
            "new": come[new],
            "area_km2": area / 1e6,
            "area_share": share,
            "households": households,
        }
    )


def _common_land(
    old_shapes: Any, new_shapes: Any
) -> tuple[Any, Any, Any, npt.NDArray[np.float64]]:
    """Rows of an old and a new shape that share land, what they share, and its area in m²."""
    old, new = shapely.STRtree(new_shapes).query(old_shapes, predicate="intersects")
    common = shapely.intersection(old_shapes[old], new_shapes[new])
    area = np.asarray(shapely.area(to_metres(common)), dtype=np.float64)
    old_area, new_area = (
        shapely.area(to_metres(shapes)) for shapes in (old_shapes, new_shapes)
    )
    # Neighbours touch in a border, which two projections and a rounding make a thin shape.
    real = area > THINNEST_SHARE * np.minimum(old_area[old], new_area[new])
    return old[real], new[real], common[real], area[real]


def _with_reports(
    rows: pd.DataFrame,
    before: Plan,
    after: Plan,
    reports: tuple[npt.ArrayLike, npt.ArrayLike] | None,
) -> pd.DataFrame:
    if reports is None:
        return rows.assign(reports=np.nan, reports_share=np.nan)
    lon, lat = (np.asarray(values, dtype=np.float64) for values in reports)
    pairs = pd.DataFrame(
        {
            name: _located(plan, rows[name].unique(), lon, lat)
            for name, plan in (("old", before), ("new", after))
        }
    )
    counts = pairs.groupby(["old", "new"]).size().rename("reports").reset_index()
    rows = rows.merge(counts, on=["old", "new"], how="left")
    rows["reports"] = rows["reports"].fillna(0).astype(np.int64)
    total = rows.groupby("old")["reports"].transform("sum")
    rows["reports_share"] = np.where(
        total > 0, rows["reports"] / total.where(total > 0, 1), rows["area_share"]
    )
    return rows


def _located(
    plan: Plan, codes: Any, lon: npt.NDArray[np.float64], lat: npt.NDArray[np.float64]
) -> Any:
    """The grid of each report among `codes`; 0 in none of them, which is no row of the table."""
    if not len(codes):
        return np.zeros(len(lon), dtype=np.int64)
    by_code = np.sort(codes)
    return GridIndex(by_code, plan.shapes[plan.rows(by_code)]).locate(lon, lat)
