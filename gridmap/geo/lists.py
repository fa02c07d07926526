"""The compiled loops that write the lists of a raster (see gridmap.geo.raster for what they
hold).
"""

# ruff: noqa: PLR0917  (compiled code is called by position)

from __future__ import annotations

import numpy as np

from gridmap.geo.compiled import compiled
from gridmap.geo.frame import COLUMNS, PER_X, PER_Y, SOUTH, WEST, reference_x, reference_y
from gridmap.geo.orientation import orientation

OUTSIDE = -1
BLOCK = 31
"""Candidates in one block of a list: one bit each in an int32."""
MORE = 32
"""Added to a block's number of candidates when another block follows."""
EDGES = 6
"""Bits the number of edges is shifted by, in the same word."""


@compiled
def pack(
    frame: np.ndarray,
    cells: np.ndarray,
    starts: np.ndarray,
    touched_by: np.ndarray,
    edge_starts: np.ndarray,
    edges_in: np.ndarray,
    distinct: np.ndarray,
    owners: np.ndarray,
) -> np.ndarray:
    """Write the lists, int32, and into `cells` where each touched cell's list is."""
    # Room enough: a header and a whole polygon a cell, the candidates and further headers,
    # an edge in two blocks at most (it belongs to two polygons).
    most = 3 * len(cells) + 2 * len(touched_by) + 12 * len(edges_in)
    lists = np.empty(most, dtype=np.int32)
    places = lists.view(np.float32)
    size = 0
    for cell in range(len(cells)):
        whole = cells[cell]
        last = starts[cell + 1]
        decided = whole != OUTSIDE
        # The lowest polygon answers: those above the one that holds the whole cell never do.
        while decided and last > starts[cell] and touched_by[last - 1] >> 1 > whole:
            last -= 1
        if last == starts[cell]:
            continue
        chosen = np.empty(last - starts[cell] + decided, dtype=np.int64)
        chosen[: last - starts[cell]] = touched_by[starts[cell] : last]
        if decided:
            chosen[-1] = 2 * whole + 1
        cells[cell] = -2 - size
        edges = edges_in[edge_starts[cell] : edge_starts[cell + 1]]
        for begin in range(0, len(chosen), BLOCK):
            more = begin + BLOCK < len(chosen)
            size = _write(
                lists,
                places,
                size,
                frame,
                cell,
                chosen[begin : begin + BLOCK],
                more,
                edges,
                distinct,
                owners,
            )
    return lists[:size].copy()


@compiled
def _write(
    lists: np.ndarray,
    places: np.ndarray,
    start: int,
    frame: np.ndarray,
    cell: int,
    chosen: np.ndarray,
    more: bool,  # noqa: FBT001
    edges: np.ndarray,
    distinct: np.ndarray,
    owners: np.ndarray,
) -> int:
    """Write one block of a cell's list from `start`; returns where it ends."""
    column, row = cell % int(frame[COLUMNS]), cell // int(frame[COLUMNS])
    x, y = reference_x(frame, column), reference_y(frame, row)
    at = start + 2
    holding = 0
    for k in range(len(chosen)):
        holding |= int(chosen[k] & 1) << k
        lists[at] = chosen[k] >> 1
        at += 1
    written = 0
    for edge in edges:
        belongs = 0
        for k in range(len(chosen)):
            if chosen[k] >> 1 == owners[edge, 0] or chosen[k] >> 1 == owners[edge, 1]:
                belongs |= 1 << k
        if belongs == 0:
            continue
        ax, ay = distinct[edge, 0], distinct[edge, 1]
        bx, by = distinct[edge, 2], distinct[edge, 3]
        lists[at] = 2 * edge + reference_is_left(ax, ay, bx, by, x, y)
        lists[at + 1] = belongs
        places[at + 2] = (ax - frame[WEST]) * frame[PER_X] - (column + 0.5)
        places[at + 3] = (ay - frame[SOUTH]) * frame[PER_Y] - (row + 0.5)
        places[at + 4] = (bx - frame[WEST]) * frame[PER_X] - (column + 0.5)
        places[at + 5] = (by - frame[SOUTH]) * frame[PER_Y] - (row + 0.5)
        at += 6
        written += 1
    lists[start] = (written << EDGES) + len(chosen) + (MORE if more else 0)
    lists[start + 1] = holding
    return at


@compiled
def reference_is_left(
    ax: float, ay: float, bx: float, by: float, x: float, y: float
) -> bool:
    """Whether the reference point, moved by (ε, ε²), lies left of the line from a to b."""
    side = orientation(ax, ay, bx, by, x, y)
    if side == 0:
        return by < ay or (by == ay and bx > ax)
    return side > 0
