"""An INSERT that can say what to do about a row that is there already, for either database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Table, select
from sqlalchemy.dialects import postgresql, sqlite

from gridmap.errors import ConflictError
from gridmap.words import mark

OTHER_CONTENT = mark("This was sent before with another content.")


def insert_of(dialect: str, table: Table) -> Any:
    """The INSERT of `table` with `on_conflict_do_nothing` and `on_conflict_do_update`."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_once(
    connection: Connection, table: Table, row: Mapping[str, Any], *, same: Collection[str]
) -> tuple[int, bool]:
    """Insert a row that may have a `client_id`: its id, and whether it is new; else the id
    of the one there is.

    Of two who send the same at once the second waits for the first and is given its row.
    `same`: the columns that never change once they are written. Raises ConflictError when
    the row there is differs in one of them.
    """
    once = (
        insert_of(connection.dialect.name, table)
        .values(row)
        .on_conflict_do_nothing(index_elements=[table.c.client_id])
    )
    number = connection.scalar(once.returning(table.c.id))
    if number is not None:
        return int(number), True
    known = (
        connection.execute(select(table).where(table.c.client_id == row["client_id"]))
        .mappings()
        .one()
    )
    if any(known[name] != row[name] for name in same):
        raise ConflictError(OTHER_CONTENT)
    return int(known["id"]), False
