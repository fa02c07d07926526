"""`Grids` and `Areas`: what is known of every grid, and how grids add up to the places
above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from gridmap.codes import Codes, level_of, parents, span
from gridmap.model import Level

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Grids:
    """Attributes of n grids, in the order of their sorted `codes` (int64[n]).

    `households` and `population` int64[n], `area_km2` float64[n], `exclusive` bool[n] (a
    market, a school).
    """

    codes: Codes
    households: Whole
    population: Whole
    area_km2: Real
    exclusive: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        """Number of grids."""
        return len(self.codes)


@dataclass(frozen=True, eq=False)
class Areas:
    """The k places of one level inside one area, as runs of neighbouring rows of the sorted grids.

    `codes` int64[k]; `starts` int64[k] is the row of the first grid of each; `first`, `end`
    bound all rows. A code is the prefix of everything below it, so the grids of a place
    always lie side by side.
    """

    level: Level
    codes: Codes
    starts: Whole
    first: int
    end: int

    def __len__(self) -> int:
        """Number of places."""
        return len(self.codes)

    def total(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """`values` (one a grid of the whole city, [n] or [n, m]) added up per place, [k] or
        [k, m].
        """
        values = np.asarray(values)
        if not len(self):
            return np.zeros((0, *values.shape[1:]), dtype=values.dtype)
        return np.add.reduceat(
            values[self.first : self.end], self.starts - self.first, axis=0
        )

    def sums(self, values: npt.NDArray[Any]) -> Real:
        """`total` as float64."""
        return np.asarray(
            self.total(np.asarray(values, dtype=np.float64)), dtype=np.float64
        )

    def highest(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The largest of `values` in each place."""
        values = np.asarray(values)
        if not len(self):
            return np.zeros(0, dtype=values.dtype)
        return np.asarray(
            np.maximum.reduceat(values[self.first : self.end], self.starts - self.first)
        )

    @property
    def sizes(self) -> Whole:
        """Number of grids in each place, int64[k]."""
        return np.diff(np.append(self.starts, self.end)).astype(np.int64)

    def groups(self, n_grids: int) -> npt.NDArray[np.int32]:
        """Which place each of the city's `n_grids` grids belongs to, int32; −1: to none of them."""
        groups = np.full(n_grids, -1, dtype=np.int32)
        groups[self.first : self.end] = np.repeat(
            np.arange(len(self), dtype=np.int32), self.sizes
        )
        return groups


def areas(grid_codes: Codes, area: int, level: Level) -> Areas:
    """The places of `level` inside `area`, or the one that `area` lies in when it is lower
    than `level`.

    `grid_codes` is the sorted int64[n] of the city's grids; a place without grids does not appear.
    """
    inside = (
        area
        if level_of(area) <= level
        else int(area) // 10 ** (level_of(area).digits - level.digits)
    )
    first, end = (
        int(row)
        for row in np.searchsorted(grid_codes, np.array(span(inside), dtype=np.int64))
    )
    codes, starts = np.unique(parents(grid_codes[first:end], level), return_index=True)
    return Areas(level, codes, starts.astype(np.int64) + first, first, end)
