"""Layers of grids drawn in metres around 114° E, 35° N, and ways to spoil them."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from gridmap.geo.crs import GEOGRAPHIC, to_degrees

ORIGIN = np.array([500_000.0, 3_875_000.0])
FIRST = 410702001001001


def drawn(*polygons, codes=None):
    """A layer of polygons given in metres: rings of (x, y), or shapely shapes."""
    shapes = [
        shape if isinstance(shape, shapely.Geometry) else shapely.Polygon(shape)
        for shape in polygons
    ]
    moved = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy + ORIGIN)
    numbers = codes if codes is not None else [FIRST + row for row in range(len(shapes))]
    return gpd.GeoDataFrame({"code": numbers}, geometry=to_degrees(moved), crs=GEOGRAPHIC)


def box(west, south, east, north):
    return [(west, south), (east, south), (east, north), (west, north)]


def rough_rings(columns, rows, rng, *, cell_m=300.0, between=3):
    """Rings in metres of a lattice whose shared borders are crooked: a valid coverage."""
    x, y = np.meshgrid(np.arange(columns + 1), np.arange(rows + 1), indexing="ij")
    nodes = (
        np.stack([x, y], axis=-1) * cell_m
        + rng.uniform(-0.2, 0.2, (columns + 1, rows + 1, 2)) * cell_m
    )
    crooked = {}

    def side(a, b):
        key = (min(a, b), max(a, b))
        if key not in crooked:
            share = np.linspace(0, 1, between + 2)[1:-1, None]
            line = nodes[key[0]] + (nodes[key[1]] - nodes[key[0]]) * share
            crooked[key] = line + rng.uniform(-0.05, 0.05, line.shape) * cell_m
        line = crooked[key] if a <= b else crooked[key][::-1]
        return [nodes[a], *line]

    return [
        np.array(
            [
                *side((i, j), (i + 1, j)),
                *side((i + 1, j), (i + 1, j + 1)),
                *side((i + 1, j + 1), (i, j + 1)),
                *side((i, j + 1), (i, j)),
            ]
        )
        for i in range(columns)
        for j in range(rows)
    ]


def shifted(ring, rng, most_m):
    """Each vertex moved by up to `most_m` on its own: gaps and overlaps with every neighbour."""
    angle, far = rng.uniform(0, 2 * np.pi, len(ring)), rng.uniform(0, most_m, len(ring))
    return ring + np.stack([np.cos(angle), np.sin(angle)], axis=1) * far[:, None]


def spiked(ring, rng, length_m):
    """A hair of no width sticks out of a vertex."""
    at = int(rng.integers(1, len(ring)))
    return np.insert(
        ring, at, [ring[at - 1] + rng.uniform(-length_m, length_m, 2), ring[at - 1]], axis=0
    )


def bowtied(ring, rng, size_m):
    """Close to a vertex the border crosses itself in a knot of at most `size_m`."""
    at = int(rng.integers(1, len(ring)))
    a = ring[at - 1]
    steps = np.array([[0.5, 0.5], [0.5, -0.5], [-0.5, 0.5]]) * size_m / 2
    return np.insert(ring, at, [a + steps[0], a + steps[1], a + steps[2], a], axis=0)


def doubled(ring, _rng, _size_m):
    """The whole ring is drawn twice."""
    return np.concatenate([ring, ring])
