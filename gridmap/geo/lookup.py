"""The compiled loop that answers points from a raster (see gridmap.geo.raster for what the
arrays mean).
"""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np

from gridmap.geo.compiled import compiled
from gridmap.geo.frame import (
    COLUMNS,
    EAST,
    NORTH,
    PER_X,
    PER_Y,
    ROWS,
    SOUTH,
    WEST,
    reference_x,
    reference_y,
)
from gridmap.geo.lists import BLOCK, EDGES, MORE
from gridmap.geo.orientation import orientation

STRIDE = 1024
READ_AHEAD = 16
"""Numbers of a list that are fetched before they are needed: a line of the processor's cache."""
_NEAR = 2.0**-21
"""Share of a value within which single precision cannot be trusted with its sign: eight
times what is lost to rounding (see `_decide`).
"""
_SAME_SIDE, _APART, _ON_EDGE = 0, 1, 2
"""How an edge lies to a point and the reference point of its cell."""


@compiled
def look_up(
    lon: np.ndarray,
    lat: np.ndarray,
    frame: np.ndarray,
    cells: np.ndarray,
    lists: np.ndarray,
    edges: np.ndarray,
    answers: np.ndarray,
    out: np.ndarray,
) -> bool:
    """Write answers[row of polygon + 1] of each point into `out`; returns whether all
    points are finite numbers.

    Works through the points in strides, and through each stride in passes that do one
    thing: compute cells, read them, read the lists of those that edges touch, decide. So
    the processor has many memory reads under way at once and few branches that it cannot
    foresee, which together make this several times faster than point after point.
    """
    places = lists.view(np.float32)
    cell = np.empty(STRIDE, dtype=np.uint32)
    later = np.empty(STRIDE, dtype=np.uint32)
    offset = np.empty(STRIDE, dtype=np.uint32)
    fetched = np.empty(STRIDE, dtype=np.int32)
    columns = np.uint32(frame[COLUMNS])
    finite = True
    for begin in range(0, len(lon), STRIDE):
        x = lon[begin : begin + STRIDE]
        y = lat[begin : begin + STRIDE]
        answered = out[begin : begin + STRIDE]
        finite &= _cells_of(x, y, frame, cell)
        waiting = 0
        for i in range(len(x)):
            answer = cells[cell[i]]
            later[waiting] = i
            offset[waiting] = np.uint32(-2 - answer)
            waiting += answer < -1
            answered[i] = answers[np.uint32(max(answer, -1) + 1)]
        # The sums are never used: reading them brings the lists into the processor's cache.
        for k in range(waiting):
            fetched[k] = lists[offset[k]] + lists[offset[k] + np.uint32(READ_AHEAD - 1)]
        for k in range(waiting):
            i = later[k]
            row = cell[i] // columns
            polygon = _decide(
                x[i],
                y[i],
                frame,
                cell[i] - row * columns,
                row,
                lists,
                places,
                offset[k],
                edges,
            )
            answered[i] = answers[np.uint32(polygon + 1)]
    return finite


@compiled
def _cells_of(x: np.ndarray, y: np.ndarray, frame: np.ndarray, cell: np.ndarray) -> bool:
    """Fill the cell of each point, the one after the last for points outside; returns
    whether all are finite.
    """
    west, east = frame[WEST], frame[EAST]
    south, north = frame[SOUTH], frame[NORTH]
    per_x, per_y = frame[PER_X], frame[PER_Y]
    columns, rows = np.int32(frame[COLUMNS]), np.int32(frame[ROWS])
    odd = 0
    for i in range(len(x)):
        inside = (x[i] >= west) & (x[i] <= east) & (y[i] >= south) & (y[i] <= north)
        column = min(
            np.int32((x[i] - west) * per_x if inside else 0.0), columns - np.int32(1)
        )
        row = min(np.int32((y[i] - south) * per_y if inside else 0.0), rows - np.int32(1))
        cell[i] = row * columns + column if inside else rows * columns
        odd += not (np.isfinite(x[i]) & np.isfinite(y[i]))
    return odd == 0


@compiled
def _decide(
    px: float,
    py: float,
    frame: np.ndarray,
    column: int,
    row: int,
    lists: np.ndarray,
    places: np.ndarray,
    offset: int,
    edges: np.ndarray,
) -> np.int32:
    """The lowest polygon that covers a point of a cell with the list at `offset`, or −1.

    First in numbers of single precision from the middle of the cell, in cells, where a
    share of 2**-24 and, by the frame, less than 2**-30 of a cell is lost to rounding;
    exactly where that could change a side.
    """
    x = (px - frame[WEST]) * frame[PER_X] - (column + 0.5)
    y = (py - frame[SOUTH]) * frame[PER_Y] - (row + 0.5)
    cursor = np.uint32(offset)
    while True:
        header, inside = lists[cursor], lists[cursor + np.uint32(1)]
        first_candidate = cursor + np.uint32(2)
        count = np.uint32(header & BLOCK)
        cursor = first_candidate + count
        on_border = np.int32(0)
        for _ in range(header >> EDGES):
            reference, belongs = lists[cursor], lists[cursor + np.uint32(1)]
            ax = np.float64(places[cursor + np.uint32(2)])
            ay = np.float64(places[cursor + np.uint32(3)])
            bx = np.float64(places[cursor + np.uint32(4)])
            by = np.float64(places[cursor + np.uint32(5)])
            cursor += np.uint32(6)
            to_a, to_b = x * ay - y * ax, x * by - y * bx
            side = ax * by - ay * bx - to_b + to_a
            size_a, size_b = 1.0 + abs(ax) + abs(ay), 1.0 + abs(bx) + abs(by)
            sure = abs(side) > _NEAR * size_a * size_b
            sure &= (abs(to_a) > _NEAR * size_a) & (abs(to_b) > _NEAR * size_b)
            if sure:
                crossed = ((side > 0) ^ (reference & 1)) & ((to_a > 0) ^ (to_b > 0))
                inside ^= -np.int32(crossed) & belongs
            else:
                rx, ry = reference_x(frame, column), reference_y(frame, row)
                relation = _relation(px, py, rx, ry, reference, edges)
                on_border |= belongs * np.int32(relation == _ON_EDGE)
                inside ^= belongs * np.int32(relation == _APART)
        inside |= on_border
        for k in range(count):
            if (inside >> k) & 1:
                return np.int32(lists[first_candidate + k])
        if header & MORE == 0:
            return np.int32(-1)


@compiled
def _relation(
    px: float, py: float, rx: float, ry: float, reference: int, edges: np.ndarray
) -> int:
    """Whether an edge separates a point p from the reference point r, or p lies on it;
    exact.
    """
    edge = reference >> 1
    ax, ay, bx, by = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
    side = orientation(ax, ay, bx, by, px, py)
    if side == 0:
        within = min(ax, bx) <= px <= max(ax, bx) and ay <= py <= by
        return _ON_EDGE if within else _SAME_SIDE
    if (side > 0) == (reference & 1 == 1):
        return _SAME_SIDE
    crosses = _left(px, py, rx, ry, ax, ay) != _left(px, py, rx, ry, bx, by)
    return _APART if crosses else _SAME_SIDE


@compiled
def _left(px: float, py: float, rx: float, ry: float, x: float, y: float) -> bool:
    """Whether (x, y) ≠ p lies left of the line from p to r, r moved by (ε, ε²)."""
    side = orientation(px, py, rx, ry, x, y)
    if side == 0:
        return y > py or (y == py and x < px)
    return side > 0
