"""What becomes of a report: accepted or not, when it was due, when it was closed, and where
it stands now.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gridmap.calendar import DAY_S
from gridmap.demo.limits import WorkingCalendar
from gridmap.demo.mix import Mix
from gridmap.model import LimitUnit, Status

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_REJECTED, _VOIDED, _PARKED = 0.021, 0.004, 0.05
_PARKED_DAYS = 150
_LONGEST_WAIT_S = 8 * 3600
_MOST_LATE_DAYS = 12


@dataclass(frozen=True)
class Outcome:
    """Times in Unix seconds, 0 where there is none; `status` is a `gridmap.model.Status`."""

    accepted_at: Ints
    due_at: Ints
    closed_at: Ints
    status: Ints


def settle(
    mix: Mix,
    category: Ints,
    reported: Ints,
    punctual: Floats,
    calendar: WorkingCalendar,
    *,
    now: int,
    rng: np.random.Generator,
    certain: bool = False,
) -> Outcome:
    """The outcome at `now` of reports of `category` (rows of `mix`) made at `reported`.

    `punctual` is the share of each place's matters that are closed in time; `certain` ones
    are all accepted and none is voided or parked.
    """
    count = len(category)
    wait = (
        np.minimum(rng.lognormal(np.log(260), 1.25, size=count), _LONGEST_WAIT_S).astype(
            np.int64
        )
        + 20
    )
    accepted = np.minimum(reported + wait, now - 1)
    due = _due(mix, category, accepted, calendar)
    closed = _closed(accepted, due, punctual, rng)
    lot = np.ones(count) if certain else rng.uniform(size=count)
    rejected = (lot < _REJECTED) & (reported + DAY_S < now)
    voided = (lot >= _REJECTED) & (lot < _REJECTED + _VOIDED) & (reported + DAY_S < now)
    late = closed > due
    recent = reported > now - _PARKED_DAYS * DAY_S
    parked = (
        (not certain)
        & late
        & recent
        & (rng.uniform(size=count) < _PARKED)
        & ~rejected
        & ~voided
    )
    open_ = (closed > now) & ~rejected & ~voided & ~parked
    status = np.full(count, int(Status.CLOSED))
    age = (now - accepted) / np.maximum(closed - accepted, 1)
    status[open_] = np.where(
        age[open_] < 0.15,
        Status.ACCEPTED,
        np.where(age[open_] < 0.4, Status.DISPATCHED, Status.HANDLING),
    )
    status[rejected], status[voided], status[parked] = (
        Status.REJECTED,
        Status.VOIDED,
        Status.PARKED,
    )
    closed[status != Status.CLOSED] = 0
    accepted[rejected], due[rejected] = 0, 0
    return Outcome(accepted, due, closed, status)


def _due(mix: Mix, category: Ints, accepted: Ints, calendar: WorkingCalendar) -> Ints:
    due = np.zeros(len(category), dtype=np.int64)
    unit = mix.unit[category]
    for kind in LimitUnit:
        own = unit == kind.value
        if own.any():
            due[own] = calendar.due(accepted[own], mix.amount[category[own]], kind)
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
