"""Apportionment: households and population shared out among the parts of a grid, by
buildings where there are some, else by area.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from gridmap.errors import Fault, InputError
from gridmap.geo.crs import to_metres

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Points:
    """Weighted points, in the order of their `lon` (float64[n], sorted): buildings with
    households, reports with load.

    `lat` float64[n] degrees, `weight` float64[n], none negative.
    """

    lon: Floats
    lat: Floats
    weight: Floats

    @classmethod
    def of(cls, lon: npt.ArrayLike, lat: npt.ArrayLike, weight: npt.ArrayLike) -> Self:
        """Points in any order. Raises InputError when lengths differ or a number is
        negative or not finite.
        """
        x, y, w = (np.asarray(values, dtype=np.float64) for values in (lon, lat, weight))
        if not (x.shape == y.shape == w.shape and x.ndim == 1):
            cure = "Give three flat arrays of the same length."
            raise InputError(
                Fault(
                    rule="points and weights do not pair up",
                    field="lon, lat, weight",
                    cure=cure,
                )
            )
        odd = np.flatnonzero(~(np.isfinite(x) & np.isfinite(y) & np.isfinite(w) & (w >= 0)))
        if len(odd):
            raise InputError(
                Fault(
                    rule="not a point with a weight",
                    row=row + 1,
                    field="lon, lat, weight",
                    value=f"{x[row]}, {y[row]}, {w[row]}",
                    cure="Give finite numbers, the weight nought or more.",
                )
                for row in odd[:20].tolist()
            )
        order = np.argsort(x, kind="stable")
        return cls(x[order], y[order], w[order])

    @classmethod
    def of_buildings(cls, table: pd.DataFrame) -> Self:
        """A building layer: `households`, and either `lon`, `lat` or point geometry (EPSG:4490)."""
        if "lon" in table.columns and "lat" in table.columns:
            return cls.of(table["lon"], table["lat"], table["households"])
        middle = shapely.point_on_surface(np.asarray(table["geometry"].array, dtype=object))
        return cls.of(shapely.get_x(middle), shapely.get_y(middle), table["households"])

    def inside(self, bounds: tuple[float, float, float, float]) -> Points:
        """The points within these bounds (west, south, east, north)."""
        west, south, east, north = bounds
        first, last = np.searchsorted(self.lon, [west, np.nextafter(east, np.inf)])
        lat = self.lat[first:last]
        rows = first + np.flatnonzero((lat >= south) & (lat <= north))
        return Points(self.lon[rows], self.lat[rows], self.weight[rows])

    def totals(self, shapes: Any) -> Floats:
        """Weight of the points in each of `shapes` (polygons that do not overlap), float64[n].

        A point on a border belongs to the first of them.
        """
        sums = np.zeros(len(shapes))
        if not len(shapes):
            return sums
        points = self.inside(tuple(shapely.total_bounds(shapes)))
        free = np.ones(len(points.lon), dtype=bool)
        for row, shape in enumerate(shapes):
            mine = np.zeros_like(free)
            mine[free] = shapely.intersects_xy(shape, points.lon[free], points.lat[free])
            sums[row] = points.weight[mine].sum()
            free &= ~mine
        return sums


def weights(parts: Any, buildings: Points | None) -> tuple[Floats, bool]:
    """What each of `parts` (polygons, EPSG:4490) weighs, float64[n], and whether that is by
    buildings: households, or where none lives in any of them, the area in m².
    """
    if buildings is not None:
        households = buildings.totals(parts)
        if households.sum() > 0:
            return households, True
    return np.asarray(shapely.area(to_metres(parts)), dtype=np.float64), False


def shared_out(total: int, weight: Floats) -> Ints:
    """`total` in whole numbers proportional to `weight`, int64[n], by largest remainder;
    ties go to the first.
    """
    whole = float(weight.sum())
    ideal = (
        weight * (total / whole) if whole > 0 else np.full(len(weight), total / len(weight))
    )
    number = np.floor(ideal).astype(np.int64)
    left = total - int(number.sum())
    number[np.lexsort((np.arange(len(weight)), -(ideal - number)))[:left]] += 1
    return number
