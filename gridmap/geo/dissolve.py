"""Outlines of the levels above, as unions of the grids that lie in them by code."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from gridmap.codes import Codes, parents
from gridmap.model import Level


def dissolve(
    codes: Codes, polygons: Any, level: Level, *, of: Level = Level.GRID
) -> tuple[Codes, Any]:
    """Union the `polygons` (shapely array[n]) of level `of` that share their ancestor at `level`.

    `codes` is int64[n] in any order. Returns the ancestors' codes, int64[k] sorted, and
    their outlines, array[k], with every vertex of the borders that remain, so that the
    result is a coverage when `polygons` are one. Members that overlap or leave gaps are
    united all the same.
    """
    above = parents(codes, level, of=of)
    order = np.argsort(above, kind="stable")
    result, first = np.unique(above[order], return_index=True)
    groups = np.split(np.asarray(polygons, dtype=object)[order], first[1:])
    outlines = np.empty(len(result), dtype=object)
    outlines[:] = [_union(group) for group in groups] if len(result) else []
    return result, shapely.normalize(outlines)


def _union(members: Any) -> shapely.Geometry:
    # Shared borders of a valid coverage dissolve exactly and fast; anything else takes the
    # general way.
    if shapely.coverage_is_valid(members):
        return shapely.coverage_union_all(members)
    return shapely.union_all(members)
