"""From the second shape of the database to the newest, with data in it: nothing is lost,
the new rooms take rows.
"""

import pytest
from shapes import shaped
from sqlalchemy import select
from world import LOWER_LEFT, NOW

from gridmap.cases import mediation as rules
from gridmap.cases.actors import Actor
from gridmap.model import UserRole
from gridmap.store import Store, mediation, migrate, tasks
from gridmap.store.tables import matters, mediators, visits
from gridmap.store.tasks import Task

CLERK = Actor(5, UserRole.CLERK, areas=(410702,))


@pytest.fixture
def second_shape(settings):
    """The settings of a city whose database has the second shape and data in it."""
    with shaped(settings, "0002"):
        pass
    return settings


def test_what_was_there_stays_and_the_rooms_take_rows(second_shape):
    with Store.open(second_shape) as store:
        with store.write() as connection:
            assert migrate.revision(connection) == migrate.HEAD
            assert connection.scalars(
                select(matters.c.client_id).order_by(matters.c.id)
            ).all() == [
                "old-1",
                "old-2",
                "live-3",
            ]
            assert connection.scalar(select(visits.c.grid)) == LOWER_LEFT
            mediation.add_mediators(
                connection,
                [
                    {
                        "name": "王",
                        "kind": "lawyer",
                        "area": 410702,
                        "specialities": ("labour",),
                        "capacity": 3,
                    }
                ],
            )
            first = rules.begin(
                CLERK,
                at=NOW,
                data={
                    "area": LOWER_LEFT,
                    "source": "police",
                    "kind": "labour",
                    "matter": 1,
                },
            )
            number, created = mediation.create(
                connection, first, parties=("employer", "employee"), client_id="a"
            )
            assert created
            task = Task(0, "visit", "走访", "", (410702,), ("在家？",), NOW + 9, NOW, 5)
            tasks.create(connection, task, {LOWER_LEFT: (113.05, 35.05)}, plan=1)
        with store.read() as connection:
            assert mediation.load(connection, number).matter == 1
            assert mediation.lines(connection, number) == [first]
            assert connection.scalar(select(mediators.c.name)) == "王"
            assert tasks.read_tasks(connection, 410702)["parts"].tolist() == [1]
