"""A town whose matters move: the people of `staffed.py`, rules, limits, and reports to send."""

import homes
import pandas as pd
import staffed
import town
from sqlalchemy import update

from gridmap.calendar import to_epoch
from gridmap.cases.records.record import Order
from gridmap.city import City
from gridmap.city.base.clock import StoppedClock
from gridmap.city.flow.newmatter import NewMatter
from gridmap.store.base.store import touch
from gridmap.store.opening import open_store
from gridmap.store.tables import categories

NOW = to_epoch(town.NOW)
HERE = (town.WEST + 0.005, town.SOUTH + 0.005)
"""In the busy grid."""
COVER, LAMP, QUARREL = "C01", "C02", "D01"
HOSTILE = (
    "${document.title=7*7} `x` <script>alert(1)</script> C:\\2019 \u202e\u05d0\u2067 "
    "'\"; DROP TABLE cases;--"
)


def build(home, **changes):
    """Settings of the town with people, limits of 2 working days and rules: components to
    the village, quarrels nowhere.
    """
    settings = homes.copy("flowing_town", _fill, home)
    return settings.model_copy(update={"now": town.NOW, **changes})


def _fill(settings):
    town.fill(settings, rows=[])
    staffed.staff_town(settings)
    with open_store(settings) as store, store.write() as connection:
        limit = {"limit_amount": 2.0, "limit_unit": "working_days"}
        connection.execute(
            update(categories).where(categories.c.parent.is_not(None)).values(limit)
        )
        touch(connection)
    city = opened(settings)
    rules = pd.DataFrame(
        {
            "category": ["C"],
            "area": [4107],
            "first": ["village"],
            "department": ["城市管理局"],
        }
    )
    city.routing.save(city.people.actor(staffed.ADMIN), rules)
    city.close()


def opened(settings):
    return City.open(settings, clock=StoppedClock(town.NOW))


def new(category=COVER, **more):
    lon, lat = HERE
    return NewMatter(**{"category": category, "lon": lon, "lat": lat, **more})


def play(city, matter, *moves):
    """The case after (user, order or move) pairs."""
    case = city.matters.case(matter)
    for user, order in moves:
        wanted = order if isinstance(order, Order) else Order(order)
        case = city.matters.move(
            city.people.actor(user), matter, wanted, version=case.version
        )
    return case
