"""The faces all borders of a layer cut the plane into, and which polygons cover each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.adjacency import neighbours
from gridmap.geo.edges import edges_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GRID_DEG = 1e-8
"""Coordinates are rounded to this, about a millimetre, so that borders that meet share their vertices exactly."""


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces (polygons[f], EPSG:4490) that fit together without overlap, vertex on vertex.

    `face`, `owner` int64[k]: face `face[i]` is covered by input polygon `owner[i]`; a face in no pair is a hole that
    the layer encloses. `left`, `right` int64[m] and `shared_m` float64[m]: faces that share a border, and its length.
    """

    polygons: Any
    face: Ints
    owner: Ints
    left: Ints
    right: Ints
    shared_m: Floats

    def __len__(self) -> int:
        """Number of faces."""
        return len(self.polygons)


def snapped(polygons: Any) -> Any:
    """Valid polygons (shapely array[n]) with coordinates on the rounded grid, made of polygons alone."""
    rounded = shapely.set_precision(np.asarray(polygons, dtype=object), GRID_DEG)
    return only_polygons(rounded)


def only_polygons(geometries: Any) -> Any:
    """Geometries (shapely array[n]) with their points and lines left out; nothing left is an empty polygon."""
    result = np.asarray(geometries, dtype=object).copy()
    for row in np.flatnonzero(shapely.get_type_id(result) == shapely.GeometryType.GEOMETRYCOLLECTION):
        parts = shapely.get_parts(shapely.get_parts(result[row]))
        result[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    result[shapely.get_dimensions(result) < 2] = shapely.Polygon()
    return result


def arrange(polygons: Any) -> Faces:
    """The faces of `polygons` (shapely array[n], EPSG:4490, valid, as `snapped` gives them)."""
    noded = shapely.union_all(_distinct_edges(polygons), grid_size=GRID_DEG)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    points = shapely.point_on_surface(faces)
    face, owner = shapely.STRtree(polygons).query(points, predicate="within")
    order = np.lexsort((owner, face))
    left, right, shared_m = neighbours(faces)
    return Faces(faces, face[order].astype(np.int64), owner[order].astype(np.int64), left, right, shared_m)


def _distinct_edges(polygons: Any) -> Any:
    """Each edge once: in a good layer every inner one comes twice."""
    edges = edges_of(polygons)
    ends = np.stack([edges.start, edges.end], axis=1)
    swap = (ends[:, 0, 0] > ends[:, 1, 0]) | ((ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] > ends[:, 1, 1]))
    ends[swap] = ends[swap, ::-1]
    return shapely.linestrings(np.unique(ends.reshape(-1, 4), axis=0).reshape(-1, 2, 2))
