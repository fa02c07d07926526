"""When somebody was last seen in a grid on duty."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import func, insert, select

from gridmap.store.base import Store, touch
from gridmap.store.frames import frame, records, require
from gridmap.store.tables import visits


def add_visits(store: Store, table: pd.DataFrame) -> None:
    """Add visits: grid (code), at (Unix seconds); optionally worker (id). Raises InputError on missing columns."""
    require(table, ("grid", "at"), what="visits")
    if table.empty:
        return
    with store.write() as connection:
        connection.execute(insert(visits), records(table.reindex(columns=["grid", "worker", "at"])))
        touch(connection)


def last_visits(store: Store) -> pd.DataFrame:
    """The last visit of each visited grid: grid (int64), at (int64, Unix seconds), by grid."""
    query = select(visits.c.grid, func.max(visits.c.at).label("at")).group_by(visits.c.grid).order_by(visits.c.grid)
    with store.read() as connection:
        return frame(connection, query, grid="int64", at="int64")
