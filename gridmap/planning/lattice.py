"""The lattice all coordinates lie on, and the point of it that lies best on a straight border."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from gridmap.geo.faces import GRID_DEG
from gridmap.geo.simplify import METRES_PER_DEGREE

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

PER_DEGREE = round(1 / GRID_DEG)
REACH_M = 0.5
"""How far along a border a point on it may slide to a place of the lattice that lies better
on the border.
"""


def rounded(coordinates: npt.ArrayLike) -> Floats:
    """Coordinates (degrees) on the lattice, float64 of the same shape."""
    return np.asarray(
        np.rint(np.asarray(coordinates, dtype=np.float64) * PER_DEGREE) / PER_DEGREE
    )


def metres_per_degree(lat: float) -> Floats:
    """Metres of a degree of longitude and of latitude around `lat`, float64[2], to a third
    of a percent.
    """
    return np.array([METRES_PER_DEGREE * np.cos(np.radians(lat)), METRES_PER_DEGREE])


def on_edge(start: Point, end: Point, near: Point) -> Point | None:
    """The point of the lattice best to put on the edge from `start` to `end` close to
    `near`; None: there is no room.

    Hardly any place of the lattice lies exactly on a slanting line, and a border bent by
    half a lattice step over its whole length moves land. Among the thousand places within
    `REACH_M` along the edge one lies about a thousand times closer to it; ties go to the
    one nearest to `near`. Never an end of the edge.
    """
    a, b, p = (
        np.rint(np.array(point) * PER_DEGREE).astype(np.int64)
        for point in (start, end, near)
    )
    along = b - a
    major = int(np.argmax(np.abs(along)))
    length = int(abs(along[major]))
    if length < 2:
        return None
    step = np.sign(along[major])
    direction = along.astype(np.float64)
    share = float(
        np.dot((p - a).astype(np.float64), direction) / np.dot(direction, direction)
    )
    middle = min(max(round(share * length), 1), length - 1)
    edge_steps = float(np.hypot(*direction))
    reach = max(int(REACH_M / METRES_PER_DEGREE * PER_DEGREE * length / edge_steps), 1)
    steps = np.arange(max(middle - reach, 1), min(middle + reach, length - 1) + 1)
    minor = int(along[1 - major])
    off = np.rint(steps * (minor / length)).astype(np.int64)
    # Exact, in whole numbers: how far the place lies beside the line, times the length.
    bend = np.abs(off * length - steps * minor)
    best = np.lexsort((np.abs(steps - middle), bend))[0]
    place: Any = np.empty(2, dtype=np.int64)
    place[major] = a[major] + step * steps[best]
    place[1 - major] = a[1 - major] + off[best]
    return float(place[0] / PER_DEGREE), float(place[1] / PER_DEGREE)
