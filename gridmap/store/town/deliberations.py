"""Deliberations in the truth, and the matters they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from sqlalchemy import Connection, delete, func, insert, select

from gridmap.cases.deliberations import DELIBERATION
from gridmap.cases.records.record import Entry
from gridmap.store.base.frames import frame
from gridmap.store.base.recordstore import Records
from gridmap.store.tables import deliberation_entries, deliberation_matters, deliberations

DELIBERATIONS = Records(DELIBERATION, deliberations, deliberation_entries)


def create_many(
    connection: Connection, journals: Sequence[tuple[Sequence[Entry], Sequence[int]]]
) -> None:
    """Write deliberations with whole journals, each with the matters it is about."""
    numbers = DELIBERATIONS.create_many(connection, [entries for entries, _ in journals])
    for number, (_, matters) in zip(numbers, journals, strict=True):
        link(connection, number, matters)


def link(connection: Connection, number: int, matters: Iterable[int]) -> None:
    """Note that a deliberation is about `matters`; what is noted already stays."""
    noted = set(matters_of(connection, number))
    rows = [
        {"deliberation": number, "matter": matter}
        for matter in dict.fromkeys(matters)
        if matter not in noted
    ]
    if rows:
        connection.execute(insert(deliberation_matters), rows)


def unlink(connection: Connection, number: int, matter: int) -> None:
    """Note that a deliberation is not about `matter`."""
    here = deliberation_matters.c.deliberation == number
    connection.execute(
        delete(deliberation_matters).where(here, deliberation_matters.c.matter == matter)
    )


def read_deliberations(
    connection: Connection, area: int = 0, *, matter: int = 0
) -> pd.DataFrame:
    """Deliberations in `area` (0: anywhere), or about one `matter`, the last met first.

    Columns: an attribute each, matters (how many it is about).
    """
    about = select(deliberation_matters.c.deliberation)
    about = about.where(deliberation_matters.c.matter == matter)
    where = [deliberations.c.id.in_(about)] if matter else []
    table = DELIBERATIONS.read(connection, area, *where)
    table = table.sort_values(["met_at", "id"], ascending=False, ignore_index=True)
    counted = frame(
        connection,
        select(deliberation_matters.c.deliberation, func.count().label("matters")).group_by(
            deliberation_matters.c.deliberation
        ),
    ).set_index("deliberation")["matters"]
    matters = counted.reindex(table["id"]).fillna(0).astype("int64")
    return table.assign(matters=matters.to_numpy())


def matters_of(connection: Connection, number: int) -> list[int]:
    """The matters a deliberation is about."""
    column = deliberation_matters.c.matter
    query = select(column).where(deliberation_matters.c.deliberation == number)
    return [int(matter) for matter in connection.scalars(query.order_by(column))]
