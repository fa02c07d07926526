"""The demonstration with its journals on PostgreSQL: the same rows as on SQLite, and a city
that goes on from there.
"""

import pytest
from postgres import create, drop
from sqlalchemy import select

from gridmap import demo
from gridmap.city.city import City
from gridmap.city.flow.newmatter import NewMatter
from gridmap.insight.definitions import DEFINITIONS
from gridmap.settings import Settings
from gridmap.store.tables import (
    alarms,
    cases,
    dispute_lines,
    disputes,
    duties,
    events,
    matters,
    mediators,
    offices,
    routing_rules,
    serials,
    stays,
    step_limits,
    task_parts,
    tasks,
    users,
    whistles,
    windows,
)

COUNTY = 410703
REPORTS = 1_200
TABLES = (
    cases,
    stays,
    whistles,
    alarms,
    serials,
    users,
    offices,
    routing_rules,
    step_limits,
    windows,
    duties,
    mediators,
    disputes,
    dispute_lines,
    tasks,
    task_parts,
)


@pytest.fixture(scope="module")
def cities(server, tmp_path_factory):
    """The same demonstration on SQLite and on PostgreSQL."""
    folder = tmp_path_factory.mktemp("demonstrations")
    both = {
        "sqlite": Settings(home=folder / "sqlite"),
        "postgresql": Settings(
            home=folder / "postgresql", database_url=create(server, "demonstration")
        ),
    }
    opened = {}
    for name, settings in both.items():
        demo.build(settings, reports=REPORTS, seed=4107, counties=(COUNTY,))
        opened[name] = City.open(settings)
    yield opened
    for city in opened.values():
        city.close()
    drop(server, "demonstration")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_both_databases_hold_the_same(cities, table):
    rows = {}
    for name, city in cities.items():
        with city.store.read() as connection:
            rows[name] = connection.execute(
                select(table).order_by(*table.primary_key.columns)
            ).all()
    assert rows["sqlite"]
    assert rows["postgresql"] == rows["sqlite"]


def test_journals_and_matters_are_the_same(cities):
    lines, stands = {}, {}
    for name, city in cities.items():
        with city.store.read() as connection:
            columns = [
                events.c[one] for one in ("matter", "step", "kind", "at", "actor", "data")
            ]
            journal = (
                select(*columns)
                .where(events.c.step.is_not(None))
                .order_by(events.c.matter, events.c.step)
            )
            lines[name] = connection.execute(journal).all()
            held = [
                matters.c[one]
                for one in ("id", "status", "accepted_at", "due_at", "closed_at")
            ]
            stands[name] = connection.execute(select(*held).order_by(matters.c.id)).all()
    assert lines["sqlite"]
    assert lines["postgresql"] == lines["sqlite"]
    assert stands["postgresql"] == stands["sqlite"]


def test_indicators_count_alike(cities):
    tables = [
        city.figures.whole(DEFINITIONS, city.default_selection())
        for city in cities.values()
    ]
    assert (tables[0]["denominator"] > 0).all()
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_the_city_goes_on_behind_the_demonstration(cities, name):
    city = cities[name]
    worker = city.people.demo_users().query("role == 'grid_worker'").iloc[0]
    actor = city.people.actor(int(worker["id"]))
    receipt = city.reporting.report(
        actor, NewMatter("C0201", *city.places.middle(actor.areas[0]), client_id="after")
    )
    assert receipt.created
    assert receipt.number.endswith("-000001")
