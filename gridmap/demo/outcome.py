"""What becomes of a report: accepted or not, when it was due, when it was closed, and where
it stands now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.calendar import DAY_S
from gridmap.demo.mix import CategoryMix
from gridmap.demo.workingcalendar import WorkingCalendar
from gridmap.model import LimitUnit, Status

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_REJECTED, _VOIDED, _PARKED = 0.021, 0.004, 0.05
_PARKED_DAYS = 150
_LONGEST_WAIT_S = 8 * 3600
_MOST_LATE_DAYS = 12


@dataclass(frozen=True)
class ReportOutcome:
    """Times in Unix seconds, 0 where there is none; `status` is a `gridmap.model.Status`."""

    accepted_at: Ints
    due_at: Ints
    closed_at: Ints
    status: Ints


def settle(
    mix: CategoryMix,
    category: Ints,
    reported: Ints,
    punctual: Floats,
    calendar: WorkingCalendar,
    *,
    now: int,
    rng: np.random.Generator,
    certain: bool = False,
) -> ReportOutcome:
    """The outcome at `now` of reports of `category` (rows of `mix`) made at `reported`.

    `punctual` is the share of each place's matters that are closed in time; `certain` ones
    are all accepted and none is voided or parked.
    """
    count = len(category)
    wait_s = np.minimum(rng.lognormal(np.log(260), 1.25, size=count), _LONGEST_WAIT_S)
    accepted = np.minimum(reported + wait_s.astype(np.int64) + 20, now - 1)
    due = _due(mix, category, accepted, calendar)
    closed = _closed(accepted, due, punctual, rng)
    lot = np.ones(count) if certain else rng.uniform(size=count)
    a_day_old = reported + DAY_S < now
    rejected = (lot < _REJECTED) & a_day_old
    voided = (lot >= _REJECTED) & (lot < _REJECTED + _VOIDED) & a_day_old
    dropped = rejected | voided
    late_lately = (closed > due) & (reported > now - _PARKED_DAYS * DAY_S)
    drawn = rng.uniform(size=count) < _PARKED
    parked = (not certain) & late_lately & drawn & ~dropped
    is_open = (closed > now) & ~dropped & ~parked
    status = np.full(count, int(Status.CLOSED))
    age = ((now - accepted) / np.maximum(closed - accepted, 1))[is_open]
    under_way = np.where(age < 0.4, Status.DISPATCHED, Status.HANDLING)
    status[is_open] = np.where(age < 0.15, Status.ACCEPTED, under_way)
    status[rejected] = Status.REJECTED
    status[voided] = Status.VOIDED
    status[parked] = Status.PARKED
    closed[status != Status.CLOSED] = 0
    accepted[rejected], due[rejected] = 0, 0
    return ReportOutcome(accepted, due, closed, status)


def _due(
    mix: CategoryMix, category: Ints, accepted: Ints, calendar: WorkingCalendar
) -> Ints:
    due = np.zeros(len(category), dtype=np.int64)
    unit = mix.unit[category]
    for kind in LimitUnit:
        rows = unit == kind.value
        if rows.any():
            due[rows] = calendar.due(accepted[rows], mix.amount[category[rows]], kind)
    return due


def _closed(accepted: Ints, due: Ints, punctual: Floats, rng: np.random.Generator) -> Ints:
    """When matters are closed: a share in time, early rather than at the last moment, the
    others some days late.
    """
    count = len(accepted)
    room = due - accepted
    in_time = rng.uniform(size=count) < punctual
    used = rng.beta(1.4, 2.6, size=count)
    over = np.minimum(
        rng.exponential(0.3, size=count) * room + rng.uniform(900, 20_000, size=count),
        _MOST_LATE_DAYS * DAY_S,
    )
    return accepted + np.where(in_time, used * room, room + over).astype(np.int64) + 1
