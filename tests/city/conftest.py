"""The town of `town.py`, built once."""

import sys
from pathlib import Path

import homes
import pandas as pd
import town
from pytest import fixture

from gridmap.city import City

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))


@fixture(scope="session")
def town_settings(tmp_path_factory):
    return town.build(tmp_path_factory.mktemp("town"))


@fixture
def own_settings(database, tmp_path):
    """A copy of the town that may be changed, on either database."""
    with homes.copied("town", town.fill, tmp_path / "home", database) as copy:
        yield copy.model_copy(update={"now": town.NOW})


@fixture(scope="session")
def city(town_settings):
    with_rooms = City.open(town_settings)
    yield with_rooms
    with_rooms.close()


@fixture(scope="session")
def frame():
    """The same reports as a plain frame, for counting by hand."""
    table = pd.DataFrame(town.reports())
    local = pd.to_datetime(table["reported_at"] + 8 * 3600, unit="s")
    table["day"] = local.dt.date
    table["hour"] = local.dt.hour
    return table
