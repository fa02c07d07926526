"""Whom to ask to mediate: a proposal with its reasons, from speciality, place and load."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gridmap.cases.disputes import Subject
from gridmap.codes import ancestors, level_of
from gridmap.model import Level


class MediatorKind(StrEnum):
    """What a mediator is by profession."""

    FULL_TIME = "full_time"
    LAWYER = "lawyer"
    ARBITRATOR = "arbitrator"
    NOTARY = "notary"
    PSYCHOLOGIST = "psychologist"


@dataclass(frozen=True, slots=True)
class Mediator:
    """A mediator: `area` is the place served, `capacity` how many open disputes at a time,
    `open` how many there are.

    Days are both included; None leaves that end open.
    """

    id: int
    name: str
    kind: MediatorKind
    area: int
    specialities: tuple[Subject, ...]
    capacity: int
    active_from: date | None = None
    active_to: date | None = None
    open: int = 0

    def in_office(self, day: date) -> bool:
        """Whether the mediator can be asked on `day`."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mediator to ask, with the reasons: a speciality that fits, the code of the smallest
    place shared, the load.
    """

    mediator: Mediator
    fits: bool
    shared: int


def propose(
    mediators: Iterable[Mediator], *, area: int, kind: Subject, day: date
) -> list[Proposal]:
    """Whom to ask for a dispute of `kind` in `area` on `day`, best first.

    Only who is in office, has room, and serves the place or works in the same county. Ties,
    in this order: the speciality fits; the smallest place shared with the dispute, the
    smaller the better; the smaller part of the capacity taken; the number.
    """
    found = [
        Proposal(one, kind in one.specialities, _shared(one.area, area))
        for one in mediators
        if one.in_office(day) and one.open < one.capacity
    ]
    near = [
        one
        for one in found
        if one.shared == one.mediator.area
        or (one.shared and level_of(one.shared) >= Level.COUNTY)
    ]
    return sorted(near, key=_order)


def _order(one: Proposal) -> tuple[bool, int, float, int]:
    return (
        not one.fits,
        -one.shared,
        one.mediator.open / one.mediator.capacity,
        one.mediator.id,
    )


def _shared(one: int, other: int) -> int:
    """The smallest place that both lie in or are; 0 for none."""
    common = set(ancestors(one)) & set(ancestors(other))
    return max(common, default=0)
