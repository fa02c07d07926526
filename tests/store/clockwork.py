"""Open matters in the town of four grids (world.py), and a city over it whose clock the test sets.

Run as a program it is a second clockwork: python clockwork.py HOME DATABASE_URL NOW prints
what its look raised.
"""

import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

from reported import CATEGORIES
from world import LOWER_LEFT, NOW

from gridmap.cases.actors import SYSTEM
from gridmap.cases.matters.acts import Act
from gridmap.cases.records.record import Entry
from gridmap.city.city import City
from gridmap.model import Status
from gridmap.settings import Settings
from gridmap.store.flow import cases, newcases
from gridmap.store.flow.newcases import NewCase
from gridmap.store.opening import open_store

_numbers = itertools.count()


class SetClock:
    """A clock that shows what the test says."""

    def __init__(self, now: int = NOW) -> None:
        self.shown = now

    def now(self):
        return datetime.fromtimestamp(self.shown, tz=UTC)


def opened(settings, now=NOW, **changes):
    """The city with a clock the test sets: `city.clock.shown`."""
    return City.open(settings.model_copy(update=changes), clock=SetClock(now))


def open_matter(
    store,
    *,
    due_at=0,
    step_due_at=0,
    accepted_at=NOW - 3600,
    category="E01",
    contact="",
    **more,
):
    """An open matter with these limits, in hand unless `status` says otherwise; its number."""
    matter = {
        "client_id": f"clock{next(_numbers)}",
        "category": CATEGORIES[category],
        "grid": LOWER_LEFT,
        "plan": 1,
        "lon": 113.05,
        "lat": 35.05,
        "reported_at": accepted_at - 60,
        "channel": 0,
    }
    first = Entry(
        1, Act.REPORT, accepted_at - 60, 0, {"grid": LOWER_LEFT, "category": category}
    )
    with store.write() as connection:
        kept = newcases.create(connection, [NewCase(matter, first, contact=contact)])[
            matter["client_id"]
        ]
        data = {
            "status": int(Status.HANDLING),
            "office": 7,
            "due_at": due_at,
            "step_due_at": step_due_at,
            **more,
        }
        case = cases.append(
            connection, kept.case, Entry(2, Act.ACCEPT, accepted_at, SYSTEM.user, data)
        )
    return case.matter


def journal(store, matter):
    """The lines of a journal after the two that `open_matter` writes, as (move, data)."""
    with store.read() as connection:
        return [(step.act, step.data) for step in cases.steps(connection, matter)[2:]]


def main(home, url, now):
    city = opened(Settings(home=Path(home), database_url=url), int(now))
    print("ready", flush=True)
    sys.stdin.readline()
    near_due, overdue, step_overdue = city.watch.look()
    print(near_due, overdue, step_overdue, flush=True)
    city.close()


if __name__ == "__main__":
    with open_store(Settings(home=Path(sys.argv[1]), database_url=sys.argv[2])):
        main(*sys.argv[1:])
