"""Time limits and the city's own table of holidays, in the truth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from gridmap.model import OPEN_STATUSES
from gridmap.store.base.store import Store, put_meta, touch
from gridmap.store.tables import cases, categories, events, holidays, meta, step_limits

REVISION = "limits"
"""The number kept under this key changes with every change of limits or holidays."""

PENDING = "reclock"
"""Under this key stands, while open matters are being clocked anew, from which table of
days, up to which event.
"""


def revision(connection: Connection) -> str:
    """A text that changes with limits, holidays and the category tree."""
    rows = connection.execute(
        select(meta.c.key, meta.c.value).where(meta.c.key.in_((REVISION, "revision")))
    )
    found: dict[str, str] = dict(rows.all())
    return f"{found.get(REVISION, '0')}-{found.get('revision', '0')}"


def read_steps(connection: Connection) -> list[dict[str, Any]]:
    """The limits of steps: step, category, amount, unit; in the order of steps and categories."""
    return _rows(
        connection, select(step_limits).order_by(step_limits.c.step, step_limits.c.category)
    )


def replace_steps(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Make `rows` (step, category, amount, unit) the limits of steps, inside the caller's
    transaction.
    """
    connection.execute(delete(step_limits))
    if rows:
        connection.execute(insert(step_limits), rows)
    _changed(connection)


def read_categories(connection: Connection) -> list[dict[str, Any]]:
    """The limits of categories that have one: code, limit_amount, limit_unit."""
    query = select(categories.c.code, categories.c.limit_amount, categories.c.limit_unit)
    return _rows(
        connection,
        query.where(categories.c.limit_amount > 0, categories.c.limit_unit.is_not(None)),
    )


def read_holidays(connection: Connection) -> list[dict[str, Any]]:
    """The city's own days, in order: day, working, note."""
    return _rows(connection, select(holidays).order_by(holidays.c.day))


def replace_holidays(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Make `rows` (day, working, note) the city's own days, and note what open matters were
    clocked by before.
    """
    before = [[row["day"].isoformat(), row["working"]] for row in read_holidays(connection)]
    reached = connection.scalar(select(func.max(events.c.seq))) or 0
    put_meta(connection, PENDING, json.dumps({"days": before, "seq": int(reached)}))
    connection.execute(delete(holidays))
    if rows:
        connection.execute(insert(holidays), rows)
    _changed(connection)


def pending(connection: Connection) -> tuple[dict[date, bool], int] | None:
    """The table of days open matters are still clocked by, and the last event written under
    it; None: all is done.
    """
    told = connection.scalar(select(meta.c.value).where(meta.c.key == PENDING))
    if not told:
        return None
    content = json.loads(told)
    return {date.fromisoformat(day): works for day, works in content["days"]}, int(
        content["seq"]
    )


def settle(connection: Connection) -> None:
    """All open matters are clocked by the table in force."""
    put_meta(connection, PENDING, "")


def open_clocks(connection: Connection, *, after: int, limit: int) -> list[int]:
    """Open matters with a running limit, by number, from the one that follows `after`."""
    statuses = [int(status) for status in OPEN_STATUSES]
    running = (cases.c.due_at > 0) | (cases.c.step_due_at > 0)
    query = select(cases.c.matter).where(
        cases.c.matter > after, cases.c.status.in_(statuses), running
    )
    return list(connection.scalars(query.order_by(cases.c.matter).limit(limit)))


def clock_lines(
    connection: Connection, matters: Iterable[int]
) -> Iterator[tuple[int, int, str, int, Mapping[str, Any]]]:
    """The journal lines of `matters` that set a limit: matter, seq, move, at, data; oldest
    first.
    """
    query = select(events.c.matter, events.c.seq, events.c.kind, events.c.at, events.c.data)
    journal = query.where(
        events.c.matter.in_(list(matters)),
        events.c.step.is_not(None),
        events.c.data.like("%due_at%"),
    )
    for row in connection.execute(journal.order_by(events.c.matter, events.c.step)):
        yield row.matter, row.seq, row.kind, row.at, json.loads(row.data)


def open_dues(store: Store, *, after: int) -> list[int]:
    """The limits of open matters that run out after `after` (Unix seconds)."""
    statuses = [int(status) for status in OPEN_STATUSES]
    query = select(cases.c.due_at).where(
        cases.c.due_at > after, cases.c.status.in_(statuses)
    )
    with store.read() as connection:
        return list(connection.scalars(query))


def _changed(connection: Connection) -> None:
    current = connection.scalar(select(meta.c.value).where(meta.c.key == REVISION)) or "0"
    put_meta(connection, REVISION, str(int(current) + 1))
    touch(connection)


def _rows(connection: Connection, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(query).mappings()]
