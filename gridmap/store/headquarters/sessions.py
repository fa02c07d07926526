"""Working groups of the headquarters, and its joint-judgement sessions with their orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select

from gridmap.cases.records.record import Entry
from gridmap.cases.sessions import ORDER, SESSION, Session, SessionOrder
from gridmap.store.base.frames import frame
from gridmap.store.base.recordstore import Records
from gridmap.store.tables import (
    cases,
    group_departments,
    session_entries,
    session_matters,
    session_order_entries,
    session_orders,
    sessions,
    working_groups,
)

COUNTS = ["matters", "tasks", "undone"]
SHOWN = [
    "id",
    "title",
    "area",
    "state",
    "opened_at",
    "opened_by",
    "resumes_at",
    "closed_at",
    *COUNTS,
]


class SessionRecords(Records[Session]):
    """Sessions; their lists are looked up by matter as well."""

    def create_many(
        self, connection: Connection, journals: Sequence[Sequence[Entry]]
    ) -> list[int]:
        """As of every kind, with the lists."""
        numbers = super().create_many(connection, journals)
        for number in numbers:
            _list(connection, number, self.load(connection, number).matters)
        return numbers

    def append(self, connection: Connection, record: Session, entry: Entry) -> Session:
        """As of every kind, with the list."""
        after = super().append(connection, record, entry)
        if after.matters != record.matters:
            _list(connection, after.id, after.matters)
        return after


SESSIONS = SessionRecords(SESSION, sessions, session_entries)
ORDERS: Records[SessionOrder] = Records(ORDER, session_orders, session_order_entries)


def add_groups(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add working groups: name, name_en, duty, departments (names); in their order."""
    first = int(
        connection.scalar(select(func.coalesce(func.max(working_groups.c.position), 0)))
        or 0
    )
    for position, row in enumerate(rows, start=first + 1):
        values = {name: row[name] for name in ("name", "name_en", "duty")}
        (number,) = connection.execute(
            insert(working_groups).values(position=position, **values)
        ).inserted_primary_key or (0,)
        members = [{"group": number, "department": name} for name in row["departments"]]
        if members:
            connection.execute(insert(group_departments), members)


def read_groups(connection: Connection) -> pd.DataFrame:
    """The groups in their order: id, name, name_en, duty, departments (tuple of names)."""
    columns = [working_groups.c[name] for name in ("id", "name", "name_en", "duty")]
    table = frame(
        connection, select(*columns).order_by(working_groups.c.position), id="int64"
    )
    members: dict[int, list[str]] = {}
    for group, department in connection.execute(
        select(group_departments).order_by(*group_departments.c)
    ):
        members.setdefault(int(group), []).append(department)
    table["departments"] = pd.Series(
        [tuple(members.get(number, ())) for number in table["id"].tolist()], dtype=object
    )
    return table


def read_sessions(connection: Connection) -> pd.DataFrame:
    """All sessions, the latest first: `SHOWN`; how many matters are on the list, and how
    many orders were given and are not done.
    """
    undone = func.sum(case((session_orders.c.done_at == 0, 1), else_=0))
    query = select(
        session_orders.c.session, func.count().label("tasks"), undone.label("undone")
    )
    counts = frame(connection, query.group_by(session_orders.c.session))
    table = SESSIONS.read(connection).join(counts.set_index("session"), on="id")
    table["matters"] = table["matters"].map(len)
    table[COUNTS] = table[COUNTS].fillna(0).astype("int64")
    latest = table.sort_values("id", ascending=False)
    return latest[SHOWN].reset_index(drop=True)


def read_lists(connection: Connection) -> pd.DataFrame:
    """Which matter is on the list of which session, and where it lies: session, matter,
    grid; int64.
    """
    query = select(session_matters.c.session, session_matters.c.matter, cases.c.grid)
    return frame(
        connection, query.join(cases, cases.c.matter == session_matters.c.matter)
    ).astype("int64")


def case_numbers(connection: Connection, session: int) -> dict[int, str]:
    """The case numbers of the matters on the list of a session, by matter; "" for none."""
    query = (
        select(session_matters.c.matter, func.coalesce(cases.c.number, ""))
        .outerjoin(cases, cases.c.matter == session_matters.c.matter)
        .where(session_matters.c.session == session)
    )
    return {int(matter): number for matter, number in connection.execute(query)}


def read_orders(
    connection: Connection, *, session: int = 0, office: int = 0, undone: bool = False
) -> pd.DataFrame:
    """Orders of a session or to an office, the earliest due first: a column an attribute."""
    where: list[ColumnElement[bool]] = []
    if session:
        where.append(session_orders.c.session == session)
    if office:
        where.append(session_orders.c.office == office)
    if undone:
        where.append(session_orders.c.done_at == 0)
    table = ORDERS.read(connection, 0, *where)
    return table.sort_values(["due_at", "id"]).reset_index(drop=True)


def _list(connection: Connection, session: int, matters: Sequence[int]) -> None:
    """Note which matters are on the list of a session."""
    connection.execute(delete(session_matters).where(session_matters.c.session == session))
    rows = [{"session": session, "matter": matter} for matter in matters]
    if rows:
        connection.execute(insert(session_matters), rows)
