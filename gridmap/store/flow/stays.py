"""Where matters lay and when: the rows of `stays` that touch a span of time, and those of
single matters.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select, true

from gridmap.cases.stays import Left
from gridmap.codes import level_of, span
from gridmap.model import OPEN_STATUSES, Level, Status
from gridmap.store.base.frames import frame
from gridmap.store.flow.boxes import overdue
from gridmap.store.look.matters import visible
from gridmap.store.tables import TAKEN_IN, cases, matters, stays, whistles


def touching(connection: Connection, start: int, end: int, *, area: int) -> pd.DataFrame:
    """Stays of matters in `area` that touch [start, end), by matter and step; all int64.

    Columns: matter, office, since, until (0: still there), left
    (`gridmap.cases.stays.Left`), reported_at.
    """
    columns = (
        stays.c.matter,
        stays.c.office,
        stays.c.since,
        stays.c.until,
        stays.c.left,
        cases.c.reported_at,
    )
    query = select(*columns).join(cases, cases.c.matter == stays.c.matter)
    touches = and_(stays.c.since < end, or_(stays.c.until == 0, stays.c.until >= start))
    table = frame(
        connection,
        query.where(touches, _inside(area)).order_by(stays.c.matter, stays.c.step),
    )
    return table.astype("int64")


def late_by_holder(connection: Connection, *, now: int, area: int) -> pd.DataFrame:
    """Open matters past a limit, a row an office and whether they wait for verification.

    Columns: office, verify (bool), late, oldest_due (the limit that passed first, Unix seconds).
    """
    verify = cases.c.status == Status.ANSWERED
    passed = func.min(_passed(now))
    query = (
        select(
            cases.c.office,
            verify.label("verify"),
            func.count().label("late"),
            passed.label("oldest_due"),
        )
        .where(
            cases.c.status.in_([int(one) for one in OPEN_STATUSES]),
            overdue(now),
            _inside(area),
        )
        .group_by(cases.c.office, verify)
    )
    return frame(connection, query).astype(
        {"office": "int64", "verify": bool, "late": "int64", "oldest_due": "int64"}
    )


def late_grids(connection: Connection, *, now: int, area: int) -> pd.Series:
    """The grid of every open matter of `area` past a limit, int64."""
    late = and_(
        cases.c.status.in_([int(one) for one in OPEN_STATUSES]), overdue(now), _inside(area)
    )
    return frame(connection, select(cases.c.grid).where(late)).astype("int64")["grid"]


def rungs(
    connection: Connection,
    start: int,
    end: int,
    *,
    area: int,
    categories: Sequence[int] = (),
) -> pd.DataFrame:
    """Whistles blown in [start, end) over matters in `area`, with when the matter had come
    to the desk that blew.

    Columns: matter, grid, category (number), from_office, to_office, came_at, at, due_at,
    heeded_at, lapsed_at, apt (1, 0, −1 not judged), rating (0: none); int64.
    """
    came = and_(stays.c.matter == whistles.c.matter, stays.c.last == whistles.c.whistle)
    names = ("from_office", "to_office", "at", "due_at", "heeded_at", "lapsed_at", "rating")
    query = (
        select(
            whistles.c.matter,
            cases.c.grid,
            cases.c.category,
            *(whistles.c[name] for name in names),
            func.coalesce(stays.c.since, cases.c.reported_at).label("came_at"),
            whistles.c.apt,
        )
        .join(cases, cases.c.matter == whistles.c.matter)
        .outerjoin(stays, came)
        .where(
            whistles.c.at >= start, whistles.c.at < end, _inside(area), _of_kind(categories)
        )
        .order_by(whistles.c.matter, whistles.c.whistle)
    )
    table = frame(connection, query)
    judged = [-1 if pd.isna(apt) else int(apt) for apt in table["apt"]]
    return table.assign(apt=judged).astype("int64")


def solved(
    connection: Connection,
    start: int,
    end: int,
    *,
    area: int,
    categories: Sequence[int] = (),
) -> pd.DataFrame:
    """Matters closed in [start, end): matter, grid, category (number), office that had it
    last, whistles; int64.
    """
    columns = [
        cases.c[name] for name in ("matter", "grid", "category", "office", "whistles")
    ]
    closed = and_(
        cases.c.status == Status.CLOSED, cases.c.closed_at >= start, cases.c.closed_at < end
    )
    query = select(*columns).where(closed, _inside(area), _of_kind(categories))
    return frame(connection, query).astype("int64")


def handed(
    connection: Connection,
    start: int,
    end: int,
    *,
    area: int,
    categories: Sequence[int] = (),
) -> pd.DataFrame:
    """All stays of matters that were passed on in [start, end), by matter and step; int64.

    Columns: matter, step, office, since, due_at (0: no clock ran), until (0: still there).
    """
    moved = (
        select(stays.c.matter)
        .where(
            stays.c.left == int(Left.PASSED_ON), stays.c.until >= start, stays.c.until < end
        )
        .distinct()
    )
    columns = [
        stays.c[name] for name in ("matter", "step", "office", "since", "due_at", "until")
    ]
    query = select(*columns).join(cases, cases.c.matter == stays.c.matter)
    query = query.where(stays.c.matter.in_(moved), _inside(area), _of_kind(categories))
    return frame(connection, query.order_by(stays.c.matter, stays.c.step)).astype("int64")


def taken_in(connection: Connection, start: int, end: int, *, area: int) -> pd.DataFrame:
    """Matters that windows of centres in `area` accepted in [start, end), by grid.

    Columns: matter, grid, accepted_at, handled_at, closed_at, passed_at (when its first
    desk passed it on), units (offices it has lain with, the queue not counted; 0 without a
    journal); int64, instants 0 when not.
    """
    first = and_(stays.c.matter == matters.c.id, stays.c.step == 1)
    every = stays.alias()
    lain = (
        select(func.count(every.c.office.distinct()))
        .where(every.c.matter == matters.c.id, every.c.office != 0)
        .scalar_subquery()
    )
    passed = case((stays.c.left == int(Left.PASSED_ON), stays.c.until), else_=0)
    query = (
        select(
            matters.c.id.label("matter"),
            matters.c.grid,
            matters.c.accepted_at,
            func.coalesce(matters.c.closed_at, 0).label("closed_at"),
            func.coalesce(cases.c.handled_at, 0).label("handled_at"),
            passed.label("passed_at"),
            lain.label("units"),
        )
        .outerjoin(cases, cases.c.matter == matters.c.id)
        .outerjoin(stays, first)
        .where(_centres(), matters.c.accepted_at >= start, matters.c.accepted_at < end)
        .where(_within(matters.c.grid, area))
        .order_by(matters.c.grid, matters.c.id)
    )
    return frame(connection, query).astype("int64")


def _centres() -> ColumnElement[bool]:
    """The condition of the partial index, in its own words; imports not finished yet are
    left out.
    """
    return and_(TAKEN_IN, visible())


def _passed(now: int) -> ColumnElement[int]:
    """The limit of a matter that has passed, the earlier where both have."""
    step, whole = cases.c.step_due_at, cases.c.due_at
    step_late, whole_late = and_(step != 0, step < now), and_(whole != 0, whole < now)
    return case(
        (and_(step_late, whole_late, whole < step), whole), (step_late, step), else_=whole
    )


def _inside(area: int) -> ColumnElement[bool]:
    return _within(cases.c.grid, area)


def _within(grid: ColumnElement[int], area: int) -> ColumnElement[bool]:
    first, end = span(area)
    return true() if level_of(area) is Level.CITY else and_(grid >= first, grid < end)


def _of_kind(categories: Sequence[int]) -> ColumnElement[bool]:
    return cases.c.category.in_(list(categories)) if len(categories) else true()
