"""`deliberations`: what joint households and village councils talked over, decided,
published and followed up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.deliberations import Act, Deliberation, State
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.codes import ancestors, level_of
from gridmap.errors import Fault, InputError, NotFoundError
from gridmap.model import Level
from gridmap.store.town import deliberations as store
from gridmap.words import mark

STANDING = ("open", "overdue", "notice", "due", "done")
"""What a list can be narrowed to: adjourned, adjourned past its day, on public notice, to
be followed up, done.
"""

NO_MATTER = mark("There is no such matter in this village")
GIVE_MATTER = mark("Give the case number of a matter of the same village.")


class Deliberations(RecordRoom[Deliberation]):
    """Deliberations. A village's decisions are public, and shown to every reader; who was
    there, only as roles.
    """

    def __init__(
        self, desk: Desk, *, places: Places, people: People, matters: Matters
    ) -> None:
        super().__init__(desk, people=people, places=places, records=store.DELIBERATIONS)
        self._matters = matters

    # reading

    def list(
        self, area: int, *, state: str = "", standing: str = "", kind: str = ""
    ) -> pd.DataFrame:
        """Deliberations in `area` (in `state`, of `kind`), the last met first: columns of
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
        if state:
            table = table[table["state"] == state]
        return (table[table["kind"] == kind] if kind else table).reset_index(drop=True)

    def of_matter(self, matter: int) -> pd.DataFrame:
        """Deliberations about a matter, columns as above."""
        with self._desk.store.read() as connection:
            return self._judged(store.read_deliberations(connection, matter=matter))

    def matters(self, number: int) -> Sequence[int]:
        """The matters a deliberation is about."""
        with self._desk.store.read() as connection:
            return store.matters_of(connection, number)

    def named(self, text: str, area: int) -> tuple[int, ...]:
        """The matters named in `text` by case number or number, separated by commas, in the
        village of `area`.

        Raises InputError naming each that is none.
        """
        for comma in "，、;；":
            text = text.replace(comma, ",")
        names = [part.strip() for part in text.split(",") if part.strip()]
        matters = {name: self._matter_named(name, village_of(area)) for name in names}
        faults = [
            Fault(rule=NO_MATTER, field="matter", value=name[:40], cure=GIVE_MATTER)
            for name in names
            if not matters[name]
        ]
        if faults:
            raise InputError(faults)
        return tuple(dict.fromkeys(matters.values()))

    def case_numbers(self, matters: Sequence[int]) -> dict[int, str]:
        """What `matters` are called: their case numbers, or their numbers where they have none."""
        table = self._matters.find(MatterFilter(ids=list(matters)))
        numbers = dict(zip(table["matter"].tolist(), table["number"].tolist(), strict=True))
        return {matter: numbers.get(matter) or str(matter) for matter in matters}

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

    def reference_faults(
        self, order: Order, record: Deliberation | None
    ) -> Iterator[Fault]:
        """Matters of another village, or that there are not."""
        area = order.get("area") if record is None else record.area
        if not isinstance(area, int) or not self._places.known(area):
            return
        named = order.get("matters") or ()
        if order.act == Act.LINK:
            named = (order.get("matter"),)
        for matter in named:
            yield from self._matter_faults(matter, area)

    def follow(
        self,
        connection: Connection,
        actor: Actor,  # noqa: ARG002
        after: Deliberation,
        order: Order,
    ) -> None:
        """The matters it is about are noted where they are looked up from both sides."""
        if order.act == Act.UNLINK:
            store.unlink(connection, after.id, order.get("matter"))
        elif order.act == Act.LINK:
            store.link(connection, after.id, [order.get("matter")])
        else:
            store.link(connection, after.id, order.get("matters") or ())

    def _matter_faults(self, matter: int, area: int) -> Sequence[Fault]:
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
