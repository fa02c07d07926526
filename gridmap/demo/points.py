"""Points in the plane as dense as a field wants them, evenly spread, away from what is fixed."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gridmap.demo.density import CELL_KM, DensityField

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_RELAXATIONS = 4
_PUSH = 0.3


def spread_points(
    field: DensityField, fixed: Floats, edges: Ints, rng: np.random.Generator
) -> Floats:
    """Points as dense as `field`, pushed apart and clear of the border `edges` between the
    `fixed` points.
    """
    free = draw_points(field, rng)
    for _ in range(_RELAXATIONS):
        free = _relax(clear(free, fixed, edges), fixed, field)
    return clear(free, fixed, edges)


def draw_points(field: DensityField, rng: np.random.Generator) -> Floats:
    """Points in the plane as dense as `field`, evenly spread along a Hilbert curve."""
    rows, columns = np.nonzero(field.mass)
    order = np.argsort(
        _hilbert(columns, rows, bits=int(max(field.mass.shape)).bit_length()), kind="stable"
    )
    rows, columns = rows[order], columns[order]
    steps = np.floor(np.cumsum(field.mass[rows, columns]) + rng.uniform()).astype(int)
    square = np.repeat(np.arange(len(rows)), np.diff(steps, prepend=0))
    # The R2 sequence fills every square evenly, whatever number of points falls into it.
    serial = np.arange(len(square))
    within = np.stack(
        [(serial * 0.7548776662466927) % 1, (serial * 0.5698402909980532) % 1], axis=1
    )
    return field.origin + (np.stack([columns, rows], axis=1)[square] + within) * CELL_KM


def _hilbert(x: Ints, y: Ints, *, bits: int) -> Ints:
    """Position of integer squares along the Hilbert curve of order `bits`."""
    x, y = x.astype(np.int64), y.astype(np.int64)
    distance = np.zeros(len(x), dtype=np.int64)
    for level in range(bits - 1, -1, -1):
        side = np.int64(1) << level
        right, up = (x & side) > 0, (y & side) > 0
        distance += side * side * ((3 * right) ^ up)
        flip = ~up & right
        x, y = np.where(flip, side - 1 - x, x), np.where(flip, side - 1 - y, y)
        x, y = np.where(up, x, y), np.where(up, y, x)
    return distance


def clear(free: Floats, fixed: Floats, edges: Ints) -> Floats:
    """`free` without the points that would keep a border edge out of the triangulation, or
    sit on its ends.
    """
    start, end = fixed[edges[:, 0]], fixed[edges[:, 1]]
    length = np.linalg.norm(end - start, axis=1)
    near = cKDTree(free).query_ball_point((start + end) / 2, 0.55 * length)
    doomed = np.zeros(len(free), dtype=bool)
    for hit in near:
        doomed[hit] = True
    return free[~doomed]


def _relax(free: Floats, fixed: Floats, field: DensityField) -> Floats:
    """`free` pushed apart where they crowd: away from neighbours nearer than the local spacing."""
    every = np.vstack([fixed, free])
    wanted = 1.05 / np.sqrt(field.per_km2(free))
    apart, near = cKDTree(every).query(free, k=8, workers=-1)
    apart, near = apart[:, 1:], near[:, 1:]
    away = (free[:, None, :] - every[near]) / np.maximum(apart, 1e-6)[:, :, None]
    push = np.clip(wanted[:, None] - apart, 0, None)[:, :, None] * away
    return np.asarray(free + _PUSH * push.sum(axis=1))
