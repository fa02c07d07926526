"""Cases in the truth: how each matter stands, changed only by adding a line to its journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry
from gridmap.cases.stays import Left, beginning, ending
from gridmap.errors import NotFoundError, StaleError
from gridmap.model import Status
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.flow import casenumbers
from gridmap.store.flow.caserows import (
    case_of,
    event_row_of,
    matter_row_of,
    row_of,
    stay_row_of,
    step_of,
)
from gridmap.store.look.matters import visible
from gridmap.store.tables import cases, categories, events, matters, stays, whistles

# reading


def load(connection: Connection, matter: int, *, for_update: bool = True) -> Case:
    """How the matter stands; with `for_update` nobody else may change it before a
    transaction that writes ends.

    An imported matter without a journal stands as its row says, at version 1. Raises NotFoundError.
    """
    query = select(cases).where(cases.c.matter == matter)
    _check(matter)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if for_update and writes else query)
        .mappings()
        .first()
    )
    if row is not None:
        return case_of(row)
    return engine.replay(MATTER, matter, [imported(connection, matter)])


def hold_all(connection: Connection) -> None:
    """Let nobody else change how any matter stands before the transaction ends; on SQLite
    who writes is alone anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE cases IN EXCLUSIVE MODE"))


@dataclass(frozen=True, slots=True)
class Named:
    """What a matter is called: case number and receipt, "" both for an imported one nobody
    has moved.
    """

    number: str = ""
    receipt: str = ""


def named(connection: Connection, matter: int) -> Named:
    """What the matter is called."""
    row = connection.execute(
        select(cases.c.number, cases.c.receipt).where(cases.c.matter == matter)
    ).first()
    return Named(row.number, row.receipt) if row else Named()


def steps(connection: Connection, matter: int) -> list[Entry]:
    """The journal, oldest first; that of an imported matter nobody has moved yet is one
    line. Raises NotFoundError.
    """
    _check(matter)
    found = _lines(connection, matter)
    return found or [imported(connection, matter)]


def changed_since(connection: Connection, matter: int, version: int) -> list[Entry]:
    """What people did to the matter after `version`, oldest first."""
    return [
        step
        for step in _lines(connection, matter, after=version)
        if step.act not in MATTER.marks
    ]


def check_version(connection: Connection, case: Case, version: int) -> None:
    """Raise StaleError when somebody changed the matter after `version`, which the reader saw."""
    if case.version == version:
        return
    since = changed_since(connection, case.matter, version)
    if since or version > case.version:
        raise _stale(since)


def _check(matter: int) -> None:
    """Raise NotFoundError for a number no matter can have."""
    if not 0 < matter < 2**63:
        raise NotFoundError(f"There is no matter {matter}.")


def _lines(connection: Connection, matter: int, *, after: int = 0) -> list[Entry]:
    columns = [events.c[name] for name in ("step", "kind", "at", "actor", "data")]
    query = (
        select(*columns)
        .where(events.c.matter == matter, events.c.step > after)
        .order_by(events.c.step)
    )
    return [step_of(row) for row in connection.execute(query)]


def imported(connection: Connection, matter: int) -> Entry:
    """The first line of a journal that has none: what the import told."""
    query = select(matters, categories.c.code).join(
        categories, categories.c.id == matters.c.category
    )
    row = (
        connection.execute(query.where(matters.c.id == matter, visible()))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFoundError(f"There is no matter {matter}.")
    status = Status(row["status"])
    data = {
        "grid": int(row["grid"]),
        "category": row["code"],
        "status": int(status),
        "imported": True,
    }
    known = {name: row[name] for name in ("accepted_at", "due_at", "closed_at")}
    if status is Status.PARKED:
        known["parked_at"] = row["accepted_at"] or row["reported_at"]
    if status is Status.HANDLING:
        known["step_due_at"] = row["due_at"]
    data |= {name: int(value) for name, value in known.items() if value}
    return Entry(1, Act.REPORT, int(row["reported_at"]), 0, data)


def may_be_parent(connection: Connection, parent: int, *, of: int) -> bool:
    """Whether matter `of` may be linked to `parent`: another one, seen, not linked itself,
    while nothing hangs on `of`.
    """
    if parent == of:
        return False
    there = connection.execute(
        select(matters.c.id, cases.c.parent)
        .outerjoin(cases, cases.c.matter == matters.c.id)
        .where(matters.c.id == parent, visible())
    ).first()
    hangs = connection.scalar(select(cases.c.matter).where(cases.c.parent == of).limit(1))
    return there is not None and not there.parent and hangs is None


# writing


def append(connection: Connection, case: Case, step: Entry) -> Case:
    """Write `step`, decided on `case`, and return the case after it; the caller's
    transaction makes it hold.

    Journal, case, matter and whistle change together. Raises StaleError, with what changed,
    when somebody else moved the matter since `case` was loaded.
    """
    after = engine.apply(MATTER, case, step)
    changes = row_of(after)
    matter = changes.pop("matter")
    fits = (cases.c.matter == matter) & (cases.c.version == case.version)
    if not connection.execute(
        update(cases).where(fits).values(changes)
    ).rowcount and not _adopted(connection, case, changes):
        raise _stale(changed_since(connection, matter, case.version))
    try:
        connection.execute(insert(events).values(event_row_of(matter, step)))
    except IntegrityError as error:
        raise _stale() from error
    told = matter_row_of(after)
    if told != matter_row_of(case):
        connection.execute(update(matters).where(matters.c.id == matter).values(told))
    _stay(connection, case, after, step)
    if after.whistle is not None and after.whistle != case.whistle:
        _project(connection, after)
    return after


def _stay(connection: Connection, before: Case, after: Case, step: Entry) -> None:
    """Bring the rows of where the matter lies up to the case."""
    left = ending(before, after)
    if left is not Left.STILL:
        still = (stays.c.matter == after.matter) & (stays.c.until == 0)
        connection.execute(
            update(stays)
            .where(still)
            .values(until=step.at, last=step.number, left=int(left))
        )
    begun = beginning(before, after, step)
    if begun is not None:
        connection.execute(insert(stays).values(stay_row_of(begun)))


def _adopted(connection: Connection, case: Case, changes: dict[str, Any]) -> bool:
    """Whether `case` was an imported matter without a journal, which now has its first line
    and its row.
    """
    query = select(cases.c.matter).where(cases.c.matter == case.matter)
    if case.version != 1 or connection.scalar(query) is not None:
        return False
    first = imported(connection, case.matter)
    row = connection.execute(
        select(matters.c.category, matters.c.id).where(matters.c.id == case.matter)
    ).one()
    number = casenumbers.next_number(connection, case.grid, case.category, case.reported_at)
    named = {
        "number": number,
        "receipt": casenumbers.new_receipt(),
        "category": row.category,
    }
    try:
        connection.execute(
            insert(cases).values({"matter": case.matter, **changes, **named})
        )
    except IntegrityError as error:  # on PostgreSQL two may get here at once
        raise _stale() from error
    connection.execute(insert(events).values(event_row_of(case.matter, first)))
    begun = beginning(None, engine.replay(MATTER, case.matter, [first]), first)
    if begun is not None:
        connection.execute(insert(stays).values(stay_row_of(begun)))
    return True


def _project(connection: Connection, case: Case) -> None:
    """Bring the row of the latest whistle up to the case."""
    blown = case.whistle
    assert blown is not None  # noqa: S101  (asked by the caller)
    row = {name: value for name, value in asdict(blown).items() if name != "step"}
    fits = (whistles.c.matter == case.matter) & (whistles.c.whistle == blown.step)
    if not connection.execute(update(whistles).where(fits).values(row)).rowcount:
        connection.execute(
            insert(whistles).values(matter=case.matter, whistle=blown.step, **row)
        )


def _stale(since: Sequence[Entry] = ()) -> StaleError:
    told = ", ".join(str(step.act) for step in since)
    return StaleError(
        f"Somebody else changed this matter meanwhile{f': {told}' if told else ''}. Look again.",
        since,
    )
