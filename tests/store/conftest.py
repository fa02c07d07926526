"""Stores on both databases: each test that asks for `store` runs on SQLite and on a real
PostgreSQL server.
"""

from __future__ import annotations

import homes
import pytest
from world import fill

from gridmap.store.opening import open_store


@pytest.fixture
def settings(database, tmp_path):
    """Settings of a city without content on either database."""

    def shape(template):
        open_store(template).close()

    with homes.copied("empty", shape, tmp_path / "home", database) as copy:
        yield copy


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
