"""How wide a shape is: the diameter of the widest circle that fits inside."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely


def width_m(shapes_m: Any, *, above_m: float = 0.0, within_m: float = 0.01) -> npt.NDArray[np.float64]:
    """Widths in metres, float64[n], of polygons and multipolygons (shapely array[n], projected metres).

    `within_m` is how exact they are. Where a cheap bound shows that a shape is wider than `above_m`, its width may come
    out as that bound: less than the true width, more than `above_m`. An empty shape has width 0.
    """
    shapes = np.asarray(shapes_m, dtype=object)
    area = shapely.area(shapes)
    # A simply connected shape of area A and perimeter P holds a circle of radius A / P (Bonnesen).
    width = np.divide(2.0 * area, shapely.length(shapes), out=np.zeros(len(shapes)), where=area > 0)
    exact = np.flatnonzero(
        (area > 0) & ((width <= above_m) | (above_m == 0.0) | (shapely.get_num_interior_rings(shapes) > 0))
    )
    width[exact] = 2.0 * shapely.length(shapely.maximum_inscribed_circle(shapes[exact], tolerance=within_m))
    return np.asarray(width, dtype=np.float64)
