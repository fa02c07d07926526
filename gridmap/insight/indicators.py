"""Indicators: shares with their numerator and denominator, defined here and nowhere else.

| key | numerator | denominator | left out |
|---|---|---|---|
| `acceptance` 立案率 | accepted | reported in the period | |
| `accurate_acceptance` 准确立案率 | accepted and not voided | accepted, of those reported in the
period | |
| `closing` 结案率 | closed | due in the period | rejected, voided |
| `on_time` 按期结案率 | closed in time | due in the period | rejected, voided, parked |
| `false_closure` | followed by the same category within `SAME_PLACE_M` and `SAME_DAYS` |
closed in the period | |

Every numerator is a subset of its denominator. "Due in the period" goes by the day the
limit runs out, up to yesterday: an open case whose limit has not come is not late, and
today is not over. On-time dispatch, rework, whistles and the share solved at the own level
need the journal (`store.tallies`). The words stand in `definitions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from gridmap.facts import Facts
from gridmap.insight import outcomes
from gridmap.insight.areas import Areas, Real, Whole
from gridmap.insight.mask import Mask
from gridmap.insight.trend import share

Key = Literal["acceptance", "accurate_acceptance", "closing", "on_time", "false_closure"]
OF_PERIOD: tuple[Key, ...] = ("acceptance", "accurate_acceptance", "closing", "on_time")

FALSE_CLOSURE: Key = "false_closure"

SAME_PLACE_M = 50.0
SAME_DAYS = 15
METRES_PER_DEGREE = 111_195.0


@dataclass(frozen=True, eq=False)
class Indicator:
    """A share per grid of the city: `numerator` int64[n] of `denominator` int64[n]."""

    key: Key
    numerator: Whole
    denominator: Whole

    def totals(self, places: Areas) -> tuple[Whole, Whole]:
        """Numerator and denominator per place, int64[k] each."""
        return (
            np.asarray(places.total(self.numerator), dtype=np.int64),
            np.asarray(places.total(self.denominator), dtype=np.int64),
        )

    def percent(self, places: Areas) -> Real:
        """The share per place in percent, float64[k]; NaN where the denominator is nought."""
        return share(*self.totals(places))


def of_period(facts: Facts, mask: Mask, *, today: int) -> dict[Key, Indicator]:
    """The indicators of `OF_PERIOD`, per grid, as known on day number `today`."""
    return {**of_reports(facts, mask), **of_due(facts, mask, today=today)}


def of_reports(facts: Facts, mask: Mask) -> dict[Key, Indicator]:
    """Those of what was reported: both rates of acceptance."""
    became = outcomes.answered(facts, mask)
    reported, accepted, voided = became[:, 0], became[:, 1], became[:, 2]
    return {
        "acceptance": Indicator("acceptance", accepted, reported),
        "accurate_acceptance": Indicator(
            "accurate_acceptance", accepted - voided, accepted
        ),
    }


def of_due(facts: Facts, mask: Mask, *, today: int) -> dict[Key, Indicator]:
    """Those of what was due: closed at all, and in time."""
    due = due_until(facts, mask, today=today)
    return {
        "closing": Indicator("closing", due[:, 1], due[:, 0]),
        "on_time": Indicator("on_time", due[:, 3], due[:, 2]),
    }


def due_until(facts: Facts, mask: Mask, *, today: int) -> Whole:
    """`outcomes.due_by_grid` of the mask's period, cut at yesterday, int64[n, 4]."""
    last = min(mask.last_day, today - 1)
    if last < mask.first_day:
        return np.zeros((len(facts.grid_codes), 4), dtype=np.int64)
    return outcomes.due_by_grid(facts, mask.during(facts, mask.first_day, last))


def false_closure(facts: Facts, mask: Mask) -> Indicator:
    """Closings of the mask's period that were followed by a report of the same category at
    the same place.

    "Same place" is within `SAME_PLACE_M` metres, "followed" within `SAME_DAYS` days after
    the day of closing.
    """
    n = len(facts.grid_codes)
    rows, again = closings(facts, mask)
    place = facts.grid[rows].astype(np.int64)
    return Indicator(
        "false_closure",
        np.bincount(place[again], minlength=n).astype(np.int64),
        np.bincount(place, minlength=n).astype(np.int64),
    )


def closings(facts: Facts, mask: Mask) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """Rows closed in the mask's period, and whether each was followed as `false_closure` says."""
    start, end = facts.rows(0, mask.last_day)
    closed = facts.closed_day[start:end]
    rows = start + np.flatnonzero((closed >= mask.first_day) & (closed <= mask.last_day))
    rows = rows[kept(facts, mask, rows)]
    again = np.zeros(len(rows), dtype=np.bool_)
    later = np.arange(*facts.rows(mask.first_day + 1, mask.last_day + SAME_DAYS))
    for category in np.unique(facts.category[rows]):
        mine = np.flatnonzero(facts.category[rows] == category)
        theirs = later[facts.category[later] == category]
        again[mine] = _again(facts, rows[mine], theirs)
    return rows, again


def kept(facts: Facts, mask: Mask, rows: Whole) -> Whole:
    """Which of `rows` (positions in it) lie in the mask's area and have a category it wants."""
    grid, kind = facts.grid[rows].astype(np.int64), facts.category[rows].astype(np.int64)
    fits = (
        (grid >= mask.areas.first)
        & (grid < mask.areas.end)
        & (kind >= 0)
        & (kind < len(mask.weight))
    )
    fits[fits] &= mask.weight[kind[fits]] > 0
    return np.flatnonzero(fits)


def _again(facts: Facts, closed: Whole, later: Whole) -> npt.NDArray[np.bool_]:
    """Whether each of the rows `closed` is followed by one of `later` near it in place and
    time, bool.
    """
    if not len(closed) or not len(later):
        return np.zeros(len(closed), dtype=np.bool_)
    stretch = np.cos(np.radians(float(facts.lat[closed].mean())))
    points = [
        np.column_stack([facts.lon[rows] * stretch, facts.lat[rows]]).astype(np.float64)
        * METRES_PER_DEGREE
        for rows in (closed, later)
    ]
    near = cKDTree(points[0]).sparse_distance_matrix(
        cKDTree(points[1]), SAME_PLACE_M, output_type="ndarray"
    )
    after = (
        facts.day[later[near["j"]]].astype(np.int64) - facts.closed_day[closed[near["i"]]]
    )
    found = np.zeros(len(closed), dtype=np.bool_)
    found[
        near["i"][
            (after > 0) & (after <= SAME_DAYS) & (closed[near["i"]] != later[near["j"]])
        ]
    ] = True
    return found
