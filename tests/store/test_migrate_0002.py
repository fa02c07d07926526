"""From the first shape of the database to the second, with data in it: nothing is lost, old
matters can be moved.
"""

import pytest
from shapes import shaped
from sqlalchemy import select, text
from world import LOWER_LEFT, NOW

from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.lifecycle import Order, decide
from gridmap.cases.moves import Move
from gridmap.model import Status, UserRole
from gridmap.store import Store, cases, migrate
from gridmap.store.tables import events, imports, matters, visits

DISPATCHER = Actor(3, UserRole.DISPATCHER, office=2, areas=(410702,))


@pytest.fixture
def first_shape(settings):
    """The settings of a city whose database has the first shape and data of every kind it knew."""
    with shaped(settings, "0001") as connection:
        if connection.dialect.name == "postgresql":
            for table, column in (("matters", "id"), ("events", "seq"), ("visits", "id")):
                highest = f"(SELECT max({column}) FROM {table})"
                connection.execute(
                    text(
                        f"SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {highest})"
                    )
                )
        assert migrate.revision(connection) == "0001"
    return settings


def test_nothing_that_was_there_is_lost(first_shape):
    with Store.open(first_shape) as store, store.read() as connection:
        assert migrate.revision(connection) == migrate.HEAD
        assert [
            tuple(row)
            for row in connection.execute(
                select(matters.c.client_id, matters.c.text, matters.c.status).order_by(
                    matters.c.id
                )
            )
        ] == [
            ("old-1", "旧的", 4),
            ("old-2", None, 3),
            ("live-3", "直报", 0),
        ]
        lines = connection.execute(
            select(events.c.matter, events.c.kind, events.c.step).order_by(events.c.seq)
        ).all()
        assert [tuple(row) for row in lines] == [
            (1, "imported", None),
            (2, "imported", None),
            (3, "reported", None),
        ]
        assert tuple(
            connection.execute(
                select(visits.c.grid, visits.c.worker, visits.c.client_id)
            ).one()
        ) == (
            LOWER_LEFT,
            7,
            None,
        )
        assert connection.scalar(select(imports.c.accepted)) == 2
        assert store.get_meta("city") == "4107"


def test_a_copy_of_the_first_shape_stands_beside_the_embedded_database(first_shape):
    Store.open(first_shape).close()
    copies = [path.name for path in first_shape.home.glob("city.before-*")]
    assert copies == (
        [f"city.before-{migrate.HEAD}-from-0001.db"] if "sqlite" in first_shape.url else []
    )


def test_every_old_matter_can_be_moved(first_shape):
    clocks = Deadlines()
    expected = {1: Move.REOPEN, 2: Move.PARK, 3: Move.ACCEPT}
    with Store.open(first_shape) as store:
        for matter, move in expected.items():
            with store.write() as connection:
                case = cases.load(connection, matter)
                order = Order(move, reason="因为")
                after = cases.append(
                    connection,
                    case,
                    decide(case, DISPATCHER, order, now=NOW, clocks=clocks),
                )
                assert (after.version, cases.load(connection, matter)) == (2, after)
        with store.read() as connection:
            numbers = [cases.named(connection, matter).number for matter in expected]
            assert numbers == [f"410702-E01-20240521-{serial:06d}" for serial in (1, 2, 3)]
            assert cases.load(connection, 2).parked_from is Status.HANDLING


def test_new_reports_follow_the_old_ones(first_shape):
    from test_cases import new, put  # noqa: PLC0415  (its own fixtures are not wanted here)

    with Store.open(first_shape) as store:
        (kept,) = put(store, new("new"))
        assert kept.case.matter == 4
