"""Counting reports: by grid, area, day, month, hour, category, worker; open ones, late ones, outcomes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any, Final, Literal
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.calendar import day_from_number, day_number
from gridmap.facts import NO_RESPONSE, Facts
from gridmap.insight import kernels
from gridmap.insight.areas import Areas, Real, Whole, areas
from gridmap.insight.categories import Categories
from gridmap.insight.selection import Selection
from gridmap.model import OPEN_STATUSES, Level, Status

Step = Literal["day", "week", "month"]

SHARE_ROWS: Final = 1_000_000
"""Above so many rows a count is split over the processors."""

_POOL: Final = ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 8), thread_name_prefix="gridmap-counts")
_LIMITS: Final[WeakKeyDictionary[Facts, int]] = WeakKeyDictionary()


@dataclass(frozen=True, eq=False)
class Mask:
    """A selection made ready for the loops: a run of rows, a run of grids, and a weight per category and state.

    `weight` float64[m] by category id (0: left out), `stands` float64[256] by status (0: left out), `whole`
    whether the sums are counts.
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
        return replace(self, stands=self.stands * _table(statuses))


def _table(statuses: frozenset[Status]) -> Real:
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
        stands=_table(named or frozenset(Status)),
    )


def everything(facts: Facts, categories: Categories) -> Mask:
    """The mask of every report of the city."""
    all_grids = Areas(Level.GRID, facts.grid_codes, np.arange(len(facts.grid_codes)), 0, len(facts.grid_codes))
    wanted = categories.wanted(())
    return Mask(facts.first_day, facts.last_day, 0, len(facts), all_grids, wanted, _table(frozenset(Status)))


def _sum(start: int, end: int, shape: tuple[int, ...], loop: Callable[[int, int, Real], Any]) -> Real:
    """The sum of `loop`'s outputs over equal shares of the rows, each written into an array of its own."""

    def share(bounds: tuple[int, int]) -> Real:
        out = np.zeros(shape, dtype=np.float64)
        loop(*bounds, out)
        return out

    if end - start < SHARE_ROWS:
        return share((start, end))
    edges = np.linspace(start, end, _POOL._max_workers + 1).astype(np.int64)  # noqa: SLF001
    first, *others = _POOL.map(share, _pairs(edges))
    for other in others:
        first += other
    return first


def _pairs(edges: Whole) -> Iterator[tuple[int, int]]:
    return ((int(low), int(high)) for low, high in pairwise(edges))


def _tidy(values: Real, mask: Mask) -> npt.NDArray[Any]:
    """Counts as int64; weighted sums as they are."""
    return np.rint(values).astype(np.int64) if mask.whole else values


def _inside(values: Real, mask: Mask) -> Real:
    """`values` with everything outside the mask's area set to nought."""
    values[: mask.areas.first] = 0
    values[mask.areas.end :] = 0
    return values


def by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per grid of the city, [n_grids]; grids outside the mask's area have 0."""

    def loop(start: int, end: int, out: Real) -> None:
        kernels.by_grid(start, end, facts.grid, facts.category, facts.status, mask.weight, mask.stands, out)

    return _tidy(_inside(_sum(mask.start, mask.end, (len(facts.grid_codes),), loop), mask), mask)


def by_area(facts: Facts, mask: Mask, places: Areas) -> npt.NDArray[Any]:
    """Reports per place, [k]."""
    return np.asarray(places.total(by_grid(facts, mask)))


def cross(
    facts: Facts,
    mask: Mask,
    groups: npt.NDArray[np.int32],
    key: npt.NDArray[Any],
    *,
    base: int,
    buckets: npt.NDArray[np.int32],
) -> npt.NDArray[Any]:
    """Reports by group of grids and bucket of `key - base`, [groups, buckets]; −1 in a table leaves out."""
    shape = (int(groups.max(initial=-1)) + 1, int(buckets.max(initial=-1)) + 1)

    def loop(start: int, end: int, out: Real) -> None:
        kernels.cross(
            start,
            end,
            facts.grid,
            groups,
            key,
            base,
            buckets,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return _tidy(_sum(mask.start, mask.end, shape, loop), mask)


def _one_group(facts: Facts, mask: Mask) -> npt.NDArray[np.int32]:
    groups = np.full(len(facts.grid_codes), -1, dtype=np.int32)
    groups[mask.areas.first : mask.areas.end] = 0
    return groups


def _along(facts: Facts, mask: Mask, key: npt.NDArray[Any], *, base: int, size: int) -> npt.NDArray[Any]:
    """Reports by `key - base` from 0 to `size` - 1, [size]."""
    buckets = np.arange(size, dtype=np.int32)
    found = cross(facts, mask, _one_group(facts, mask), key, base=base, buckets=buckets)
    line = np.zeros(size, dtype=found.dtype)
    if found.size:
        line[: found.shape[1]] = found[0]
    return line


def by_day(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per day of the mask's period, [days]."""
    days = mask.last_day - mask.first_day + 1
    return _along(facts, mask, facts.day, base=mask.first_day, size=days)


def closed_by_day(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters closed on each day of the mask's period, whenever they were reported, [days]."""
    days = mask.last_day - mask.first_day + 1
    before = mask.during(facts, 0, mask.last_day).standing(frozenset({Status.CLOSED}))
    return _along(facts, before, facts.closed_day, base=mask.first_day, size=days)


def by_category(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per category id, [m]."""
    size = len(mask.weight)
    return _along(facts, mask, facts.category, base=0, size=size)


def by_area_category(facts: Facts, mask: Mask, places: Areas) -> npt.NDArray[Any]:
    """Reports per place and category id, [k, m]."""
    buckets = np.arange(len(mask.weight), dtype=np.int32)
    return cross(facts, mask, places.groups(len(facts.grid_codes)), facts.category, base=0, buckets=buckets)


def by_hour(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per weekday (Monday first) and hour, [7, 24]."""
    groups = _one_group(facts, mask)

    def loop(start: int, end: int, out: Real) -> None:
        kernels.by_hour(
            start,
            end,
            facts.grid,
            groups,
            facts.day,
            facts.hour,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return _tidy(_sum(mask.start, mask.end, (7, 24), loop), mask)


def by_worker(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per worker id, [largest id + 1]; index 0: by nobody."""
    groups = _one_group(facts, mask)
    rows = facts.worker[mask.start : mask.end]
    size = int(rows.max(initial=0)) + 1

    def loop(start: int, end: int, out: Real) -> None:
        kernels.by_worker(
            start,
            end,
            facts.grid,
            groups,
            facts.worker,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return _tidy(_sum(mask.start, mask.end, (size,), loop), mask)


def steps(first: date, last: date, step: Step) -> tuple[list[date], npt.NDArray[np.int32]]:
    """The steps that cover `first` to `last`: the first day of each, and the step of each day, int32[days].

    Weeks begin on Monday and months on the 1st; the first and last step may be cut short by the period.
    """
    days = [day_from_number(number) for number in range(day_number(first), day_number(last) + 1)]
    if step == "day":
        return days, np.arange(len(days), dtype=np.int32)
    new = [index == 0 or (day.weekday() == 0 if step == "week" else day.day == 1) for index, day in enumerate(days)]
    return [day for day, is_new in zip(days, new, strict=True) if is_new], np.cumsum(new).astype(np.int32) - 1


def by_step(facts: Facts, mask: Mask, step: Step) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per day, week or month of the mask's period: the first day of each step, and [steps]."""
    starts, buckets = steps(day_from_number(mask.first_day), day_from_number(mask.last_day), step)
    return starts, np.bincount(buckets, weights=by_day(facts, mask), minlength=len(starts)).astype(
        np.int64 if mask.whole else np.float64
    )


def by_month(facts: Facts, mask: Mask) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per month of the mask's period."""
    return by_step(facts, mask, "month")


def by_area_step(facts: Facts, mask: Mask, places: Areas, step: Step) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per place and step: the first day of each step, and [k, steps]."""
    starts, buckets = steps(day_from_number(mask.first_day), day_from_number(mask.last_day), step)
    groups = places.groups(len(facts.grid_codes))
    found = cross(facts, mask, groups, facts.day, base=mask.first_day, buckets=buckets)
    return starts, found


def open_by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters still open at the end of the mask's last day, whenever they were reported, [n_grids].

    Rejected and voided ones are nobody's move and do not count.
    """
    start, end = facts.rows(0, mask.last_day)
    stands = mask.stands * _table(OPEN_STATUSES | {Status.CLOSED})

    def loop(start: int, end: int, out: Real) -> None:
        kernels.open_after(
            start,
            end,
            mask.last_day,
            facts.grid,
            facts.closed_day,
            facts.category,
            facts.status,
            mask.weight,
            stands,
            out,
        )

    return _tidy(_inside(_sum(start, end, (len(facts.grid_codes),), loop), mask), mask)


def overdue_by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters open at the end of the mask's last day whose limit had run out by then, [n_grids].

    Parked ones (挂账) have no running limit and do not count.
    """
    start, end = facts.rows(0, mask.last_day)
    stands = mask.stands * _table((OPEN_STATUSES | {Status.CLOSED}) - {Status.PARKED})

    def loop(start: int, end: int, out: Real) -> None:
        kernels.overdue(
            start,
            end,
            mask.last_day,
            facts.grid,
            facts.closed_day,
            facts.due_day,
            facts.category,
            facts.status,
            mask.weight,
            stands,
            out,
        )

    return _tidy(_inside(_sum(start, end, (len(facts.grid_codes),), loop), mask), mask)


def outcomes(facts: Facts, mask: Mask) -> Whole:
    """What became of the reports, int64[n_grids, 6].

    Columns: reported, accepted, voided after acceptance, rejected, minutes to the answer added up, answered.
    """

    def loop(start: int, end: int, out: Real) -> None:
        kernels.outcomes(
            start,
            end,
            facts.grid,
            facts.category,
            facts.status,
            facts.accepted,
            facts.response_min,
            NO_RESPONSE,
            mask.weight,
            mask.stands,
            int(Status.VOIDED),
            int(Status.REJECTED),
            out,
        )

    return np.rint(_inside(_sum(mask.start, mask.end, (len(facts.grid_codes), 6), loop), mask)).astype(np.int64)


def _longest_limit(facts: Facts) -> int:
    """Days between the report and the limit of the matter with the longest: what is due now was reported since."""
    if facts not in _LIMITS:
        held = facts.due_day > facts.day
        _LIMITS[facts] = int((facts.due_day[held] - facts.day[held]).max(initial=0))
    return _LIMITS[facts]


def due_by_grid(facts: Facts, mask: Mask) -> Whole:
    """Cases whose limit falls in the mask's period, whenever they were reported, int64[n_grids, 4].

    Columns: due; closed of these; due and not parked; closed in time of these. Rejected and voided matters
    are not due.
    """
    start, end = facts.rows(mask.first_day - _longest_limit(facts), mask.last_day)
    stands = mask.stands * _table(OPEN_STATUSES | {Status.CLOSED})

    def loop(start: int, end: int, out: Real) -> None:
        kernels.due_between(
            start,
            end,
            mask.first_day,
            mask.last_day,
            facts.grid,
            facts.closed_day,
            facts.due_day,
            facts.in_time,
            facts.category,
            facts.status,
            mask.weight,
            stands,
            int(Status.PARKED),
            out,
        )

    return np.rint(_inside(_sum(start, end, (len(facts.grid_codes), 4), loop), mask)).astype(np.int64)


def due_by_day(facts: Facts, mask: Mask) -> Whole:
    """Cases due on each day of the mask's period and those of them closed in time, int64[2, days].

    Parked, rejected and voided matters are left out, as in on-time closing.
    """
    days = mask.last_day - mask.first_day + 1
    before = mask.during(facts, mask.first_day - _longest_limit(facts), mask.last_day)
    before = before.standing((OPEN_STATUSES | {Status.CLOSED}) - {Status.PARKED})
    groups = _one_group(facts, mask)
    out = np.zeros((2, days), dtype=np.int64)

    def loop(start: int, end: int, table: Real) -> None:
        kernels.due_by_day(
            start,
            end,
            mask.first_day,
            facts.grid,
            groups,
            facts.due_day,
            facts.in_time,
            facts.category,
            facts.status,
            before.weight,
            before.stands,
            table,
        )

    out += np.rint(_sum(before.start, before.end, (2, days), loop)).astype(np.int64)
    return out


def last_reported(facts: Facts, last_day: int) -> Whole:
    """Day number of the latest report of each grid up to `last_day`, int64[n_grids]; 0: never."""
    _, end = facts.rows(0, last_day)
    out = np.zeros(len(facts.grid_codes), dtype=np.int64)
    kernels.latest(0, end, facts.grid, facts.day, out)
    return out


def raster(facts: Facts, mask: Mask, *, shape: tuple[int, int], west: float, step: float, curve: Real) -> Real:
    """Reports per cell, float64[height, width]: columns of `step` degrees from `west`, lines by `curve` (see `kernels.bins`)."""
    groups = _one_group(facts, mask)

    def loop(start: int, end: int, out: Real) -> None:
        kernels.bins(
            start,
            end,
            facts.grid,
            groups,
            facts.lon,
            facts.lat,
            west,
            step,
            curve,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return _sum(mask.start, mask.end, shape, loop)


def warm() -> None:
    """Compile every loop for both widths of grid positions, so that nobody waits for it later."""
    for width in (np.uint16, np.uint32):
        facts = _one_report(width)
        day = day_from_number(1)
        categories = Categories.from_frame(
            pd.DataFrame({"id": [1], "code": ["A"], "parent": [None], "effort": [1.0]}),
        )
        chosen = mask(facts, Selection(day, day), categories)
        for count in (by_grid, by_day, closed_by_day, by_category, by_hour, by_worker, open_by_grid):
            count(facts, chosen)
        for count in (overdue_by_grid, outcomes, due_by_grid, due_by_day):
            count(facts, chosen)
        last_reported(facts, 1)
        raster(facts, chosen, shape=(1, 1), west=0.0, step=1.0, curve=np.zeros(4))


def _one_report(width: type[Any]) -> Facts:
    """A report in arrays that are read-only, as loaded ones are: compiled code is particular about it."""

    def column(dtype: type[Any], value: int = 1) -> npt.NDArray[Any]:
        array = np.full(1, value, dtype=dtype)
        array.flags.writeable = False
        return array

    return Facts(
        grid_codes=column(np.int64, 410_702_001_001_001),
        grid=column(width, 0),
        category=column(np.int16),
        day=column(np.uint16),
        hour=column(np.uint8),
        status=column(np.uint8),
        closed_day=column(np.uint16),
        due_day=column(np.uint16),
        in_time=column(np.bool_),
        accepted=column(np.bool_),
        response_min=column(np.uint16),
        worker=column(np.int32),
        lon=column(np.float32),
        lat=column(np.float32),
        first_day=1,
        last_day=1,
        as_of=0,
    )
