"""The compiled loops that fill a raster (see gridmap.geo.raster for what the arrays mean)."""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np

from gridmap.geo.compiled import compiled
from gridmap.geo.frame import (
    COLUMNS,
    PER_X,
    ROWS,
    WEST,
    columns_between,
    columns_touched,
    reference_x,
    reference_y,
    rows_touched,
)
from gridmap.geo.lists import OUTSIDE, reference_is_left


@compiled
def merge(
    ends: np.ndarray, bits: np.ndarray, owner: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Edges that two polygons share become one, by a hash table over their coordinates.

    Takes float64[e, 4], the same as uint64, and owners int64[e]; returns float64[u, 4], low
    end first, and int32[u, 2], the second owner −1 where there is none. An edge that occurs
    twice in one polygon stays two: each counts.
    """
    count = len(ends)
    size = 1
    while size < 2 * count:
        size *= 2
    slots = np.full(size, -1, dtype=np.int32)
    distinct = np.empty((count, 4))
    owners = np.full((count, 2), -1, dtype=np.int32)
    used = 0
    for i in range(count):
        ax, ay, bx, by = ends[i, 0], ends[i, 1], ends[i, 2], ends[i, 3]
        slot = _slot(bits[i], size)
        if ay > by or (ay == by and ax > bx):
            ax, ay, bx, by = bx, by, ax, ay
        while True:
            known = slots[slot]
            if known < 0:
                slots[slot] = used
                distinct[used, 0], distinct[used, 1] = ax, ay
                distinct[used, 2], distinct[used, 3] = bx, by
                owners[used, 0] = owner[i]
                used += 1
                break
            same = distinct[known, 0] == ax and distinct[known, 1] == ay
            same = same and distinct[known, 2] == bx and distinct[known, 3] == by
            if same and owners[known, 1] < 0 and owners[known, 0] != owner[i]:
                owners[known, 1] = owner[i]
                break
            slot = (slot + 1) & (size - 1)
    return distinct[:used].copy(), owners[:used].copy()


@compiled
def _slot(bits: np.ndarray, size: int) -> np.int64:
    """Where an edge is looked for first in a table of `size` slots, the same for both of
    its directions.
    """
    # The sum of both ends is the same whichever comes first; then a step of SplitMix64,
    # whose multiplier this is, spreads the coordinates' even bit patterns.
    mixed = (bits[0] ^ (bits[1] << np.uint64(21))) + (bits[2] ^ (bits[3] << np.uint64(21)))
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.int64((mixed ^ (mixed >> np.uint64(32))) & np.uint64(size - 1))


@compiled
def fill(
    frame: np.ndarray, ends: np.ndarray, first: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """For each cell the lowest polygon that holds it whole (−1: none), and how many
    polygons' edges touch it.
    """
    columns, rows = int(frame[COLUMNS]), int(frame[ROWS])
    cells = np.full(rows * columns, OUTSIDE, dtype=np.int32)
    touching = np.zeros(rows * columns, dtype=np.int32)
    state = np.empty(0, dtype=np.uint8)
    for polygon in range(len(first) - 1):
        if first[polygon] == first[polygon + 1]:
            continue
        edges = ends[first[polygon] : first[polygon + 1]]
        left, right, low, high = _window(frame, edges)
        state = _mark(frame, edges, left, right, low, high, state)
        at = 0
        for row in range(low, high + 1):
            for cell in range(row * columns + left, row * columns + right + 1):
                if state[at] & 2:
                    touching[cell] += 1
                elif state[at] and cells[cell] == OUTSIDE:
                    cells[cell] = polygon
                at += 1
    return cells, touching


@compiled
def candidates(
    frame: np.ndarray, ends: np.ndarray, first: np.ndarray, starts: np.ndarray
) -> np.ndarray:
    """For each cell, from `starts`, the polygons whose edges touch it in ascending order, int64.

    Each is 2 × polygon, plus 1 when it holds the cell's reference point.
    """
    columns = int(frame[COLUMNS])
    entries = np.empty(starts[-1], dtype=np.int64)
    filled = starts[:-1].copy()
    state = np.empty(0, dtype=np.uint8)
    for polygon in range(len(first) - 1):
        if first[polygon] == first[polygon + 1]:
            continue
        edges = ends[first[polygon] : first[polygon + 1]]
        left, right, low, high = _window(frame, edges)
        state = _mark(frame, edges, left, right, low, high, state)
        at = 0
        for row in range(low, high + 1):
            for cell in range(row * columns + left, row * columns + right + 1):
                if state[at] & 2:
                    entries[filled[cell]] = 2 * polygon + (state[at] & 1)
                    filled[cell] += 1
                at += 1
    return entries


@compiled
def scatter(frame: np.ndarray, distinct: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each cell the distinct edges that touch it: where they start, int64[cells + 1],
    and the edges, int32.
    """
    columns, rows = int(frame[COLUMNS]), int(frame[ROWS])
    starts = np.zeros(rows * columns + 1, dtype=np.int64)
    for edge in range(len(distinct)):
        ax, ay = distinct[edge, 0], distinct[edge, 1]
        bx, by = distinct[edge, 2], distinct[edge, 3]
        low, high = rows_touched(frame, ay, by)
        for row in range(low, high + 1):
            left, right = columns_touched(frame, ax, ay, bx, by, row)
            for cell in range(row * columns + left, row * columns + right + 1):
                starts[cell + 1] += 1
    starts = np.cumsum(starts)
    touching = np.empty(starts[-1], dtype=np.int32)
    filled = starts[:-1].copy()
    for edge in range(len(distinct)):
        ax, ay = distinct[edge, 0], distinct[edge, 1]
        bx, by = distinct[edge, 2], distinct[edge, 3]
        low, high = rows_touched(frame, ay, by)
        for row in range(low, high + 1):
            left, right = columns_touched(frame, ax, ay, bx, by, row)
            for cell in range(row * columns + left, row * columns + right + 1):
                touching[filled[cell]] = edge
                filled[cell] += 1
    return starts, touching


@compiled
def _window(frame: np.ndarray, edges: np.ndarray) -> tuple[int, int, int, int]:
    """First and last column, first and last row a polygon's edges touch."""
    west, east = np.inf, -np.inf
    south, north = np.inf, -np.inf
    for i in range(len(edges)):
        west = min(west, edges[i, 0], edges[i, 2])
        east = max(east, edges[i, 0], edges[i, 2])
        south = min(south, edges[i, 1], edges[i, 3])
        north = max(north, edges[i, 1], edges[i, 3])
    left, right = columns_between(frame, west, east)
    low, high = rows_touched(frame, south, north)
    return left, right, low, high


@compiled
def _mark(
    frame: np.ndarray,
    edges: np.ndarray,
    left: int,
    right: int,
    low: int,
    high: int,
    state: np.ndarray,
) -> np.ndarray:
    """For the cells of a polygon's window, row by row: 1 when it holds the reference point,
    plus 2 when touched.

    Uses `state` again when it is large enough.
    """
    width = right - left + 1
    size = width * (high - low + 1)
    if len(state) < size:
        state = np.empty(2 * size, dtype=np.uint8)
    state[:size] = 0
    for i in range(len(edges)):
        ax, ay, bx, by = edges[i, 0], edges[i, 1], edges[i, 2], edges[i, 3]
        if ay > by:
            ax, ay, bx, by = bx, by, ax, ay
        from_row, to_row = rows_touched(frame, ay, by)
        for row in range(from_row, to_row + 1):
            base = (row - low) * width - left
            from_column, to_column = columns_touched(frame, ax, ay, bx, by, row)
            for column in range(from_column, to_column + 1):
                state[base + column] |= 2
            y = reference_y(frame, row)
            # Half open: where two edges meet at the height of y, one of them counts.
            if ay <= y < by:
                column = _first_right(frame, ax, ay, bx, by, y, from_column, right)
                if column <= right:
                    state[base + column] ^= 1
    # Each crossing was marked where it begins to matter: from there it holds to the right.
    for start in range(0, size, width):
        for at in range(start + 1, start + width):
            state[at] ^= state[at - 1] & 1
    return state


@compiled
def _first_right(
    frame: np.ndarray,
    ax: float,
    ay: float,
    bx: float,
    by: float,
    y: float,
    nearest: int,
    furthest: int,
) -> int:
    """First column from `nearest` whose reference point at `y` lies right of the edge from
    a up to b, or beyond.
    """
    # A rounded guess, then corrected by exact steps.
    crossing = ax + (y - ay) / (by - ay) * (bx - ax)
    column = int(np.ceil((crossing - frame[WEST]) * frame[PER_X] - 0.5))
    column = min(max(column, nearest), furthest + 1)
    while column > nearest and not reference_is_left(
        ax, ay, bx, by, reference_x(frame, column - 1), y
    ):
        column -= 1
    while column <= furthest and reference_is_left(
        ax, ay, bx, by, reference_x(frame, column), y
    ):
        column += 1
    return column
