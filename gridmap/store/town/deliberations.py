"""Deliberations in the truth, and the matters they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from gridmap.cases.deliberations import Act, Deliberation, Kind, State, apply, replay
from gridmap.cases.records.record import Entry
from gridmap.store.base import records
from gridmap.store.base.bulk import go_on
from gridmap.store.base.frames import frame
from gridmap.store.base.upsert import insert_once
from gridmap.store.base.within import within
from gridmap.store.tables import deliberation_entries, deliberation_matters, deliberations
from gridmap.words import mark

NO_DELIBERATION = mark("There is no such deliberation.")
_KEPT = (
    "area",
    "title",
    "version",
    "meetings",
    "objections",
    "met_at",
    "resume_at",
    "decided_at",
    "notice_until",
    "follow_up_at",
    "done_at",
    "last_at",
)
"""Columns that follow the record as they are, beside kind, state and decision."""
_BEGUN = ("area", "kind", "title")
"""Columns that stay as it was begun."""


def load(connection: Connection, number: int) -> Deliberation:
    """How a deliberation stands. Raises NotFoundError."""
    row = records.row(connection, deliberations, number, missing=NO_DELIBERATION)
    told = {name: row[name] for name in _KEPT}
    return Deliberation(
        id=row["id"],
        kind=Kind(row["kind"]),
        state=State(row["state"]),
        decision=row["decision"] or "",
        **told,
    )


def create(
    connection: Connection,
    first: Entry,
    *,
    matters: Iterable[int] = (),
    client_id: str = "",
) -> int:
    """Write a new one with its first meeting and its matters; its number, the same when
    sent again.
    """
    number, is_new = insert_once(
        connection,
        deliberations,
        _row(replay(0, [first])) | {"client_id": client_id or None},
        same=_BEGUN,
    )
    if not is_new:
        return number
    records.write(connection, deliberation_entries, number, [first])
    for matter in dict.fromkeys(matters):
        connection.execute(
            insert(deliberation_matters).values(deliberation=number, matter=matter)
        )
    return number


def create_many(
    connection: Connection, told: Sequence[tuple[Sequence[Entry], Sequence[int]]]
) -> None:
    """Write deliberations with whole records and their matters."""
    if not told:
        return
    first = (
        int(connection.scalar(select(func.coalesce(func.max(deliberations.c.id), 0))) or 0)
        + 1
    )
    rows, lines, links = [], [], []
    for number, (entries_of, matters) in enumerate(told, start=first):
        rows.append(_row(replay(number, entries_of)) | {"id": number})
        lines += [
            records.values(deliberation_entries, number, entry) for entry in entries_of
        ]
        links += [{"deliberation": number, "matter": matter} for matter in matters]
    connection.execute(insert(deliberations), rows)
    connection.execute(insert(deliberation_entries), lines)
    if links:
        connection.execute(insert(deliberation_matters), links)
    go_on(connection, deliberations)


def append(connection: Connection, found: Deliberation, entry: Entry) -> Deliberation:
    """Write `entry`, decided on `found`, and return it as it stands then. Raises StaleError
    when it has moved.
    """
    after = apply(found, entry)
    records.advance(connection, deliberations, found.id, found.version, _row(after))
    records.write(connection, deliberation_entries, found.id, [entry])
    if entry.act in {Act.LINK, Act.UNLINK}:
        _relink(
            connection, found.id, int(entry.data["matter"]), linked=entry.act == Act.LINK
        )
    return after


def _relink(connection: Connection, number: int, matter: int, *, linked: bool) -> None:
    here = (deliberation_matters.c.deliberation == number) & (
        deliberation_matters.c.matter == matter
    )
    connection.execute(delete(deliberation_matters).where(here))
    if linked:
        connection.execute(
            insert(deliberation_matters).values(deliberation=number, matter=matter)
        )


def entries(connection: Connection, number: int) -> list[Entry]:
    """The record, oldest first."""
    return records.read(connection, deliberation_entries, number)


def read_deliberations(
    connection: Connection, area: int = 0, *, matter: int = 0
) -> pd.DataFrame:
    """Deliberations in `area` (0: anywhere), or about one `matter`, the last met first.

    Columns: those of the table but client_id (decision "" while there is none), matters
    (how many it is about).
    """
    number = (
        select(deliberation_matters.c.deliberation, func.count().label("matters"))
        .group_by(deliberation_matters.c.deliberation)
        .subquery()
    )
    shown = [column for column in deliberations.c if column.name != "client_id"]
    query = (
        select(*shown, func.coalesce(number.c.matters, 0).label("matters"))
        .outerjoin(number, number.c.deliberation == deliberations.c.id)
        .order_by(deliberations.c.met_at.desc(), deliberations.c.id.desc())
    )
    if area:
        query = query.where(within(deliberations.c.area, area))
    if matter:
        own = select(deliberation_matters.c.deliberation).where(
            deliberation_matters.c.matter == matter
        )
        query = query.where(deliberations.c.id.in_(own))
    table = frame(connection, query)
    return table.assign(
        decision=table["decision"].astype(object).where(table["decision"].notna(), "")
    )


def matters_of(connection: Connection, number: int) -> list[int]:
    """The matters a deliberation is about."""
    column = deliberation_matters.c.matter
    query = (
        select(column).where(deliberation_matters.c.deliberation == number).order_by(column)
    )
    return [int(one) for one in connection.scalars(query)]


def _row(found: Deliberation) -> dict[str, Any]:
    kept = {name: getattr(found, name) for name in _KEPT}
    return kept | {
        "kind": str(found.kind),
        "state": str(found.state),
        "decision": found.decision or None,
    }
