"""A fine planar mesh of the city: cells around mesh points, of which grids and all above are made.

Points are drawn by density, borders of the counties are edges of the mesh, and every cell
is the patch around one point inside one county. Any union of cells has rough borders, and
any grouping of cells is a partition.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
import shapely
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from gridmap.demo.density import DensityField
from gridmap.demo.plane import plane_of, to_degrees, to_plane
from gridmap.demo.points import clear, spread_points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SPLITS = 8
_SHORTEST_KM = 0.01
_FLAT_KM = 1e-4


@dataclass(frozen=True)
class Mesh:
    """Triangles and the cells around their corners.

    `points` float64[p, 2] in the plane; `triangles` int64[t, 3] anticlockwise; `neighbours`
    int64[t, 3] the triangle across the edge opposite each corner, −1 outside; `corner_cell`
    int64[t, 3] the cell each corner belongs to; `cell_point` int64[c]; `cell_county`
    int64[c] row of the county; `spacing` float64[p] km.
    """

    points: Floats
    triangles: Ints
    neighbours: Ints
    county: Ints
    corner_cell: Ints
    cell_point: Ints
    cell_county: Ints
    cell_area: Floats
    spacing: Floats


def build_mesh(
    outlines: dict[int, shapely.Geometry], field: DensityField, rng: np.random.Generator
) -> Mesh:
    """The mesh of the counties `outlines` (a valid coverage in degrees), as dense as `field`."""
    edges, fixed = _border(outlines, field)
    free = spread_points(field, fixed, edges, rng)
    points, triangles, neighbours = _triangulate(fixed, free, edges)
    shapes = [plane_of(shape) for shape in outlines.values()]
    county = _county_of_triangles(points, triangles, shapes)
    county = _without_flat(points, triangles, neighbours, county)
    return _cells(points, triangles, neighbours, county, field)


def _border(
    outlines: dict[int, shapely.Geometry], field: DensityField
) -> tuple[Ints, Floats]:
    """Edges (int64[e, 2]) and points of the county borders, long edges cut to the local spacing."""
    pairs = []
    for shape in outlines.values():
        for ring in (shape.exterior, *shape.interiors):
            line = shapely.get_coordinates(ring)
            pairs.append(np.hstack([line[:-1], line[1:]]))
    ends = np.round(np.vstack(pairs) * 1e7).astype(np.int64)
    points, index = np.unique(ends.reshape(-1, 2), axis=0, return_inverse=True)
    edges = np.unique(np.sort(index.reshape(-1, 2), axis=1), axis=0)
    fixed = to_plane(points / 1e7)
    start, end = fixed[edges[:, 0]], fixed[edges[:, 1]]
    length = np.linalg.norm(end - start, axis=1)
    wanted = 1.1 / np.sqrt(field.per_km2((start + end) / 2))
    return _cut(edges, fixed, np.maximum(1, np.round(length / wanted)).astype(int))


def _cut(edges: Ints, points: Floats, pieces: npt.NDArray[np.int_]) -> tuple[Ints, Floats]:
    """`edges` cut into `pieces` equal parts each, with the new points appended."""
    owner = np.repeat(np.arange(len(edges)), pieces)
    first = np.cumsum(pieces) - pieces
    serial = np.arange(len(owner)) - first[owner]
    inner = serial > 0
    ids = np.full(len(owner), -1, dtype=np.int64)
    ids[inner] = len(points) + np.arange(inner.sum())
    start, end = points[edges[owner[inner], 0]], points[edges[owner[inner], 1]]
    made = start + (end - start) * (serial[inner] / pieces[owner[inner]])[:, None]
    begins = np.where(inner, ids, edges[owner, 0])
    last = serial == pieces[owner] - 1
    ends = np.where(last, edges[owner, 1], np.append(ids[1:], -1))
    return np.stack([begins, ends], axis=1), np.vstack([points, to_plane(to_degrees(made))])


def _triangulate(fixed: Floats, free: Floats, edges: Ints) -> tuple[Floats, Ints, Ints]:
    """Delaunay triangles in which the border edges appear, cutting those that do not at
    their middle.
    """
    free = to_plane(to_degrees(free))
    edges, fixed = _conform(edges, fixed, free[_close_to(free, fixed, edges)])
    free = clear(free, fixed, edges)
    points = np.vstack([fixed, free])
    mesh = Delaunay(points)
    triangles = mesh.simplices.astype(np.int64)
    clockwise = _signed_area(points, triangles) < 0
    neighbours = mesh.neighbors.astype(np.int64)
    triangles[clockwise] = triangles[clockwise][:, ::-1]
    neighbours[clockwise] = neighbours[clockwise][:, ::-1]
    return points, triangles, neighbours


def _close_to(free: Floats, fixed: Floats, edges: Ints) -> npt.NDArray[np.bool_]:
    """Which of `free` are near enough to the border to matter for its edges."""
    longest = np.linalg.norm(fixed[edges[:, 0]] - fixed[edges[:, 1]], axis=1).max(
        initial=0.0
    )
    distance, _ = cKDTree(fixed).query(free, distance_upper_bound=2 * longest)
    return np.asarray(np.isfinite(distance))


def _conform(edges: Ints, fixed: Floats, free: Floats) -> tuple[Ints, Floats]:
    """Border edges and points, edges that the triangulation lacks cut at their middle until
    it has them.
    """
    for _ in range(_SPLITS):
        free = clear(free, fixed, edges)
        points = np.vstack([fixed, free])
        starts, near = Delaunay(points).vertex_neighbor_vertices
        size = len(points)
        have = np.sort(np.repeat(np.arange(size), np.diff(starts)) * size + near)
        wanted = edges[:, 0] * size + edges[:, 1]
        missing = have[np.minimum(np.searchsorted(have, wanted), len(have) - 1)] != wanted
        missing &= (
            np.linalg.norm(fixed[edges[:, 0]] - fixed[edges[:, 1]], axis=1) > _SHORTEST_KM
        )
        if not missing.any():
            break
        edges, fixed = _cut(edges, fixed, np.where(missing, 2, 1))
    return edges, fixed


def _county_of_triangles(
    points: Floats, triangles: Ints, shapes: list[shapely.Geometry]
) -> Ints:
    """Row of the county that holds each triangle, −1 outside the city."""
    middle = points[triangles].mean(axis=1)
    county = np.full(len(triangles), -1, dtype=np.int64)
    for row, shape in enumerate(shapes):
        west, south, east, north = shape.bounds
        near = np.flatnonzero(
            (middle[:, 0] > west)
            & (middle[:, 0] < east)
            & (middle[:, 1] > south)
            & (middle[:, 1] < north)
        )
        shapely.prepare(shape)
        county[near[shapely.contains_xy(shape, middle[near])]] = row
    return county


def _without_flat(points: Floats, triangles: Ints, neighbours: Ints, county: Ints) -> Ints:
    """`county` with triangles no wider than a rounded coordinate left outside, where they
    lie along the outside.

    Points on a straight stretch of the outer border make such triangles; there is no room
    in them for a border.
    """
    a, b, c = (points[triangles[:, k]] for k in range(3))
    area = 2 * np.abs(_signed_area(points, triangles))
    longest = np.max([np.hypot(*(p - q).T) for p, q in ((a, b), (b, c), (c, a))], axis=0)
    flat = area < _FLAT_KM * longest
    county = county.copy()
    for _ in range(4):
        outside = (neighbours < 0) | (county[neighbours] < 0)
        county[flat & outside.any(axis=1)] = -1
    return county


def _cells(
    points: Floats, triangles: Ints, neighbours: Ints, county: Ints, field: DensityField
) -> Mesh:
    """Triangles outside dropped, the rest tied into cells: corners of one point, county and fan."""
    county = _largest_parts(neighbours, county)
    keep = np.flatnonzero(county >= 0)
    renumber = np.full(len(triangles) + 1, -1, dtype=np.int64)
    renumber[keep] = np.arange(len(keep))
    triangles, county = triangles[keep], county[keep]
    neighbours = renumber[neighbours[keep]]
    corner_cell = _tie_corners(triangles, neighbours, county)
    count = int(corner_cell.max()) + 1
    cell_point = np.zeros(count, dtype=np.int64)
    cell_county = np.zeros(count, dtype=np.int64)
    cell_point[corner_cell] = triangles
    cell_county[corner_cell] = county[:, None]
    third = np.repeat(_signed_area(points, triangles) / 3, 3)
    cell_area = np.bincount(corner_cell.ravel(), third, minlength=count)
    return Mesh(
        points=points,
        triangles=triangles,
        neighbours=neighbours,
        county=county,
        corner_cell=corner_cell,
        cell_point=cell_point,
        cell_county=cell_county,
        cell_area=cell_area.astype(np.float64),
        spacing=1 / np.sqrt(field.per_km2(points)),
    )


def _signed_area(points: Floats, triangles: Ints) -> Floats:
    """Area of each triangle in km², float64[t], negative where its corners run clockwise."""
    a, b, c = (points[triangles[:, k]] for k in range(3))
    across = (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1])
    along = (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
    return np.asarray(0.5 * (across - along))


def _largest_parts(neighbours: Ints, county: Ints) -> Ints:
    """`county` with triangles cut off from the main part of theirs given to a neighbouring
    county.
    """
    county = county.copy()
    row = np.repeat(np.arange(len(county)), 3)
    across = neighbours.ravel()
    for _ in range(6):
        same = (across >= 0) & (county[row] == county[across])
        graph = sp.coo_array(
            (np.ones(same.sum()), (row[same], across[same])), shape=(len(county),) * 2
        )
        _, part = connected_components(graph, directed=False)
        size = np.bincount(part)
        main = np.zeros(len(size), dtype=bool)
        for code in np.unique(county[county >= 0]):
            parts = np.unique(part[county == code])
            main[parts[np.argmax(size[parts])]] = True
        lost = (county >= 0) & ~main[part]
        if not lost.any():
            break
        near = neighbours[lost]
        offer = np.where((near >= 0) & ~lost[near], county[near], -1)
        county[lost] = offer.max(axis=1)
    return county


def _tie_corners(triangles: Ints, neighbours: Ints, county: Ints) -> Ints:
    """Number of the cell of each triangle corner, int64[t, 3]."""
    count = len(triangles)
    left, right = [], []
    for side in range(3):
        triangle = np.flatnonzero(
            (neighbours[:, side] >= 0) & (neighbours[:, side] > np.arange(count))
        )
        neighbour = neighbours[triangle, side]
        same = county[triangle] == county[neighbour]
        triangle, neighbour = triangle[same], neighbour[same]
        for step in (1, 2):
            corner = (side + step) % 3
            place = np.argmax(
                triangles[neighbour] == triangles[triangle, corner][:, None], axis=1
            )
            left.append(triangle * 3 + corner)
            right.append(neighbour * 3 + place)
    rows, columns = np.concatenate(left), np.concatenate(right)
    graph = sp.coo_array(
        (np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(count * 3,) * 2
    )
    _, cell = connected_components(graph, directed=False)
    return np.asarray(cell, dtype=np.int64).reshape(-1, 3)
