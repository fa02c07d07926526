"""Staged rows → the truth, in short transactions, each remembered with the rows it brought."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from gridmap.store.base import Store
from gridmap.store.judge import STAGED

NAMES = [name for name in STAGED.names if name not in {"file", "row"}]
COLUMNS = f"{', '.join(NAMES)}, import_id"

_INSERT = (
    f"INSERT INTO matters ({COLUMNS}) VALUES ({', '.join('?' * (len(NAMES) + 1))}) ON CONFLICT (client_id) DO NOTHING"
)
_EVENTS = (
    "INSERT INTO events (matter, kind, at) SELECT id, 'imported', :at FROM matters"
    " WHERE id > :last AND import_id = :import_id"
)
_INCOMING = f"CREATE TEMP TABLE IF NOT EXISTS incoming AS SELECT {COLUMNS} FROM matters WITH NO DATA"
_COPY = f"COPY incoming ({COLUMNS}) FROM STDIN"
_BOTH = (
    f"WITH fresh AS (INSERT INTO matters ({COLUMNS}) SELECT {COLUMNS} FROM incoming"
    " ON CONFLICT (client_id) DO NOTHING RETURNING id)"
    " INSERT INTO events (matter, kind, at) SELECT id, 'imported', :at FROM fresh"
)
_REMEMBER = "UPDATE imports SET committed = committed + 1, accepted = accepted + :rows WHERE id = :import_id"


@contextmanager
def committer(store: Store) -> Iterator[Connection]:
    """A connection set up for many inserts, thrown away afterwards."""
    with store.engine.connect() as connection:
        if store.is_sqlite:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA cache_size=-262144")
            raw.execute("PRAGMA wal_autocheckpoint=8192")
        else:
            with connection.begin():
                connection.execute(text(_INCOMING))
        yield connection
        connection.invalidate()


def commit_batch(connection: Connection, batch: pa.RecordBatch, *, import_id: int, at: int) -> int:
    """Put one staged batch into the truth in one transaction; how many of its rows were new to it."""
    rows = _rows(batch, import_id)
    with connection.begin():
        if connection.dialect.name == "sqlite":
            fresh = _insert(connection, rows, import_id, at)
        else:
            fresh = _copy(connection, rows, at)
        connection.execute(text(_REMEMBER), {"rows": fresh, "import_id": import_id})
    return fresh


def _insert(connection: Connection, rows: list[tuple[Any, ...]], import_id: int, at: int) -> int:
    last = connection.scalar(text("SELECT max(id) FROM matters")) or 0
    raw: Any = connection.connection.dbapi_connection
    raw.executemany(_INSERT, rows)
    return connection.execute(text(_EVENTS), {"at": at, "last": last, "import_id": import_id}).rowcount


def _copy(connection: Connection, rows: list[tuple[Any, ...]], at: int) -> int:
    raw: Any = connection.connection.dbapi_connection
    connection.execute(text("TRUNCATE incoming"))
    with raw.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)
    return connection.execute(text(_BOTH), {"at": at}).rowcount


def _rows(batch: pa.RecordBatch, import_id: int) -> list[tuple[Any, ...]]:
    """The batch as tuples for the driver, in the order of `COLUMNS`."""
    columns = [_plain(batch.column(name)) for name in NAMES]
    return list(zip(*columns, [import_id] * len(batch), strict=True))


def _plain(column: pa.Array) -> list[Any]:
    # NumPy turns numbers into Python's own several times faster than Arrow does; nulls take the slower way.
    if column.null_count == 0 and not pa.types.is_string(column.type):
        return list(column.to_numpy().tolist())
    if column.null_count == len(column):
        return [None] * len(column)
    if pa.types.is_string(column.type):
        return list(column.to_numpy(zero_copy_only=False).tolist())
    values = pc.fill_null(column, 0).to_numpy().astype(object)
    values[column.is_null().to_numpy(zero_copy_only=False)] = None
    return list(values.tolist())
