"""Strips of land one grid can hand to another, by how wide they are: along the border, or
swept from a side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.planning.lattice import metres_per_degree
from gridmap.planning.refusal import refuse

Floats = npt.NDArray[np.float64]
Strip = Callable[[float], Any]
"""The polygon (degrees) of a strip so many metres wide; it may reach beyond the giver."""

TURNS_DEG = (0, 30, -30, 60, -60, 90, -90)
"""Directions of the straight lines tried, away from the taker, the straightest first."""


def strips(giver: Any, taker: Any) -> Iterator[tuple[Strip, float]]:
    """Ways to cut from the polygon `giver` (degrees) towards its neighbour `taker`, each
    with the width that takes all.

    First all within a distance of their border, which keeps both compact where the border
    is short and straight; then everything beyond a straight line, turned away from the
    taker by more and more.
    """
    scale = metres_per_degree(giver.centroid.y)
    giver_m, taker_m = (
        shapely.transform(shape, lambda xy: xy * scale) for shape in (giver, taker)
    )
    border = shapely.intersection(giver_m, taker_m)
    if border.is_empty:
        raise refuse("not_adjacent")
    west, south, east, north = giver_m.bounds
    yield (
        lambda width: _band(border, width, scale),
        float(np.hypot(east - west, north - south)),
    )
    middle, centre = (
        np.array(border.centroid.coords[0]),
        np.array(giver_m.centroid.coords[0]),
    )
    towards_taker = (
        np.arctan2(*(middle - centre)[::-1]) if np.any(middle != centre) else 0.0
    )
    vertices = shapely.get_coordinates(giver_m)
    for turn in TURNS_DEG:
        angle = towards_taker + np.radians(turn)
        along = vertices @ np.array([np.cos(angle), np.sin(angle)])
        farthest, nearest = float(along.max()), float(along.min())
        yield _beyond(giver_m, angle, farthest, scale), farthest - nearest


def _band(border_m: Any, width_m: float, scale: Floats) -> Any:
    band = shapely.buffer(border_m, width_m, quad_segs=2)
    band = shapely.simplify(band, width_m / 20)
    if shapely.get_type_id(band) != shapely.GeometryType.POLYGON:
        raise refuse("several_parts")
    return shapely.transform(shapely.Polygon(band.exterior), lambda xy: xy / scale)


def _beyond(shape_m: Any, angle: float, farthest: float, scale: Floats) -> Strip:
    """Rectangles across the whole polygon from its farthest point in the direction `angle`
    inwards.
    """
    forward = np.array([np.cos(angle), np.sin(angle)])
    aside = np.array([-np.sin(angle), np.cos(angle)])
    across = shapely.get_coordinates(shape_m) @ aside
    margin = 0.05 * float(across.max() - across.min()) + 1.0
    left, right = float(across.min()) - margin, float(across.max()) + margin

    def strip(width_m: float) -> Any:
        near, far = farthest - width_m, farthest + margin
        ring = [
            near * forward + left * aside,
            near * forward + right * aside,
            far * forward + right * aside,
            far * forward + left * aside,
        ]
        return shapely.Polygon(np.array(ring) / scale)

    return strip
