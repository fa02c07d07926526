"""`Mergers`: a unit is renamed, or becomes part of another; its history stays under its
number and says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Connection

from gridmap.cases import interviews
from gridmap.cases.actors import SYSTEM, Actor
from gridmap.cases.interviews import INTERVIEW
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.clocks import Clocks
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.base.limits import Limits
from gridmap.city.base.rights import check_administers
from gridmap.city.people.people import People
from gridmap.errors import Fault, InputError, shown
from gridmap.model import OfficeKind
from gridmap.store.base.store import touch
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import rules as store_rules
from gridmap.store.headquarters.interviews import INTERVIEWS, open_of
from gridmap.store.people import mergers as rows
from gridmap.store.people.people import PART, Office
from gridmap.store.people.peoplecheck import CORRECT, odd_words
from gridmap.words import mark

LONGEST_NAME = 60

SAME = mark("a unit is not merged into itself")
GONE = mark("became part of another unit already")
OTHER_KIND = mark(
    "a desk is merged into a desk of its own level, a department into another unit of its place"
)
OTHER_PLACE = mark("works for another place")
CHOOSE = mark("Choose another unit.")
NO_REASON = mark("nothing is written here")
WRITE = mark("Write it in a few words.")


@dataclass(frozen=True, slots=True)
class Merger:
    """What moved: open matters, users, windows, routing rules, tasks of sessions, interview
    warnings.
    """

    matters: int
    users: int
    windows: int
    rules: int
    tasks: int
    warnings: int


class Mergers:
    """Renames and merges offices."""

    def __init__(self, desk: Desk, *, people: People, limits: Limits) -> None:
        self._desk = desk
        self._people = people
        self._limits = limits

    def rename(self, actor: Actor, office: int, *, name: str, name_en: str = "") -> None:
        """Give an office a new name; its matters, rules, windows and record stay, as they
        go by its number.

        Raises NotFoundError, ForbiddenError unless the actor administers its place, InputError.
        """
        before = self._people.office(office)
        check_administers(actor, before.area)
        named, english = " ".join(name.split()), " ".join(name_en.split())
        faults = [
            Fault(rule=odd, field="name", value=shown(value, LONGEST_NAME), cure=CORRECT)
            for value in (named, english)
            if (odd := odd_words(value, most=LONGEST_NAME))
        ]
        if not named:
            faults.append(Fault(rule=NO_REASON, field="name", cure=WRITE))
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            rows.rename(connection, office, name=named, name_en=english or named)
            told = {
                "before": [before.name, before.name_en],
                "after": [named, english or named],
            }
            rows.note(
                connection,
                office,
                rows.RENAMED,
                at=self._desk.now_s,
                by=actor.user,
                data=told,
            )
            touch(connection, PART)
        self._people.changed()

    def merge(self, actor: Actor, *, source: int, target: int, reason: str) -> Merger:
        """Make `source` a part of `target` from now on, in one transaction; what moved.

        Open matters pass over by a line of their journals, users, windows, rules, open
        tasks and warnings with them. What is ended stays where it was; the record of both
        says when and why. Whatever names the old unit afterwards (a return, a rule for all
        counties) goes to the new one.

        Raises NotFoundError, ForbiddenError unless the actor administers both places,
        InputError with all that stands against it.
        """
        giver, taker = self._people.office(source), self._people.office(target)
        for area in {giver.area, taker.area}:
            check_administers(actor, area)
        faults = _faults(giver, taker, reason)
        if faults:
            raise InputError(faults)
        clocks = self._limits.deadlines
        order = Order(Act.HAND_OVER, office=taker.id, reason=reason)
        with self._desk.store.write() as connection:
            # Nobody sends the old unit another matter while it passes over.
            store_cases.hold_all(connection)
            matters = rows.open_matters(connection, giver.id)
            for matter in matters:
                self._pass_over(connection, matter, order, by=actor, clocks=clocks)
            moved = rows.move(connection, giver, taker)
            moved["warnings"] = self._pass_interviews(connection, giver, taker, by=actor)
            done = Merger(matters=len(matters), **moved)
            told = {"into": taker.id, "reason": reason, "matters": len(matters), **moved}
            rows.note(
                connection,
                giver.id,
                rows.MERGED,
                at=self._desk.now_s,
                by=actor.user,
                data=told,
            )
            rows.note(
                connection,
                taker.id,
                rows.MERGED,
                at=self._desk.now_s,
                by=actor.user,
                data={"taken": giver.id, "reason": reason},
            )
            touch(connection, PART, store_rules.PART)
        self._people.changed()
        return done

    def history(self, office: int) -> pd.DataFrame:
        """What happened to a unit, oldest first: at, by, kind (renamed, merged), data.
        Raises NotFoundError.
        """
        self._people.office(office)
        with self._desk.store.read() as connection:
            return rows.history(connection, office)

    def _pass_interviews(
        self, connection: Connection, giver: Office, taker: Office, *, by: Actor
    ) -> int:
        """An entry in the journal of every open interview, which is the taker's from then
        on; how many.
        """
        order = Order(interviews.Act.MOVE, office=taker.id, area=taker.area)
        numbers = open_of(connection, giver.id)
        for number in numbers:
            stands = INTERVIEWS.load(connection, number)
            entry = engine.decide(INTERVIEW, stands, SYSTEM, order, now=self._desk.now_s)
            INTERVIEWS.append(connection, stands, replace(entry, actor=by.user))
        return len(numbers)

    def _pass_over(
        self,
        connection: Connection,
        matter: int,
        order: Order,
        *,
        by: Actor,
        clocks: Clocks,
    ) -> None:
        """A line of the journal that lets the matter lie with the office of `order`, in the
        same hands, under the same limits.
        """
        case = store_cases.load(connection, matter)
        given = order.but(person=case.person)
        step = engine.decide(
            MATTER, case, SYSTEM, given, now=self._desk.now_s, context=clocks
        )
        data = {**step.data, "office": order.get("office"), "person": case.person}
        store_cases.append(connection, case, replace(step, actor=by.user, data=data))


def _faults(giver: Office, taker: Office, reason: str) -> list[Fault]:
    rules = []
    if giver.id == taker.id:
        rules.append(SAME)
    if giver.merged_into or taker.merged_into:
        rules.append(GONE)
    if giver.kind is not taker.kind and giver.kind is not OfficeKind.DEPARTMENT:
        rules.append(OTHER_KIND)
    if giver.kind is OfficeKind.DEPARTMENT and not str(giver.area).startswith(
        str(taker.area)
    ):
        rules.append(OTHER_PLACE)
    faults = [
        Fault(rule=rule, field="target", value=taker.name, cure=CHOOSE) for rule in rules
    ]
    if not reason.strip():
        faults.append(Fault(rule=NO_REASON, field="reason", cure=WRITE))
    return faults
