"""Rules of lagging as rows, and the counts of units that rules are tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    insert,
    or_,
    select,
    true,
    update,
)

from gridmap.codes import level_of, span
from gridmap.model import Level, Status
from gridmap.store.base.frames import frame
from gridmap.store.flow.boxes import overdue
from gridmap.store.tables import cases, lag_rules, whistles

RULE_COLUMNS = (
    "id",
    "position",
    "measure",
    "threshold",
    "least",
    "days",
    "kind",
    "interview",
    "active",
)
_WITH_UNIT = (Status.REPORTED, Status.ACCEPTED, Status.DISPATCHED, Status.HANDLING)


def read_rules(connection: Connection) -> pd.DataFrame:
    """The rules in their order: `RULE_COLUMNS`."""
    query = select(*(lag_rules.c[name] for name in RULE_COLUMNS)).order_by(
        lag_rules.c.position, lag_rules.c.id
    )
    table = frame(
        connection, query, id="int64", position="int64", least="int64", days="int64"
    )
    return table.astype({"interview": bool, "active": bool, "threshold": "float64"})


def replace_rules(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make `rows` the rules, in this order; one with a known id keeps it, the others get a
    new one.
    """
    known = set(connection.scalars(select(lag_rules.c.id)))
    kept = {int(row["id"]) for row in rows if row.get("id")} & known
    connection.execute(delete(lag_rules).where(lag_rules.c.id.not_in(kept)))
    for position, row in enumerate(rows, start=1):
        values = {
            name: row[name] for name in RULE_COLUMNS if name not in {"id", "position"}
        } | {"position": position}
        if int(row.get("id") or 0) in kept:
            connection.execute(
                update(lag_rules).where(lag_rules.c.id == int(row["id"])).values(values)
            )
        else:
            connection.execute(insert(lag_rules).values(values))


def held(connection: Connection, *, now: int, area: int) -> pd.DataFrame:
    """Open matters of `area` whose move it is of an office: office, matter, late (bool),
    days (since it was reported).
    """
    days = (now - cases.c.reported_at) / 86_400.0
    query = select(
        cases.c.office, cases.c.matter, overdue(now).label("late"), days.label("days")
    ).where(
        cases.c.status.in_([int(status) for status in _WITH_UNIT]),
        cases.c.office != 0,
        _inside(area),
    )
    table = frame(connection, query)
    return table.astype(
        {"office": "int64", "matter": "int64", "late": bool, "days": "float64"}
    )


def answers(connection: Connection, start: int, *, now: int, area: int) -> pd.DataFrame:
    """Whistles of matters of `area` whose limit ran out from `start` to `now`: office
    (whistled to), matter, late (bool).

    Those of matters that ended before the limit are left out.
    """
    blown = whistles.c
    in_time = and_(blown.heeded_at > 0, blown.heeded_at <= blown.due_at)
    over = and_(
        blown.due_at >= start,
        blown.due_at < now,
        or_(blown.lapsed_at == 0, blown.lapsed_at > blown.due_at),
    )
    query = (
        select(
            blown.to_office.label("office"),
            blown.matter,
            case((in_time, 0), else_=1).label("late"),
        )
        .join(cases, cases.c.matter == blown.matter)
        .where(over, _inside(area))
    )
    return frame(connection, query).astype(
        {"office": "int64", "matter": "int64", "late": bool}
    )


def _inside(area: int) -> ColumnElement[bool]:
    first, end = span(area)
    return (
        true()
        if level_of(area) is Level.CITY
        else and_(cases.c.grid >= first, cases.c.grid < end)
    )
