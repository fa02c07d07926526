"""How wide a shape is: the diameter of the widest circle that fits inside."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

_HALVINGS = 9
_CLOSE_ENOUGH_M = 0.001
_FIRST_GUESS = 1.25
"""Long thin shapes, which most faults are, are hardly wider than their lower bound: that is
tried first.
"""
_MANY_CORNERS, _ROUND = 200, 0.05
"""From where a shape is an outline: slow to shrink, while its inscribed circle is quick to find."""
_SURELY_WIDER = 1.03
"""More than shrinking with few corners errs by."""
# Few corners a quarter circle are fast. Of random stars some four in a thousand vanish too
# early with so few, and would come out narrower than they are: those are asked again.
_FEW_SEGMENTS, _MANY_SEGMENTS = 4, 64


def width_m(shapes_m: Any) -> Floats:
    """Widths in metres, float64[n], of polygons and multipolygons (shapely array[n],
    projected metres).

    Found by halving between bounds, to less than a hundredth of the width of a round shape
    or a millimetre and never more than the true width but for the rounding of arcs; 0 for
    an empty shape. The inscribed circle itself would cost a hundred times as much on the
    long thin shapes that faults are; of whole outlines it is the width, once a look has
    shown that nothing wider fits.
    """
    shapes = np.asarray(shapes_m, dtype=object)
    low, high = _bounds(shapes)
    rows = _outlines(shapes)
    low[rows] = np.maximum(low[rows], _circles(shapes[rows], high[rows]))
    widest = rows[~_is_left(shapes[rows], _SURELY_WIDER * low[rows], _FEW_SEGMENTS)]
    high[widest] = low[widest]
    for step in range(_HALVINGS):
        rows = np.flatnonzero(high - low > np.maximum(_CLOSE_ENOUGH_M, 0.01 * low))
        if not len(rows):
            break
        middle = (low[rows] + high[rows]) / 2
        if not step:
            middle = np.where(
                low[rows] > 0, np.minimum(middle, _FIRST_GUESS * low[rows]), middle
            )
        fits = _fits(shapes[rows], middle)
        low[rows] = np.where(fits, middle, low[rows])
        high[rows] = np.where(fits, high[rows], middle)
    return low


def wider_than(shapes_m: Any, limit_m: float) -> npt.NDArray[np.bool_]:
    """Whether a circle of diameter `limit_m` fits inside each shape with room to spare, bool[n]."""
    shapes = np.asarray(shapes_m, dtype=object)
    low, high = _bounds(shapes)
    wide = low > limit_m
    unsure = np.flatnonzero(~wide & (high > limit_m))
    wide[unsure] = _fits(shapes[unsure], np.full(len(unsure), limit_m))
    return wide


def _bounds(shapes: Any) -> tuple[Floats, Floats]:
    """A width each shape has at least, and one it has at most."""
    area, around = shapely.area(shapes), shapely.length(shapes)
    # A simply connected shape of area A and perimeter P holds a circle of radius A / P (Bonnesen).
    low = np.divide(2.0 * area, around, out=np.zeros(len(shapes)), where=around > 0)
    low[_pierced(shapes)] = 0.0
    west, south, east, north = shapely.bounds(shapes).T if len(shapes) else np.empty((4, 0))
    box = np.nan_to_num(np.fmin(east - west, north - south))
    return low, np.maximum(np.minimum(2.0 * np.sqrt(area / np.pi), box), low)


def _pierced(shapes: Any) -> npt.NDArray[np.bool_]:
    parts, row = shapely.get_parts(shapes, return_index=True)
    holes = np.bincount(
        row, weights=shapely.get_num_interior_rings(parts), minlength=len(shapes)
    )
    return np.asarray(holes > 0, dtype=bool)


def _outlines(shapes: Any) -> npt.NDArray[np.intp]:
    """Rows of the shapes that have many corners and are rather round."""
    is_round = 4 * np.pi * shapely.area(shapes) > _ROUND * shapely.length(shapes) ** 2
    has_many = shapely.get_num_coordinates(shapes) > _MANY_CORNERS
    return np.flatnonzero(is_round & has_many)


def _circles(shapes: Any, high: Floats) -> Floats:
    """Diameters of circles inside the shapes, the widest to a thousandth of `high`, float64[n]."""
    parts, row = shapely.get_parts(shapes, return_index=True)
    polygons, part = shapely.get_parts(parts, return_index=True)
    flat = shapely.get_type_id(polygons) == shapely.GeometryType.POLYGON
    row = row[part[flat]]
    radii = shapely.maximum_inscribed_circle(polygons[flat], tolerance=high[row] / 1000)
    diameters = np.zeros(len(shapes))
    np.maximum.at(diameters, row, 2 * shapely.length(radii))
    return diameters


def _fits(shapes: Any, diameter: Floats) -> npt.NDArray[np.bool_]:
    """Whether a circle of each diameter fits inside each shape, bool[n]."""
    fits = _is_left(shapes, diameter, _FEW_SEGMENTS)
    gone = np.flatnonzero(~fits)
    fits[gone] = _is_left(shapes[gone], diameter[gone], _MANY_SEGMENTS)
    return fits


def _is_left(shapes: Any, diameter: Floats, segments: int) -> npt.NDArray[np.bool_]:
    """Whether anything is left of each shape, shrunk by half a diameter all around."""
    shrunk = shapely.buffer(shapes, -diameter / 2, quad_segs=segments)
    return np.asarray(~shapely.is_empty(shrunk), dtype=bool)
