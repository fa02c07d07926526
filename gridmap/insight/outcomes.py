"""What became of reports: answered, closed, still open, due, late."""

from __future__ import annotations

from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from gridmap.facts import Facts
from gridmap.insight import kernels
from gridmap.insight.areas import Real, Whole
from gridmap.insight.counts import along
from gridmap.insight.mask import Mask, inside, one_group, standing, summed, tidy
from gridmap.model import OPEN_STATUSES, Status

_LIMITS: Final[WeakKeyDictionary[Facts, int]] = WeakKeyDictionary()

PAIR: Final = 2.0**26
"""Counts up to it fit twice into the 53 bits of a float64."""


def closed_by_day(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters closed on each day of the mask's period, whenever they were reported, [days]."""
    days = mask.last_day - mask.first_day + 1
    before = mask.during(facts, 0, mask.last_day).standing(frozenset({Status.CLOSED}))
    return along(facts, before, facts.closed_day, base=mask.first_day, size=days)


def open_by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters still open at the end of the mask's last day, whenever they were reported, [n_grids].

    Rejected and voided ones are nobody's move and do not count.
    """
    start, end = facts.rows(0, mask.last_day)
    stands = mask.stands * standing(OPEN_STATUSES | {Status.CLOSED})

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

    return tidy(inside(summed(start, end, (len(facts.grid_codes),), loop), mask), mask)


def overdue_by_grid(facts: Facts, mask: Mask) -> npt.NDArray[Any]:
    """Matters open at the end of the mask's last day whose limit had run out by then, [n_grids].

    Parked ones (挂账) have no running limit and do not count.
    """
    start, end = facts.rows(0, mask.last_day)
    stands = mask.stands * standing((OPEN_STATUSES | {Status.CLOSED}) - {Status.PARKED})

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

    return tidy(inside(summed(start, end, (len(facts.grid_codes),), loop), mask), mask)


def answered(facts: Facts, mask: Mask) -> Whole:
    """What became of the reports, int64[n_grids, 3]: reported, accepted of these, voided of
    those.
    """

    def loop(start: int, end: int, out: Real) -> None:
        kernels.outcomes(
            start,
            end,
            facts.grid,
            facts.category,
            facts.status,
            facts.accepted,
            mask.weight,
            mask.stands,
            int(Status.VOIDED),
            out,
        )

    cases = np.rint(
        inside(summed(mask.start, mask.end, (len(facts.grid_codes), 3), loop), mask)
    ).astype(np.int64)
    return np.stack([cases.sum(axis=1), cases[:, 1] + cases[:, 2], cases[:, 2]], axis=1)


def _longest_limit(facts: Facts) -> int:
    """Days between the report and the limit of the matter with the longest: what is due now
    was reported since.
    """
    if facts not in _LIMITS:
        held = facts.due_day > facts.day
        _LIMITS[facts] = int((facts.due_day[held] - facts.day[held]).max(initial=0))
    return _LIMITS[facts]


def due_by_grid(facts: Facts, mask: Mask) -> Whole:
    """Cases whose limit falls in the mask's period, whenever they were reported, int64[n_grids, 4].

    Columns: due; closed of these; due and not parked; closed in time of these. Rejected and
    voided matters are not due.
    """
    start, end = facts.rows(mask.first_day - _longest_limit(facts), mask.last_day)
    stands = mask.stands * standing(OPEN_STATUSES | {Status.CLOSED})
    runs = standing(frozenset(Status) - {Status.PARKED})

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
            runs,
            PAIR,
            out,
        )

    pairs = inside(summed(start, end, (len(facts.grid_codes), 2), loop), mask)
    second, first = np.divmod(pairs, PAIR)
    return np.stack([first[:, 0], second[:, 0], first[:, 1], second[:, 1]], axis=1).astype(
        np.int64
    )


def due_by_day(facts: Facts, mask: Mask) -> Whole:
    """Cases due on each day of the mask's period and those of them closed in time, int64[2, days].

    Parked, rejected and voided matters are left out, as in on-time closing.
    """
    days = mask.last_day - mask.first_day + 1
    before = mask.during(facts, mask.first_day - _longest_limit(facts), mask.last_day)
    before = before.standing((OPEN_STATUSES | {Status.CLOSED}) - {Status.PARKED})
    groups = one_group(facts, mask)
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

    out += np.rint(summed(before.start, before.end, (2, days), loop)).astype(np.int64)
    return out
