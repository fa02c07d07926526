"""The routing rules as the truth keeps them, and the past matters they are tried out on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection, delete, insert, select

from gridmap.calendar import DAY_S, UTC_OFFSET_S
from gridmap.store.base.frames import frame, records
from gridmap.store.base.store import Store, touch
from gridmap.store.look import columns
from gridmap.store.look.columns import Manifest
from gridmap.store.look.matters import SCHEMA
from gridmap.store.tables import routing_rules

COLUMNS = ("id", "position", "category", "area", "first", "department", "active", "note")
PART = "rules"
"""What `touch` is told when rules change."""

_PAST = ["id", "category", "grid", "reported_at"]


def read_rules(connection: Connection) -> pd.DataFrame:
    """Every rule by position: the columns of `COLUMNS`, department and note "" where there
    is none.
    """
    query = select(*(routing_rules.c[name] for name in COLUMNS))
    ordered = query.order_by(routing_rules.c.position, routing_rules.c.id)
    table = frame(
        connection, ordered, id="int64", position="int64", area="int64", active="bool"
    )
    return table.astype({"department": object, "note": object}).fillna(
        {"department": "", "note": ""}
    )


def replace_rules(connection: Connection, table: pd.DataFrame) -> None:
    """Make `table` (the columns of `COLUMNS`, checked before) the rules, inside the
    caller's transaction.
    """
    connection.execute(delete(routing_rules))
    rows = records(table.loc[:, list(COLUMNS)])
    if rows:
        connection.execute(insert(routing_rules), rows)
    touch(connection, PART)


def past_matters(store: Store, start: int, end: int) -> pd.DataFrame:
    """Matters reported from `start` until before `end` (Unix seconds) from the columns, by
    time: id, category, grid.
    """

    def read(content: Manifest, place: Path) -> pa.Table:
        first, last = ((moment + UTC_OFFSET_S) // DAY_S for moment in (start, end))
        months = [
            part
            for part in content.parts
            if part.first_day <= last and part.last_day >= first
        ]
        tables = [columns.read_part(place, part, _PAST) for part in months]
        return (
            pa.concat_tables(tables)
            if tables
            else pa.schema([SCHEMA.field(name) for name in _PAST]).empty_table()
        )

    table = columns.stable(store, read)
    reported = table["reported_at"].to_numpy()
    inside = np.flatnonzero((reported >= start) & (reported < end))
    return pd.DataFrame(
        {name: table[name].to_numpy()[inside] for name in ("id", "category", "grid")}
    )
