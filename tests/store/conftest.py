"""Stores on both databases: each test that asks for `store` runs on SQLite and on a real
PostgreSQL server.
"""

from __future__ import annotations

import itertools

import pytest
from postgres import create, drop
from world import fill

from gridmap.settings import Settings
from gridmap.store.opening import open_store

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request, tmp_path):
    """Settings of an empty home on either database."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        yield Settings(home=home)
        return
    server = request.getfixturevalue("server")
    name = f"city{next(_numbers)}"
    yield Settings(home=home, database_url=create(server, name))
    drop(server, name)


@pytest.fixture
def store(settings):
    """An empty open city."""
    with open_store(settings) as opened:
        yield opened


@pytest.fixture
def town(store):
    """The town of four grids (see world.py)."""
    fill(store)
    return store
