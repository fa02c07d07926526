"""`Mediators`: who mediates: listed with their load, added, and leaving office."""

from __future__ import annotations

from datetime import date

import pandas as pd

from gridmap.cases.actors import Actor
from gridmap.cases.disputes import Subject
from gridmap.cases.mediators import MediatorKind
from gridmap.cases.texts import LONGEST_LINE, text_faults
from gridmap.city.base.desk import Desk
from gridmap.city.look.places import Places
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.model import UserRole
from gridmap.store.town import mediation as store
from gridmap.words import mark

MOST_OPEN = 50
_LEADS = frozenset(
    {UserRole.DISPATCHER, UserRole.CHIEF, UserRole.COMMANDER, UserRole.ADMIN}
)

NOT_LEADING = mark("Mediators are added and retired by who leads their place.")
NO_NAME = mark("No name")
GIVE_NAME = mark("Give the mediator's name.")
NO_KIND = mark("Not a kind of mediator")
NO_SPECIALITY = mark("Not specialities of a mediator")
GIVE_KINDS = mark("Choose from the list, at least one.")
NO_CAPACITY = mark("Not a number of disputes at a time")
GIVE_CAPACITY = mark("Give a whole number from 1 to 50.")
NO_PLACE = mark("There is no such place")
GIVE_PLACE = mark("Choose a place of the city.")


class Mediators:
    """Mediators of the city."""

    def __init__(self, desk: Desk, places: Places) -> None:
        self._desk = desk
        self._places = places

    def listed(self, area: int) -> pd.DataFrame:
        """Mediators serving `area` or a place in it.

        Columns: id, name, kind, area, specialities (tuple), capacity, open, active (today),
        active_from, active_to (dates or None).
        """
        with self._desk.store.read() as connection:
            found = store.mediators_of(connection, area)
        rows = [
            (
                one.id,
                one.name,
                str(one.kind),
                one.area,
                tuple(map(str, one.specialities)),
                one.capacity,
                one.open,
                one.in_office(self._desk.today),
                one.active_from,
                one.active_to,
            )
            for one in found
        ]
        columns = [
            "id",
            "name",
            "kind",
            "area",
            "specialities",
            "capacity",
            "open",
            "active",
            "active_from",
            "active_to",
        ]
        return pd.DataFrame(rows, columns=columns)

    def may_lead(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may add and retire mediators of `area`."""
        return actor.role in _LEADS and actor.covers(area)

    def add(
        self,
        actor: Actor,
        *,
        name: str,
        kind: str,
        area: int,
        specialities: tuple[str, ...],
        capacity: int,
    ) -> None:
        """Add a mediator, in office from today. Raises InputError with every fault,
        ForbiddenError.
        """
        faults = list(text_faults("name", name, LONGEST_LINE))
        if not name.strip():
            faults.append(Fault(rule=NO_NAME, field="name", cure=GIVE_NAME))
        if kind not in set(MediatorKind):
            faults.append(Fault(rule=NO_KIND, field="kind", value=kind, cure=GIVE_KINDS))
        if not specialities or not set(specialities) <= set(Subject):
            faults.append(
                Fault(
                    rule=NO_SPECIALITY,
                    field="specialities",
                    value=", ".join(specialities),
                    cure=GIVE_KINDS,
                )
            )
        if not 1 <= capacity <= MOST_OPEN:
            faults.append(
                Fault(
                    rule=NO_CAPACITY,
                    field="capacity",
                    value=str(capacity),
                    cure=GIVE_CAPACITY,
                )
            )
        if not self._places.known(area):
            faults.append(
                Fault(rule=NO_PLACE, field="area", value=str(area), cure=GIVE_PLACE)
            )
        if faults:
            raise InputError(faults)
        self._check_leads(actor, area)
        row = {
            "name": name.strip(),
            "kind": kind,
            "area": area,
            "specialities": specialities,
            "capacity": capacity,
            "active_from": self._desk.today,
        }
        with self._desk.store.write() as connection:
            store.add_mediators(connection, [row])

    def retire(self, actor: Actor, mediator: int, last_day: date) -> None:
        """Note a mediator's last day in office. Open disputes stay, are listed as stranded,
        and wait for a hand-over.

        Raises NotFoundError, ForbiddenError.
        """
        with self._desk.store.write() as connection:
            self._check_leads(actor, store.mediator(connection, mediator).area)
            store.retire(connection, mediator, last_day)

    def _check_leads(self, actor: Actor, area: int) -> None:
        if not self.may_lead(actor, area):
            raise ForbiddenError(NOT_LEADING)
