"""The faces all borders of a layer cut the plane into, and which polygons cover each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.edges import edges_of, lower_end_first

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GRID_DEG = 1e-8
"""Coordinates are rounded to this, about a millimetre, so that borders that meet share
their vertices exactly.
"""

_WEIGHTS = (
    (0.2137, 0.3391, 0.4472),
    (0.1913, 0.2871, 0.5216),
    (0.4793, 0.1379, 0.3828),
    (0.3529, 0.5147, 0.1324),
)
"""Shares of a triangle's corners in a point: crooked ones, so that it lies on no border
that is drawn straight.
"""


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces (polygons[f], EPSG:4490) that fit together without overlap, vertex on vertex.

    `face`, `owner` int64[k]: face `face[i]` is covered by input polygon `owner[i]`, sorted;
    a face in no pair is a hole that the layer encloses. `lines`: the borders that cut them,
    noded.
    """

    polygons: Any
    face: Ints
    owner: Ints
    lines: Any

    def __len__(self) -> int:
        """Number of faces."""
        return len(self.polygons)

    @property
    def counts(self) -> Ints:
        """How many polygons cover each face, int64[f]: 0 in a gap, 2 and more in an overlap."""
        return np.bincount(self.face, minlength=len(self)).astype(np.int64, copy=False)

    def idle_lines(self) -> Any:
        """Of `lines` those that part nothing: on both sides lies what one polygon covers,
        lines array[l].

        In an arrangement of suspect borders these are borders that run along each other
        without sharing vertices.
        """
        edges = edges_of(self.polygons)
        good = (self.counts == 1)[edges.owner]
        drawn = _segments(self.lines)
        keys, key = np.unique(
            np.concatenate([drawn, _keys(edges.start, edges.end)]),
            axis=0,
            return_inverse=True,
        )
        line, side = key.ravel()[: len(drawn)], key.ravel()[len(drawn) :]
        sound = np.bincount(side[good], minlength=len(keys))
        faulty = np.bincount(side[~good], minlength=len(keys))
        # Two sound sides, or an end that hangs inside a sound face.
        idle = (faulty[line] == 0) & (sound[line] != 1)
        segments = shapely.linestrings(drawn[idle].reshape(-1, 2, 2))
        return shapely.get_parts(shapely.line_merge(shapely.multilinestrings(segments)))


def _keys(start: Floats, end: Floats) -> Floats:
    """Edges as rows of four numbers, the same in both directions."""
    low, high, _ = lower_end_first(start, end)
    return np.hstack([low, high])


def _segments(lines: Any) -> Floats:
    """The straight pieces of lines, as `_keys` gives them."""
    coordinates, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    return _keys(coordinates[:-1][same], coordinates[1:][same])


def snapped(polygons: Any) -> Any:
    """Valid polygons (shapely array[n]) with coordinates on the rounded grid, made of
    polygons alone.
    """
    rounded = shapely.set_precision(np.asarray(polygons, dtype=object), GRID_DEG)
    return only_polygons(rounded)


def only_polygons(geometries: Any) -> Any:
    """Geometries (shapely array[n]) with their points and lines left out; nothing left is
    an empty polygon.
    """
    result = np.asarray(geometries, dtype=object).copy()
    for row in np.flatnonzero(
        shapely.get_type_id(result) == shapely.GeometryType.GEOMETRYCOLLECTION
    ):
        parts = shapely.get_parts(shapely.get_parts(result[row]))
        result[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    result[shapely.get_dimensions(result) < 2] = shapely.Polygon()
    return result


def arrange(polygons: Any, *, suspect_only: bool = False) -> Faces:
    """The faces of `polygons` (shapely array[n], EPSG:4490, valid, as `snapped` gives them).

    With `suspect_only` borders that fit are left out: neighbours that fit then share a
    face, which is covered once, while gaps and overlaps are the faces they are.
    """
    noded = shapely.union_all(
        shapely.linestrings(_distinct_edges(polygons, suspect_only)), grid_size=GRID_DEG
    )
    lines = shapely.get_parts(noded)
    faces = shapely.get_parts(shapely.polygonize(lines))
    tree = shapely.STRtree(polygons)
    face, owner = tree.query(_inner_points(faces, tree), predicate="within")
    order = np.lexsort((owner, face))
    return Faces(faces, face[order].astype(np.int64), owner[order].astype(np.int64), lines)


def _inner_points(faces: Any, tree: shapely.STRtree) -> Any:
    """A point in each face that lies on no border: a face of borders that fit has some
    running through it.

    Where a face is narrower than the rounding of coordinates, a point may lie on the other
    side of a border as it was before it was noded: such a point moves to where the face is
    wide.
    """
    points = shapely.point_on_surface(faces)
    close = np.flatnonzero(shapely.distance(points, shapely.boundary(faces)) < GRID_DEG)
    points[close] = [_point_in_triangle(face, _WEIGHTS[0]) for face in faces[close]]
    for weights in _WEIGHTS:
        doubtful = np.unique(tree.query(points, predicate="touches")[0])
        if len(doubtful) == 0:
            break
        points[doubtful] = [_point_in_triangle(face, weights) for face in faces[doubtful]]
    return points


def _point_in_triangle(face: Any, weights: tuple[float, float, float]) -> Any:
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(face))
    corners = shapely.get_coordinates(triangles[np.argmax(shapely.area(triangles))])[:3]
    return shapely.Point(np.array(weights) @ corners)


def _distinct_edges(polygons: Any, suspect_only: bool) -> Floats:  # noqa: FBT001  (private)
    """Each edge once, float64[e, 2, 2].

    An edge fits when it has one twin, of the other direction: with the interior on the left
    of each ring, as many polygons then lie on one side of it as on the other. The suspect
    ones are all others, the outer border among them.
    """
    edges = edges_of(shapely.orient_polygons(polygons))
    low, high, swapped = lower_end_first(edges.start, edges.end)
    order = np.lexsort((high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    keys = np.hstack([low, high])[order]
    first = np.flatnonzero(np.r_[True, (keys[1:] != keys[:-1]).any(axis=1)])
    if suspect_only:
        times = np.diff(np.r_[first, len(keys)])
        net_direction = np.add.reduceat(np.where(swapped[order], -1, 1), first)
        first = first[(times != 2) | (net_direction != 0)]
    return keys[first].reshape(-1, 2, 2)
