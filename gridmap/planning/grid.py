"""`Grid`: one grid of a plan, as it stands in a row of a layer."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

Objects = npt.NDArray[np.object_]

COLUMNS = ("code", "name", "kind", "households", "population", "geometry")


class Grid(NamedTuple):
    """One grid; `shape` is a polygon in EPSG:4490."""

    code: int
    name: str
    kind: str
    households: int
    population: int
    shape: Any


def single(shapes: Objects) -> Objects:
    """`shapes` with multipolygons of one part as the polygon they are."""
    result = shapes.copy()
    alone = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    result[alone] = shapely.get_geometry(shapes[alone], 0)
    return result
