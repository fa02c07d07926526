"""Which polygons are neighbours: those that share a border, not only a corner (rook)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.geo.crs import to_metres
from gridmap.geo.edges import Edges, edges_of, lower_end_first

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_TOUCH_M = 1e-6  # less is the rounding of coordinates at a corner


def neighbours(polygons: Any) -> tuple[Ints, Ints, Floats]:
    """Rook neighbours among polygons (shapely array[n], EPSG:4490 degrees).

    Returns `left` int64[k] < `right` int64[k], rows of `polygons`, sorted, and `shared_m`
    float64[k], the length of the border they share in metres. Edges that are the same in
    both are matched exactly; edges that only overlap, where the vertices of one side are
    missing in the other, count with the part they overlap when they are exactly collinear.
    """
    edges = edges_of(polygons)
    matched_left, matched_right, matched_m, untwinned = _match(edges)
    partly_left, partly_right, partly_m = _overlap(edges, untwinned)
    left = np.concatenate([matched_left, partly_left])
    right = np.concatenate([matched_right, partly_right])
    pairs, row = np.unique(
        np.stack([np.minimum(left, right), np.maximum(left, right)], axis=1),
        axis=0,
        return_inverse=True,
    )
    shared_m = np.bincount(
        row.ravel(), weights=np.concatenate([matched_m, partly_m]), minlength=len(pairs)
    )
    return pairs[:, 0], pairs[:, 1], shared_m.astype(np.float64, copy=False)


def _match(edges: Edges) -> tuple[Ints, Ints, Floats, Ints]:
    """Pairs of owners of identical edges with the edge's length, and the edges that have no
    twin.
    """
    low, high, _ = lower_end_first(edges.start, edges.end)
    order = np.lexsort((edges.owner, high[:, 1], high[:, 0], low[:, 1], low[:, 0]))
    keys = np.hstack([low, high])[order]
    twin = np.zeros(len(edges), dtype=bool)
    firsts, seconds = [], []
    for step in range(1, len(edges)):  # two in a coverage; more only where polygons overlap
        first = np.flatnonzero((keys[step:] == keys[:-step]).all(axis=1))
        if len(first) == 0:
            break
        firsts.append(order[first])
        seconds.append(order[first + step])
        twin[firsts[-1]] = twin[seconds[-1]] = True
    first = np.concatenate([*firsts, np.empty(0, dtype=np.int64)]).astype(np.int64)
    second = np.concatenate([*seconds, np.empty(0, dtype=np.int64)]).astype(np.int64)
    apart = edges.owner[first] != edges.owner[second]
    first, second = first[apart], second[apart]
    lines = shapely.linestrings(np.stack([edges.start[first], edges.end[first]], axis=1))
    return edges.owner[first], edges.owner[second], _length_m(lines), np.flatnonzero(~twin)


def _overlap(edges: Edges, untwinned: Ints) -> tuple[Ints, Ints, Floats]:
    """Pairs of owners whose edges without a twin run along each other for a part."""
    lines = shapely.linestrings(
        np.stack([edges.start[untwinned], edges.end[untwinned]], axis=1)
    )
    first, second = shapely.STRtree(lines).query(lines, predicate="intersects")
    owner = edges.owner[untwinned]
    once = owner[first] < owner[second]
    first, second = first[once], second[once]
    lengths = _length_m(shapely.intersection(lines[first], lines[second]))
    along = lengths > _TOUCH_M
    return owner[first[along]], owner[second[along]], lengths[along]


def _length_m(lines: Any) -> Floats:
    return np.asarray(shapely.length(to_metres(lines)), dtype=np.float64)
