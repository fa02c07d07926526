"""`Store`: the truth of one city, open, as it is handed to the rooms of this floor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import BigInteger, Connection, Engine, Text, cast, inspect, select
from sqlalchemy.engine import make_url

from gridmap.settings import Settings
from gridmap.store.base import engine as engines
from gridmap.store.base.upsert import insert_of
from gridmap.store.tables import meta, plans


class Store:
    """An open city: `engine` for its database, `home` for its files.

    `gridmap.store.opening.open_store` opens it; close it, or use it in a `with` block.
    """

    def __init__(self, engine: Engine, home: Path) -> None:
        self.engine = engine
        self.home = home

    @classmethod
    def exists(cls, settings: Settings) -> bool:
        """Whether a city with grids is there already; nothing is created or migrated."""
        url = make_url(settings.url)
        if url.get_backend_name() == "sqlite" and not (
            url.database and Path(url.database).expanduser().exists()
        ):
            return False
        engine = engines.connect(settings.url)
        try:
            if not inspect(engine).has_table(plans.name):
                return False
            with engine.connect() as connection:
                return connection.scalar(select(plans.c.id).limit(1)) is not None
        finally:
            engine.dispose()

    @property
    def is_sqlite(self) -> bool:
        """Whether the truth is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def folder(self, name: str) -> Path:
        """The folder `name` of the home, created when missing."""
        path = self.home / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose reads see one moment of the truth."""
        with self.engine.connect().execution_options(
            **{engines.READ_ONLY: True}
        ) as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(  # noqa: PLW2901  (the same connection)
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction that writes: all of it, or nothing."""
        with self.engine.begin() as connection:
            yield connection

    def get_meta(self, key: str, default: str = "") -> str:
        """The value kept under `key`."""
        with self.read() as connection:
            return (
                connection.scalar(select(meta.c.value).where(meta.c.key == key)) or default
            )

    def set_meta(self, key: str, value: str) -> None:
        """Keep `value` under `key`."""
        with self.write() as connection:
            put_meta(connection, key, value)

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def put_meta(connection: Connection, key: str, value: str) -> None:
    """Set `key` to `value` inside the caller's transaction."""
    statement = insert_of(connection.dialect.name, meta).values(key=key, value=value)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[meta.c.key], set_={"value": statement.excluded.value}
        )
    )


def touch(connection: Connection, *parts: str) -> None:
    """Note inside the caller's transaction that data outside the columns changed (see
    `columns.version`).

    `parts` name what has changed for those who watch only that: each has a count of its own
    (see `part_key`).
    """
    for key in ("revision", *map(part_key, parts)):
        count(connection, key)


def count(connection: Connection, key: str) -> None:
    """Count the number kept under `key` up by one inside the caller's transaction; two at
    once count two.
    """
    following = cast(cast(meta.c.value, BigInteger) + 1, Text)
    statement = insert_of(connection.dialect.name, meta).values(key=key, value="1")
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[meta.c.key], set_={"value": following}
        )
    )


def part_key(part: str) -> str:
    """The key under which the changes of a part of the city are counted."""
    return f"revision.{part}"
