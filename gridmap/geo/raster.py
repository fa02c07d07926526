"""The raster an index answers from: for each cell the polygon that holds it whole, or what
decides inside it.

A cell no edge touches has one answer: the lowest polygon its reference point lies in. A
cell that edges touch gets a short list: the polygons these edges belong to, whether each
holds the reference point, and the edges. A point of the cell lies in a polygon when an even
(or odd) number of the polygon's edges separates it from the reference point. All decisions
are exact; a reference point that lies on an edge counts as moved by (ε, ε²), everywhere
alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.geo import sweep
from gridmap.geo.edges import Edges
from gridmap.geo.frame import make_frame
from gridmap.geo.lists import OUTSIDE, pack
from gridmap.geo.lookup import READ_AHEAD

# Twice as many answer an eighth faster and take twice the memory; half as many, a fifth slower.
_CELLS_PER_EDGE = 6.0
_MOST_CELLS = 6_000_000
# Cells of all polygons' bounding boxes together: what building has to visit.
_MOST_WINDOWS = 60_000_000


@dataclass(frozen=True, slots=True)
class Raster:
    """Arrays an index answers from.

    `frame` float64[8] (see gridmap.geo.frame). `cells` int32[rows × columns + 1], the last
    for what lies outside: a polygon's row ≥ 0, −1 for none, else −2 − offset of the cell's
    list in `lists` int32. A list is one or more blocks of [64 × edges + candidates, + 32 if
    another block follows; candidates that hold the reference point, as bits; candidate rows
    …; (2 × edge, + 1 if the reference point lies left of it; candidates it belongs to, as
    bits; its ends ax, ay, bx, by from the middle of the cell, in cells, as float32) …].
    `edges` float64[e, 4] are the distinct edges (ax, ay, bx, by).
    """

    frame: npt.NDArray[np.float64]
    cells: npt.NDArray[np.int32]
    lists: npt.NDArray[np.int32]
    edges: npt.NDArray[np.float64]


def build(edges: Edges, count: int) -> Raster:
    """The raster of `count` polygons whose edges are sorted by owner."""
    if len(edges) == 0:
        return _nothing()
    ends = np.hstack([edges.start, edges.end])
    west, south = np.minimum(edges.start, edges.end).min(axis=0)
    east, north = np.maximum(edges.start, edges.end).max(axis=0)
    first = np.searchsorted(edges.owner, np.arange(count + 1))
    wanted = _cells_wanted(ends, first, (east - west) * (north - south))
    frame = make_frame((west, south, east, north), wanted)
    distinct, owners = sweep.merge(ends, ends.view(np.uint64), edges.owner)
    cells, touching = sweep.fill(frame, ends, first)
    starts = np.concatenate([[0], np.cumsum(touching)])
    touched_by = sweep.candidates(frame, ends, first, starts)
    edge_starts, edges_in = sweep.scatter(frame, distinct)
    lists = pack(frame, cells, starts, touched_by, edge_starts, edges_in, distinct, owners)
    return _finished(frame, cells, lists, distinct)


def _cells_wanted(
    ends: npt.NDArray[np.float64], first: npt.NDArray[np.int64], extent: float
) -> float:
    """Cells in proportion to the edges, but fewer when large polygons lie upon each other."""
    filled = first[:-1][first[1:] > first[:-1]]
    size = np.ones(len(filled))
    for axis in (0, 1):
        values = ends[:, [axis, axis + 2]]
        highest = np.maximum.reduceat(values.max(axis=1), filled)
        lowest = np.minimum.reduceat(values.min(axis=1), filled)
        size *= highest - lowest
    layers = max(float(size.sum()) / extent, 1.0) if extent > 0 else 1.0
    return max(min(_CELLS_PER_EDGE * len(ends), _MOST_CELLS, _MOST_WINDOWS / layers), 1.0)


def _nothing() -> Raster:
    # No point is east of 0 and west of −1.
    frame = np.array([0.0, 0.0, -1.0, -1.0, 1.0, 1.0, 1.0, 1.0])
    empty = np.empty(0, dtype=np.int32)
    return _finished(frame, np.full(1, OUTSIDE, dtype=np.int32), empty, np.empty((0, 4)))


def _finished(
    frame: npt.NDArray[np.float64],
    cells: npt.NDArray[np.int32],
    lists: npt.NDArray[np.int32],
    edges: npt.NDArray[np.float64],
) -> Raster:
    """With a cell for points outside the frame, and lists that can be read ahead of."""
    return Raster(
        frame=frame,
        cells=np.append(cells, np.int32(OUTSIDE)),
        lists=np.append(lists, np.zeros(READ_AHEAD, dtype=np.int32)),
        edges=edges,
    )
