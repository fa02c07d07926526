"""Staged rows → the truth, in short transactions, each remembered with the rows it brought."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from sqlalchemy import Connection, func, insert, select, text

from gridmap.store.base.store import Store
from gridmap.store.intake.judge import STAGED
from gridmap.store.tables import import_commits

NAMES = [name for name in STAGED.names if name not in {"file", "row"}]
OPTIONAL = {
    "accepted_at": "0",
    "due_at": "0",
    "closed_at": "0",
    "worker": "0",
    "text": "''",
}
COLUMNS = f"{', '.join(NAMES)}, import_id"

# The driver takes a slow way for each None, so that absent values travel as 0 or empty text
# and become null here.
_VALUES = ", ".join(
    f"nullif(?, {OPTIONAL[name]})" if name in OPTIONAL else "?" for name in NAMES
)
_INSERT = (
    f"INSERT INTO matters ({COLUMNS}) VALUES ({_VALUES}, ?) ON CONFLICT (client_id) "
    "DO NOTHING"
)
_EVENTS = (
    "INSERT INTO events (matter, kind, at) SELECT id, 'imported', :at FROM matters"
    " WHERE id > :last AND import_id = :import_id"
)
_INCOMING = (
    f"CREATE TEMP TABLE IF NOT EXISTS incoming AS SELECT {COLUMNS} FROM matters "
    "WITH NO DATA"
)
_COPY = f"COPY incoming ({COLUMNS}) FROM STDIN (FORMAT csv)"
_BOTH = (
    f"WITH fresh AS (INSERT INTO matters ({COLUMNS}) SELECT {COLUMNS} FROM incoming"
    " ON CONFLICT (client_id) DO NOTHING RETURNING id)"
    " INSERT INTO events (matter, kind, at) SELECT id, 'imported', :at FROM fresh"
)


@contextmanager
def committer(store: Store) -> Iterator[Connection]:
    """A connection set up for many inserts, thrown away afterwards."""
    with store.engine.connect() as connection:
        if store.is_sqlite:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA cache_size=-262144")
            raw.execute("PRAGMA wal_autocheckpoint=16384")
        else:
            with connection.begin():
                connection.execute(text(_INCOMING))
        yield connection
        connection.invalidate()


def commit_batch(
    connection: Connection, batch: pa.RecordBatch, *, import_id: int, number: int, at: int
) -> int:
    """Put staged batch `number` into the truth in one transaction; how many of its rows
    were new to it.
    """
    sqlite = connection.dialect.name == "sqlite"
    ready: Any = (
        _tuples(batch, import_id) if sqlite else _lines(batch, import_id)
    )  # before others have to wait
    with connection.begin():
        if sqlite:
            last = connection.scalar(text("SELECT max(id) FROM matters")) or 0
            fresh = _insert(connection, ready, import_id, last, at)
            first = last + 1 if fresh == len(batch) else None
        else:
            fresh, first = _copy(connection, ready, at), None
        connection.execute(
            insert(import_commits).values(
                import_id=import_id, batch=number, rows=fresh, first=first
            )
        )
    return fresh


def done_before(store: Store, import_id: int) -> tuple[int, int]:
    """Batches of an import that are in the truth, and their rows."""
    query = select(func.count(), func.coalesce(func.sum(import_commits.c.rows), 0))
    with store.read() as connection:
        batches, rows = connection.execute(
            query.where(import_commits.c.import_id == import_id)
        ).one()
    return int(batches), int(rows)


def first_numbers(store: Store, import_id: int) -> list[int] | None:
    """Number of the first matter of each batch, when all of them follow one another inside
    it; else None.
    """
    query = select(import_commits.c.first).where(import_commits.c.import_id == import_id)
    with store.read() as connection:
        numbers = connection.execute(query.order_by(import_commits.c.batch)).scalars().all()
    return (
        None
        if None in numbers
        else [int(number) for number in numbers if number is not None]
    )


def _insert(
    connection: Connection, rows: list[tuple[Any, ...]], import_id: int, last: int, at: int
) -> int:
    raw: Any = connection.connection.dbapi_connection
    raw.executemany(_INSERT, rows)
    return connection.execute(
        text(_EVENTS), {"at": at, "last": last, "import_id": import_id}
    ).rowcount


def _copy(connection: Connection, lines: bytes, at: int) -> int:
    raw: Any = connection.connection.dbapi_connection
    connection.execute(text("TRUNCATE incoming"))
    with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.write(lines)
    return connection.execute(text(_BOTH), {"at": at}).rowcount


def _tuples(batch: pa.RecordBatch, import_id: int) -> list[tuple[Any, ...]]:
    return list(
        zip(
            *(_plain(batch.column(name)) for name in NAMES),
            repeat(import_id, len(batch)),
            strict=True,
        )
    )


def _lines(batch: pa.RecordBatch, import_id: int) -> bytes:
    table = batch.select(NAMES).append_column("import_id", pa.repeat(import_id, len(batch)))
    lines = pa.BufferOutputStream()
    arrow_csv.write_csv(table, lines, arrow_csv.WriteOptions(include_header=False))
    return bytes(lines.getvalue().to_pybytes())


def _plain(column: pa.Array) -> list[Any]:
    """The column as Python's own values, what is absent as 0 or empty text."""
    if pa.types.is_string(column.type):
        return list(pc.fill_null(column, "").to_numpy(zero_copy_only=False).tolist())
    return list(pc.fill_null(column, 0).to_numpy(zero_copy_only=False).tolist())
