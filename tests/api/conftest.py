"""A real server on a real city: the town of `tests/city`, with its people."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from running import served

from gridmap.city.base.clock import StoppedClock

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "city"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))

import staffed
import town


@pytest.fixture(scope="session")
def api(tmp_path_factory):
    """The interface of the staffed town; its clock stands still."""
    settings = town.build(tmp_path_factory.mktemp("api") / "home")
    staffed.staff_town(settings)
    with served(settings, StoppedClock(town.NOW)) as found:
        yield found


@pytest.fixture
def worker(api):
    """A client with the key of the busy grid's worker."""
    with api.client(staffed.WORKER) as client:
        yield client


@pytest.fixture
def anybody(api):
    """A client without a key."""
    with api.client() as client:
        yield client
