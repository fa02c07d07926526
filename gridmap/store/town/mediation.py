"""Disputes and mediators in the truth."""

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

from gridmap.cases.disputes import DISPUTE, OPEN, Subject
from gridmap.cases.mediators import Mediator, MediatorKind
from gridmap.codes import ancestors
from gridmap.errors import NotFoundError
from gridmap.store.base.bulk import go_on
from gridmap.store.base.recordstore import Records
from gridmap.store.base.store import touch
from gridmap.store.base.within import within
from gridmap.store.tables import dispute_lines, disputes, mediators
from gridmap.words import mark

NO_MEDIATOR = mark("There is no such mediator.")
PART = "mediation"

DISPUTES = Records(DISPUTE, disputes, dispute_lines)


def read_disputes(connection: Connection, area: int, *, matter: int = 0) -> pd.DataFrame:
    """Disputes in `area` (of one `matter`), newest first.

    Columns: those of a dispute, mediator_name ("": none), mediator_to (last day in office
    or None).
    """
    of_matter = [disputes.c.matter == matter] if matter else []
    table = DISPUTES.read(connection, area, *of_matter)
    asked = select(disputes.c.mediator).where(disputes.c.mediator.is_not(None))
    people = select(mediators.c.id, mediators.c.name, mediators.c.active_to)
    rows = connection.execute(people.where(mediators.c.id.in_(asked))).all()
    names = {row.id: row.name for row in rows}
    last_days = {row.id: row.active_to for row in rows}
    numbers = table["mediator"].tolist()
    named = table.assign(
        mediator_name=[names.get(number, "") for number in numbers],
        mediator_to=pd.Series([last_days.get(number) for number in numbers], dtype=object),
    )
    return named.sort_values(["entrusted_at", "id"], ascending=False, ignore_index=True)


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
        specialities=tuple(Subject(kind) for kind in json.loads(row["specialities"])),
        capacity=row["capacity"],
        active_from=row["active_from"],
        active_to=row["active_to"],
        open=int(row.get("open", 0)),
    )
