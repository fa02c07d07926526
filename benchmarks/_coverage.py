"""Grids and points to measure with: the city's own when there is one, else a generated
coverage like it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.opening import open_store
from gridmap.store.plans.plans import read_grids

Floats = npt.NDArray[np.float64]
GRIDS = 15_000
PIECES = 5  # a border between two grids has that many edges: some 31 vertices a grid


def grids() -> tuple[str, npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    """Where the grids come from, their codes and polygons (EPSG:4490)."""
    settings = Settings()
    if Store.exists(settings):
        with open_store(settings) as store:
            table = read_grids(store)
        return (
            "the city of this machine",
            table["code"].to_numpy(np.int64),
            table.geometry.to_numpy(),
        )
    rng = np.random.default_rng(4107)
    return (
        "a generated coverage",
        rng.permutation(GRIDS) + 410_702_001_001_001,
        generate(GRIDS, rng),
    )


def points(
    polygons: npt.NDArray[np.object_], count: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Longitudes and latitudes, the same number around every grid; a few outside, one in a
    thousand on a vertex.
    """
    row = rng.integers(0, len(polygons), count)
    west, south, east, north = shapely.bounds(polygons)[row].T
    lon = west + rng.random(count) * (east - west)
    lat = south + rng.random(count) * (north - south)
    vertices = shapely.get_coordinates(polygons)
    on = rng.random(count) < 0.001
    lon[on], lat[on] = vertices[rng.integers(0, len(vertices), int(on.sum()))].T
    return lon, lat


def generate(count: int, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """`count` polygons with rough shared borders, half of them crowded into towns."""
    towns = rng.uniform([113.5, 35.0], [115.0, 36.0], (60, 2))
    crowded = towns[rng.integers(0, len(towns), count // 2)] + rng.normal(
        0, 0.03, (count // 2, 2)
    )
    sites = np.vstack(
        [crowded, rng.uniform([113.4, 34.9], [115.1, 36.1], (count - count // 2, 2))]
    )
    frame = shapely.box(113.3, 34.8, 115.2, 36.2)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(np.clip(sites, [113.35, 34.85], [115.15, 36.15])),
            extend_to=frame,
        )
    )
    return _roughen(shapely.intersection(cells, frame), rng)


def _roughen(
    cells: npt.NDArray[np.object_], rng: np.random.Generator
) -> npt.NDArray[np.object_]:
    """Replace every straight border by PIECES edges, the same seen from both sides."""
    corners, ring = shapely.get_coordinates(
        shapely.get_exterior_ring(cells), return_index=True
    )
    same = ring[1:] == ring[:-1]
    start, end, owner = corners[:-1][same], corners[1:][same], ring[:-1][same]
    turned = (start[:, 0] > end[:, 0]) | (
        (start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1])
    )
    low, high = np.where(turned[:, None], end, start), np.where(turned[:, None], start, end)
    border, which = np.unique(np.hstack([low, high]), axis=0, return_inverse=True)
    along = border[:, None, 2:] - border[:, None, :2]
    across = np.stack([-along[..., 1], along[..., 0]], axis=-1)
    share = np.arange(PIECES + 1)[None, :, None] / PIECES
    wobble = rng.uniform(-0.08, 0.08, (len(border), PIECES + 1, 1)) * np.sign(
        share * (1 - share)
    )
    line = border[:, None, :2] + share * along + wobble * across
    line[:, -1] = border[:, 2:]
    walk = line[which.ravel()]
    walk[turned] = walk[turned][:, ::-1]
    return shapely.polygons(
        shapely.linearrings(walk[:, :-1].reshape(-1, 2), indices=np.repeat(owner, PIECES))
    )
