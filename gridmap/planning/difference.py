"""What differs between two plans, and the one change that leads from one to the other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.planning.change import Change, Kind
from gridmap.planning.plan import Plan

Ints = npt.NDArray[np.int64]


def difference(
    before: Plan,
    after: Plan,
    kind: Kind,
    *,
    lineage: dict[int, tuple[int, ...]],
    notes: tuple[str, ...] = (),
) -> Change:
    """The one change that leads from `before` to `after`.

    `lineage` gives the predecessors of codes that come; a code that is not in it has itself.
    """
    gone, come = differing(before, after)
    added = [
        (grid, lineage.get(grid.code, (grid.code,)))
        for grid in (after.grid(code) for code in come.tolist())
    ]
    return before.change(gone.tolist(), added, kind, notes)


def differing(before: Plan, after: Plan) -> tuple[Ints, Ints]:
    """Codes of `before` and of `after` whose grids are not the same in the other, int64
    sorted each.
    """
    common, row_before, row_after = np.intersect1d(
        before.codes, after.codes, assume_unique=True, return_indices=True
    )
    same = before.households[row_before] == after.households[row_after]
    same &= before.population[row_before] == after.population[row_after]
    same &= before.names[row_before] == after.names[row_after]
    same &= before.kinds[row_before] == after.kinds[row_after]
    same &= same_shapes(before.shapes[row_before], after.shapes[row_after])
    stay = common[same]
    gone = np.setdiff1d(before.codes, stay, assume_unique=True)
    come = np.setdiff1d(after.codes, stay, assume_unique=True)
    return gone, come


def same_shapes(
    shapes: npt.NDArray[np.object_], others: npt.NDArray[np.object_]
) -> npt.NDArray[np.bool_]:
    """Whether polygons are the same, vertex by vertex, bool[n]; shared objects are known at
    once.
    """
    same = np.fromiter(
        (a is b for a, b in zip(shapes, others, strict=True)), dtype=bool, count=len(shapes)
    )
    unsure = np.flatnonzero(~same)
    same[unsure] = shapely.equals_exact(shapes[unsure], others[unsure], 0.0)
    return same
