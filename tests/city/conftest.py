"""The town of `town.py`, built once."""

import itertools
import shutil
import sys
from pathlib import Path

import pandas as pd
import town
from postgres import create, drop
from pytest import fixture

from gridmap.city import City
from gridmap.settings import Settings

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))

_numbers = itertools.count()


@fixture(scope="session")
def town_settings(tmp_path_factory):
    return town.build(tmp_path_factory.mktemp("town"))


@fixture(scope="session")
def served_town(server, tmp_path_factory):
    """The town on PostgreSQL; nobody is connected to its database, which is a template for
    others.
    """
    return town.build(
        tmp_path_factory.mktemp("served_town"), database_url=create(server, "town")
    )


@fixture(params=["sqlite", "postgresql"])
def own_settings(request, tmp_path):
    """A copy of the town that may be changed, on either database."""
    home = tmp_path / "home"
    if request.param == "sqlite":
        shutil.copytree(request.getfixturevalue("town_settings").home, home)
        yield Settings(home=home, now=town.NOW)
        return
    shutil.copytree(request.getfixturevalue("served_town").home, home)
    server, name = request.getfixturevalue("server"), f"town{next(_numbers)}"
    yield Settings(
        home=home, now=town.NOW, database_url=create(server, name, template="town")
    )
    drop(server, name)


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
