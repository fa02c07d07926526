"""`deliberations`: what joint households and village councils talked over, decided,
published and followed up.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from gridmap.cases import deliberations as rules
from gridmap.cases.actors import Actor
from gridmap.cases.deliberations import Act, Deliberation, Order, State
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.town.newmeeting import NewMeeting, faults_of, order_faults
from gridmap.city.town.recordtable import record_table
from gridmap.codes import ancestors, level_of
from gridmap.errors import Fault, ForbiddenError, InputError, NotFoundError, StaleError
from gridmap.model import Level
from gridmap.store.base import records
from gridmap.store.town import deliberations as store
from gridmap.words import mark

STANDING = ("open", "overdue", "notice", "due", "done")
"""What a list can be narrowed to: adjourned, adjourned past its day, on public notice, to
be followed up, done.
"""

NOT_THEIRS = mark("Meetings are recorded by grid workers, clerks and chiefs of the place.")
NO_MATTER = mark("There is no such matter in this village")
GIVE_MATTER = mark("Give the case number of a matter of the same village.")


class Deliberations:
    """Deliberations. A village's decisions are public, and shown to every reader; who was
    there, only as roles.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        self._desk = desk
        self._places = places
        self._people = people
        self._matters = matters

    # reading

    def deliberations(
        self, area: int, *, standing: str = "", kind: str = ""
    ) -> pd.DataFrame:
        """Deliberations in `area`, the last met first: columns of
        `store.read_deliberations`, standing (of `STANDING`), late (past the day it goes on
        or is followed up).

        `standing` `open` are all adjourned ones, those past their day too: one whose
        meeting came to no decision stays there until a meeting decides.
        """
        with self._desk.store.read() as connection:
            table = self._judged(store.read_deliberations(connection, area))
        if standing == "open":
            table = table[table["state"] == str(State.ADJOURNED)]
        elif standing:
            table = table[table["standing"] == standing]
        return (table[table["kind"] == kind] if kind else table).reset_index(drop=True)

    def of_matter(self, matter: int) -> pd.DataFrame:
        """Deliberations about a matter, columns as above."""
        with self._desk.store.read() as connection:
            return self._judged(store.read_deliberations(connection, matter=matter))

    def get(self, number: int) -> tuple[Deliberation, list[int]]:
        """How a deliberation stands, and the matters it is about. Raises NotFoundError."""
        with self._desk.store.read() as connection:
            return store.load(connection, number), store.matters_of(connection, number)

    def history(self, number: int) -> pd.DataFrame:
        """Every entry, oldest first: number, act, at (Unix seconds), actor_name, data
        (dict). Raises NotFoundError.
        """
        self.get(number)
        with self._desk.store.read() as connection:
            found = store.entries(connection, number)
        return record_table(self._people, found)

    def named(self, text: str, area: int) -> tuple[int, ...]:
        """The matters named in `text` by case number or number, separated by commas, in the
        village of `area`.

        Raises InputError naming each that is none.
        """
        for comma in "，、;；":
            text = text.replace(comma, ",")
        asked = [part.strip() for part in text.split(",") if part.strip()]
        found = {one: self._matter_named(one, village_of(area)) for one in asked}
        faults = [
            Fault(rule=NO_MATTER, field="matter", value=one[:40], cure=GIVE_MATTER)
            for one in asked
            if not found[one]
        ]
        if faults:
            raise InputError(faults)
        return tuple(dict.fromkeys(found.values()))

    def case_numbers(self, matters: Sequence[int]) -> dict[int, str]:
        """What `matters` are called: their case numbers, or their numbers where they have none."""
        table = self._matters.find(MatterFilter(ids=list(matters)))
        told = dict(zip(table["matter"].tolist(), table["number"].tolist(), strict=True))
        return {matter: told.get(matter) or str(matter) for matter in matters}

    def _matter_named(self, name: str, village: int) -> int:
        if name.isascii() and name.isdigit():
            return (
                int(name)
                if len(name) < 19 and not self._matter_faults(int(name), village)
                else 0
            )
        table = self._matters.find(MatterFilter(area=village, text=name))
        return int(
            next(
                iter(table[table["number"].str.casefold() == name.casefold()]["matter"]), 0
            )
        )

    def possible(self, actor: Actor, number: int) -> tuple[Act, ...]:
        """What `actor` may do with it now."""
        return rules.possible(self.get(number)[0], actor, now=self._desk.now_s)

    # commands

    def may_hold(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may record meetings held in `area`."""
        return rules.may_hold(actor, area)

    def hold(self, actor: Actor, new: NewMeeting) -> int:
        """Record a first meeting; its number, the same when sent again under its client id.

        A meeting without a decision is kept as adjourned. Raises InputError with every
        fault, ForbiddenError.
        """
        known = self._places.known(new.area)
        faults = list(faults_of(new, known=known, now=self._desk.now_s))
        if known:
            faults += [
                fault
                for matter in new.matters
                for fault in self._matter_faults(matter, new.area)
            ]
        if faults:
            raise InputError(faults)
        if not rules.may_hold(actor, new.area):
            raise ForbiddenError(NOT_THEIRS)
        first = rules.begin(
            actor,
            new.meeting,
            area=new.area,
            kind=new.kind,
            title=new.title.strip(),
            now=self._desk.now_s,
        )
        with self._desk.store.write() as connection:
            return store.create(
                connection,
                first,
                matters=new.matters,
                client_id=own_client_id(actor, new.client_id),
            )

    def act(self, actor: Actor, number: int, order: Order, *, version: int) -> Deliberation:
        """Note what `order` says of the deliberation, which the actor saw at `version`; how
        it stands then.

        Raises NotFoundError, InputError, StaleError, RefusedError with the reason.
        """
        found, _ = self.get(number)
        faults = list(order_faults(order, now=self._desk.now_s))
        if order.act is Act.LINK:
            faults += self._matter_faults(order.matter, found.area)
        if faults:
            raise InputError(faults)
        with self._desk.store.write() as connection:
            stands = store.load(connection, number)
            if stands.version != version:
                raise StaleError(records.STALE)
            return store.append(
                connection, stands, rules.decide(stands, actor, order, now=self._desk.now_s)
            )

    def _matter_faults(self, matter: int, area: int) -> list[Fault]:
        """A fault unless `matter` lies in the village of `area`."""
        village = village_of(area)
        try:
            if village in ancestors(self._matters.case(matter).grid):
                return []
        except NotFoundError:
            pass
        return [Fault(rule=NO_MATTER, field="matter", value=str(matter), cure=GIVE_MATTER)]

    def _judged(self, table: pd.DataFrame) -> pd.DataFrame:
        now, state = self._desk.now_s, table["state"]
        adjourned, decided = state == str(State.ADJOURNED), state == str(State.DECIDED)
        notice = decided & (table["notice_until"] >= now)
        overdue = adjourned & (table["resume_at"] < now)
        late = overdue | (decided & ~notice & (table["follow_up_at"] < now))
        standing = np.select(
            [overdue, adjourned, notice, decided],
            ("overdue", "open", "notice", "due"),
            "done",
        )
        return table.assign(standing=standing, late=late.astype(bool))


def village_of(area: int) -> int:
    """The village of a grid; a village, or a larger place, itself."""
    return ancestors(area)[min(Level.VILLAGE, level_of(area))]
