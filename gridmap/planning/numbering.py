"""New codes: the next free numbers of a village, never one that was used before."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from gridmap.names import grid_name
from gridmap.planning.refusal import refuse

Ints = npt.NDArray[np.int64]

LAST = 999
"""The last number three digits can give a grid in its village."""


def village_of(code: int) -> int:
    """The village a grid lies in: the first twelve digits."""
    return int(code) // 1000


def new_codes(village: int, count: int, *, used: npt.ArrayLike, codes: Ints) -> list[int]:
    """`count` codes of `village` (12 digits) above every number it ever used.

    `used`: all codes there ever were; `codes`: those of the plan, which count as used as
    well. When the numbers behind the last one run out, gaps that were never used are taken.
    Raises EditRefusal `no_free_code`.
    """
    known = np.concatenate([np.asarray(used, dtype=np.int64).ravel(), codes])
    numbers = set((known[known // 1000 == village] % 1000).tolist())
    top = max(numbers, default=0)
    free = [
        number
        for number in [*range(top + 1, LAST + 1), *range(1, top)]
        if number not in numbers
    ]
    if len(free) < count:
        raise refuse("no_free_code", value=str(village))
    return [village * 1000 + number for number in free[:count]]


def name_of(code: int) -> str:
    """第N网格, N the number in the village."""
    return grid_name(int(code) % 1000)


def in_order(shapes: Any) -> Ints:
    """Rows of `shapes` (polygons, EPSG:4490) from west to east by their middles, and from
    north to south.
    """
    middle = shapely.centroid(shapes)
    return np.lexsort((-shapely.get_y(middle), np.round(shapely.get_x(middle), 6))).astype(
        np.int64
    )
