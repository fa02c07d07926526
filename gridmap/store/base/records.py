"""Append-only records in the truth: entries of contracts and deliberations, written and
read the same way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, insert, select, update
from sqlalchemy.exc import IntegrityError

from gridmap.cases.records.record import Entry
from gridmap.errors import NotFoundError, StaleError
from gridmap.store.base.engine import READ_ONLY
from gridmap.words import mark

STALE = mark("Somebody else changed this meanwhile. Look again.")


def row(connection: Connection, table: Table, number: int, *, missing: str) -> RowMapping:
    """The row `number` of `table`; in a transaction that writes, nobody else may change it
    before its end.

    Raises NotFoundError with the words `missing`.
    """
    query = select(table).where(table.c.id == number)
    writes = not connection.get_execution_options().get(READ_ONLY, False)
    found = (
        connection.execute(query.with_for_update() if writes else query).mappings().first()
    )
    if found is None:
        raise NotFoundError(missing)
    return found


def advance(
    connection: Connection,
    table: Table,
    number: int,
    version: int,
    values: Mapping[str, Any],
) -> None:
    """Change the row `number` that stood at `version`. Raises StaleError when it has moved
    since.
    """
    fits = (table.c.id == number) & (table.c.version == version)
    if not connection.execute(update(table).where(fits).values(dict(values))).rowcount:
        raise StaleError(STALE)


def write(
    connection: Connection, entries: Table, number: int, new: Iterable[Entry]
) -> None:
    """Add `new` entries to the record `number`. Raises StaleError when one is there already."""
    try:
        connection.execute(
            insert(entries), [values(entries, number, entry) for entry in new]
        )
    except IntegrityError as error:
        raise StaleError(STALE) from error


def values(entries: Table, number: int, entry: Entry) -> dict[str, Any]:
    """`entry` of the record `number` as a row of `entries`."""
    return {
        entries.c[0].name: number,
        "number": entry.number,
        "act": str(entry.act),
        "at": entry.at,
        "actor": entry.actor,
        "data": json.dumps(dict(entry.data), ensure_ascii=False, separators=(",", ":")),
    }


def read(connection: Connection, entries: Table, number: int) -> list[Entry]:
    """The record `number`, oldest entry first."""
    query = select(entries).where(entries.c[0] == number).order_by(entries.c.number)
    return [
        Entry(one.number, one.act, one.at, one.actor, json.loads(one.data))
        for one in connection.execute(query)
    ]
