"""Gaps in coverage: grids without a worker, workers with many grids, villages lacking a
role, places without a chief, places unseen. What a gap is, is declared in `GAPS`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.city.base.data import Data
from gridmap.city.base.desk import Desk
from gridmap.city.base.figure import Ask, Column, Columns, Figure, Numbers
from gridmap.city.look.silence import silence_on
from gridmap.codes import level_of
from gridmap.insight import coverage
from gridmap.insight.areas import Areas, Real
from gridmap.insight.coverage import Seen
from gridmap.insight.staff import Staff
from gridmap.model import CHIEF_LEVELS, STAFF_ROLES, Level, Role
from gridmap.settings import Settings
from gridmap.store.people import people as store_people
from gridmap.words import Words, mark

SILENT_STEP_DAYS = 7
HOUSEHOLDS = Column("households", mark("Households"))
GRIDS = Column("grids", mark("Grids"))
DAYS_UNSEEN = Column("days_unseen", mark("Days unseen"))


def staff_today(ask: Ask) -> Staff:
    """Who is responsible today."""
    return ask.desk.staff(ask.data, ask.desk.today)


def seen_on(desk: Desk, data: Data) -> Seen:
    """When each grid was last reported from and visited, as known today."""
    day = desk.today_number
    return desk.remember(
        data, ("seen", day), lambda: coverage.seen(data.facts, data.visits, day=day)
    )


def _grids(ask: Ask, flags: npt.NDArray[np.bool_], name: str) -> dict[str, Numbers]:
    """How many grids of each place are flagged, and how many there are."""
    return {name: ask.total(flags.astype(np.int64)), "grids": ask.places.sizes}


def _listed(ask: Ask, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """The rows of the flagged grids in the area asked about."""
    grids = ask.below(Level.GRID)
    return grids.first + np.flatnonzero(flags[grids.first : grids.end])


# grids nobody is responsible for


def without_worker(ask: Ask) -> Columns:
    """Grids nobody is responsible for."""
    return _grids(ask, coverage.without_worker(staff_today(ask)), "without")


def without_worker_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, the one with most households on top: code, households, days_unseen."""
    rows = _listed(ask, coverage.without_worker(staff_today(ask)))
    table = pd.DataFrame(
        {
            "code": ask.data.grids.codes[rows],
            "households": ask.data.grids.households[rows],
            "days_unseen": seen_on(ask.desk, ask.data).days_unseen[rows],
        }
    )
    return table.sort_values(
        ["households", "code"], ascending=[False, True], ignore_index=True
    )


# workers with more than one grid


def shared_worker(ask: Ask) -> Columns:
    """Grids whose every worker has other grids as well, of those that have a worker."""
    staff = staff_today(ask)
    sharing = ask.total(coverage.with_shared_worker(staff).astype(np.int64))
    return {"shared": sharing, "held": ask.total((staff.per_grid > 0).astype(np.int64))}


def shared_workers(ask: Ask) -> Columns:
    """Workers with a grid in the area who have more than one, of all who have one."""
    held = _held(ask)["grids"].to_numpy()
    return {"shared": np.array([(held > 1).sum()]), "held": np.array([len(held)])}


def shared_worker_cases(ask: Ask) -> pd.DataFrame:
    """Those workers, who has most grids on top: code (the first grid), worker, worker_name,
    grids.
    """
    table = _held(ask)
    names = ask.data.workers.set_index("id")["name"]
    table.insert(2, "worker_name", names.reindex(table["worker"]).to_numpy())
    return table[table["grids"] > 1].sort_values(
        ["grids", "worker"], ascending=[False, True], ignore_index=True
    )


def _held(ask: Ask) -> pd.DataFrame:
    """Workers with a grid in the area: code (their first there), worker, grids (in the city)."""
    staff, place = staff_today(ask), ask.below(Level.GRID)
    workers, number = staff.grids_of_workers()
    inside = (staff.grid >= place.first) & (staff.grid < place.end)
    present, first = np.unique(staff.worker[inside], return_index=True)
    return pd.DataFrame(
        {
            "code": ask.data.grids.codes[staff.grid[inside][first]],
            "worker": present,
            "grids": number[np.searchsorted(workers, present)],
        }
    )


# villages without a role


def _villages(ask: Ask) -> Areas:
    return ask.desk.places(ask.data, ask.desk.code, Level.VILLAGE)


def lacking(ask: Ask, role: Role) -> Numbers:
    """How many villages of each place lack a role; a village stands at its first grid."""
    villages = _villages(ask)
    at_first = np.zeros(len(ask.data.grids), dtype=np.int64)
    at_first[villages.starts] = coverage.lacking(staff_today(ask), role, villages)
    return ask.total(at_first)


def _vacancy(role: Role) -> Figure:
    """The gap of villages without anybody in `role`."""

    def source(ask: Ask) -> Columns:
        at_first = np.zeros(len(ask.data.grids), dtype=np.int64)
        at_first[_villages(ask).starts] = 1
        return {"lacking": lacking(ask, role), "villages": ask.total(at_first)}

    def cases(ask: Ask) -> pd.DataFrame:
        villages = ask.below(Level.VILLAGE)
        lacks = coverage.lacking(staff_today(ask), role, villages)
        return _ordered(ask, villages, lacks)

    name, about = _VACANT[role]
    return Figure(
        role.value,
        name,
        source,
        "lacking",
        "villages",
        "share",
        unit=mark("villages"),
        scheme="lack",
        finest=Level.VILLAGE,
        standing=True,
        about=about,
        cases=cases,
        columns=(HOUSEHOLDS, GRIDS),
    )


_VACANT = {
    Role.POLICE_OFFICER: (
        mark("No police officer"),
        mark("Villages without a police officer."),
    ),
    Role.LEGAL_ADVISER: (
        mark("No legal adviser"),
        mark("Villages without a legal adviser."),
    ),
    Role.MEDIATOR: (
        mark("No mediator"),
        mark("Villages without a mediator."),
    ),
    Role.HOUSEHOLD_REPRESENTATIVE: (
        mark("No representative"),
        mark("Villages without a representative of joint households."),
    ),
}


def _ordered(ask: Ask, places: Areas, lacks: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """Places with a gap, the one with most households on top: code, grids, households."""
    table = pd.DataFrame(
        {
            "code": places.codes[lacks],
            "grids": places.sizes[lacks],
            "households": np.asarray(places.total(ask.data.grids.households))[lacks],
        }
    )
    return table.sort_values(
        ["households", "code"], ascending=[False, True], ignore_index=True
    )


# places without a chief


def _no_chief(ask: Ask, places: Areas) -> npt.NDArray[np.bool_]:
    def read() -> npt.NDArray[np.int64]:
        with ask.desk.store.read() as connection:
            return np.array(store_people.chief_areas(connection), dtype=np.int64)

    chiefs = ask.desk.remember(ask.data, ("chiefs",), read)
    return coverage.without_chief(chiefs, places)


def chief(ask: Ask) -> Columns:
    """Places without a chief of their own in office, the place itself and those in it, of
    all that could have one; those it lies in do not count.
    """
    levels = [level for level in CHIEF_LEVELS if level >= ask.places.level]
    lacks, number = np.zeros((2, len(ask.places)), dtype=np.int64)
    for level in levels:
        counted = chiefs_of(ask, level)
        lacks, number = lacks + counted["vacant"], number + counted["places"]
    return {"vacant": lacks, "places": number}


def chiefs_of(ask: Ask, level: Level) -> Columns:
    """Places of one level without a chief, and how many there are; none at larger levels
    than the places asked about.
    """
    places = ask.below(level)
    return {
        "vacant": ask.added(places, _no_chief(ask, places)),
        "places": ask.added(places, np.ones(len(places))),
    }


def chief_cases(ask: Ask) -> pd.DataFrame:
    """Those places, the largest on top: code, grids, households, level (of `Level`)."""
    tables = []
    for level in CHIEF_LEVELS:
        if level >= level_of(ask.selection.area):
            places = ask.below(level)
            table = _ordered(ask, places, _no_chief(ask, places))
            tables.append(table.assign(level=int(level)))
    return pd.concat(tables, ignore_index=True)


def chief_marks(ask: Ask) -> Columns:
    """Grids that lie in any place without a chief."""
    marked = np.zeros(len(ask.places), dtype=np.bool_)
    for level in CHIEF_LEVELS:
        places = ask.below(level)
        marked |= np.repeat(_no_chief(ask, places), places.sizes)
    return {"marks": marked}


def _vacant_chief(level: Level, name: str) -> Figure:
    """Chiefs of one level that are vacant, for a table beside the roles."""

    def source(ask: Ask) -> Columns:
        return chiefs_of(ask, level)

    return Figure(
        f"chief_{level.name.lower()}",
        name,
        source,
        "vacant",
        "places",
        "share",
        unit=mark("places"),
        scheme="lack",
        finest=level,
        standing=True,
    )


# grids nobody has seen for long, and grids too quiet to be true


def _unseen(ask: Ask) -> npt.NDArray[np.bool_]:
    days = seen_on(ask.desk, ask.data).days_unseen
    return np.asarray(days >= ask.desk.settings.visit_days)


def unseen(ask: Ask) -> Columns:
    """Grids neither reported from nor visited for `settings.visit_days`."""
    return _grids(ask, _unseen(ask), "unseen")


def unseen_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, unseen longest on top: code, days_unseen, last_report, last_visit (dates
    or NaT).
    """
    rows, seen = _listed(ask, _unseen(ask)), seen_on(ask.desk, ask.data)
    table = pd.DataFrame(
        {
            "code": ask.data.grids.codes[rows],
            "days_unseen": seen.days_unseen[rows],
            "last_report": _dates(seen.reported[rows]),
            "last_visit": _dates(seen.visited[rows]),
        }
    )
    return table.sort_values(
        ["days_unseen", "code"], ascending=[False, True], ignore_index=True
    )


def silent(ask: Ask) -> Columns:
    """Grids judged silent on the last day asked about."""
    judged = silence_on(ask.desk, ask.data, ask.selection.last_day)
    return _grids(ask, judged.silent, "silent")


def silent_course(ask: Ask) -> Real:
    """Silent grids on each day, judged week by week up to the last and drawn through."""
    first, last = ask.selection.first_day, ask.selection.last_day
    days = range(first, last + 1)
    points = [day for day in days if (last - day) % SILENT_STEP_DAYS == 0]
    known = [_silent_on(ask, day) for day in points]
    return np.interp(list(days), points, known)


def _silent_on(ask: Ask, day: int) -> float:
    facts = ask.data.facts
    if not len(facts) or day < facts.first_day:
        return float("nan")
    judged = silence_on(ask.desk, ask.data, day)
    return float(ask.total(judged.silent.astype(np.int64))[0])


def silent_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, the least probable on top: code, observed, expected, ratio, probability,
    visited, window_days.
    """
    judged = silence_on(ask.desk, ask.data, ask.selection.last_day)
    rows, seen = _listed(ask, judged.silent), seen_on(ask.desk, ask.data)
    table = pd.DataFrame(
        {
            "code": ask.data.grids.codes[rows],
            "observed": judged.observed[rows],
            "expected": judged.expected[rows],
            "ratio": judged.observed[rows] / judged.expected[rows],
            "probability": judged.probability[rows],
            "visited": seen.visited[rows] > judged.last_day - judged.window_days,
            "window_days": judged.window_days,
        }
    )
    return table.sort_values(["probability", "code"], ignore_index=True)


def _dates(days: npt.NDArray[Any]) -> npt.NDArray[np.datetime64]:
    """Day numbers as dates; 0, never, as NaT."""
    return np.where(
        days > 0, days.astype("datetime64[D]"), np.datetime64("NaT", "D")
    ).astype("datetime64[s]")


def _about_unseen(say: Words, settings: Settings) -> str:
    return say.plural(
        "Grids neither reported from nor visited for {n} day or longer.",
        "Grids neither reported from nor visited for {n} days or longer.",
        settings.visit_days,
    )


def _about_silent(say: Words, settings: Settings) -> str:
    return say(
        "Grids with less than {share} of the reports that population, kind and season "
        "lead one to expect, "
        "and improbably few.",
        share=say.percent(settings.silent_ratio, 0),
    )


WITHOUT_WORKER = Figure(
    "without_worker",
    mark("Grids without a worker"),
    without_worker,
    "without",
    "grids",
    "share",
    unit=mark("grids"),
    decimals=1,
    scheme="lack",
    standing=True,
    short=mark("No worker"),
    about=mark("Grids that nobody is responsible for today."),
    cases=without_worker_cases,
    columns=(HOUSEHOLDS, DAYS_UNSEEN),
)
SHARED_WORKER = Figure(
    "shared_worker",
    mark("Grids sharing a worker"),
    shared_worker,
    "shared",
    "held",
    "share",
    unit=mark("workers"),
    decimals=1,
    scheme="lack",
    standing=True,
    short=mark("Shared worker"),
    about=mark(
        "Workers with more than one grid; the map shows grids without a worker of their own."
    ),
    cases=shared_worker_cases,
    columns=(Column("worker_name", mark("Worker"), "person"), GRIDS),
    whole=shared_workers,
)
CHIEF = Figure(
    "chief",
    mark("No chief"),
    chief,
    "vacant",
    "places",
    "share",
    unit=mark("places"),
    scheme="lack",
    standing=True,
    about=mark(
        "Counties, townships, villages and grids without a chief of their own in office."
    ),
    cases=chief_cases,
    columns=(Column("level", mark("Level"), "level"), HOUSEHOLDS, GRIDS),
    marks=chief_marks,
)
UNSEEN = Figure(
    "unseen",
    mark("Not seen lately"),
    unseen,
    "unseen",
    "grids",
    "share",
    unit=mark("grids"),
    scheme="lack",
    standing=True,
    about=_about_unseen,
    cases=unseen_cases,
    columns=(
        DAYS_UNSEEN,
        Column("last_report", mark("Last report"), "day"),
        Column("last_visit", mark("Last visit"), "day"),
    ),
    mapped="days_unseen",
)
SILENT = Figure(
    "silent",
    mark("Silent grids"),
    silent,
    "silent",
    "grids",
    unit=mark("grids"),
    scheme="lack",
    standing=True,
    short=mark("Silent"),
    course=silent_course,
    about=_about_silent,
    cases=silent_cases,
    columns=(
        Column("observed", mark("Reports")),
        Column("expected", mark("Expected"), "tenth"),
        Column("visited", mark("Visited"), "flag"),
    ),
)
VACANCIES = tuple(_vacancy(role) for role in STAFF_ROLES)
VACANT_CHIEFS = (
    _vacant_chief(Level.COUNTY, mark("No county chief")),
    _vacant_chief(Level.TOWNSHIP, mark("No township chief")),
    _vacant_chief(Level.VILLAGE, mark("No village chief")),
    _vacant_chief(Level.GRID, mark("No grid chief")),
)
GAPS = (WITHOUT_WORKER, SHARED_WORKER, *VACANCIES, CHIEF, UNSEEN, SILENT)
"""In the order they are listed."""
