"""Bringing a database to the present shape, with a copy of an SQLite file made first."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pysqlite3 import dbapi2 as sqlite
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError

from gridmap.errors import SetupError
from gridmap.store.base import postgis
from gridmap.store.tables import metadata
from gridmap.store.tables.journals import protect

_VERSIONS = Path(__file__).resolve().parents[1] / "migrations" / "versions"
HEAD = max(path.name[1:5] for path in _VERSIONS.glob("r[0-9]*.py"))
"""The newest revision, by the files' names: a start with nothing to do does not load Alembic."""

EARLY = frozenset({"0001", "0002", "0003", "0004", "0005", "0006"})
"""Revisions from before the first shape, "0007"; no migration leads on from them."""

_TOO_EARLY = (
    "The city in {home} is of an early shape of gridmap ({present}) that this program does not "
    "bring up to date; nothing was changed. A demonstration is made anew: `gridmap demo` with an "
    "empty GRIDMAP_HOME. Another city is written out by the program that made it (`gridmap export` "
    "grids, workers and reports) and imported into an empty home."
)

_ADVISORY_LOCK = 0x67726964  # "grid": one migration at a time on PostgreSQL


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None if found is None else str(found)


def to_head(engine: Engine, home: Path) -> None:
    """Migrate to `HEAD`; nothing happens when the database is there already.

    Raises SetupError when the database cannot be opened, is newer than this program, or too
    old for it.
    """
    try:
        with engine.connect() as connection:
            present = revision(connection)
    except OperationalError as error:
        raise SetupError(
            f"The database does not open: {error.orig}. Check database_url and its server."
        ) from error
    if present == HEAD:
        return
    if present in EARLY:
        raise SetupError(_TOO_EARLY.format(home=home, present=present))
    with _one_at_a_time(engine, home) as connection:
        present = revision(connection)
        if present is not None and present != HEAD:
            _copy(engine, present)
        if present != HEAD:
            postgis.drop_views(connection)
            _upgrade(connection)
            protect(connection, metadata)


@contextmanager
def _one_at_a_time(engine: Engine, home: Path) -> Iterator[Connection]:
    with (home / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK}
                )
            yield connection


def _copy(engine: Engine, present: str) -> None:
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return
    source = Path(engine.url.database)
    target = source.with_name(f"{source.stem}.before-{HEAD}-from-{present}{source.suffix}")
    with sqlite.connect(source) as old, sqlite.connect(target) as new:
        old.backup(new)
        if new.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise SetupError(
                f"The copy {target} made before the migration is not whole; nothing was changed."
            )
    old.close()
    new.close()


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (only when there is something to do)
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except CommandError as error:
        raise SetupError(
            f"The database belongs to another version of gridmap ({error}). Install that one."
        ) from error
