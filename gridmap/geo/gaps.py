"""Gaps given to their neighbours, whole or cut up among them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.geo.adjacency import neighbours
from gridmap.geo.crs import to_metres
from gridmap.geo.ownership import NOBODY, Ints, Ownership, grouped
from gridmap.geo.width import width_m


def close_gaps(work: Ownership) -> None:
    """Give each gap no wider than the tolerance to its neighbours."""
    free = np.flatnonzero(work.owner == NOBODY)
    gaps = grouped(free, work.parts(work.owner == NOBODY)[free])
    shapes = np.array(
        [work.joined(members, work.faces.polygons) for members in gaps], dtype=object
    )
    shapes_m = to_metres(shapes)
    for members, shape, shape_m, size_m in zip(
        gaps, shapes, shapes_m, width_m(shapes_m), strict=True
    ):
        if size_m > work.tolerance_m or not (
            _close(work, members, shape_m, size_m) or _cut_up(work, members, shape, size_m)
        ):
            _leave(work, members)


def _leave(work: Ownership, members: Ints) -> None:
    for face in members.tolist():
        if face in work.released:
            work.owner[face] = work.released[face]
        else:
            work.rest.append(work.faces.polygons[face])


def _close(work: Ownership, members: Ints, shape_m: Any, size_m: float) -> bool:
    """Give a whole gap to the first neighbour that may take it."""
    for row in work.takers(members):
        moved = work.reach(shape_m, row)
        if moved <= work.tolerance_m:
            work.owner[members] = row
            work.note("gap", [row], shape_m, max(size_m, moved))
            return True
    return False


def _cut_up(work: Ownership, members: Ints, shape: Any, size_m: float) -> bool:
    """Share a long gap out triangle by triangle, each to a neighbour it hangs together with."""
    pieces = shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
    around = work.beside(members)
    rows = work.takers(members)
    taker, farthest = _grow(work, pieces, around[work.owner[around] >= 0], rows)
    taken = np.flatnonzero(taker != NOBODY)
    if len(taken) == 0:
        return False
    work.added += [(pieces[piece], int(taker[piece])) for piece in taken]
    work.rest += list(pieces[taker == NOBODY])
    work.drop(members)
    winners = [row for row in rows if row in taker]
    work.note("gap", winners, to_metres(shape), max(size_m, farthest))
    return True


def _grow(
    work: Ownership, pieces: Any, around: Ints, rows: list[int]
) -> tuple[Ints, float]:
    """Who takes each piece of a gap (NOBODY: no one), and how far a border moves by it.

    A grid takes the pieces that share an edge with what it has, as far as it may; the first
    of `rows` begins.
    """
    left, right, _ = neighbours(np.concatenate([pieces, work.faces.polygons[around]]))
    taker = np.concatenate([np.full(len(pieces), NOBODY), work.owner[around]])
    pieces_m = to_metres(pieces)
    farthest = 0.0
    for row in rows:
        border = np.array([NOBODY])
        while len(border):
            beside = np.concatenate([right[taker[left] == row], left[taker[right] == row]])
            border = np.unique(beside[taker[beside] == NOBODY])
            moved = np.array([work.reach(pieces_m[piece], row) for piece in border])
            border = border[moved <= work.tolerance_m]
            taker[border] = row
            farthest = max(farthest, *moved[moved <= work.tolerance_m], 0.0)
    return taker[: len(pieces)], farthest
