"""`Actor`: the signed-in person (or the clock) a command is given by, and whether they
reach a matter.
"""

from __future__ import annotations

from dataclasses import dataclass

from gridmap.cases.case import Case
from gridmap.cases.moves import Reach
from gridmap.codes import ancestors
from gridmap.model import UserRole


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: user number, role, office (0: none), and the places answered for (codes of
    any level).

    `instead_of` is the absent user a stand-in acts for, 0 otherwise; role, office and areas
    are then the absent one's. `taken` are offices that became part of this one: what they
    began is gone on with here.
    """

    user: int
    role: UserRole
    name: str = ""
    office: int = 0
    areas: tuple[int, ...] = ()
    instead_of: int = 0
    taken: frozenset[int] = frozenset()

    @property
    def persons(self) -> frozenset[int]:
        """The user, and the one they stand in for."""
        return frozenset({self.user, self.instead_of} - {0})

    @property
    def offices(self) -> frozenset[int]:
        """The office, and those that became part of it."""
        return (self.taken | {self.office}) - {0}

    def covers(self, area: int) -> bool:
        """Whether `area` (a code of any level) lies in a place this actor answers for."""
        return not set(self.areas).isdisjoint(ancestors(area))


SYSTEM = Actor(0, UserRole.SYSTEM)
"""The city's clock."""

NOBODY = Actor(0, UserRole.PUBLIC)
"""Somebody who has not signed in."""


def reaches(actor: Actor, case: Case, reach: Reach) -> bool:
    """Whether `actor` stands to `case` as `reach` asks."""
    if reach is Reach.ANYWHERE:
        return True
    if reach is Reach.AREA:
        return actor.covers(case.grid)
    if reach is Reach.REPORTER:
        return case.reporter in actor.persons
    if reach is Reach.WHISTLER:
        blown = case.whistle
        return blown is not None and (
            blown.by in actor.persons or blown.from_office in actor.offices
        )
    return _holds(actor, case)


_QUEUE = frozenset(
    {UserRole.CLERK, UserRole.DISPATCHER, UserRole.CHIEF, UserRole.COMMANDER}
)
"""Who may take from the dispatcher's queue of an area; departments and grid workers are
sent what is theirs.
"""


def _holds(actor: Actor, case: Case) -> bool:
    if case.office == 0:
        return actor.role in _QUEUE and actor.covers(case.grid)
    if actor.role is UserRole.GRID_WORKER:
        mine = case.person in actor.persons
        return mine or (
            case.person == 0 and case.office == actor.office and actor.covers(case.grid)
        )
    return actor.office == case.office
