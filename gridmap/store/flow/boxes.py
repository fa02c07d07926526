"""The boxes of an inbox as questions to the truth: what somebody's office holds, and what
somebody watches over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from gridmap.codes import span
from gridmap.model import OPEN_STATUSES, Status
from gridmap.store.base.store import Store
from gridmap.store.tables import cases

BOXES = ("new", "near_due", "overdue", "whistled", "supervised", "mine")
"""In the order they are shown."""

NEAR_SHARE = 5
"""A limit is near when a fifth of its time is left, …"""
NEAR_S = 30 * 60
"""… or half an hour."""

_AWAITING_OFFICE = (Status.REPORTED, Status.ACCEPTED, Status.DISPATCHED, Status.HANDLING)
_NOT_BEGUN = (Status.REPORTED, Status.ACCEPTED, Status.DISPATCHED)


class Part(StrEnum):
    """A part of the open matters, as somebody stands to it."""

    OFFICE = "office"
    """With the office, which has to act."""
    WORKER = "worker"
    """With the person, or with nobody of the office yet and in a place of the person's."""
    QUEUE = "queue"
    """With no office yet, in the places."""
    VERIFY = "verify"
    """Reported back and to be verified, in the places."""
    REQUESTS = "requests"
    """With an extension asked for, in the places."""
    AREA = "area"
    """Anything in the places."""
    REPORTED = "reported"
    """Reported by the person."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Who looks: users (oneself and who one stands in for), office (0: none), places, the
    parts one has to act on and the parts one watches over.
    """

    persons: tuple[int, ...]
    office: int
    areas: tuple[int, ...]
    held: tuple[Part, ...]
    watched: tuple[Part, ...]


def counts(store: Store, scope: Scope, *, now: int) -> dict[str, int]:
    """How many matters lie in each box, by one query."""
    boxes = conditions(scope, now)
    sums = [
        func.coalesce(func.sum(case((condition, 1), else_=0)), 0).label(box)
        for box, condition in boxes.items()
    ]
    with store.read() as connection:
        row = connection.execute(select(*sums).where(_anything(scope))).one()
    return {box: int(number) for box, number in zip(boxes, row, strict=True)}


def matters(store: Store, scope: Scope, box: str, *, now: int, limit: int) -> list[int]:
    """The numbers of the matters in a box, the limit that runs out first first, those
    without one last.
    """
    statement = (
        select(cases.c.matter)
        .where(_anything(scope), conditions(scope, now)[box])
        .order_by(next_due() == 0, next_due(), cases.c.matter)
        .limit(limit)
    )
    with store.read() as connection:
        return [int(number) for number in connection.scalars(statement)]


def conditions(scope: Scope, now: int) -> Mapping[str, ColumnElement[bool]]:
    """What makes an open matter lie in each box."""
    held, watched = _any(scope, scope.held), _any(scope, scope.watched)
    late = overdue(now)
    return {
        "new": and_(held, or_(_not_begun(scope), _any(scope, _asked(scope)))),
        "near_due": and_(watched, near_due(now), ~late),
        "overdue": and_(watched, late),
        "whistled": and_(_office(scope), cases.c.whistled_at != 0),
        "supervised": and_(watched, cases.c.supervised > 0),
        "mine": and_(
            cases.c.person.in_(scope.persons), cases.c.status.in_(_AWAITING_OFFICE)
        ),
    }


def overdue(now: int) -> ColumnElement[bool]:
    """A running limit has passed."""
    return or_(
        *(and_(limit != 0, limit < now) for limit in (cases.c.step_due_at, cases.c.due_at))
    )


def near_due(now: int) -> ColumnElement[bool]:
    """A running limit is near: a fifth of its time is left, or half an hour."""
    running = ((cases.c.step_due_at, cases.c.since), (cases.c.due_at, cases.c.accepted_at))
    return or_(
        *(
            and_(
                limit >= now,
                or_(
                    limit - now <= NEAR_S,
                    and_(began != 0, (limit - now) * NEAR_SHARE <= limit - began),
                ),
            )
            for limit, began in running
        )
    )


def next_due() -> ColumnElement[int]:
    """The limit that runs out first; 0 when none runs."""
    step, whole = cases.c.step_due_at, cases.c.due_at
    return case((step == 0, whole), (whole == 0, step), (step < whole, step), else_=whole)


def _anything(scope: Scope) -> ColumnElement[bool]:
    """Every open matter that can lie in any box: what the indexes find."""
    parts = dict.fromkeys([*scope.held, *scope.watched])
    return and_(
        cases.c.status.in_(OPEN_STATUSES),
        or_(cases.c.person.in_(scope.persons), _office(scope), _any(scope, parts)),
    )


def _asked(scope: Scope) -> tuple[Part, ...]:
    """Parts that wait for somebody's decision whatever their state."""
    return tuple(
        part for part in scope.held if part in {Part.VERIFY, Part.REQUESTS, Part.REPORTED}
    )


def _not_begun(scope: Scope) -> ColumnElement[bool]:
    return and_(cases.c.status.in_(_NOT_BEGUN), cases.c.person.in_((0, *scope.persons)))


def _any(scope: Scope, parts: Iterable[Part]) -> ColumnElement[bool]:
    return or_(false(), *(_part(scope, part) for part in parts))


def _part(scope: Scope, part: Part) -> ColumnElement[bool]:
    inside = or_(
        false(),
        *(
            and_(cases.c.grid >= low, cases.c.grid < end)
            for low, end in map(span, scope.areas)
        ),
    )
    awaiting = cases.c.status.in_(_AWAITING_OFFICE)
    free = and_(_office(scope), cases.c.person == 0, inside)
    return {
        Part.OFFICE: and_(_office(scope), awaiting),
        Part.WORKER: and_(or_(cases.c.person.in_(scope.persons), free), awaiting),
        Part.QUEUE: and_(cases.c.office == 0, inside, awaiting),
        Part.VERIFY: and_(cases.c.status == Status.ANSWERED, inside),
        Part.REQUESTS: and_(cases.c.extension_by != 0, inside),
        Part.AREA: inside,
        Part.REPORTED: cases.c.reporter.in_(scope.persons),
    }[part]


def _office(scope: Scope) -> ColumnElement[bool]:
    return cases.c.office == scope.office if scope.office else false()
