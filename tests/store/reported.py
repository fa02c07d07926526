"""Matters reported in the town of four grids (world.py), with a limit on rubbish."""

import itertools

from world import LOWER_LEFT, NOW

from gridmap.cases.actors import Actor
from gridmap.cases.deadlines import Deadlines, Limit
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.model import LimitUnit, UserRole
from gridmap.store.flow import newcases
from gridmap.store.flow.newcases import NewCase

CLOCKS = Deadlines(categories={"E01": Limit(2, LimitUnit.WORKING_DAYS)})
RESIDENT = Actor(8, UserRole.PUBLIC, areas=(410702,))
CATEGORIES = {"C01": 2, "E01": 4}

_numbers = itertools.count(1)


def new(client_id="", *, grid=LOWER_LEFT, category="E01", at=NOW, digest="same", **more):
    """A resident's report; `more` are columns of `matters`."""
    order = Order(Act.REPORT, category=category, grid=grid, office=4, reported_at=at)
    first = engine.begin(MATTER, RESIDENT, order, now=at, context=CLOCKS)
    matter = {
        "client_id": client_id or f"n{next(_numbers)}",
        "category": CATEGORIES[category],
        "grid": grid,
        "plan": 1,
        "lon": 113.05,
        "lat": 35.05,
        "reported_at": at,
        "channel": 0,
        **more,
    }
    return NewCase(matter, first, digest)


def put(store, *news):
    """Report them, or one; what was made of each."""
    with store.write() as connection:
        news = news or [new()]
        made = newcases.create(connection, news)
        return [made[report.matter["client_id"]] for report in news]
