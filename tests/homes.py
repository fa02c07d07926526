"""Homes built once in a run, and copied for each test that may change one."""

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from postgres import create, drop

from gridmap.settings import Settings

Fill = Callable[[Settings], object]
"""Makes a home of given settings, and leaves nobody connected to its database."""

_templates = TemporaryDirectory(prefix="gridmap-homes-")
_numbers = itertools.count()


def copy(name: str, fill: Fill, home: Path) -> Settings:
    """Settings of `home`, now a copy of the SQLite home `name` that `fill` makes."""
    template = Path(_templates.name) / "sqlite" / name
    if not template.exists():
        fill(Settings(home=template))
    shutil.copytree(template, home, dirs_exist_ok=True)
    return Settings(home=home)


@contextmanager
def copied(name: str, fill: Fill, home: Path, server: str) -> Iterator[Settings]:
    """The same on a server of PostgreSQL, or on SQLite where `server` is empty; the copied
    database is dropped at the end.
    """
    if not server:
        yield copy(name, fill, home)
        return
    template = Path(_templates.name) / "postgresql" / name
    if not template.exists():
        fill(Settings(home=template, database_url=create(server, name)))
    shutil.copytree(template, home, dirs_exist_ok=True)
    database = f"{name}{next(_numbers)}"
    yield Settings(home=home, database_url=create(server, database, template=name))
    drop(server, database)
