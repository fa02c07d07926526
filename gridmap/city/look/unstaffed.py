"""Gaps in staff: grids nobody is responsible for, workers with many grids, villages without
a role.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from gridmap.city.base.figure import Ask, Column, Columns, Figure, Numbers
from gridmap.city.look.flagged import (
    DAYS_UNSEEN,
    GRIDS,
    HOUSEHOLDS,
    by_households,
    count_flagged,
    list_flagged,
    seen_on,
)
from gridmap.insight import coverage
from gridmap.insight.areas import Areas
from gridmap.insight.staff import Staff
from gridmap.model import STAFF_ROLES, Level, Role
from gridmap.words import mark


def staff_today(ask: Ask) -> Staff:
    """Who is responsible today."""
    return ask.desk.staff(ask.data, ask.desk.today)


# grids nobody is responsible for


def without_worker(ask: Ask) -> Columns:
    """Grids nobody is responsible for."""
    return count_flagged(ask, coverage.without_worker(staff_today(ask)), "without")


def without_worker_cases(ask: Ask) -> pd.DataFrame:
    """Those grids, the one with most households on top: code, households, days_unseen."""
    rows = list_flagged(ask, coverage.without_worker(staff_today(ask)))
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
        return by_households(ask, villages, lacks)

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
VACANCIES = tuple(_vacancy(role) for role in STAFF_ROLES)
"""Villages without each of the roles."""
