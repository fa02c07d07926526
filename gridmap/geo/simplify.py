"""Fewer vertices for small scales, without opening gaps between neighbours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.errors import Fault, InputError

Geometries = npt.NDArray[np.object_]

METRES_PER_DEGREE = 111_320.0
"""Of latitude, and of longitude at the equator, to a third of a percent."""


def simplify(polygons: Geometries, tolerance_m: float) -> Geometries:
    """`polygons` (a valid coverage, longitude/latitude) with bends smaller than about
    `tolerance_m` metres taken out.

    Shared borders are simplified once, so neighbours stay neighbours: no gap, no overlap,
    nothing vanishes (Visvalingam–Whyatt on the borders of the coverage,
    `shapely.coverage_simplify`). A tolerance of 0 returns the polygons as they are. Raises
    InputError for a negative tolerance.
    """
    if not tolerance_m >= 0:
        raise InputError(
            Fault(
                rule="negative tolerance",
                field="tolerance_m",
                value=str(tolerance_m),
                cure="Give 0 metres or more.",
            )
        )
    shapes = np.asarray(polygons, dtype=object)
    if tolerance_m == 0 or not shapes.size:
        return shapes
    scale = _scale(shapes)
    plane = shapely.transform(shapes, lambda xy: xy * scale)
    simple = shapely.coverage_simplify(plane, tolerance_m)
    return np.asarray(shapely.transform(simple, lambda xy: xy / scale), dtype=object)


def _scale(shapes: Geometries) -> npt.NDArray[np.float64]:
    """Metres per degree of longitude and latitude in the middle of `shapes`."""
    _, south, _, north = shapely.total_bounds(shapes)
    return np.array(
        [METRES_PER_DEGREE * np.cos(np.radians((south + north) / 2)), METRES_PER_DEGREE]
    )
