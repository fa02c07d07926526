"""What a map, a bar or a table can be coloured by: figures of reports, of what became of
them, of the work they are, and of who looks after them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from gridmap.city.base.figure import Ask, Columns, Figure, Numbers, Source
from gridmap.city.look.flagged import seen_on
from gridmap.city.look.loads import LOADS, bases, load_scatter
from gridmap.city.look.silence import silence_on
from gridmap.city.look.unseen import SILENT
from gridmap.city.look.unstaffed import SHARED_WORKER, WITHOUT_WORKER, lacking
from gridmap.insight import counts, coverage, indicators, outcomes, trend
from gridmap.insight.areas import Real
from gridmap.insight.definitions import DEFINITIONS
from gridmap.insight.indicators import Indicator, Key
from gridmap.insight.selection import Selection
from gridmap.model import OPEN_STATUSES, Level, Status
from gridmap.words import mark


def reports(ask: Ask) -> Columns:
    """Reports of the period."""
    counted = counts.by_area(ask.data.facts, ask.mask, ask.places)
    return {"reports": counted, **bases(ask)}


def still_open(ask: Ask) -> Columns:
    """Matters open at the period's end, whatever their state now."""
    counted = ask.total(outcomes.open_by_grid(ask.data.facts, ask.any_status))
    return {"open": counted, **bases(ask)}


def closed(ask: Ask) -> Columns:
    """Matters closed in the period, whenever they were reported: what was open before it
    and what joined, less what is open at its end.
    """
    facts, mask = ask.data.facts, ask.any_status
    before = mask.during(facts, 0, mask.first_day - 1)
    joined = counts.by_grid(facts, mask.standing(OPEN_STATUSES | {Status.CLOSED}))
    left = outcomes.open_by_grid(facts, before) + joined
    return {"closed": ask.total(left - outcomes.open_by_grid(facts, mask))}


def closed_whole(ask: Ask) -> Columns:
    """The same for the whole area, in one pass."""
    return {"closed": np.array([closed_course(ask).sum()])}


def closed_course(ask: Ask) -> Real:
    """Matters closed each day."""
    return outcomes.closed_by_day(ask.data.facts, ask.any_status).astype(np.float64)


def reports_course(ask: Ask) -> Real:
    """Reports each day."""
    return counts.by_day(ask.data.facts, ask.mask).astype(np.float64)


def open_course(ask: Ask) -> Real:
    """Matters open at the end of each day."""
    facts, mask = ask.data.facts, ask.any_status
    joined = counts.by_day(facts, mask.standing(OPEN_STATUSES | {Status.CLOSED}))
    at_end = int(outcomes.open_by_grid(facts, mask).sum())
    return trend.open_by_day(at_end, joined, closed_course(ask))


def on_time_course(ask: Ask) -> Real:
    """On-time closing over the seven days up to each; NaN from today on."""
    mask = ask.any_status
    by_day = outcomes.due_by_day(ask.data.facts, mask)
    line = trend.rolling_share(by_day[1], by_day[0])
    line[max(0, ask.desk.today_number - mask.first_day) :] = np.nan
    return line


def overdue(ask: Ask) -> Columns:
    """Open matters whose limit had run out by the period's end."""
    return {"overdue": ask.total(outcomes.overdue_by_grid(ask.data.facts, ask.any_status))}


def accepted(ask: Ask) -> Columns:
    """What became of reports: both parts of the rates of acceptance."""
    return _parts(ask, indicators.of_reports(ask.data.facts, ask.any_status))


def due(ask: Ask) -> Columns:
    """What became of cases due: both parts of the shares closed, and closed in time."""
    today = ask.desk.today_number
    return _parts(ask, indicators.of_due(ask.data.facts, ask.any_status, today=today))


def _parts(ask: Ask, shares: Mapping[Key, Indicator]) -> Columns:
    columns: dict[str, Numbers] = {}
    for key, share in shares.items():
        columns[str(key)], columns[f"of_{key}"] = share.totals(ask.places)
    return columns


def false_closure(ask: Ask) -> Columns:
    """Closings, and those followed by a report of the same at the same place."""
    share = indicators.false_closure(ask.data.facts, ask.any_status)
    followed, closed = share.totals(ask.places)
    return {"followed": followed, "closed": closed}


def change(ask: Ask) -> Columns:
    """Reports of the period, and of the one of the same length before it."""
    return _beside(ask, ask.selection.previous())


def change_year(ask: Ask) -> Columns:
    """Reports of the period, and of the same days of last year."""
    return _beside(ask, ask.selection.last_year())


def _beside(ask: Ask, other: Selection) -> Columns:
    facts = ask.data.facts
    if other.first_day < facts.first_day:  # part of it is older than anything known
        nothing = np.zeros(len(ask.places))
        return {"reports": nothing, "before": nothing}
    now, before = (
        counts.by_area(facts, ask.desk.mask(ask.data, chosen), ask.places)
        for chosen in (ask.selection, other)
    )
    return {"reports": now, "before": before}


def roles(ask: Ask) -> Columns:
    """Roles the villages lack, a village standing at its first grid."""
    lacks = [lacking(ask, role) for role in coverage.ROLES]
    return {"roles": np.sum(lacks, axis=0).astype(np.float64)}


def unseen_days(ask: Ask) -> Columns:
    """Days since the grid unseen longest was reported from or visited."""
    days = seen_on(ask.desk, ask.data).days_unseen
    return {"days": ask.places.highest(days)}


def expectation(ask: Ask) -> Columns:
    """Reports of the silence window, and as many as were to be expected."""
    judged = silence_on(ask.desk, ask.data, ask.selection.last_day)
    return {
        "observed": ask.places.sums(judged.observed),
        "expected": ask.places.sums(judged.expected),
    }


def indicator(key: str, *, source: Source, top: str, base: str) -> Figure:
    """The share that `insight.definitions` defines under `key`."""
    definition = DEFINITIONS[key]
    return Figure(
        key,
        definition.name,
        source,
        top,
        base,
        "share",
        decimals=1,
        better=definition.better,
        definition=definition,
    )


REPORTS = Figure(
    "reports",
    mark("Reports"),
    reports,
    "reports",
    unit=mark("reports"),
    better="",
    about=mark("Reports made in the period."),
    course=reports_course,
)
CLOSED = Figure(
    "closed",
    mark("Closed"),
    closed,
    "closed",
    unit=mark("matters"),
    better="high",
    about=mark("Matters closed in the period, whenever they were reported."),
    whole=closed_whole,
    course=closed_course,
)
OPEN = Figure(
    "open",
    mark("Open matters"),
    still_open,
    "open",
    unit=mark("matters"),
    standing=True,
    short=mark("Open"),
    about=mark("Matters that somebody still has to move, at the end of the period."),
    course=open_course,
    scatter=load_scatter,
)
ACCEPTANCE = indicator(
    "acceptance", source=accepted, top="acceptance", base="of_acceptance"
)
ACCURATE_ACCEPTANCE = indicator(
    "accurate_acceptance",
    source=accepted,
    top="accurate_acceptance",
    base="of_accurate_acceptance",
)
CLOSING = indicator("closing", source=due, top="closing", base="of_closing")
ON_TIME = replace(
    indicator("on_time", source=due, top="on_time", base="of_on_time"),
    course=on_time_course,
)
FALSE_CLOSURE = indicator(
    "false_closure", source=false_closure, top="followed", base="closed"
)
OF_COLUMNS = (ACCEPTANCE, ACCURATE_ACCEPTANCE, CLOSING, ON_TIME, FALSE_CLOSURE)
"""Indicators counted from the columns."""
MEASURES = (
    Figure(
        "per_100_households",
        mark("Reports per 100 households"),
        reports,
        "reports",
        "households",
        "rate",
        unit=mark("per 100 households"),
        times=100.0,
        decimals=1,
    ),
    REPORTS,
    Figure(
        "per_km2",
        mark("Reports per km²"),
        reports,
        "reports",
        "area_km2",
        "rate",
        unit=mark("per km²"),
        decimals=1,
    ),
    Figure(
        "change",
        mark("Change on the period before"),
        change,
        "reports",
        "before",
        "change",
        scheme="balance",
    ),
    Figure(
        "change_year",
        mark("Change on last year"),
        change_year,
        "reports",
        "before",
        "change",
        scheme="balance",
    ),
    OPEN,
    Figure(
        "open_per_100_households",
        mark("Open per 100 households"),
        still_open,
        "open",
        "households",
        "rate",
        unit=mark("per 100 households"),
        times=100.0,
        decimals=2,
        standing=True,
    ),
    Figure(
        "overdue",
        mark("Open past the limit"),
        overdue,
        "overdue",
        unit=mark("matters"),
        standing=True,
    ),
    ON_TIME,
    CLOSING,
    ACCEPTANCE,
    *LOADS,
    WITHOUT_WORKER,
    SHARED_WORKER,
    Figure(
        "lacking_role",
        mark("Missing village roles"),
        roles,
        "roles",
        unit=mark("roles"),
        scheme="lack",
        finest=Level.VILLAGE,
        standing=True,
    ),
    Figure(
        "days_unseen",
        mark("Days since last seen"),
        unseen_days,
        "days",
        unit=mark("days"),
        scheme="lack",
        standing=True,
    ),
    SILENT,
    Figure(
        "expectation",
        mark("Reports against expectation"),
        expectation,
        "observed",
        "expected",
        "change",
        better="high",
        scheme="balance",
        standing=True,
    ),
)
"""In the order they are offered."""
