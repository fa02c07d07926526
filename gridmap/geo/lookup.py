"""The compiled loop that answers points from a raster (see gridmap.geo.raster for what the arrays mean)."""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np

from gridmap.geo.compiled import compiled
from gridmap.geo.orientation import ERROR_BOUND, orientation
from gridmap.geo.sweep import BLOCK, MORE

STRIDE = 1024


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
    """Write answers[row of polygon + 1] of each point into `out`; returns whether all points are finite numbers.

    Works through the points in strides, and through each stride in passes that do one thing: find the cell, read what
    will be needed of its list, decide. So the processor has many memory reads under way at once and few branches that
    it cannot foresee, which together make this several times faster than point after point.
    """
    count = len(lon)
    west, south, east, north, per_x, per_y = frame[0], frame[1], frame[2], frame[3], frame[4], frame[5]
    columns, rows = np.int64(frame[6]), np.int64(frame[7])
    later = np.empty(STRIDE, dtype=np.int64)
    offsets = np.empty(STRIDE, dtype=np.int64)
    near_x, near_y = np.empty(STRIDE), np.empty(STRIDE)
    finite = True
    for begin in range(0, count, STRIDE):
        waiting = 0
        for i in range(begin, min(begin + STRIDE, count)):
            x, y = lon[i], lat[i]
            answer = -1
            if x >= west and x <= east and y >= south and y <= north:
                column = min(np.int64((x - west) * per_x), columns - 1)
                row = min(np.int64((y - south) * per_y), rows - 1)
                answer = cells[row * columns + column]
                later[waiting] = i
                offsets[waiting] = -2 - answer
                near_x[waiting], near_y[waiting] = column, row
                waiting += answer < -1
            elif not (np.isfinite(x) and np.isfinite(y)):
                finite = False
            out[i] = answers[max(answer, -1) + 1]
        for k in range(waiting):
            near_x[k] = west + (near_x[k] + 0.5) / per_x
            near_y[k] = south + (near_y[k] + 0.5) / per_y
        for k in range(waiting):
            i = later[k]
            out[i] = answers[_decide(lon[i], lat[i], near_x[k], near_y[k], lists, offsets[k], edges) + 1]
    return finite


@compiled
def _decide(px: float, py: float, rx: float, ry: float, lists: np.ndarray, offset: int, edges: np.ndarray) -> np.int64:
    """The lowest polygon that covers a point of a cell with reference point r and the list at `offset`, or −1."""
    ux, uy = rx - px, ry - py
    at = offset
    while True:
        header, many, inside = lists[at], lists[at + 1], lists[at + 2]
        here = at + 3
        count = header & BLOCK
        at = here + count
        on = 0
        for _ in range(many):
            reference = lists[at]
            belongs = lists[at + 1]
            at += 2
            edge = reference >> 1
            ax, ay, bx, by = edges[edge, 0] - px, edges[edge, 1] - py, edges[edge, 2] - px, edges[edge, 3] - py
            one, two = ax * by, ay * bx
            three, four = ux * ay, uy * ax
            five, six = ux * by, uy * bx
            p, a, b = one - two, three - four, five - six
            sure = abs(p) > ERROR_BOUND * (abs(one) + abs(two))
            sure &= abs(a) > ERROR_BOUND * (abs(three) + abs(four))
            sure &= abs(b) > ERROR_BOUND * (abs(five) + abs(six))
            if sure:
                crossed = ((p > 0) ^ (reference & 1)) & ((a > 0) ^ (b > 0))
                inside ^= -np.int64(crossed) & belongs
            else:
                apart = _apart(px, py, rx, ry, reference, edges)
                on |= belongs * (apart == 2)
                inside ^= belongs * (apart == 1)
        inside |= on
        for k in range(count):
            if (inside >> k) & 1:
                return np.int64(lists[here + k])
        if header & MORE == 0:
            return np.int64(-1)


@compiled
def _apart(px: float, py: float, rx: float, ry: float, reference: int, edges: np.ndarray) -> int:
    """1 when an edge separates a point p from the reference point r, 2 when p lies on it, else 0; exact."""
    edge = reference >> 1
    ax, ay, bx, by = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
    side = orientation(ax, ay, bx, by, px, py)
    if side == 0:
        return 2 if min(ax, bx) <= px <= max(ax, bx) and ay <= py <= by else 0
    if (side > 0) == (reference & 1 == 1):
        return 0
    return 1 if _left(px, py, rx, ry, ax, ay) != _left(px, py, rx, ry, bx, by) else 0


@compiled
def _left(px: float, py: float, rx: float, ry: float, x: float, y: float) -> bool:
    """Whether (x, y) ≠ p lies left of the line from p to r, r moved by (ε, ε²)."""
    side = orientation(px, py, rx, ry, x, y)
    if side == 0:
        return y > py or (y == py and x < px)
    return side > 0
