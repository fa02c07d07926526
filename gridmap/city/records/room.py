"""`RecordRoom`: what every room of records does, whatever their kind.

The same verbs everywhere: `get`, `list`, `history`, `possible`, `may_add`, `add`, `act`. A room
adds what is its own question, and what its kind's rules cannot know (`check_shown`,
`faults`, `reference_faults`, `context`, `follow`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import pandas as pd
from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.records import engine
from gridmap.cases.records.fields import Circumstances
from gridmap.cases.records.record import Order, Record
from gridmap.city.base.clientids import own_client_id
from gridmap.city.base.desk import Desk
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.errors import Fault, ForbiddenError, InputError
from gridmap.store.base.recordstore import Records

R = TypeVar("R", bound=Record)
HISTORY = ["number", "act", "at", "actor_name", "data"]


class RecordRoom(Generic[R]):
    """The records of one kind."""

    def __init__(
        self, desk: Desk, *, people: People, places: Places, records: Records[R]
    ) -> None:
        self._desk = desk
        self._people = people
        self._places = places
        self._records = records
        self.kind = records.kind

    # reading

    def get(self, actor: Actor, number: int) -> R:
        """How the record stands. Raises NotFoundError, ForbiddenError."""
        with self._desk.store.read() as connection:
            record = self._records.load(connection, number)
        self.check_shown(actor, record)
        return record

    def list(self, area: int, *, state: str = "") -> pd.DataFrame:
        """The records in `area`, in `state` or any, a column an attribute (see
        `Records.read`).
        """
        with self._desk.store.read() as connection:
            table = self._records.read(connection, area)
        return table[table["state"] == state].reset_index(drop=True) if state else table

    def history(self, actor: Actor, number: int) -> pd.DataFrame:
        """Every entry, oldest first: number, act, at (Unix seconds), actor_name, data (dict).

        Raises NotFoundError, ForbiddenError.
        """
        self.get(actor, number)
        with self._desk.store.read() as connection:
            entries = self._records.entries(connection, number)
        names = self._people.names(entry.actor for entry in entries)
        rows = [
            (entry.number, entry.act, entry.at, names[entry.actor], dict(entry.data))
            for entry in entries
        ]
        return pd.DataFrame(rows, columns=HISTORY)

    def possible(self, actor: Actor, number: int) -> tuple[str, ...]:
        """What `actor` may do with it now, in the order of the table."""
        with self._desk.store.read() as connection:
            record = self._records.load(connection, number)
        return engine.possible(self.kind, record, actor, now=self._desk.now_s)

    def may_add(self, actor: Actor, area: int) -> bool:
        """Whether `actor` may make records in `area`."""
        return engine.may_begin(self.kind, actor, area)

    # commands

    def add(self, actor: Actor, order: Order, *, client_id: str = "") -> int:
        """Make a record; its number, the same when it is sent again under its client id.

        Raises InputError with every fault, ForbiddenError, ConflictError.
        """
        client = own_client_id(actor, client_id)
        faults = [*self.faults(order, begins=True), *self.reference_faults(order, None)]
        if faults:
            raise InputError(faults)
        if not self.may_add(actor, int(order.get(self.kind.place))):
            raise ForbiddenError(self.kind.not_begun)
        first = engine.begin(self.kind, actor, order, now=self._desk.now_s)
        with self._desk.store.write() as connection:
            number, is_new = self._records.create(connection, first, client_id=client)
            if is_new:
                made = engine.replay(self.kind, number, [first])
                self.follow(connection, actor, made, order)
        return number

    def act(self, actor: Actor, number: int, order: Order, *, version: int) -> R:
        """Do what `order` says to the record, which the actor saw at `version`, and return it
        as it stands then.

        Raises NotFoundError, InputError with every fault, StaleError with what happened
        meanwhile, RefusedError with the reason and what is possible instead.
        """
        faults = self.faults(order, begins=False)
        if faults:
            raise InputError(faults)
        now = self._desk.now_s
        with self._desk.store.write() as connection:
            record = self._records.load(connection, number)
            self._records.check_version(connection, record, version, order)
            context = self.context(record, order)
            entry = engine.decide(self.kind, record, actor, order, now=now, context=context)
            faults = tuple(self.reference_faults(order, record))
            if faults:
                raise InputError(faults)
            after = self._records.append(connection, record, entry)
            self.follow(connection, actor, after, order)
        return after

    # what a room says for itself

    def check_shown(self, actor: Actor, record: R) -> None:
        """Raise ForbiddenError where a single record is not shown to `actor`."""

    def faults(self, order: Order, *, begins: bool) -> Sequence[Fault]:
        """Everything wrong with what is said, however the record stands."""
        circumstances = Circumstances(self._desk.now_s, self._places.known)
        return engine.faults(self.kind, order, circumstances, begins=begins)

    def context(self, record: R, order: Order) -> Any:  # noqa: ARG002
        """What the consequences of an order need to know beside the record."""
        return None

    def reference_faults(self, order: Order, record: R | None) -> Iterable[Fault]:  # noqa: ARG002
        """What is wrong with what an order names and the rules cannot know: other records,
        people. `record` is None for an order that makes one.
        """
        return ()

    def follow(self, connection: Connection, actor: Actor, after: R, order: Order) -> None:
        """Write what else follows from an order, in the same transaction; `after`: the record
        as it stands then.
        """
