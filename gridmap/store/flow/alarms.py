"""What the clock has raised, once for each limit that came near or ran out; and contacts
whose time is over.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, select, update

from gridmap.model import OPEN_STATUSES, Status
from gridmap.store.base.upsert import insert_of
from gridmap.store.tables import RUNNING, alarms, cases, categories

NEAR_DUE, OVERDUE, STEP_OVERDUE = "near_due", "overdue", "step_overdue"


@dataclass(frozen=True, slots=True)
class Running:
    """A limit that runs: `due_at` of a matter, begun at `start`; `category` is the code."""

    matter: int
    due_at: int
    start: int
    category: str


def run_out(connection: Connection, kind: str, *, now: int, limit: int) -> list[Running]:
    """Limits of open matters that ran out by `now` and were not raised as `kind` (overdue
    or step_overdue) yet.

    A step's limit that is the matter's own (in hand) is raised as overdue alone. Oldest
    first, at most `limit`.
    """
    due = cases.c.due_at if kind == OVERDUE else cases.c.step_due_at
    condition = and_(due > 0, due <= now)
    if kind == STEP_OVERDUE:
        condition = and_(condition, due != cases.c.due_at)
    return _running(connection, _not_raised(kind, due, condition).limit(limit))


def coming(connection: Connection, *, now: int, until: int) -> list[Running]:
    """Limits of open matters that run out after `now` and not after `until`, not raised as
    near due yet.
    """
    due = cases.c.due_at
    return _running(connection, _not_raised(NEAR_DUE, due, and_(due > now, due <= until)))


def note(
    connection: Connection, matter: int, kind: str, due_at: int, *, now: int, office: int
) -> bool:
    """Note that an alarm is raised, in the transaction that raises it; False: it has been
    raised before.

    The primary key decides: of two processes that raise the same alarm at once, one hears False.
    """
    row = {
        "matter": matter,
        "kind": kind,
        "due_at": due_at,
        "raised_at": now,
        "office": office,
    }
    insertion = (
        insert_of(connection.dialect.name, alarms).values(row).on_conflict_do_nothing()
    )
    return connection.scalar(insertion.returning(alarms.c.matter)) is not None


def numbers(connection: Connection, matters: Iterable[int]) -> dict[int, str]:
    """The case numbers of `matters`."""
    query = select(cases.c.matter, cases.c.number).where(cases.c.matter.in_(list(matters)))
    found: dict[int, str] = dict(connection.execute(query).all())
    return found


def expired_contacts(connection: Connection, *, before: int, limit: int) -> list[int]:
    """Matters that ended before `before` and still hold the contact of who reported them."""
    over = cases.c.status.not_in([int(status) for status in OPEN_STATUSES])
    query = select(cases.c.matter).where(
        cases.c.contact.is_not(None), over, cases.c.since < before
    )
    return list(connection.scalars(query.limit(limit)))


def forget_contacts(connection: Connection, matters: Iterable[int]) -> int:
    """Delete the contacts of `matters` that are still ended; how many."""
    over = cases.c.status.in_([int(status) for status in Status if not status.is_open])
    gone = update(cases).where(
        cases.c.matter.in_(list(matters)), over, cases.c.contact.is_not(None)
    )
    return connection.execute(gone.values(contact=None)).rowcount


def _not_raised(kind: str, due: Any, condition: ColumnElement[bool]) -> Select[Any]:
    raised = exists().where(
        alarms.c.matter == cases.c.matter, alarms.c.kind == kind, alarms.c.due_at == due
    )
    return (
        select(
            cases.c.matter,
            due.label("due"),
            cases.c.accepted_at,
            cases.c.reported_at,
            categories.c.code,
        )
        .join(categories, categories.c.id == cases.c.category)
        .where(RUNNING, condition, ~raised)
        .order_by(due, cases.c.matter)
    )


def _running(connection: Connection, query: Select[Any]) -> list[Running]:
    return [
        Running(row.matter, row.due, row.accepted_at or row.reported_at, row.code)
        for row in connection.execute(query)
    ]
