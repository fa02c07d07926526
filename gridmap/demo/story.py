"""Reports behind figures the city itself has published, there whatever the size of the
demonstration.

The one-stop centre of Hongqi accepted 2,514 matters in the first quarter of 2024 and
completed 2,303 of them by its end; two incidents at training institutions came close after
each other.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from gridmap.calendar import DAY_S, TIME_ZONE, UTC_OFFSET_S, to_epoch
from gridmap.demo.outcome import settle
from gridmap.demo.reportcolumns import ReportColumns
from gridmap.demo.source import CENTRE, HOTLINE, MOBILE, GridSource
from gridmap.demo.workingcalendar import WorkingCalendar
from gridmap.model import Status

Ints = npt.NDArray[np.int64]

HONGQI = 410702
ACCEPTED, COMPLETED = 2_514, 2_303
QUARTER = (
    to_epoch(datetime(2024, 1, 1, tzinfo=TIME_ZONE)),
    to_epoch(datetime(2024, 4, 1, tzinfo=TIME_ZONE)),
)
FEWEST_REPORTS = 20_000
"""Cities with fewer reports than this (those of tests) have the centre's matters beside
those asked for, and go without the incidents, lest the story be all there is.
"""

_BROUGHT_TO_A_CENTRE = ("D", "P", "S")
_INCIDENT = "E0504"
_INCIDENTS = (
    datetime(2024, 4, 24, 18, 52, tzinfo=TIME_ZONE),
    datetime(2024, 5, 9, 19, 37, tzinfo=TIME_ZONE),
)
_OFFICE_S = (8 * 3600 + 1800, 17 * 3600)


def tell(
    source: GridSource, calendar: WorkingCalendar, *, now: int, rng: np.random.Generator
) -> ReportColumns:
    """The reports of the story that can happen in the grids of `source`, by time."""
    urban = np.flatnonzero(source.profile == 1)
    parts = [centre(source, calendar, now=now, rng=rng)]
    if len(urban):
        parts.append(_incidents(source, urban, calendar, now, rng))
    together = none()
    for part in parts:
        together = together.and_also(part)
    return together


def centre(
    source: GridSource, calendar: WorkingCalendar, *, now: int, rng: np.random.Generator
) -> ReportColumns:
    """What Hongqi's centre accepted in the quarter, by time; nothing in a city without Hongqi."""
    hongqi = np.flatnonzero(source.codes // 10**9 == HONGQI)
    return _centre(source, hongqi, calendar, now, rng).by_time() if len(hongqi) else none()


def make_room(ordinary: ReportColumns, source: GridSource) -> ReportColumns:
    """`ordinary` with what Hongqi's centre would have accepted in the quarter reported by
    telephone instead.
    """
    at_centre = (source.codes[ordinary.grid] // 10**9 == HONGQI) & (
        ordinary.channel == CENTRE
    )
    at_centre &= (ordinary.accepted_at >= QUARTER[0]) & (ordinary.accepted_at < QUARTER[1])
    columns = {**vars(ordinary), "channel": np.where(at_centre, HOTLINE, ordinary.channel)}
    return ReportColumns(**columns)


def none() -> ReportColumns:
    """No report."""
    return ReportColumns(*(np.zeros(0, dtype=np.int64) for _ in range(8)))


def _centre(
    source: GridSource,
    grids: Ints,
    calendar: WorkingCalendar,
    now: int,
    rng: np.random.Generator,
) -> ReportColumns:
    """What the centre accepted in the quarter, exactly so many completed by its end."""
    days = np.flatnonzero(calendar.working) + calendar.first
    days = days[(days * DAY_S >= QUARTER[0]) & ((days + 1) * DAY_S < QUARTER[1])]
    midnight = rng.choice(days, size=ACCEPTED) * DAY_S - UTC_OFFSET_S
    reported = midnight + rng.integers(*_OFFICE_S, size=ACCEPTED)
    kinds = np.flatnonzero([code[0] in _BROUGHT_TO_A_CENTRE for code in source.mix.codes])
    odds = source.mix.odds[1].mean(axis=0)[kinds]
    category = rng.choice(kinds, size=ACCEPTED, p=odds / odds.sum())
    outcome = settle(
        source.mix,
        category,
        reported,
        np.full(ACCEPTED, 0.95),
        calendar,
        now=now,
        rng=rng,
        certain=True,
    )
    closed_or_now = np.where(outcome.closed_at > 0, outcome.closed_at, now)
    closed = _completed(outcome.accepted_at, closed_or_now, now, rng)
    pull = source.pull[grids]
    return ReportColumns(
        grid=rng.choice(grids, size=ACCEPTED, p=pull / pull.sum()),
        category=category,
        reported_at=reported,
        accepted_at=outcome.accepted_at,
        due_at=outcome.due_at,
        closed_at=closed,
        status=np.full(ACCEPTED, int(Status.CLOSED)),
        channel=np.full(ACCEPTED, CENTRE),
    )


def _completed(accepted: Ints, closed: Ints, now: int, rng: np.random.Generator) -> Ints:
    """`closed` with exactly `COMPLETED` of them inside the quarter, the others soon after it."""
    order = np.argsort(closed, kind="stable")
    done, left = order[:COMPLETED], order[COMPLETED:]
    share = rng.uniform(0.05, 0.95, size=len(closed))
    in_quarter = accepted + (share * (QUARTER[1] - accepted)).astype(np.int64)
    after = QUARTER[1] + (share * 20 * DAY_S).astype(np.int64)
    result = closed.copy()
    result[done] = np.where(closed[done] < QUARTER[1], closed[done], in_quarter[done])
    result[left] = np.where(closed[left] < QUARTER[1], after[left], closed[left])
    return np.minimum(result, now - 1)


def _incidents(
    source: GridSource,
    grids: Ints,
    calendar: WorkingCalendar,
    now: int,
    rng: np.random.Generator,
) -> ReportColumns:
    reported = np.array(
        [to_epoch(moment) for moment in _INCIDENTS if to_epoch(moment) < now],
        dtype=np.int64,
    )
    rows = np.flatnonzero(source.mix.codes == _INCIDENT)
    if not len(rows):
        return none()
    category = np.full(len(reported), rows[0])
    outcome = settle(
        source.mix,
        category,
        reported,
        np.ones(len(reported)),
        calendar,
        now=now,
        rng=rng,
        certain=True,
    )
    pull = source.pull[grids]
    return ReportColumns(
        grid=rng.choice(grids, size=len(reported), p=pull / pull.sum()),
        category=category,
        reported_at=reported,
        accepted_at=outcome.accepted_at,
        due_at=outcome.due_at,
        closed_at=outcome.closed_at,
        status=outcome.status,
        channel=np.full(len(reported), MOBILE),
    )
