"""Rows for people: the latest matters of a place, from the columns, with their texts from
the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.codes import span
from gridmap.store.base.store import Store
from gridmap.store.look import columns as read_model
from gridmap.store.look import matters
from gridmap.store.look.columns import Manifest

COLUMNS = (
    "id",
    "grid",
    "category",
    "reported_at",
    "accepted_at",
    "due_at",
    "closed_at",
    "status",
    "channel",
    "worker",
    "lon",
    "lat",
)


def recent(
    store: Store,
    *,
    area: int,
    category: Sequence[int] = (),
    start: date | None = None,
    end: date | None = None,
    status: Sequence[int] = (),
    limit: int = 100,
) -> pd.DataFrame:
    """The latest matters of `area` (a code of any level), newest first.

    `category` and `status` are numbers, none = all; `start` and `end` are days of the
    report, both included. Columns: those of `COLUMNS` (instants in Unix seconds, 0 = none),
    and `text` (empty when there is none).
    """
    first = day_number(start) if start else 0
    last = day_number(end) if end else 65_535
    values: list[Any] = [
        *span(area),
        first * DAY_S - UTC_OFFSET_S,
        (last + 1) * DAY_S - UTC_OFFSET_S,
    ]
    wanted = ""
    for name, numbers in (("category", category), ("status", status)):
        if numbers:
            wanted += f" AND {name} IN (SELECT unnest(?))"
            values.append(list(numbers))

    def read(content: Manifest, place: Path) -> pd.DataFrame:
        parts = (
            part
            for part in content.parts
            if part.last_day >= first and part.first_day <= last
        )
        return _query(
            place, [str(place / part.file) for part in parts], wanted, [*values, limit]
        )

    table = read_model.stable(store, read)
    written = matters.texts(store, table["id"].tolist())
    table["text"] = [written.get(number, "") for number in table["id"]]
    return table


def _query(place: Path, files: list[str], wanted: str, values: list[Any]) -> pd.DataFrame:
    if not files:
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in COLUMNS})
    with confined(place) as database:
        return database.execute(
            f"SELECT {', '.join(COLUMNS)} FROM read_parquet(?) WHERE grid >= ? AND grid < ?"
            f" AND reported_at >= ? AND reported_at < ?{wanted} ORDER BY reported_at DESC, "
            "id DESC LIMIT ?",
            [files, *values],
        ).df()


def confined(place: Path) -> duckdb.DuckDBPyConnection:
    """A DuckDB that can read below `place` and nothing else of the machine."""
    database = duckdb.connect(config={"threads": 2})
    database.execute(
        "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false"
    )
    quoted = str(place).replace("'", "''")
    database.execute(f"SET allowed_directories=['{quoted}/']")
    database.execute("SET enable_external_access=false; SET lock_configuration=true")
    return database
