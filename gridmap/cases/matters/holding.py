"""How somebody stands to a matter: it is in their hands, whistled or reported by them."""

from __future__ import annotations

from gridmap.cases.actors import Actor, Reach
from gridmap.cases.matters.case import Case
from gridmap.model import UserRole

QUEUE = frozenset({UserRole.CLERK, UserRole.DISPATCHER, UserRole.CHIEF, UserRole.COMMANDER})
"""Who may take from the dispatcher's queue of an area; departments and grid workers are
sent what is theirs.
"""


def reaches(actor: Actor, case: Case, reach: Reach) -> bool:
    """Whether `actor` stands to `case` as `reach` asks, beside answering for its place."""
    if reach is Reach.REPORTER:
        return case.reporter in actor.persons
    if reach is Reach.WHISTLER:
        whistle = case.whistle
        return whistle is not None and (
            whistle.by in actor.persons or whistle.from_office in actor.offices
        )
    return _holds(actor, case)


def _holds(actor: Actor, case: Case) -> bool:
    if case.office == 0:
        return actor.role in QUEUE and actor.covers(case.grid)
    if actor.role is UserRole.GRID_WORKER:
        mine = case.person in actor.persons
        return mine or (
            case.person == 0 and case.office == actor.office and actor.covers(case.grid)
        )
    return actor.office == case.office
