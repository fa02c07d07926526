"""Counting reports: by grid, area, day, week, month, hour, category and worker, and in the
cells of a raster.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from gridmap.calendar import day_from_number, day_number
from gridmap.facts import Facts
from gridmap.insight import kernels
from gridmap.insight.areas import Areas, Real, Whole
from gridmap.insight.mask import Mask, inside, one_group, summed, tidy

Step = Literal["day", "week", "month"]


def by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per grid of the city, [n_grids]; grids outside the mask's area have 0."""

    def loop(start: int, end: int, out: Real) -> None:
        kernels.by_grid(
            start,
            end,
            facts.grid,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return tidy(
        inside(summed(mask.start, mask.end, (len(facts.grid_codes),), loop), mask), mask
    )


def by_area(facts: Facts, mask: Mask, places: Areas) -> npt.NDArray[Any]:
    """Reports per place, [k]."""
    return np.asarray(places.total(by_grid(facts, mask)))


def along(
    facts: Facts, mask: Mask, key: npt.NDArray[Any], *, base: int, size: int
) -> npt.NDArray[Any]:
    """Reports by `key - base`, a column of the facts, from 0 to `size` - 1, [size]."""
    first, last = mask.areas.first, mask.areas.end

    def loop(start: int, end: int, out: Real) -> None:
        kernels.along(
            start,
            end,
            first,
            last,
            facts.grid,
            key,
            base,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return tidy(summed(mask.start, mask.end, (size,), loop), mask)


def _edges(facts: Facts, first_days: npt.ArrayLike, last_day: int) -> Whole:
    """The rows at which runs of days begin, and the row after the last day: int64[runs + 1]."""
    days = np.clip(np.append(first_days, last_day + 1), 0, np.iinfo(facts.day.dtype).max)
    return np.asarray(
        np.searchsorted(facts.day, days.astype(facts.day.dtype)), dtype=np.int64
    )


def _days(facts: Facts, mask: Mask) -> Whole:
    return _edges(facts, np.arange(mask.first_day, mask.last_day + 1), mask.last_day)


def by_day(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per day of the mask's period, [days]."""
    edges = _days(facts, mask)
    first, last = mask.areas.first, mask.areas.end

    def loop(start: int, end: int, out: Real) -> None:
        kernels.run_totals(
            start,
            end,
            edges,
            first,
            last,
            facts.grid,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return tidy(summed(mask.start, mask.end, (len(edges) - 1,), loop), mask)


def by_category(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per category id, [m]."""
    size = len(mask.weight)
    return along(facts, mask, facts.category, base=0, size=size)


def by_hour(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per weekday (Monday first) and hour, [7, 24]."""
    edges = _days(facts, mask)
    first, last = mask.areas.first, mask.areas.end

    def loop(start: int, end: int, out: Real) -> None:
        kernels.by_hour(
            start,
            end,
            edges,
            first,
            last,
            facts.grid,
            facts.hour,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    from_first_day = tidy(summed(mask.start, mask.end, (7, 24), loop), mask)
    return np.asarray(
        np.roll(from_first_day, day_from_number(mask.first_day).weekday(), axis=0)
    )


def by_worker(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Reports per worker id, [largest id + 1]; index 0: by nobody."""
    groups = one_group(facts, mask)
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

    return tidy(summed(mask.start, mask.end, (size,), loop), mask)


def last_reported(facts: Facts, last_day: int) -> Whole:
    """Day number of the latest report of each grid up to `last_day`, int64[n_grids]; 0: never."""
    _, end = facts.rows(0, last_day)
    out = np.zeros(len(facts.grid_codes), dtype=np.int64)
    kernels.latest(0, end, facts.grid, facts.day, out)
    return out


def raster(
    facts: Facts,
    mask: Mask,
    *,
    shape: tuple[int, int],
    west: float,
    step: float,
    curve: Real,
) -> Real:
    """Reports per cell, float64[height, width]: columns of `step` degrees from `west`,
    lines by `curve` (see `kernels.bins`).
    """
    groups = one_group(facts, mask)

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

    return summed(mask.start, mask.end, shape, loop)


def steps(first: date, last: date, step: Step) -> tuple[list[date], npt.NDArray[np.int32]]:
    """The steps that cover `first` to `last`: the first day of each, and the step of each
    day, int32[days].

    Weeks begin on Monday and months on the 1st; the first and last step may be cut short by
    the period.
    """
    days = [
        day_from_number(number) for number in range(day_number(first), day_number(last) + 1)
    ]
    if step == "day":
        return days, np.arange(len(days), dtype=np.int32)
    new = [
        index == 0 or (day.weekday() == 0 if step == "week" else day.day == 1)
        for index, day in enumerate(days)
    ]
    return [day for day, is_new in zip(days, new, strict=True) if is_new], np.cumsum(
        new
    ).astype(np.int32) - 1


def by_step(facts: Facts, mask: Mask, step: Step) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per day, week or month of the mask's period: the first day of each step, and
    [steps].
    """
    starts, buckets = steps(
        day_from_number(mask.first_day), day_from_number(mask.last_day), step
    )
    return starts, np.bincount(
        buckets, weights=by_day(facts, mask), minlength=len(starts)
    ).astype(np.int64 if mask.whole else np.float64)


def by_month(facts: Facts, mask: Mask) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per month of the mask's period."""
    return by_step(facts, mask, "month")


def by_area_step(
    facts: Facts, mask: Mask, places: Areas, step: Step
) -> tuple[list[date], npt.NDArray[Any]]:
    """Reports per place and step: the first day of each step, and [k, steps]."""
    starts, _ = steps(day_from_number(mask.first_day), day_from_number(mask.last_day), step)
    edges = _edges(facts, [day_number(start) for start in starts], mask.last_day)
    groups = np.where(
        one_group(facts, mask) == 0, places.groups(len(facts.grid_codes)), np.int32(-1)
    )

    def loop(start: int, end: int, out: Real) -> None:
        kernels.runs(
            start,
            end,
            edges,
            facts.grid,
            groups,
            facts.category,
            facts.status,
            mask.weight,
            mask.stands,
            out,
        )

    return starts, tidy(
        summed(mask.start, mask.end, (len(places), len(starts)), loop), mask
    )
