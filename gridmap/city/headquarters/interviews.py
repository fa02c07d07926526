"""`interviews`: units that lag are asked to an interview they have to answer."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import ColumnElement, Connection

from gridmap.cases.actors import Actor
from gridmap.cases.interviews import INTERVIEW, Act, Interview
from gridmap.cases.records.record import Order
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.codes import around
from gridmap.errors import RefusedError
from gridmap.store.flow.outbox import put
from gridmap.store.headquarters import interviews as store
from gridmap.store.headquarters.interviews import INTERVIEWS, IS_OPEN
from gridmap.store.tables import interviews
from gridmap.words import mark

ASKED = mark("This unit has been asked already and has not been let go yet.")
OFFICE = INTERVIEW.field["office"]


class Interviews(RecordRoom[Interview]):
    """Interview warnings; everybody may read how they stand."""

    def __init__(self, desk: Desk, *, people: People, places: Places) -> None:
        super().__init__(desk, people=people, places=places, records=INTERVIEWS)

    def list(self, area: int, *, state: str = "", lang: Lang = "zh") -> pd.DataFrame:
        """Interviews of units that answer for `area` or for a place in it, the latest first:
        a column an attribute of an interview, office_name.

        `state` may be a state, or `open` (not closed).
        """
        table = self._read(lang=lang)
        table = table[around(table["area"], area)]
        if state == "open":
            table = table[table["closed_at"] == 0]
        elif state:
            table = table[table["state"] == state]
        return table.reset_index(drop=True)

    def of_unit(self, actor: Actor, lang: Lang = "zh") -> pd.DataFrame:
        """Interviews of the actor's own unit that are not closed; columns as of `list`."""
        is_theirs = interviews.c.office == (actor.office or -1)
        return self._read(IS_OPEN, is_theirs, lang=lang)

    def may_ask(self, actor: Actor, office: int) -> bool:
        """Whether `actor` may ask `office` to an interview. Raises NotFoundError."""
        return self.may_add(actor, self._people.office(office).area)

    def add(self, actor: Actor, order: Order, *, client_id: str = "") -> int:
        """Ask a unit, as `RecordRoom.add`; the place is the one it answers for. Raises
        RefusedError when one is open already.
        """
        office = order.get("office")
        if OFFICE.given(office) and OFFICE.fits(office):
            order = order.but(area=self._people.office(office).area)
        return super().add(actor, order, client_id=client_id)

    def follow(
        self, connection: Connection, _actor: Actor, after: Interview, order: Order
    ) -> None:
        """Of two who ask one unit the second is told; what is asked goes out as a message."""
        if order.act != Act.ASK:
            return
        store.hold_office(connection, after.office)
        if after.office in store.open_offices(connection, but=after.id):
            raise RefusedError(ASKED)
        message = {
            "event": "interview",
            "office": after.office,
            "interview": after.id,
            "at": after.asked_at,
            "due_at": after.due_at,
        }
        put(connection, f"interview:{after.id}", "webhook", message, now=after.asked_at)

    def _read(self, *where: ColumnElement[bool], lang: Lang) -> pd.DataFrame:
        with self._desk.store.read() as connection:
            table = INTERVIEWS.read(connection, 0, *where)
        names = [self._people.office_name(office, lang) for office in table["office"]]
        named = table.assign(office_name=names)
        return named.sort_values("id", ascending=False, ignore_index=True)
