"""Rules of lagging and interview warnings as rows, and the counts of units that rules are
tried on.
"""

from __future__ import annotations

import json
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
from gridmap.errors import NotFoundError
from gridmap.model import Level, Status
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.base.frames import frame
from gridmap.store.flow.boxes import overdue
from gridmap.store.tables import cases, interviews, lag_rules, offices, whistles

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


def add_interview(connection: Connection, **values: Any) -> int:
    """Ask a unit for an interview; its number. `reason` is a mapping."""
    row = {**values, "reason": json.dumps(dict(values["reason"]), ensure_ascii=False)}
    (number,) = connection.execute(insert(interviews).values(row)).inserted_primary_key or (
        0,
    )
    return int(number)


def load_interview(connection: Connection, interview: int) -> dict[str, Any]:
    """An interview warning, its columns by name. Raises NotFoundError."""
    query = select(interviews).where(interviews.c.id == interview)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if row is None:
        raise NotFoundError(f"There is no interview warning {interview}.")
    return {**row, "reason": json.loads(row["reason"])}


def change_interview(connection: Connection, interview: int, **values: Any) -> None:
    """Set columns of an interview warning."""
    connection.execute(
        update(interviews).where(interviews.c.id == interview).values(values)
    )


def read_interviews(
    connection: Connection, *, office: int = 0, open_only: bool = False
) -> pd.DataFrame:
    """Interview warnings, the latest first: the columns of the table, reason as a dict."""
    query = select(interviews).order_by(interviews.c.id.desc())
    if office:
        query = query.where(interviews.c.office == office)
    if open_only:
        query = query.where(interviews.c.closed_at == 0)
    table = frame(connection, query)
    numbers = [
        column.name
        for column in interviews.columns
        if column.name not in {"reason", "words", "answer", "verdict"}
    ]
    return table.assign(reason=[json.loads(text) for text in table["reason"]]).astype(
        dict.fromkeys(numbers, "int64")
    )


def open_offices(connection: Connection) -> set[int]:
    """Offices with an interview warning that is not closed."""
    return {
        int(one)
        for one in connection.scalars(
            select(interviews.c.office).where(interviews.c.closed_at == 0).distinct()
        )
    }


def hold_office(connection: Connection, office: int) -> None:
    """Let nobody else who holds the office ask it, until the transaction ends."""
    connection.execute(select(offices.c.id).where(offices.c.id == office).with_for_update())


def _inside(area: int) -> ColumnElement[bool]:
    first, end = span(area)
    return (
        true()
        if level_of(area) is Level.CITY
        else and_(cases.c.grid >= first, cases.c.grid < end)
    )
