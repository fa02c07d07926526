"""When somebody was last seen in a grid on duty."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from gridmap.errors import ConflictError
from gridmap.store.base.frames import frame, records, require
from gridmap.store.base.store import Store, put_meta, touch
from gridmap.store.tables import meta, users, visits
from gridmap.words import mark

SHOWN = "visits shown at"
SHOW_EVERY_S = 60
OTHER_VISIT = mark("This client id was used for another check-in.")


def add_visits(store: Store, table: pd.DataFrame) -> None:
    """Add visits: grid (code), at (Unix seconds); optionally worker (id). Raises InputError
    on missing columns.
    """
    require(table, ("grid", "at"), what="visits")
    if table.empty:
        return
    with store.write() as connection:
        connection.execute(
            insert(visits), records(table.reindex(columns=["grid", "worker", "at"]))
        )
        touch(connection)


def last_visits(store: Store) -> pd.DataFrame:
    """The last visit of each visited grid: grid (int64), at (int64, Unix seconds), by grid."""
    query = (
        select(visits.c.grid, func.max(visits.c.at).label("at"))
        .group_by(visits.c.grid)
        .order_by(visits.c.grid)
    )
    with store.read() as connection:
        return frame(connection, query, grid="int64", at="int64")


def add_visit(
    store: Store, *, grid: int, worker: int, at: int, now: int, client_id: str = ""
) -> bool:
    """Add one visit; whether it was new under its client id. `worker` 0: somebody not in
    the staff list.

    Readers see it at once when it is the first of a minute; with the next change of the
    city's data otherwise. Raises ConflictError when the client id stands for another visit.
    """
    row = {"grid": grid, "worker": worker or None, "at": at, "client_id": client_id or None}
    try:
        with store.write() as connection:
            connection.execute(insert(visits).values(row))
            _show(connection, now)
    except IntegrityError:
        with store.read() as connection:
            known = connection.execute(
                select(visits).where(visits.c.client_id == client_id)
            ).first()
        if known is None:
            raise
        if (known.grid, known.worker or 0, known.at) != (grid, worker, at):
            raise ConflictError(OTHER_VISIT) from None
        return False
    return True


def _show(connection: Connection, now: int) -> None:
    """Make readers look, once a minute at most: thousands check in every day, and each look
    reads the staff lists.
    """
    shown = connection.scalar(select(meta.c.value).where(meta.c.key == SHOWN))
    if shown is None or not 0 <= now - int(shown) < SHOW_EVERY_S:
        put_meta(connection, SHOWN, str(now))
        touch(connection)


def worker_of(connection: Connection, user: int) -> int:
    """The number of a user in the staff list; 0 when not in it."""
    return int(connection.scalar(select(users.c.worker).where(users.c.id == user)) or 0)
