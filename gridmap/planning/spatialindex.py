"""`SpatialIndex`: which grids lie where, carried over from a plan to its children.

Building the tree of a whole city takes longer than an edit; a child keeps its ancestor's
tree and a short list of what has changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import shapely

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MOST_FRESH = 500
"""Grids looked through one by one before the tree is made anew."""


@dataclass(frozen=True, eq=False)
class SpatialIndex:
    """A tree over the grids of some ancestor, and what has changed since.

    `tree` is over the shapes of `codes` (int64[n]); those in `gone` (sorted int64) are no
    longer there or elsewhere; `fresh` int64[k] lie in `boxes` float64[k, 4] (west, south,
    east, north).
    """

    tree: shapely.STRtree
    codes: Ints
    gone: Ints
    fresh: Ints
    boxes: Floats

    @classmethod
    def of(cls, codes: Ints, shapes: Any) -> Self:
        """The tree of these grids."""
        none = np.empty(0, dtype=np.int64)
        tree = shapely.STRtree(shapely.box(*shapely.bounds(shapes).T))
        return cls(tree, codes, none, none, np.empty((0, 4)))

    def within(self, bounds: tuple[float, float, float, float]) -> Ints:
        """Codes of the grids whose boxes meet these bounds, int64[k] sorted."""
        west, south, east, north = bounds
        if not np.isfinite(bounds).all():
            return np.empty(0, dtype=np.int64)
        old = self.codes[self.tree.query(shapely.box(west, south, east, north))]
        old = old[~np.isin(old, self.gone)]
        boxes = self.boxes
        meets = (
            (boxes[:, 0] <= east)
            & (boxes[:, 2] >= west)
            & (boxes[:, 1] <= north)
            & (boxes[:, 3] >= south)
        )
        return np.sort(np.concatenate([old, self.fresh[meets]]))

    def after(self, removed: Ints, codes: Ints, shapes: Any) -> SpatialIndex | None:
        """The same after `removed` went and `codes` with `shapes` came; None when a new
        tree is better.
        """
        stays = ~np.isin(self.fresh, removed)
        fresh = np.concatenate([self.fresh[stays], codes])
        if len(fresh) > _MOST_FRESH:
            return None
        boxes = np.concatenate([self.boxes[stays], shapely.bounds(shapes).reshape(-1, 4)])
        return SpatialIndex(
            self.tree, self.codes, np.union1d(self.gone, removed), fresh, boxes
        )
