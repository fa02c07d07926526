"""Points inside grids: triangles to draw from, and the hot places where reports crowd."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HOT_PLACES = 5
_CROWDED = 0.68
_INSET = 0.02


@dataclass(frozen=True)
class ReportPlaces:
    """Where reports of each grid can lie.

    `corners` float64[t, 3, 2] triangles inside the grids, grouped by grid; `first` int64[g
    + 1] where each grid's begin; `share` float64[t] running share of the grid's area plus
    the grid's row; `hot` int64[g, k] the triangles of its hot places and `spot` float64[g,
    k, 2] the places, `pull` float64[k] running odds.
    """

    corners: Floats
    first: Ints
    share: Floats
    hot: Ints
    spot: Floats
    pull: Floats

    @classmethod
    def of(
        cls, polygons: npt.NDArray[np.object_], rng: np.random.Generator
    ) -> ReportPlaces:
        """The places of `polygons`; every point drawn from them lies strictly inside its
        polygon.
        """
        corners, grid = _triangles(polygons)
        first = np.searchsorted(grid, np.arange(len(polygons) + 1))
        a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
        area = np.abs(
            (b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1])
            - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])
        )
        running = np.cumsum(area)
        before = np.append(0, running)[first[:-1]]
        total = np.append(0, running)[first[1:]] - before
        share = grid + np.minimum((running - before[grid]) / total[grid], 1.0)
        share[first[1:] - 1] = np.arange(len(polygons)) + 1.0
        empty = np.zeros((0, 0))
        bare = cls(corners, first, share, empty.astype(np.int64), empty, np.ones(1))
        row = np.repeat(np.arange(len(polygons)), HOT_PLACES)
        hot = bare._pick(row, rng)
        spot = bare._inside(hot, rng).reshape(-1, HOT_PLACES, 2)
        odds = 1 / (np.arange(HOT_PLACES) + 1.0)
        return cls(
            corners,
            first,
            share,
            hot.reshape(-1, HOT_PLACES),
            spot,
            np.cumsum(odds) / odds.sum(),
        )

    def draw(self, grid: Ints, rng: np.random.Generator) -> Floats:
        """One point (longitude, latitude) in each of the grids `grid` (rows), most of them
        near a hot place.
        """
        crowded = rng.uniform(size=len(grid)) < _CROWDED
        place = np.searchsorted(self.pull, rng.uniform(size=len(grid)))
        place = np.minimum(place, len(self.pull) - 1)
        triangle = np.where(crowded, self.hot[grid, place], self._pick(grid, rng))
        point = self._inside(triangle, rng)
        near = np.minimum(rng.lognormal(mean=-2.4, sigma=0.7, size=len(grid)), 1.0)
        spot = self.spot[grid, place]
        return np.where(crowded[:, None], spot + (point - spot) * near[:, None], point)

    def _pick(self, grid: Ints, rng: np.random.Generator) -> Ints:
        """A triangle of each grid, by area."""
        at = np.searchsorted(self.share, grid + rng.uniform(size=len(grid)), side="right")
        return np.clip(at, self.first[grid], self.first[grid + 1] - 1)

    def _inside(self, triangle: Ints, rng: np.random.Generator) -> Floats:
        """A point strictly inside each triangle, evenly spread."""
        u, v = rng.uniform(size=(2, len(triangle)))
        over = u + v > 1
        u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
        weights = np.stack([1 - u - v, u, v], axis=1) * (1 - _INSET) + _INSET / 3
        corners = self.corners[triangle]
        return np.stack(
            [(corners[:, :, axis] * weights).sum(axis=1) for axis in (0, 1)], axis=1
        )


def _triangles(polygons: npt.NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Triangles between a polygon's vertices that lie inside it, and the row of their polygon."""
    parts, grid = shapely.get_parts(shapely.delaunay_triangles(polygons), return_index=True)
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    middle = corners.mean(axis=1)
    shapely.prepare(polygons)
    inside = shapely.contains_xy(polygons[grid], middle[:, 0], middle[:, 1])
    # Where all borders are sides of triangles the middle decides; elsewhere a triangle may
    # reach across one.
    doubtful = np.flatnonzero(inside & ~_has_all_borders(polygons, corners, grid)[grid])
    inside[doubtful] = shapely.covers(polygons[grid[doubtful]], parts[doubtful])
    bare = np.setdiff1d(np.arange(len(polygons)), grid[inside])
    if not len(bare):
        return corners[inside], grid[inside]
    every = np.concatenate([corners[inside], _around_a_middle(polygons[bare])])
    rows = np.concatenate([grid[inside], bare])
    order = np.argsort(rows, kind="stable")
    return every[order], rows[order]


def _has_all_borders(
    polygons: npt.NDArray[np.object_], corners: Floats, grid: Ints
) -> npt.NDArray[np.bool_]:
    """Whether every border segment of each polygon is a side of one of its triangles."""
    rings, owner = shapely.get_parts(shapely.boundary(polygons), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    lon, lat = (
        np.round(np.concatenate([points, corners.reshape(-1, 2)]) * 1e7).astype(np.int64).T
    )
    vertices, vertex = np.unique((lon << 31) | lat, return_inverse=True)
    count = len(vertices)
    along = np.flatnonzero(np.diff(ring) == 0)
    border = _keys(owner[ring[along]], vertex[along], vertex[along + 1], count)
    corner = vertex[len(points) :].reshape(-1, 3)
    sides = np.concatenate(
        [_keys(grid, corner[:, k], corner[:, (k + 1) % 3], count) for k in range(3)]
    )
    sides.sort()
    missing = sides[np.minimum(np.searchsorted(sides, border), len(sides) - 1)] != border
    return np.asarray(
        np.bincount(owner[ring[along]], missing, minlength=len(polygons)) == 0
    )


def _keys(place: Ints, first: Ints, second: Ints, count: int) -> Ints:
    """One number for each side between two vertices in each place."""
    return (place * count + np.minimum(first, second)) * count + np.maximum(first, second)


def _around_a_middle(polygons: npt.NDArray[np.object_]) -> Floats:
    """A triangle around an inner point of each polygon, for shapes without one between
    their own corners.
    """
    middle = shapely.get_coordinates(shapely.point_on_surface(polygons))
    reach = (
        shapely.distance(shapely.boundary(polygons), shapely.points(middle))[:, None, None]
        * 0.9
    )
    turn = np.radians([90, 210, 330])
    return np.asarray(
        middle[:, None, :] + reach * np.stack([np.cos(turn), np.sin(turn)], axis=1)[None]
    )
