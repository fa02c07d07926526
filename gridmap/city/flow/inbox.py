"""`inbox`: what waits for a person and their office."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.errors import Fault, InputError
from gridmap.model import UserRole
from gridmap.store.flow import boxes
from gridmap.store.flow.boxes import BOXES, Part, Scope

__all__ = ["BOXES", "HELD", "WATCHED", "Inbox"]

HELD: Mapping[UserRole, tuple[Part, ...]] = {
    UserRole.PUBLIC: (Part.REPORTED,),
    UserRole.GRID_WORKER: (Part.WORKER, Part.VERIFY),
    UserRole.CLERK: (Part.OFFICE,),
    UserRole.HANDLER: (Part.OFFICE,),
    UserRole.DISPATCHER: (Part.OFFICE, Part.QUEUE, Part.REQUESTS),
    UserRole.VERIFIER: (Part.VERIFY,),
    UserRole.CHIEF: (Part.OFFICE, Part.REQUESTS),
    UserRole.COMMANDER: (Part.OFFICE, Part.REQUESTS),
}
"""What each role has to act on; the others only look."""

WATCHED: Mapping[UserRole, tuple[Part, ...]] = dict.fromkeys(
    (
        UserRole.DISPATCHER,
        UserRole.CHIEF,
        UserRole.COMMANDER,
        UserRole.PLANNER,
        UserRole.LEADER,
        UserRole.ADMIN,
    ),
    (Part.AREA,),
)
"""Whose limits and supervision each role watches over, where that is more than what they
have to act on.
"""


class Inbox:
    """Boxes of open matters, each as far as the person's office and places reach.

    new: to act on and not begun, to be verified, to be decided; near_due and overdue:
    limits of matters held or watched over; whistled: whistles to the person's office that
    nobody has answered; supervised: pressed for by a leader; mine: in the person's own
    hands. A matter may lie in several.
    """

    def __init__(self, desk: Desk, matters: Matters) -> None:
        self._desk = desk
        self._matters = matters

    def counts(self, actor: Actor) -> dict[str, int]:
        """How many matters lie in each of `BOXES`; all 0 for somebody who has not signed in."""
        if not actor.user:
            return dict.fromkeys(BOXES, 0)
        return boxes.counts(self._desk.store, scope(actor), now=self._desk.now_s)

    def matters(self, actor: Actor, box: str, *, limit: int = 200) -> pd.DataFrame:
        """The matters of a box, the limit that runs out first first; columns as of `matters.find`.

        Raises InputError for a box there is not.
        """
        if box not in BOXES:
            cure = f"Use {', '.join(BOXES)}."
            raise InputError(Fault(rule="unknown box", field="box", value=box, cure=cure))
        found: list[int] = []
        if actor.user:
            found = boxes.matters(
                self._desk.store, scope(actor), box, now=self._desk.now_s, limit=limit
            )
        table = self._matters.find(MatterFilter(ids=tuple(found)), limit=limit)
        place = {number: order for order, number in enumerate(found)}
        return table.iloc[table["matter"].map(place).argsort(kind="stable")].reset_index(
            drop=True
        )


def scope(actor: Actor) -> Scope:
    """What `actor` has to act on and watches over."""
    held = HELD.get(actor.role, ())
    return Scope(
        tuple(sorted(actor.persons)),
        actor.office,
        actor.areas,
        held,
        WATCHED.get(actor.role, held),
    )
