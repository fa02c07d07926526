"""Matters in the truth: read for the columns, added one by one as they come in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, func, insert, or_, select

from gridmap.errors import ConflictError
from gridmap.model import Channel, Status
from gridmap.store.base import Store
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

CHUNK_ROWS = 200_000


def visible() -> ColumnElement[bool]:
    """The condition under which a matter may be seen: its import, if any, is finished."""
    finished = select(imports.c.id).where(imports.c.state == "visible")
    return or_(matters.c.import_id.is_(None), matters.c.import_id.in_(finished))


def read_chunks(connection: Connection, condition: ColumnElement[bool]) -> Iterator[pa.Table]:
    """The matters that meet `condition`, as tables of `SCHEMA`, in the order of their numbers."""
    query = select(*(matters.c[name] for name in SCHEMA.names)).where(condition).order_by(matters.c.id)
    result = connection.execution_options(stream_results=True, max_row_buffer=CHUNK_ROWS).execute(query)
    while rows := result.fetchmany(CHUNK_ROWS):
        columns = zip(*rows, strict=True)
        yield pa.Table.from_arrays([_array(*pair) for pair in zip(columns, SCHEMA, strict=True)], schema=SCHEMA)


def count(store: Store) -> int:
    """How many matters can be seen."""
    with store.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(matters).where(visible())) or 0)


def texts(store: Store, ids: list[int]) -> dict[int, str]:
    """What was written for each of these matters, by number; those without text are left out."""
    query = select(matters.c.id, matters.c.text).where(matters.c.id.in_(ids), matters.c.text.is_not(None), visible())
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

    `more`: accepted_at, due_at, closed_at, status, worker, text. The same report again returns the number it
    has; the same `client_id` with another content raises ConflictError.
    """
    row = {
        "client_id": client_id, "category": category, "grid": grid, "plan": plan, "lon": lon, "lat": lat,
        "reported_at": reported_at, "channel": int(channel), "status": int(Status.REPORTED), **more,
    }  # fmt: skip
    with store.write() as connection:
        known = connection.execute(select(matters).where(matters.c.client_id == client_id)).mappings().first()
        if known is not None:
            if any(known[name] != value for name, value in row.items()):
                raise ConflictError(f"Report {client_id} exists with another content. Give the new one its own id.")
            return int(known["id"])
        number = connection.execute(insert(matters).values(row)).inserted_primary_key
        assert number is not None  # noqa: S101  (a plain insert always tells)
        connection.execute(insert(events).values(matter=number[0], kind="reported", at=reported_at))
        return int(number[0])


def _array(values: tuple[Any, ...], field: pa.Field) -> pa.Array:
    if field.name in {"accepted_at", "due_at", "closed_at", "worker"}:
        return pa.array(pd.array(values, dtype="Int64").fillna(0).to_numpy(dtype=np.int64)).cast(field.type)
    return pa.array(values, type=field.type)
