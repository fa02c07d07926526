"""The demonstration's deliberations: what villages have talked over lately, some about
matters of theirs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sqlalchemy import Connection, select

from gridmap.calendar import DAY_S, from_epoch, to_epoch
from gridmap.cases.actors import Actor
from gridmap.cases.deliberations import DELIBERATION, Act, Forum
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.codes import span
from gridmap.demo.phrases import DELIBERATIONS, MEETINGS
from gridmap.demo.users import Crew
from gridmap.demo.villages import VillageOfficers
from gridmap.model import UserRole
from gridmap.store import Store
from gridmap.store.tables import cases, contracts
from gridmap.store.town.deliberations import create_many

MOST_VILLAGES = 60
_COURSES = ("notice", "open", "overdue", "due", "done")
"""How deliberations stand, one after the other."""
_DAYS_AGO = {"notice": 3, "open": 6, "overdue": 20, "due": 16, "done": 75}


def furnish(
    store: Store, crew: Crew, *, home: int, now: int, rng: np.random.Generator
) -> None:
    """Store the deliberations of the village `home` and of those that have begun to clean
    up their contracts.
    """
    people = VillageOfficers.of(crew.users)
    with store.write() as connection:
        query = select(contracts.c.village).distinct().order_by(contracts.c.village)
        begun = [int(village) for village in connection.scalars(query)]
        villages = list(dict.fromkeys([home, *begun]))[:MOST_VILLAGES]
        records: list[tuple[list[Entry], list[int]]] = []
        for place, village in enumerate(villages):
            clerk = Actor(people.clerks.get(village, 0), UserRole.CLERK, areas=(village,))
            courses: Sequence[str] = _COURSES
            matters = _matters(connection, village) if village == home else []
            if village != home:
                courses = [_COURSES[(place + turn) % len(_COURSES)] for turn in range(2)]
            for turn, course in enumerate(courses):
                entries = _record(clerk, village, course, place + turn, now=now, rng=rng)
                records.append((entries, matters[turn : turn + 1]))
        create_many(connection, records)


def _matters(connection: Connection, village: int) -> list[int]:
    """Some matters of a village that have moved, the newest first."""
    first, end = span(village)
    query = select(cases.c.matter).where(cases.c.grid >= first, cases.c.grid < end)
    newest = query.order_by(cases.c.matter.desc()).limit(len(_COURSES))
    return [int(matter) for matter in connection.scalars(newest)]


def _record(
    clerk: Actor,
    village: int,
    course: str,
    turn: int,
    *,
    now: int,
    rng: np.random.Generator,
) -> list[Entry]:
    """The record of a deliberation that stands as `course` says at `now`."""
    title, proposals, decision = DELIBERATIONS[turn % len(DELIBERATIONS)]
    days = _DAYS_AGO[course] + int(rng.integers(0, 2))
    at = _afternoon(now - days * DAY_S)
    talked = {
        "open": _evening(now + 4 * DAY_S),
        "overdue": _evening(now - 5 * DAY_S),
        "done": at + 9 * DAY_S,
    }.get(course, 0)
    decided = _meeting(
        proposals,
        rng,
        decision=decision,
        notice_days=7,
        follow_up_at=_evening(now + 8 * DAY_S),
    )
    first = _meeting(
        proposals, rng, words=str(rng.choice(MEETINGS["adjourned"])), resume_at=talked
    )
    begins = first if talked else decided
    kind = Forum.HOUSEHOLDS if turn % 3 == 1 else Forum.COUNCIL
    where = {"area": village, "kind": str(kind), "title": title}
    order = Order(Act.MEET, **begins.values, **where)
    entries = [engine.begin(DELIBERATION, clerk, order, now=at)]
    if course == "done":
        _then(entries, clerk, decided, at + 9 * DAY_S)
        done = Order(Act.FOLLOW_UP, words=str(rng.choice(MEETINGS["done"])))
        _then(entries, clerk, done, at + 30 * DAY_S)
    return entries


def _afternoon(at: int) -> int:
    """When villages meet on the day of `at`: at three."""
    return _hour(at, 15)


def _evening(at: int) -> int:
    return _hour(at, 18)


def _hour(at: int, hour: int) -> int:
    return to_epoch(from_epoch(at).replace(hour=hour, minute=0, second=0))


def _meeting(proposals: Sequence[str], rng: np.random.Generator, **what: object) -> Order:
    present = {
        "household_representative": int(rng.integers(8, 24)),
        "village_cadre": int(rng.integers(2, 6)),
        "supervision_committee": 2,
        "grid_worker": 1,
        "legal_adviser": int(rng.integers(0, 2)),
    }
    return Order(Act.MEET, roles=present, proposals=tuple(proposals), **what)


def _then(entries: list[Entry], actor: Actor, order: Order, at: int) -> None:
    stands = engine.replay(DELIBERATION, 0, entries)
    entries.append(engine.decide(DELIBERATION, stands, actor, order, now=at))
