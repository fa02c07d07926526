"""The straight edges polygons are made of, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges of the rings of polygons, holes included.

    `owner` int64[e] is the row of the polygon an edge belongs to; `start` and `end` are
    float64[e, 2].
    """

    owner: npt.NDArray[np.int64]
    start: Floats
    end: Floats

    def __len__(self) -> int:
        """Number of edges."""
        return len(self.owner)


def lower_end_first(start: Floats, end: Floats) -> tuple[Floats, Floats, Bools]:
    """Both ends of edges (float64[e, 2] each) by x, then y, whatever way they run, and
    which of them, bool[e], were turned round for it.
    """
    swapped = (start[:, 0] > end[:, 0]) | (
        (start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1])
    )
    low = np.where(swapped[:, None], end, start)
    high = np.where(swapped[:, None], start, end)
    return low, high, swapped


def edges_of(polygons: Any) -> Edges:
    """All edges of polygons and multipolygons (shapely array[n]), in order of their owners.

    Empty polygons have none; edges without length are left out.
    """
    parts, part_owner = shapely.get_parts(
        np.asarray(polygons, dtype=object), return_index=True
    )
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    coordinates, ring = shapely.get_coordinates(rings, return_index=True)
    start, end = coordinates[:-1], coordinates[1:]
    is_edge = ring[1:] == ring[:-1]
    is_edge &= (start != end).any(axis=1)
    owner = part_owner[ring_part[ring[:-1][is_edge]]]
    return Edges(
        owner=owner.astype(np.int64, copy=False), start=start[is_edge], end=end[is_edge]
    )
