"""SQLite's write-ahead log, moved into the database beside the work, so that no commit has
to wait for it.
"""

from __future__ import annotations

from contextlib import closing

from gridmap.store.base.store import Store

ROUNDS = 3
"""Passes at most: each leaves what was committed during it, which is less every time."""


def checkpoint(store: Store) -> int:
    """Move what the log holds into the database; how many pages are still to be moved. 0 on
    PostgreSQL.

    Neither readers nor writers wait meanwhile (SQLite's passive way). A log that has been
    moved as a whole is written from its beginning again; see
    https://www.sqlite.org/wal.html, section 2.
    """
    if not store.is_sqlite:
        return 0
    left = 0
    with closing(
        store.engine.raw_connection()
    ) as connection:  # not in a transaction: that would hold the log
        for _ in range(ROUNDS):
            _, logged, moved = (
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            )
            left = max(logged, 0) - max(moved, 0)
            if not left:
                break
    return left
