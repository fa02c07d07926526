"""Cases in the truth: how each matter stands, changed only by adding a line to its journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row, RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridmap.cases.case import Case, Step, Whistle, apply, replay
from gridmap.cases.moves import Move
from gridmap.cases.stays import Left, Stay, beginning, ending
from gridmap.errors import NotFoundError, StaleError
from gridmap.model import Status
from gridmap.store import casenumbers
from gridmap.store.engine import READ_ONLY
from gridmap.store.matters import visible
from gridmap.store.tables import cases, categories, events, matters, stays, whistles
from gridmap.store.upsert import insert_of

COLUMNS = (
    "grid", "version", "office", "person", "reporter", "since", "step_due_at", "due_at", "reported_at", "accepted_at",
    "dispatch_due_at", "dispatched_at", "handled_at", "answered_at", "closed_at", "parked_at", "whistles", "reworks",
    "supervised", "reopened", "extension_by", "rating", "parent",
)  # fmt: skip
"""Fields of a case that have a column of their own, beside matter, status and category."""

STATE = (
    "category", "department", "dispatched_from", "handled_by", "extension_until", "extension_for", "due_left",
    "left_unit", "step_left", "step_unit", "last_at",
)  # fmt: skip
"""Fields that stand in the column `state`, beside parked_from and whistle; left out where they say nothing."""

MARKS = frozenset({Move.NEAR_DUE, Move.OVERDUE, Move.RELOCATE})
"""Lines of the city's clock that change nothing a person has seen: nobody's order is stale because of them."""


# rows


def row_of(case: Case, **more: Any) -> dict[str, Any]:
    """The row of `cases` that keeps `case`.

    `more`: number, receipt and category (its number) for a new row; digest, address, contact where there are any.
    Without `more` the result holds the columns that a move may change.
    """
    state: dict[str, Any] = {name: value for name in STATE if (value := getattr(case, name))}
    if case.parked_from is not None:
        state["parked_from"] = int(case.parked_from)
    if case.whistle is not None:
        state["whistle"] = asdict(case.whistle)
    row = {name: getattr(case, name) for name in COLUMNS}
    row.update(
        matter=case.matter,
        status=int(case.status),
        whistled_at=case.whistle.at if case.whistle is not None and case.whistle_open else 0,
        state=json.dumps(state, ensure_ascii=False, separators=(",", ":")),
    )
    return row | more


def case_of(row: Mapping[str, Any] | RowMapping) -> Case:
    """The case a row of `cases` keeps."""
    state: dict[str, Any] = json.loads(row["state"])
    columns: dict[str, Any] = {name: int(row[name]) for name in COLUMNS}
    blown = state.pop("whistle", None)
    parked = state.pop("parked_from", None)
    state["handled_by"] = tuple(state.get("handled_by", ()))
    return Case(
        matter=int(row["matter"]),
        status=Status(row["status"]),
        whistle=Whistle(**blown) if blown else None,
        parked_from=None if parked is None else Status(parked),
        **columns,
        **state,
    )


def matter_row_of(case: Case) -> dict[str, Any]:
    """The columns of `matters` that follow the case; a matter not accepted has no limit to be held to."""
    held = case.accepted_at and case.status not in {Status.REJECTED, Status.VOIDED}
    return {
        "status": int(case.status),
        "accepted_at": case.accepted_at or None,
        "due_at": (case.due_at or None) if held else None,
        "closed_at": case.closed_at or None,
    }


def event_row_of(matter: int, step: Step) -> dict[str, Any]:
    """The row of `events` that keeps a line of the journal."""
    data = json.dumps(dict(step.data), ensure_ascii=False, separators=(",", ":"))
    return {
        "matter": matter, "kind": str(step.move), "at": step.at, "actor": str(step.actor), "data": data,
        "step": step.number,
    }  # fmt: skip


def step_of(row: Row[Any]) -> Step:
    """The line of the journal a row of `events` keeps."""
    return Step(int(row.step), Move(row.kind), int(row.at), int(row.actor or 0), json.loads(row.data or "{}"))


# reading


def load(connection: Connection, matter: int, *, for_update: bool = True) -> Case:
    """How the matter stands; with `for_update` nobody else may change it before a transaction that writes ends.

    An imported matter without a journal stands as its row says, at version 1. Raises NotFoundError.
    """
    query = select(cases).where(cases.c.matter == matter)
    _check(matter)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = connection.execute(query.with_for_update() if for_update and writes else query).mappings().first()
    if row is not None:
        return case_of(row)
    return replay(matter, [_imported(connection, matter)])


@dataclass(frozen=True, slots=True)
class Named:
    """What a matter is called: case number and receipt, "" both for an imported one nobody has moved."""

    number: str = ""
    receipt: str = ""


def named(connection: Connection, matter: int) -> Named:
    """What the matter is called."""
    row = connection.execute(select(cases.c.number, cases.c.receipt).where(cases.c.matter == matter)).first()
    return Named(row.number, row.receipt) if row else Named()


def steps(connection: Connection, matter: int) -> list[Step]:
    """The journal, oldest first; that of an imported matter nobody has moved yet is one line. Raises NotFoundError."""
    _check(matter)
    found = _lines(connection, matter)
    return found or [_imported(connection, matter)]


def changed_since(connection: Connection, matter: int, version: int) -> list[Step]:
    """What people did to the matter after `version`, oldest first."""
    return [step for step in _lines(connection, matter, after=version) if step.move not in MARKS]


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


def _lines(connection: Connection, matter: int, *, after: int = 0) -> list[Step]:
    columns = [events.c[name] for name in ("step", "kind", "at", "actor", "data")]
    query = select(*columns).where(events.c.matter == matter, events.c.step > after).order_by(events.c.step)
    return [step_of(row) for row in connection.execute(query)]


def _imported(connection: Connection, matter: int) -> Step:
    """The first line of a journal that has none: what the import told."""
    query = select(matters, categories.c.code).join(categories, categories.c.id == matters.c.category)
    row = connection.execute(query.where(matters.c.id == matter, visible())).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no matter {matter}.")
    status = Status(row["status"])
    data = {"grid": int(row["grid"]), "category": row["code"], "status": int(status), "imported": True}
    known = {name: row[name] for name in ("accepted_at", "due_at", "closed_at")}
    if status is Status.PARKED:
        known["parked_at"] = row["accepted_at"] or row["reported_at"]
    if status is Status.HANDLING:
        known["step_due_at"] = row["due_at"]
    data |= {name: int(value) for name, value in known.items() if value}
    return Step(1, Move.REPORT, int(row["reported_at"]), 0, data)


def may_be_parent(connection: Connection, parent: int, *, of: int) -> bool:
    """Whether matter `of` may be linked to `parent`: another one, seen, not linked itself, while nothing hangs on `of`."""
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


def append(connection: Connection, case: Case, step: Step) -> Case:
    """Write `step`, decided on `case`, and return the case after it; the caller's transaction makes it hold.

    Journal, case, matter and whistle change together. Raises StaleError, with what changed, when somebody else moved
    the matter since `case` was loaded.
    """
    after = apply(case, step)
    changes = row_of(after)
    matter = changes.pop("matter")
    fits = (cases.c.matter == matter) & (cases.c.version == case.version)
    if not connection.execute(update(cases).where(fits).values(changes)).rowcount and not _adopted(
        connection, case, changes
    ):
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


def _stay(connection: Connection, before: Case, after: Case, step: Step) -> None:
    """Bring the rows of where the matter lies up to the case."""
    left = ending(before, after)
    if left is not Left.STILL:
        still = (stays.c.matter == after.matter) & (stays.c.until == 0)
        connection.execute(update(stays).where(still).values(until=step.at, last=step.number, left=int(left)))
    begun = beginning(before, after, step)
    if begun is not None:
        connection.execute(insert(stays).values(stay_row_of(begun)))


def stay_row_of(stay: Stay) -> dict[str, int]:
    """The row of `stays` that keeps `stay`."""
    return asdict(stay) | {"left": int(stay.left)}


def _adopted(connection: Connection, case: Case, changes: dict[str, Any]) -> bool:
    """Whether `case` was an imported matter without a journal, which now has its first line and its row."""
    query = select(cases.c.matter).where(cases.c.matter == case.matter)
    if case.version != 1 or connection.scalar(query) is not None:
        return False
    first = _imported(connection, case.matter)
    row = connection.execute(select(matters.c.category, matters.c.id).where(matters.c.id == case.matter)).one()
    number = casenumbers.next_number(connection, case.grid, case.category, case.reported_at)
    named = {"number": number, "receipt": casenumbers.new_receipt(), "category": row.category}
    try:
        connection.execute(insert(cases).values({"matter": case.matter, **changes, **named}))
    except IntegrityError as error:  # on PostgreSQL two may get here at once
        raise _stale() from error
    connection.execute(insert(events).values(event_row_of(case.matter, first)))
    begun = beginning(None, replay(case.matter, [first]), first)
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
        connection.execute(insert(whistles).values(matter=case.matter, whistle=blown.step, **row))


def _stale(since: Sequence[Step] = ()) -> StaleError:
    told = ", ".join(str(step.move) for step in since)
    return StaleError(f"Somebody else changed this matter meanwhile{f': {told}' if told else ''}. Look again.", since)


# new ones


@dataclass(frozen=True, slots=True)
class NewCase:
    """A report ready to be written: its row of `matters` without id, its first line, and the rest of its case.

    `matter` needs client_id, category (its number), grid, plan, lon, lat, reported_at, channel; worker and text are
    optional. `digest` tells two reports under one client's id apart.
    """

    matter: Mapping[str, Any]
    first: Step
    digest: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A report in the truth: its case, case number, receipt, the digest of what was sent; `created` just now."""

    case: Case
    number: str
    receipt: str
    digest: str
    created: bool


def create(connection: Connection, reports: Sequence[NewCase]) -> dict[str, Kept]:
    """Write `reports`, each with its first line and its case, and return them by client id.

    Client ids are distinct. One that is known already is left as it is, and returned with `created` False; its digest
    is "" when it was imported. The caller's transaction makes all of it hold.
    """
    ordered = sorted(reports, key=lambda new: str(new.matter["client_id"]))
    numbers = _insert_matters(connection, ordered)
    fresh = [new for new in ordered if new.matter["client_id"] in numbers]
    kept = _insert_cases(connection, fresh, numbers)
    return kept | find_by_client(
        connection, [str(new.matter["client_id"]) for new in ordered if new.matter["client_id"] not in numbers]
    )


def find_by_client(connection: Connection, client_ids: Sequence[str]) -> dict[str, Kept]:
    """Reports in the truth by client id; those not known are left out."""
    if not client_ids:
        return {}
    query = select(matters.c.client_id, matters.c.id, cases).outerjoin(cases, cases.c.matter == matters.c.id)
    found = {}
    for row in connection.execute(query.where(matters.c.client_id.in_(client_ids))).mappings():
        if row["number"] is None:
            case = replay(row["id"], [_imported(connection, row["id"])])
            found[row["client_id"]] = Kept(case, "", "", "", created=False)
        else:
            found[row["client_id"]] = Kept(case_of(row), row["number"], row["receipt"], row["digest"] or "", False)
    return found


def _insert_matters(connection: Connection, reports: Sequence[NewCase]) -> dict[str, int]:
    """Numbers by client id of those that were not there yet."""
    if not reports:
        return {}
    rows = [{"worker": None, "text": None, **new.matter, **_matter_begun(new)} for new in reports]
    return {row.client_id: int(row.id) for row in connection.execute(_putting(connection.dialect.name), rows)}


@cache
def _putting(dialect: str) -> Any:
    """The statement that puts matters whose client id is not there yet, and tells their numbers."""
    statement = insert_of(dialect, matters).on_conflict_do_nothing(index_elements=[matters.c.client_id])
    return statement.returning(matters.c.client_id, matters.c.id)


def _matter_begun(new: NewCase) -> dict[str, Any]:
    return matter_row_of(replay(0, [new.first]))


def _insert_cases(connection: Connection, reports: Sequence[NewCase], numbers: Mapping[str, int]) -> dict[str, Kept]:
    if not reports:
        return {}
    begun = [replay(numbers[str(new.matter["client_id"])], [new.first]) for new in reports]
    named = casenumbers.next_numbers(connection, [(case.grid, case.category, case.reported_at) for case in begun])
    kept = {}
    rows, lines, begun_stays = [], [], []
    for new, case, number in zip(reports, begun, named, strict=True):
        found = Kept(case, number, casenumbers.new_receipt(), new.digest, created=True)
        kept[str(new.matter["client_id"])] = found
        rows.append(
            row_of(
                case, number=number, receipt=found.receipt, category=new.matter["category"], digest=new.digest or None,
                address=new.address or None, contact=new.contact or None,
            )
        )  # fmt: skip
        lines.append(event_row_of(case.matter, new.first))
        stay = beginning(None, case, new.first)
        begun_stays += [stay_row_of(stay)] if stay else []
    connection.execute(insert(events), lines)
    connection.execute(insert(cases), rows)
    if begun_stays:
        connection.execute(insert(stays), begun_stays)
    return kept
