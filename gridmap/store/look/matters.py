"""Matters in the truth: read for the columns, added one by one as they come in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv
from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from gridmap.errors import ConflictError
from gridmap.model import Channel, Status
from gridmap.store.base.store import Store
from gridmap.store.tables import events, imports, matters

SCHEMA = pa.schema(
    [
        ("id", pa.int64()),
        ("grid", pa.int64()),
        ("category", pa.int16()),
        ("reported_at", pa.int64()),
        ("accepted_at", pa.int64()),
        ("due_at", pa.int64()),
        ("closed_at", pa.int64()),
        ("status", pa.int8()),
        ("channel", pa.int8()),
        ("worker", pa.int32()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("plan", pa.int32()),
    ]
)
"""A row of the columns; instants in Unix seconds, 0 = none; worker 0 = none."""

OPTIONAL = frozenset({"accepted_at", "due_at", "closed_at", "worker"})
"""Columns that may be null in the truth and are 0 then."""

CHUNK_ROWS = 50_000
BLOCK_BYTES = 1 << 24
_READ = arrow_csv.ReadOptions(column_names=SCHEMA.names)
_CONVERT = arrow_csv.ConvertOptions(column_types=SCHEMA)


def visible() -> ColumnElement[bool]:
    """The condition under which a matter may be seen: its import, if any, is finished."""
    finished = select(imports.c.id).where(imports.c.state == "visible")
    return or_(matters.c.import_id.is_(None), matters.c.import_id.in_(finished))


def read_chunks(
    connection: Connection, condition: ColumnElement[bool]
) -> Iterator[pa.Table]:
    """The matters that meet `condition`, as tables of `SCHEMA`, in the order of their numbers."""
    columns = (
        func.coalesce(matters.c[name], 0) if name in OPTIONAL else matters.c[name]
        for name in SCHEMA.names
    )
    query = select(*columns).where(condition).order_by(matters.c.id)
    # Straight from the driver: rows wrapped one by one would take longer than the database does.
    sql = str(
        query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    )
    if not connection.in_transaction():
        connection.begin()
    raw: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        cursor = raw.execute(sql)
        while rows := cursor.fetchmany(CHUNK_ROWS):
            columns_of = zip(zip(*rows, strict=True), SCHEMA, strict=True)
            yield pa.Table.from_arrays(
                [pa.array(values, field.type) for values, field in columns_of],
                schema=SCHEMA,
            )
        return
    with (
        raw.cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv)") as copy,
    ):
        for block in _blocks(copy):
            yield arrow_csv.read_csv(block, read_options=_READ, convert_options=_CONVERT)


def as_columns(
    batches: Iterable[pa.RecordBatch], firsts: Sequence[int]
) -> Iterator[pa.Table]:
    """Staged batches (`judge.STAGED`) as tables of `SCHEMA`, the matters of each numbered
    on from its first.
    """
    for batch, first in zip(batches, firsts, strict=True):
        numbers = pa.array(np.arange(first, first + len(batch), dtype=np.int64))
        columns = [
            numbers,
            *(pc.fill_null(batch.column(name), 0) for name in SCHEMA.names[1:]),
        ]
        yield pa.Table.from_arrays(columns, schema=SCHEMA)


def _blocks(copy: Iterable[Any]) -> Iterator[pa.Buffer]:
    """The answer to a COPY in pieces of whole lines."""
    waiting: list[bytes] = []
    size = 0
    for piece in copy:  # the server sends a line at a time
        waiting.append(bytes(piece))
        size += len(waiting[-1])
        if size >= BLOCK_BYTES:
            yield pa.py_buffer(b"".join(waiting))
            waiting, size = [], 0
    if waiting:
        yield pa.py_buffer(b"".join(waiting))


def count(store: Store) -> int:
    """How many matters can be seen."""
    with store.read() as connection:
        return int(
            connection.scalar(select(func.count()).select_from(matters).where(visible()))
            or 0
        )


def texts(store: Store, ids: list[int]) -> dict[int, str]:
    """What was written for each of these matters, by number; those without text are left out."""
    query = select(matters.c.id, matters.c.text).where(
        matters.c.id.in_(ids), matters.c.text.is_not(None), visible()
    )
    with store.read() as connection:
        return {row.id: row.text for row in connection.execute(query)}


def add_matter(
    store: Store,
    *,
    client_id: str,
    category: int,
    grid: int,
    plan: int,
    lon: float,
    lat: float,
    reported_at: int,
    channel: Channel = Channel.MOBILE,
    **more: Any,
) -> int:
    """Add one matter with its `reported` event, in one transaction, and return its number.

    `more`: accepted_at, due_at, closed_at, status, worker, text. The same report again
    returns the number it has; the same `client_id` with another content raises
    ConflictError.
    """
    row = {
        "client_id": client_id,
        "category": category,
        "grid": grid,
        "plan": plan,
        "lon": lon,
        "lat": lat,
        "reported_at": reported_at,
        "channel": int(channel),
        "status": int(Status.REPORTED),
        **more,
    }
    with store.write() as connection:
        known = (
            connection.execute(select(matters).where(matters.c.client_id == client_id))
            .mappings()
            .first()
        )
        if known is not None:
            if any(known[name] != value for name, value in row.items()):
                raise ConflictError(
                    f"Report {client_id} exists with another content. Give the new one its own id."
                )
            return int(known["id"])
        number = connection.execute(insert(matters).values(row)).inserted_primary_key
        assert number is not None  # noqa: S101  (a plain insert always tells)
        connection.execute(
            insert(events).values(matter=number[0], kind="reported", at=reported_at)
        )
        return int(number[0])
