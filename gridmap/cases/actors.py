"""`Actor`: the signed-in person (or the clock) a command is given by, and whether they
reach a matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gridmap.codes import ancestors
from gridmap.model import UserRole


class Reach(StrEnum):
    """How an actor has to stand to a matter."""

    ANYWHERE = "anywhere"
    AREA = "area"
    """The matter lies in a place the actor answers for."""
    OFFICE = "office"
    """The move is the actor's office's, or nobody's in an area the actor answers for."""
    WHISTLER = "whistler"
    """The actor's office blew the open whistle, or the actor did."""
    REPORTER = "reporter"
    """The actor reported it."""


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
