"""Working groups and joint-judgement sessions of the headquarters: heads, matters picked,
tasks given, the record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select, update

from gridmap.errors import NotFoundError
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.base.frames import frame
from gridmap.store.tables import (
    cases,
    group_departments,
    session_lines,
    session_matters,
    session_tasks,
    sessions,
    working_groups,
)

OPEN, ADJOURNED, CLOSED = "open", "adjourned", "closed"
TASK_COLUMNS = (
    "id",
    "session",
    "matter",
    "group",
    "office",
    "task",
    "due_at",
    "answer",
    "answered_at",
    "answered_by",
    "done_at",
    "done_by",
)


@dataclass(frozen=True, slots=True)
class Session:
    """The head of a session; instants in Unix seconds, 0: not."""

    id: int
    title: str
    area: int
    state: str
    opened_at: int
    opened_by: int
    roles: tuple[str, ...]
    resumes_at: int
    decision: str
    closed_at: int
    closed_by: int


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


def open_session(
    connection: Connection, *, title: str, area: int, roles: Sequence[str], at: int, by: int
) -> int:
    """Begin a session; its number."""
    values = {
        "title": title,
        "area": area,
        "state": OPEN,
        "opened_at": at,
        "opened_by": by,
        "roles": json.dumps(list(roles), ensure_ascii=False),
    }
    (number,) = connection.execute(
        insert(sessions).values(values)
    ).inserted_primary_key or (0,)
    add_line(
        connection,
        int(number),
        "opened",
        at=at,
        by=by,
        data={"title": title, "roles": list(roles)},
    )
    return int(number)


def load(connection: Connection, session: int) -> Session:
    """A session; in a transaction that writes, nobody else may change it before its end.
    Raises NotFoundError.
    """
    query = select(sessions).where(sessions.c.id == session)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if row is None:
        raise NotFoundError(f"There is no session {session}.")
    return Session(**{**row, "roles": tuple(json.loads(row["roles"]))})


def change(connection: Connection, session: int, **values: Any) -> None:
    """Set columns of a session."""
    connection.execute(update(sessions).where(sessions.c.id == session).values(values))


def add_line(
    connection: Connection,
    session: int,
    kind: str,
    *,
    at: int,
    by: int,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Write a line of the record, which is only ever added to."""
    text = json.dumps(dict(data or {}), ensure_ascii=False)
    connection.execute(
        insert(session_lines).values(session=session, at=at, by=by, kind=kind, data=text)
    )


def lines(connection: Connection, session: int) -> pd.DataFrame:
    """The record, oldest first: at, by, kind, data (dict)."""
    columns = [session_lines.c[name] for name in ("at", "by", "kind", "data")]
    query = (
        select(*columns)
        .where(session_lines.c.session == session)
        .order_by(session_lines.c.at, session_lines.c.id)
    )
    table = frame(connection, query, at="int64", by="int64")
    return table.assign(data=[json.loads(text) for text in table["data"]])


def read_sessions(connection: Connection) -> pd.DataFrame:
    """All sessions, the latest first: id, title, area, state, opened_at, opened_by,
    resumes_at, closed_at, matters, tasks, undone.
    """
    picked = (
        select(func.count())
        .where(session_matters.c.session == sessions.c.id)
        .scalar_subquery()
    )
    given = select(func.count()).where(session_tasks.c.session == sessions.c.id)
    columns = [
        sessions.c[name]
        for name in (
            "id",
            "title",
            "area",
            "state",
            "opened_at",
            "opened_by",
            "resumes_at",
            "closed_at",
        )
    ]
    undone = given.where(session_tasks.c.done_at == 0).scalar_subquery()
    query = select(
        *columns,
        picked.label("matters"),
        given.scalar_subquery().label("tasks"),
        undone.label("undone"),
    )
    whole = dict.fromkeys(
        (
            "id",
            "area",
            "opened_at",
            "opened_by",
            "resumes_at",
            "closed_at",
            "matters",
            "tasks",
            "undone",
        ),
        "int64",
    )
    return frame(connection, query.order_by(sessions.c.id.desc()), **whole)


def pick(connection: Connection, session: int, matters: Sequence[int]) -> list[int]:
    """Put `matters` on the list of a session; those that were not there yet."""
    known = set(
        connection.scalars(
            select(session_matters.c.matter).where(session_matters.c.session == session)
        )
    )
    new = [matter for matter in dict.fromkeys(matters) if matter not in known]
    if new:
        last = select(func.max(session_matters.c.position)).where(
            session_matters.c.session == session
        )
        start = int(connection.scalar(last) or 0) + 1
        rows = [
            {"session": session, "matter": matter, "position": n}
            for n, matter in enumerate(new, start=start)
        ]
        connection.execute(insert(session_matters), rows)
    return new


def drop(connection: Connection, session: int, matter: int) -> bool:
    """Take a matter off the list; whether it was there."""
    this = (session_matters.c.session == session) & (session_matters.c.matter == matter)
    return bool(connection.execute(delete(session_matters).where(this)).rowcount)


def judge(connection: Connection, session: int, matter: int, words: str) -> bool:
    """Note the judgement on a matter of the list; whether it is on it."""
    this = (session_matters.c.session == session) & (session_matters.c.matter == matter)
    return bool(
        connection.execute(
            update(session_matters).where(this).values(judgement=words)
        ).rowcount
    )


def read_matters(connection: Connection, session: int) -> pd.DataFrame:
    """The list of a session in its order: matter, judgement, number (case number, "" for none)."""
    query = (
        select(
            session_matters.c.matter,
            session_matters.c.judgement,
            func.coalesce(cases.c.number, "").label("number"),
        )
        .outerjoin(cases, cases.c.matter == session_matters.c.matter)
        .where(session_matters.c.session == session)
        .order_by(session_matters.c.position)
    )
    return frame(connection, query, matter="int64")


def read_lists(connection: Connection) -> pd.DataFrame:
    """Which matter is on the list of which session, and where it lies: session, matter,
    grid; int64.
    """
    query = select(session_matters.c.session, session_matters.c.matter, cases.c.grid)
    return frame(
        connection, query.join(cases, cases.c.matter == session_matters.c.matter)
    ).astype("int64")


def add_task(
    connection: Connection,
    *,
    session: int,
    matter: int,
    group: int,
    office: int,
    task: str,
    due_at: int,
) -> int:
    """Give a task; its number. `group` 0: none."""
    values = {
        "session": session,
        "matter": matter,
        "group": group or None,
        "office": office,
        "task": task,
        "due_at": due_at,
    }
    (number,) = connection.execute(
        insert(session_tasks).values(values)
    ).inserted_primary_key or (0,)
    return int(number)


def load_task(connection: Connection, task: int) -> Mapping[str, Any]:
    """A task, its columns by name. Raises NotFoundError."""
    query = select(session_tasks).where(session_tasks.c.id == task)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if row is None:
        raise NotFoundError(f"There is no task {task}.")
    return dict(row)


def change_task(connection: Connection, task: int, **values: Any) -> None:
    """Set columns of a task."""
    connection.execute(
        update(session_tasks).where(session_tasks.c.id == task).values(values)
    )


def read_tasks(
    connection: Connection, *, session: int = 0, office: int = 0, undone: bool = False
) -> pd.DataFrame:
    """Tasks of a session or of an office, the earliest due first: `TASK_COLUMNS`, group 0: none."""
    query = select(*(session_tasks.c[name] for name in TASK_COLUMNS)).order_by(
        session_tasks.c.due_at, session_tasks.c.id
    )
    if session:
        query = query.where(session_tasks.c.session == session)
    if office:
        query = query.where(session_tasks.c.office == office)
    if undone:
        query = query.where(session_tasks.c.done_at == 0)
    table = frame(connection, query)
    return table.assign(group=table["group"].fillna(0)).astype(
        {name: "int64" for name in TASK_COLUMNS if name not in {"task", "answer"}}
    )
