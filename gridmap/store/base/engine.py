"""Connections to the truth: SQLite through the bundled modern library, PostgreSQL by URL."""

from __future__ import annotations

from typing import Any

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url

from gridmap.errors import SetupError

SAFE_SQLITE = (3, 51, 3)
"""Before it, two connections of which one checkpoints while the other writes can lose a
write (WAL reset).
"""

BUSY_TIMEOUT_MS = 15_000
WAL_PAGES = 16_384
"""Pages of the write-ahead log at which a commit moves them into the database itself (64
MiB). The clockwork does so every second beside the work (`store/wal.py`); left to the
commits at SQLite's 1,000 pages, one in ten took 0.1 to 0.3 s.
"""
READ_ONLY = "gridmap_read_only"


def connect(url: str) -> Engine:
    """The engine for `url`, ready to use.

    Raises SetupError when the SQLite library is too old, or the URL names a database of
    another kind.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True
        )
    raise SetupError(
        f"{parsed.get_backend_name()} is not a database gridmap knows; use sqlite:// or postgresql://."
    )


def refuse_unsafe_sqlite(version: tuple[int, ...]) -> None:
    """Raise SetupError when SQLite `version` has the WAL-reset bug."""
    if version < SAFE_SQLITE:
        raise SetupError(
            f"SQLite {'.'.join(map(str, version))} can lose writes; "
            f"{'.'.join(map(str, SAFE_SQLITE))} or later is "
            "needed. Reinstall the package pysqlite3, which brings its own."
        )


def _sqlite(url: URL) -> Engine:
    refuse_unsafe_sqlite(tuple(sqlite.sqlite_version_info))
    engine = create_engine(
        url, module=sqlite, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = (
        None  # transactions are begun by `_begin`, not by the driver's guess
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # a line of a journal is not replaced either
        "temp_store=MEMORY",
        "cache_size=-65536",
        f"wal_autocheckpoint={WAL_PAGES}",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A read that turns into a write fails at once whatever the timeout: writers take the
    # lock first.
    read_only = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
