"""`sessions`: joint judgement at the headquarters: matters judged together, orders given,
recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from gridmap.cases.actors import Actor
from gridmap.cases.matters import acts
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry, Order
from gridmap.cases.sessions import (
    GROUP,
    MATTERS,
    NUMBER,
    OFFICE,
    ORDER,
    Act,
    Session,
    given,
)
from gridmap.cases.texts import LONGEST_TEXT
from gridmap.city.base.desk import Desk, Lang
from gridmap.city.base.limits import Limits
from gridmap.city.flow.matters import MatterFilter, Matters
from gridmap.city.headquarters.orders import Orders
from gridmap.city.look.places import Places
from gridmap.city.people.people import People
from gridmap.city.records.room import RecordRoom
from gridmap.codes import within
from gridmap.errors import Fault
from gridmap.store.flow import cases as case_store
from gridmap.store.headquarters import sessions as store

MOST_MATTERS = 200
NOT_FOUND = 0


@dataclass(frozen=True, eq=False)
class Minutes:
    """A session with all that belongs to it.

    `matters`: matter, judgement, number; `tasks`: its orders, columns of `Orders.undone`;
    `lines`: the record of session and orders, oldest first: at, by, kind, data.
    """

    head: Session
    matters: pd.DataFrame
    tasks: pd.DataFrame
    lines: pd.DataFrame

    @property
    def numbers(self) -> dict[int, str]:
        """Case numbers of the matters on the list; the matter's own number where it has
        none yet.
        """
        return {
            row["matter"]: row["number"] or str(row["matter"])
            for row in self.matters.to_dict("records")
        }


class Sessions(RecordRoom[Session]):
    """Joint-judgement sessions. Their records are shown to every reader."""

    def __init__(
        self,
        desk: Desk,
        *,
        people: People,
        places: Places,
        matters: Matters,
        limits: Limits,
        orders: Orders,
    ) -> None:
        super().__init__(desk, people=people, places=places, records=store.SESSIONS)
        self._matters = matters
        self._limits = limits
        self._orders = orders

    # reading

    def list(self, area: int, *, state: str = "") -> pd.DataFrame:
        """The sessions held for places in `area` or about matters there, in `state` or any,
        the latest first: columns of `store.read_sessions`.
        """
        with self._desk.store.read() as connection:
            table, lists = store.read_sessions(connection), store.read_lists(connection)
        about = lists[within(lists["grid"], area)]["session"]
        there = within(table["area"], area) | table["id"].isin(about)
        if state:
            there &= table["state"] == state
        return table[there].reset_index(drop=True)

    def on_lists(self, sessions: Iterable[int]) -> Sequence[int]:
        """The matters on the lists of `sessions`, each once."""
        with self._desk.store.read() as connection:
            lists = store.read_lists(connection)
        chosen = lists[lists["session"].isin(tuple(sessions))]
        return [int(matter) for matter in chosen["matter"].unique()]

    def minutes(self, actor: Actor, number: int, lang: Lang = "zh") -> Minutes:
        """A session with its record. Raises NotFoundError."""
        head = self.get(actor, number)
        orders = self._orders.of_session(number, lang)
        with self._desk.store.read() as connection:
            numbers = store.case_numbers(connection, number)
            entries = store.SESSIONS.entries(connection, number)
            for order in orders["id"].tolist():
                # The session's own record says that it was given.
                entries += store.ORDERS.entries(connection, order, after=1)
        matters = pd.DataFrame(
            {
                "matter": pd.Series(head.matters, dtype="int64"),
                "judgement": pd.Series(head.judgements, dtype=object),
                "number": [numbers[matter] for matter in head.matters],
            }
        )
        return Minutes(head, matters, orders, _lines(entries))

    def units_for(self, matter: int, lang: Lang = "zh") -> dict[int, str]:
        """The units an order about `matter` may be given to, by number: those over its
        place. Raises NotFoundError.
        """
        grid = self._matters.case(matter).grid
        offices = self._people.directory.around(grid)
        return {office.id: self._people.office_name(office.id, lang) for office in offices}

    # what only the city knows of an order

    def faults(self, order: Order, *, begins: bool) -> Sequence[Fault]:
        """What is wrong with what is said, with the unit and the group an order is given to."""
        faults = super().faults(order, begins=begins)
        return faults if order.act != Act.GIVE else [*faults, *self._unit_faults(order)]

    def context(self, record: Session, order: Order) -> Any:
        """The matters that an order to put on the list names; `NOT_FOUND` for a case number
        that none of the session's place has.
        """
        if order.act != Act.PICK:
            return None
        number = (order.get("number") or "").strip()
        named = (self._matter_named(number, record.area),) if number else ()
        return (*(order.get("matters") or ()), *named)

    def reference_faults(self, order: Order, record: Session | None) -> Iterator[Fault]:
        """Matters that do not lie in the session's place, or that there are not."""
        if order.act != Act.PICK or record is None:
            return
        named = tuple(order.get("matters") or ())
        there = MatterFilter(area=record.area, ids=named)
        known = set(self._matters.find(there, limit=MOST_MATTERS)["matter"].tolist())
        for matter in named:
            if matter not in known:
                yield MATTERS.bad(str(matter))
        if NOT_FOUND in self.context(record, order):
            yield NUMBER.bad(order.get("number").strip())

    def follow(
        self, connection: Connection, actor: Actor, after: Session, order: Order
    ) -> None:
        """An order that a session gives is a record of its own, and the journal of its
        matter, where that is open, tells of it.
        """
        if order.act != Act.GIVE:
            return
        begins = given(after, order)
        first = engine.begin(ORDER, actor, begins, now=after.last_at)
        store.ORDERS.create(connection, first)
        unit = self._people.office_name(order.get("office"))
        self._tell(connection, actor, order.get("matter"), f"{unit}：{order.get('task')}")

    def _unit_faults(self, order: Order) -> Iterator[Fault]:
        office, group = order.get("office"), order.get("group")
        if office and office not in self.units_for(order.get("matter")):
            yield OFFICE.bad(str(office))
        if group and group not in self._orders.groups()["id"].tolist():
            yield GROUP.bad(str(group))

    def _matter_named(self, name: str, area: int) -> int:
        """The matter of `area` with the case number `name`, or `NOT_FOUND`."""
        table = self._matters.find(MatterFilter(area=area, text=name), limit=MOST_MATTERS)
        matters = table[table["number"].str.casefold() == name.casefold()]["matter"]
        return int(next(iter(matters), NOT_FOUND))

    def _tell(self, connection: Connection, actor: Actor, matter: int, words: str) -> None:
        case = case_store.load(connection, matter)
        if case.is_open:
            note = Order(acts.Act.NOTE, reason=f"联合研判：{words}"[:LONGEST_TEXT])
            now, clocks = self._desk.now_s, self._limits.deadlines
            entry = engine.decide(MATTER, case, actor, note, now=now, context=clocks)
            case_store.append(connection, case, entry)


def _lines(entries: Iterable[Entry]) -> pd.DataFrame:
    """Entries of several journals as one record, oldest first: at, by, kind, data."""
    rows = [
        (entry.at, entry.actor, entry.act, dict(entry.data))
        for entry in sorted(entries, key=lambda entry: entry.at)
    ]
    table = pd.DataFrame(rows, columns=["at", "by", "kind", "data"])
    return table.astype({"at": "int64", "by": "int64"})
