"""`Mask`: a selection as rows, grids and lookup tables, and the way every loop is run over it."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from gridmap.facts import Facts
from gridmap.insight.areas import Areas, Real, areas
from gridmap.insight.categories import Categories
from gridmap.insight.selection import Selection
from gridmap.model import Level, Status

SHARE_ROWS: Final = 1_000_000
"""Above so many rows a count is split over the processors."""

WORKERS: Final = min(os.cpu_count() or 1, 8)
_POOL: Final = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="gridmap-counts")


@dataclass(frozen=True, eq=False)
class Mask:
    """A selection made ready for the loops: a run of rows, a run of grids, and a weight per
    category and state.

    `weight` float64[m] by category id (0: left out), `stands` float64[256] by status (0:
    left out), `whole` whether the sums are counts.
    """

    first_day: int
    last_day: int
    start: int
    end: int
    areas: Areas
    weight: Real
    stands: Real
    whole: bool = True

    def during(self, facts: Facts, first: int, last: int) -> Mask:
        """The same mask on the rows reported from day number `first` to `last`."""
        start, end = facts.rows(first, last)
        return replace(self, first_day=first, last_day=last, start=start, end=end)

    def weighted(self, weight: Real) -> Mask:
        """The same rows, each counting `weight[category]`, for example hours of effort."""
        return replace(self, weight=self.weight * weight, whole=False)

    def standing(self, statuses: frozenset[Status]) -> Mask:
        """Only matters of these states, among those the mask has."""
        return replace(self, stands=self.stands * standing(statuses))


def standing(statuses: frozenset[Status]) -> Real:
    """1.0 for these states, 0.0 for others, float64[256]."""
    table = np.zeros(256, dtype=np.float64)
    table[[int(status) for status in statuses]] = 1.0
    return table


def mask(facts: Facts, selection: Selection, categories: Categories) -> Mask:
    """What `selection` asks for, as tables. Raises InputError for an unknown category."""
    start, end = facts.rows(selection.first_day, selection.last_day)
    named = frozenset(Status[name.upper()] for name in selection.statuses)
    return Mask(
        first_day=selection.first_day,
        last_day=selection.last_day,
        start=start,
        end=end,
        areas=areas(facts.grid_codes, selection.area, Level.GRID),
        weight=categories.wanted(selection.categories),
        stands=standing(named or frozenset(Status)),
    )


def everything(facts: Facts, categories: Categories) -> Mask:
    """The mask of every report of the city."""
    all_grids = Areas(
        Level.GRID,
        facts.grid_codes,
        np.arange(len(facts.grid_codes)),
        0,
        len(facts.grid_codes),
    )
    wanted = categories.wanted(())
    return Mask(
        facts.first_day,
        facts.last_day,
        0,
        len(facts),
        all_grids,
        wanted,
        standing(frozenset(Status)),
    )


def summed(
    start: int, end: int, shape: tuple[int, ...], loop: Callable[[int, int, Real], Any]
) -> Real:
    """The sum of `loop`'s outputs over equal shares of the rows, each written into an array
    of its own.
    """

    def share(bounds: tuple[int, int]) -> Real:
        out = np.zeros(shape, dtype=np.float64)
        loop(*bounds, out)
        return out

    if end - start < SHARE_ROWS:
        return share((start, end))
    edges = np.linspace(start, end, WORKERS + 1).astype(np.int64).tolist()
    first, *others = _POOL.map(share, pairwise(edges))
    for other in others:
        first += other
    return first


def tidy(values: Real, mask: Mask) -> npt.NDArray[Any]:
    """Counts as int64; weighted sums as they are."""
    return np.rint(values).astype(np.int64) if mask.whole else values


def inside(values: Real, mask: Mask) -> Real:
    """`values` with everything outside the mask's area set to nought."""
    values[: mask.areas.first] = 0
    values[mask.areas.end :] = 0
    return values


def one_group(facts: Facts, mask: Mask) -> npt.NDArray[np.int32]:
    """0 for the grids of the mask's area, −1 for others, int32[n_grids]."""
    groups = np.full(len(facts.grid_codes), -1, dtype=np.int32)
    groups[mask.areas.first : mask.areas.end] = 0
    return groups
