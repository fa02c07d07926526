"""What changed lately, as a briefing counts it: alarms raised, whistles and supervision
open, categories reported.
"""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, Connection, and_, func, select

from gridmap.codes import span
from gridmap.model import OPEN_STATUSES
from gridmap.store.base.frames import frame
from gridmap.store.flow.alarms import OVERDUE, STEP_OVERDUE
from gridmap.store.tables import alarms, cases, categories, whistles


def newly_late(connection: Connection, since: int, *, area: int) -> int:
    """Open matters of `area` one of whose limits passed after `since`."""
    query = (
        select(func.count(alarms.c.matter.distinct()))
        .join(cases, cases.c.matter == alarms.c.matter)
        .where(
            alarms.c.kind.in_((OVERDUE, STEP_OVERDUE)),
            alarms.c.raised_at >= since,
            _open(area),
        )
    )
    return int(connection.scalar(query) or 0)


def whistles_open(connection: Connection, *, area: int) -> int:
    """Open matters of `area` whose whistle nobody has answered."""
    query = (
        select(func.count()).select_from(cases).where(cases.c.whistled_at != 0, _open(area))
    )
    return int(connection.scalar(query) or 0)


def whistles_blown(connection: Connection, start: int, end: int, *, area: int) -> int:
    """Whistles blown in [start, end) over matters of `area`."""
    query = (
        select(func.count())
        .select_from(whistles)
        .join(cases, cases.c.matter == whistles.c.matter)
    )
    return int(
        connection.scalar(
            query.where(whistles.c.at >= start, whistles.c.at < end, _inside(area))
        )
        or 0
    )


def supervised_open(connection: Connection, *, area: int) -> int:
    """Open matters of `area` under supervision."""
    query = (
        select(func.count()).select_from(cases).where(cases.c.supervised > 0, _open(area))
    )
    return int(connection.scalar(query) or 0)


def reported(
    connection: Connection, start: int, end: int, *, since: int, area: int
) -> pd.DataFrame:
    """Matters of `area` reported in [start, end): category (code), in_day: whether not
    before `since`.
    """
    query = (
        select(
            categories.c.code.label("category"),
            (cases.c.reported_at >= since).label("in_day"),
        )
        .join(categories, categories.c.id == cases.c.category)
        .where(cases.c.reported_at >= start, cases.c.reported_at < end, _inside(area))
    )
    return frame(connection, query).astype({"in_day": bool})


def _open(area: int) -> ColumnElement[bool]:
    return and_(
        cases.c.status.in_([int(status) for status in OPEN_STATUSES]), _inside(area)
    )


def _inside(area: int) -> ColumnElement[bool]:
    first, end = span(area)
    return and_(cases.c.grid >= first, cases.c.grid < end)
