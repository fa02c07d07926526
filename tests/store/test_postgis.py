"""Views with geometry, where the database has PostGIS."""

import psycopg
import pytest
from postgres import create, drop
from sqlalchemy import text
from world import CODES, NOW, fill, reports

from gridmap.settings import Settings
from gridmap.store.intake.imports import import_reports
from gridmap.store.opening import open_store


@pytest.fixture
def with_postgis(server, tmp_path):
    url = create(server, "geometry")
    with psycopg.connect(url, autocommit=True) as connection:
        there = connection.execute(
            "SELECT count(*) FROM pg_available_extensions WHERE name = 'postgis'"
        ).fetchone()
        if not there[0]:
            drop(server, "geometry")
            pytest.skip("PostGIS is not installed: apt-get install postgresql-postgis")
        connection.execute("CREATE EXTENSION postgis")
    yield Settings(home=tmp_path / "home", database_url=url)
    drop(server, "geometry")


def test_grids_units_and_matters_can_be_drawn(with_postgis):
    with open_store(with_postgis) as store:
        fill(store)
        import_reports(store, [reports(range(1, 20))], files=["test"], now=NOW)
    with open_store(with_postgis) as store, store.read() as connection:
        grids = connection.execute(
            text("SELECT code, ST_Area(geom), ST_SRID(geom) FROM map_grids ORDER BY code")
        ).all()
        assert [row[0] for row in grids] == CODES
        assert [row[1] for row in grids] == pytest.approx([0.01] * 4)
        assert {row[2] for row in grids} == {4490}
        assert connection.scalar(text("SELECT count(*) FROM map_units")) == 4
        inside = (
            "SELECT count(*) FROM map_matters AS m JOIN map_grids AS g ON g.code = "
            "m.grid AND ST_Covers(g.geom, m.geom)"
        )
        assert connection.scalar(text(inside)) == 19
