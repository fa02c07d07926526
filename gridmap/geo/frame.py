"""The frame of a raster: which cell a point falls into, and each cell's reference point.

A frame is float64[8]: west, south, east, north, columns and rows per degree, columns, rows.
Every rule about it stands here, because building and looking up have to round in the same
way.
"""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from gridmap.geo.compiled import compiled

WEST, SOUTH, EAST, NORTH, PER_X, PER_Y, COLUMNS, ROWS = range(8)
MARGIN = 1e-6
"""Share of a cell by which an edge counts as touching its neighbours too: far above the
rounding of coordinates.
"""

# Cells are never so small, against the coordinates, that rounding matters: see gridmap.geo.lookup.
_FINEST = 2.0**-24


def make_frame(
    bounds: tuple[float, float, float, float], cells: float
) -> npt.NDArray[np.float64]:
    """A frame over `bounds` (west, south, east, north) of about `cells` cells that are
    about square.
    """
    west, south, east, north = bounds
    width, height = max(east - west, 0.0), max(north - south, 0.0)
    smallest = max(abs(west), abs(south), abs(east), abs(north)) * _FINEST
    side = max(np.sqrt(width * height / cells), width / cells, height / cells, smallest)
    columns = max(int(width / side), 1) if side > 0 else 1
    rows = max(int(height / side), 1) if side > 0 else 1
    per_x = 1.0 / max(width / columns, smallest) if side > 0 else 1.0
    per_y = 1.0 / max(height / rows, smallest) if side > 0 else 1.0
    return np.array(
        [west, south, east, north, per_x, per_y, columns, rows], dtype=np.float64
    )


@compiled
def reference_x(frame: np.ndarray, column: int) -> float:
    """Longitude of the reference points of a column of cells."""
    return float(frame[WEST] + (column + 0.5) / frame[PER_X])


@compiled
def reference_y(frame: np.ndarray, row: int) -> float:
    """Latitude of the reference points of a row of cells."""
    return float(frame[SOUTH] + (row + 0.5) / frame[PER_Y])


@compiled
def rows_touched(frame: np.ndarray, ay: float, by: float) -> tuple[int, int]:
    """First and last row an edge between two latitudes touches, the margin included."""
    return _range(frame[SOUTH], frame[PER_Y], int(frame[ROWS]), min(ay, by), max(ay, by))


@compiled
def columns_between(frame: np.ndarray, ax: float, bx: float) -> tuple[int, int]:
    """First and last column touched between two longitudes, the margin included."""
    return _range(frame[WEST], frame[PER_X], int(frame[COLUMNS]), min(ax, bx), max(ax, bx))


@compiled
def columns_touched(
    frame: np.ndarray, ax: float, ay: float, bx: float, by: float, row: int
) -> tuple[int, int]:
    """First and last column an edge touches within a row it touches, the margin included."""
    if ay > by:
        ax, ay, bx, by = bx, by, ax, ay
    v0, v1 = (ay - frame[SOUTH]) * frame[PER_Y], (by - frame[SOUTH]) * frame[PER_Y]
    low, high = row - MARGIN, row + 1 + MARGIN
    first, second = ax, bx
    if v0 < low < v1:
        first = ax + (low - v0) / (v1 - v0) * (bx - ax)
    if v0 < high < v1:
        second = ax + (high - v0) / (v1 - v0) * (bx - ax)
    return columns_between(frame, first, second)


@compiled
def _range(
    origin: float, per_degree: float, count: int, low: float, high: float
) -> tuple[int, int]:
    first = int(np.floor((low - origin) * per_degree - MARGIN))
    last = int(np.floor((high - origin) * per_degree + MARGIN))
    return min(max(first, 0), count - 1), min(max(last, 0), count - 1)
