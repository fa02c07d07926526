"""What all tests share."""

import os

import pytest
from hypothesis import settings as hypothesis_settings
from postgres import available, cluster

from gridmap import demo
from gridmap.settings import Settings

# A busy machine is slow now and then; that says nothing about the code.
hypothesis_settings.register_profile("gridmap", deadline=None)
hypothesis_settings.load_profile("gridmap")

SMALL_COUNTIES = (410702, 410703)
SMALL_REPORTS = 3000


@pytest.fixture(scope="session")
def small_city(tmp_path_factory) -> Settings:
    """A built demonstration city of two districts and 3,000 reports; read it, do not change it."""
    settings = Settings(home=tmp_path_factory.mktemp("small_city") / "home")
    demo.build(settings, reports=SMALL_REPORTS, seed=4107, counties=SMALL_COUNTIES)
    return settings


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request) -> str:
    """Where a database goes, for tests that run on both kinds: a server's URL, or "" for SQLite."""
    return "" if request.param == "sqlite" else request.getfixturevalue("server")


@pytest.fixture(scope="session")
def server():
    """The URL of a private PostgreSQL server, `{name}` standing for the database."""
    if not available():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's programs are missing: apt-get install postgresql")
        pytest.skip("PostgreSQL's programs are missing: apt-get install postgresql")
    with cluster() as url:
        yield url
