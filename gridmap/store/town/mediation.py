"""Disputes and mediators in the truth; a dispute is changed only by adding a line to its
journal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.exc import IntegrityError

from gridmap.cases.disputejournal import apply, replay
from gridmap.cases.mediation import OPEN, Act, Dispute, Kind, Line, Source, State
from gridmap.cases.mediators import Mediator, MediatorKind
from gridmap.codes import ancestors
from gridmap.errors import NotFoundError, StaleError
from gridmap.store.base.bulk import go_on
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.base.frames import frame
from gridmap.store.base.store import touch
from gridmap.store.base.upsert import insert_once
from gridmap.store.base.within import within
from gridmap.store.tables import dispute_lines, disputes, mediators
from gridmap.words import mark

NO_DISPUTE = mark("There is no such dispute.")
NO_MEDIATOR = mark("There is no such mediator.")
STALE = mark("Somebody else changed this dispute meanwhile. Look again.")
PART = "mediation"
_MOVED = (
    "version",
    "sessions",
    "agreed_at",
    "ended_at",
    "follow_up_at",
    "visited_at",
    "relapses",
    "returned_at",
    "late",
    "explained",
    "last_at",
)
"""Columns that follow the journal as they are, beside state and mediator."""
_ENTRUSTED = ("area", "source", "kind", "parties", "text", "slip")
"""Columns that stay as a dispute was entrusted."""
_SHOWN = (
    "id",
    "area",
    "source",
    "kind",
    "parties",
    "matter",
    "slip",
    "return_due_at",
    "state",
    "mediator",
    "entrusted_at",
    "sessions",
    "agreed_at",
    "ended_at",
    "follow_up_at",
    "visited_at",
    "relapses",
    "returned_at",
    "late",
    "explained",
    "last_at",
    "version",
)


def load(connection: Connection, dispute: int) -> Dispute:
    """How a dispute stands; in a transaction that writes, nobody else may change it before its end.

    Raises NotFoundError.
    """
    query = select(disputes).where(disputes.c.id == dispute)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    row = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if row is None:
        raise NotFoundError(NO_DISPUTE)
    return dispute_of(row)


def dispute_of(row: RowMapping | Mapping[str, Any]) -> Dispute:
    """The dispute a row keeps."""
    told = {
        name: row[name] for name in ("id", "area", "return_due_at", "entrusted_at", *_MOVED)
    }
    return Dispute(
        source=Source(row["source"]),
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        matter=row["matter"] or 0,
        slip=row["slip"] or "",
        mediator=row["mediator"] or 0,
        **told,
    )


def create(
    connection: Connection,
    first: Line,
    *,
    parties: Sequence[str],
    text: str = "",
    client_id: str = "",
) -> tuple[int, bool]:
    """Write a new dispute with its first line: its number, and whether it is new under its
    client id.

    The caller's transaction makes it hold.
    """
    begun = replay(0, [first])
    row = {
        **_moved(begun),
        "area": begun.area,
        "source": str(begun.source),
        "kind": str(begun.kind),
        "parties": json.dumps(list(parties)),
        "text": text or None,
        "matter": begun.matter or None,
        "slip": begun.slip or None,
        "return_due_at": begun.return_due_at,
        "entrusted_at": begun.entrusted_at,
        "client_id": client_id or None,
    }
    number, is_new = insert_once(connection, disputes, row, same=_ENTRUSTED)
    if is_new:
        connection.execute(insert(dispute_lines).values(_row_of(number, first)))
    return number, is_new


def create_many(
    connection: Connection, played: Sequence[tuple[Sequence[Line], Mapping[str, Any]]]
) -> None:
    """Write disputes with whole journals, as an import has them: lines and parties, text of
    each.
    """
    first = (
        int(connection.scalar(select(func.coalesce(func.max(disputes.c.id), 0))) or 0) + 1
    )
    rows, lines = [], []
    for number, (journal, more) in enumerate(played, start=first):
        stands = replay(number, journal)
        rows.append(
            {
                **_moved(stands),
                "id": number,
                "area": stands.area,
                "source": str(stands.source),
                "kind": str(stands.kind),
                "parties": json.dumps(list(more["parties"])),
                "text": more["text"] or None,
                "matter": stands.matter or None,
                "slip": stands.slip or None,
                "return_due_at": stands.return_due_at,
                "entrusted_at": stands.entrusted_at,
            }
        )
        lines += [_row_of(number, line) for line in journal]
    if rows:
        connection.execute(insert(disputes), rows)
        connection.execute(insert(dispute_lines), lines)
        go_on(connection, disputes)


def append(connection: Connection, dispute: Dispute, line: Line) -> Dispute:
    """Write `line`, decided on `dispute`, and return the dispute after it. Raises
    StaleError when it has moved since.
    """
    after = apply(dispute, line)
    fits = (disputes.c.id == dispute.id) & (disputes.c.version == dispute.version)
    if not connection.execute(update(disputes).where(fits).values(_moved(after))).rowcount:
        raise StaleError(STALE)
    try:
        connection.execute(insert(dispute_lines).values(_row_of(dispute.id, line)))
    except IntegrityError as error:
        raise StaleError(STALE) from error
    return after


def lines(connection: Connection, dispute: int) -> list[Line]:
    """The journal, oldest first."""
    query = (
        select(dispute_lines)
        .where(dispute_lines.c.dispute == dispute)
        .order_by(dispute_lines.c.number)
    )
    return [
        Line(row.number, Act(row.act), row.at, row.actor, json.loads(row.data))
        for row in connection.execute(query)
    ]


def told(connection: Connection, dispute: int) -> tuple[tuple[str, ...], str]:
    """Roles of the parties, and the sentence on what it is about. Raises NotFoundError."""
    row = connection.execute(
        select(disputes.c.parties, disputes.c.text).where(disputes.c.id == dispute)
    ).first()
    if row is None:
        raise NotFoundError(NO_DISPUTE)
    return tuple(json.loads(row.parties)), row.text or ""


def read_disputes(connection: Connection, area: int, *, matter: int = 0) -> pd.DataFrame:
    """Disputes in `area` (of one `matter`), newest first.

    Columns: id, area, source, kind, parties (tuple of roles), matter (0: none), slip,
    return_due_at, state, mediator (0: none), mediator_name, mediator_to (last day in office
    or None), entrusted_at, sessions, agreed_at, ended_at, follow_up_at, visited_at,
    relapses, returned_at, late, explained, last_at, version.
    """
    query = (
        select(
            *(disputes.c[name] for name in _SHOWN),
            mediators.c.name.label("mediator_name"),
            mediators.c.active_to.label("mediator_to"),
        )
        .outerjoin(mediators, mediators.c.id == disputes.c.mediator)
        .where(within(disputes.c.area, area))
        .order_by(disputes.c.entrusted_at.desc(), disputes.c.id.desc())
    )
    table = frame(connection, query.where(disputes.c.matter == matter) if matter else query)
    for name in ("matter", "mediator"):
        table[name] = table[name].astype(object).fillna(0).astype("int64")
    for name in ("slip", "mediator_name"):
        table[name] = table[name].astype(object).where(table[name].notna(), "")
    table["parties"] = [tuple(json.loads(text)) for text in table["parties"]]
    return table


def add_mediators(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add mediators: name, kind, area, specialities (kinds of disputes), capacity; or id,
    active_from, active_to.
    """
    if not rows:
        return
    names = [
        column.name for column in mediators.c if any(column.name in row for row in rows)
    ]
    values = [
        {name: row.get(name) for name in names}
        | {"specialities": json.dumps(list(row["specialities"]))}
        for row in rows
    ]
    connection.execute(insert(mediators), values)
    go_on(connection, mediators)
    touch(connection, PART)


def mediators_of(
    connection: Connection, area: int = 0, *, above: bool = False
) -> list[Mediator]:
    """Mediators of `area` or a place in it (0: all), with how many disputes are open with
    each, by number.

    With `above` also those of the larger places it lies in, who serve it too.
    """
    number = (
        select(disputes.c.mediator, func.count().label("open"))
        .where(disputes.c.state.in_([str(state) for state in OPEN]))
        .group_by(disputes.c.mediator)
        .subquery()
    )
    query: Select[Any] = select(
        mediators, func.coalesce(number.c.open, 0).label("open")
    ).outerjoin(number, number.c.mediator == mediators.c.id)
    here = within(mediators.c.area, area) if area else true()
    query = (
        query.where(or_(here, mediators.c.area.in_(ancestors(area))))
        if above and area
        else query.where(here)
    )
    return [
        _mediator_of(row)
        for row in connection.execute(query.order_by(mediators.c.id)).mappings()
    ]


def mediator(connection: Connection, number: int) -> Mediator:
    """One mediator. Raises NotFoundError."""
    query = select(mediators).where(mediators.c.id == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFoundError(NO_MEDIATOR)
    return _mediator_of(row)


def retire(connection: Connection, number: int, last_day: date) -> None:
    """Note the last day of a mediator in office; open disputes stay with the mediator until
    they are handed over.
    """
    connection.execute(
        update(mediators).where(mediators.c.id == number).values(active_to=last_day)
    )
    touch(connection, PART)


def _mediator_of(row: RowMapping) -> Mediator:
    return Mediator(
        id=row["id"],
        name=row["name"],
        kind=MediatorKind(row["kind"]),
        area=row["area"],
        specialities=tuple(Kind(kind) for kind in json.loads(row["specialities"])),
        capacity=row["capacity"],
        active_from=row["active_from"],
        active_to=row["active_to"],
        open=int(row.get("open", 0)),
    )


def _moved(dispute: Dispute) -> dict[str, Any]:
    moved = {name: getattr(dispute, name) for name in _MOVED}
    return moved | {"state": str(dispute.state), "mediator": dispute.mediator or None}


def _row_of(dispute: int, line: Line) -> dict[str, Any]:
    data = json.dumps(dict(line.data), ensure_ascii=False, separators=(",", ":"))
    return {
        "dispute": dispute,
        "number": line.number,
        "act": str(line.act),
        "at": line.at,
        "actor": line.actor,
        "data": data,
    }
