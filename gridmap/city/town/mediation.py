"""`mediation`: disputes entrusted by petition office, police and courts, who mediates them,
and what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from gridmap.calendar import DAY_S, UTC_OFFSET_S, day_number
from gridmap.cases.actors import Actor
from gridmap.cases.disputes import DISPUTE, OPEN, Act, Dispute, Subject, subject_of
from gridmap.cases.mediators import Proposal, propose
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.codes import ancestors
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.insight import mediation as insight
from gridmap.model import Level, UserRole
from gridmap.store.town import mediation as store
from gridmap.store.town.mediation import DISPUTES
from gridmap.words import mark

NOT_SHOWN = mark("A single dispute is shown to who works on disputes of its place.")
NOBODY_TO_ASK = mark("No mediator in office here has room for all of these disputes.")
OPEN_STATES = frozenset(map(str, OPEN))
MEDIATOR, MATTER = DISPUTE.field["mediator"], DISPUTE.field["matter"]


class Mediation(RecordRoom[Dispute]):
    """Disputes and who mediates them. Lists and figures are for every reader; single disputes
    for who works there.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        super().__init__(desk, people=people, places=places, records=DISPUTES)
        self._matters = matters

    # reading

    def list(
        self,
        area: int,
        *,
        first: date | None = None,
        last: date | None = None,
        source: str = "",
        kind: str = "",
        state: str = "",
        matter: int = 0,
    ) -> pd.DataFrame:
        """Disputes entrusted in `area` from day `first` to `last`, newest first; columns as
        `store.read_disputes`.

        `state` may be a state, `open`, `stranded` (open with a mediator no longer in
        office), `late` (the slip went back late, or is overdue), `unexplained` (late
        without its reason), `visit` (an agreement due to be visited).
        """
        with self._desk.store.read() as connection:
            table = store.read_disputes(connection, area, matter=matter)
        if first is not None:
            table = table[table["entrusted_at"] >= _midnight(first)]
        if last is not None:
            table = table[table["entrusted_at"] < _midnight(last) + DAY_S]
        for name, wanted in (("source", source), ("kind", kind)):
            table = table[table[name] == wanted] if wanted else table
        if state:
            table = table[self._standing(table, state)]
        return table.reset_index(drop=True)

    def success(
        self,
        area: int,
        by: tuple[str, ...] = (),
        *,
        first: date | None = None,
        last: date | None = None,
    ) -> pd.DataFrame:
        """Entrusted, mediated and share of the disputes of `list`, grouped `by` source and
        kind: `insight.success`.
        """
        return insight.success(self.list(area, first=first, last=last), by)

    def propose(self, area: int, kind: str) -> Sequence[Proposal]:
        """Whom to ask for a dispute of `kind` in `area` today, best first, each with its
        reasons.
        """
        with self._desk.store.read() as connection:
            return self._proposals(connection, area, kind)

    # commands

    def add(self, actor: Actor, order: Order, *, client_id: str = "") -> int:
        """Take a dispute in for mediation, as `RecordRoom.add`; `matter` may be given by its
        case number.
        """
        return super().add(actor, self._with_matter(order), client_id=client_id)

    def hand_over(self, actor: Actor, mediator: int, words: str) -> dict[int, int]:
        """Give every open dispute of `mediator` to whom is proposed for it, in one step;
        new mediator by dispute.

        Nothing moves unless all of it may. Raises RefusedError where a dispute is not the
        actor's, InputError when nobody can take one, or without a reason.
        """
        faults = self.faults(Order(Act.HAND_OVER, words=words), begins=False)
        if faults:
            raise InputError(faults)
        moved: dict[int, int] = {}
        with self._desk.store.write() as connection:
            table = store.read_disputes(connection, self._desk.code)
            is_theirs = (table["mediator"] == mediator) & table["state"].isin(OPEN_STATES)
            for number in table.loc[is_theirs, "id"].tolist():
                dispute = DISPUTES.load(connection, number)
                best = self._successor(connection, dispute)
                order = Order(Act.HAND_OVER, mediator=best, words=words)
                now = self._desk.now_s
                entry = engine.decide(DISPUTE, dispute, actor, order, now=now)
                DISPUTES.append(connection, dispute, entry)
                moved[number] = best
        return moved

    # what the rules cannot know

    def check_shown(self, actor: Actor, record: Dispute) -> None:
        """Single disputes are for who works in their place."""
        if actor.role is UserRole.PUBLIC or not actor.covers(record.area):
            raise ForbiddenError(NOT_SHOWN)

    def reference_faults(self, order: Order, record: Dispute | None) -> Iterator[Fault]:
        """A mediator who is named is one of those proposed; a dispute arises from a matter of
        its class, in its place.
        """
        if record is None:
            yield from self._matter_faults(order)
        elif order.act in {Act.ASSIGN, Act.HAND_OVER}:
            wanted = order.get("mediator")
            proposals = self.propose(record.area, record.kind)
            if wanted not in {proposal.mediator.id for proposal in proposals}:
                yield MEDIATOR.bad(wanted)

    # within

    def _matter_faults(self, order: Order) -> Iterator[Fault]:
        number = order.get("matter")
        if not MATTER.given(number) or not MATTER.fits(number):  # the field says the latter
            return
        matter = self._matters.case(number)
        is_inside = order.get("area") in ancestors(matter.grid)
        if not is_inside or not subject_of(matter.category):
            yield MATTER.bad(number)

    def _proposals(
        self, connection: Connection, area: int, kind: str
    ) -> Sequence[Proposal]:
        mediators = store.mediators_of(connection, _around(area), above=True)
        return propose(mediators, area=area, kind=Subject(kind), day=self._desk.today)

    def _successor(self, connection: Connection, dispute: Dispute) -> int:
        """Who is proposed first for a dispute, but for the one who has it. Raises InputError."""
        for proposal in self._proposals(connection, dispute.area, dispute.kind):
            if proposal.mediator.id != dispute.mediator:
                return proposal.mediator.id
        raise InputError(
            Fault(
                rule=NOBODY_TO_ASK,
                field=MEDIATOR.name,
                value=str(dispute.id),
                cure=MEDIATOR.cure,
            )
        )

    def _with_matter(self, order: Order) -> Order:
        """`order` with the number of the matter where its case number is given and known."""
        wanted = order.get("matter")
        if not isinstance(wanted, str) or not wanted.strip():
            return order
        table = self._matters.find(MatterFilter(text=wanted.strip()), limit=50)
        is_named = table["number"].str.casefold() == wanted.strip().casefold()
        matters = table.loc[is_named, "matter"]
        if matters.empty:
            return order
        return order.but(matter=int(matters.iloc[0]))

    def _standing(self, table: pd.DataFrame, state: str) -> pd.Series[bool]:
        """Which of `table` are meant by `state`."""
        now = self._desk.now_s
        is_open = table["state"].isin(OPEN_STATES)
        is_overdue = (
            (table["slip"] != "")
            & (table["returned_at"] == 0)
            & (table["return_due_at"] < now)
        )
        has_left = pd.Series(
            [day is not None and day < self._desk.today for day in table["mediator_to"]],
            index=table.index,
            dtype=bool,
        )
        is_visit_due = (
            (table["follow_up_at"] > 0)
            & (table["follow_up_at"] < now + DAY_S)
            & (table["visited_at"] == 0)
        )
        standing = {
            "open": is_open,
            "stranded": is_open & has_left,
            "late": table["late"] | is_overdue,
            "unexplained": table["late"] & ~table["explained"],
            "visit": is_visit_due,
        }
        return standing[state] if state in standing else table["state"] == state


def _around(area: int) -> int:
    """The county of a place: mediators are asked from there, and from the city; a larger
    place itself.
    """
    return ancestors(area)[min(Level.COUNTY, len(ancestors(area)) - 1)]


def _midnight(day: date) -> int:
    return day_number(day) * DAY_S - UTC_OFFSET_S
