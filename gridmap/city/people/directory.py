"""`Directory`: users, offices, absences and the areas of grid workers, held so that they
are found at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, select

from gridmap.codes import ancestors
from gridmap.model import OfficeKind, Role, UserRole
from gridmap.store.people.absences import Absence, absences_of
from gridmap.store.people.people import Office, User, offices_of, users_of
from gridmap.store.tables import assignments

UPWARDS = (OfficeKind.VILLAGE, OfficeKind.TOWNSHIP, OfficeKind.COUNTY, OfficeKind.CITY)
"""The desks from the lowest to the highest."""

Value = TypeVar("Value")
_LEVEL_OF_DESK = {kind: level for level, kind in enumerate(reversed(UPWARDS))}


@dataclass(frozen=True, slots=True)
class Post:
    """An area of a grid worker and the days it holds, both included; None leaves that end open."""

    area: int
    starts: date | None
    ends: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on `day`."""
        return (self.starts is None or self.starts <= day) and (
            self.ends is None or day <= self.ends
        )


@dataclass(frozen=True, slots=True)
class Directory:
    """One state of the people of a city.

    `desks` finds the one-stop desk of a kind and place, `departments` the one of a place
    and name, `beside` all of a place, `members` the active users of an office, `chiefs`
    those of a place, `posts` the areas of a worker of the staff list.
    """

    users: Mapping[int, User]
    offices: Mapping[int, Office]
    desks: Mapping[tuple[OfficeKind, int], int]
    departments: Mapping[tuple[int, str], int]
    beside: Mapping[int, tuple[int, ...]]
    members: Mapping[int, tuple[User, ...]]
    chiefs: Mapping[int, tuple[User, ...]]
    absences: tuple[Absence, ...]
    posts: Mapping[int, tuple[Post, ...]]

    def areas(self, user: User, day: date) -> tuple[int, ...]:
        """The places `user` answers for on `day`: of a grid worker in the staff list, the
        areas held there.
        """
        if user.role is UserRole.GRID_WORKER and user.worker:
            return tuple(
                post.area for post in self.posts.get(user.worker, ()) if post.holds(day)
            )
        return (user.area,)

    def desk(self, code: int, kind: OfficeKind) -> int:
        """The desk of `kind` for a place inside; 0 when there is none, or the place is
        larger than that.
        """
        line = ancestors(code)
        level = _LEVEL_OF_DESK.get(kind)
        return (
            self.desks.get((kind, line[level]), 0)
            if level is not None and level < len(line)
            else 0
        )

    def desk_from(self, code: int, kind: OfficeKind) -> int:
        """The desk of `kind` for a place, or of the nearest level above that has one; 0
        when none has.
        """
        above = UPWARDS[UPWARDS.index(kind) :]
        return next((desk for desk in (self.desk(code, one) for one in above) if desk), 0)

    def department(self, code: int, name: str) -> int:
        """The nearest department of this name, from the place upwards; 0 when there is none."""
        line = reversed(ancestors(code))
        return next(
            (
                self.departments[area, name]
                for area in line
                if (area, name) in self.departments
            ),
            0,
        )

    def above(self, office: Office) -> int:
        """The desk one level up that there is: a department's is the desk of its own place.
        0 at the top.
        """
        own = (
            UPWARDS
            if office.kind is OfficeKind.DEPARTMENT
            else UPWARDS[UPWARDS.index(office.kind) + 1 :]
        )
        return next(
            (desk for desk in (self.desk(office.area, kind) for kind in own) if desk), 0
        )

    def around(self, code: int) -> list[Office]:
        """The desks over a place, lowest first, then the departments of its places, lowest
        first.
        """
        desks = [self.desk(code, kind) for kind in UPWARDS]
        beside = [
            number
            for area in reversed(ancestors(code))
            for number in self.beside.get(area, ())
        ]
        return [
            self.offices[number] for number in dict.fromkeys((*desks, *beside)) if number
        ]


def read(connection: Connection) -> Directory:
    """The present state."""
    people = {user.id: user for user in users_of(connection)}
    organisations = {office.id: office for office in offices_of(connection)}
    every = [
        office for office in organisations.values() if office.kind is OfficeKind.DEPARTMENT
    ]
    departments = [office for office in every if not office.merged_into]
    active = [user for user in people.values() if user.active]
    return Directory(
        users=people,
        offices=organisations,
        desks={
            (office.kind, office.area): successor(organisations, office.id)
            for office in sorted(
                organisations.values(), key=lambda office: not office.merged_into
            )
            if office.kind is not OfficeKind.DEPARTMENT
        },
        departments={
            (office.area, office.department): successor(organisations, office.id)
            for office in sorted(every, key=lambda office: not office.merged_into)
        },
        beside=_grouped((office.area, office.id) for office in departments),
        members=_grouped((user.office, user) for user in active if user.office),
        chiefs=_grouped(
            (user.area, user) for user in active if user.role is UserRole.CHIEF
        ),
        absences=tuple(absences_of(connection)),
        posts=_posts(connection),
    )


def successor(organisations: Mapping[int, Office], number: int) -> int:
    """The office that stands where `number` stood: itself, or what it was merged into, step
    by step.
    """
    seen: set[int] = set()
    while (
        number in organisations and organisations[number].merged_into and number not in seen
    ):
        seen.add(number)
        number = organisations[number].merged_into
    return number


def taken(organisations: Mapping[int, Office], number: int) -> frozenset[int]:
    """The offices that became part of `number`, step by step."""
    gone = (one.id for one in organisations.values() if one.merged_into)
    return frozenset(
        one for one in gone if number and successor(organisations, one) == number
    )


def _posts(connection: Connection) -> Mapping[int, tuple[Post, ...]]:
    columns = (
        assignments.c.worker,
        assignments.c.area,
        assignments.c.starts,
        assignments.c.ends,
    )
    rows = connection.execute(
        select(*columns)
        .where(assignments.c.role == Role.GRID_WORKER.value)
        .order_by(columns[1])
    )
    return _grouped(
        (int(worker), Post(int(area), starts, ends)) for worker, area, starts, ends in rows
    )


def _grouped(pairs: Iterable[tuple[int, Value]]) -> dict[int, tuple[Value, ...]]:
    groups: dict[int, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
