"""Records of any kind in the truth: how each stands, and its journal, which only grows.

One code path for every kind, on SQLite and PostgreSQL: locked while it is changed, stale by
version, safe to send again under a client's id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar, get_origin

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from gridmap.cases.records import engine
from gridmap.cases.records.kinds import Kind
from gridmap.cases.records.record import Entry, Order, Record
from gridmap.errors import NotFoundError, StaleError
from gridmap.store.base.bulk import go_on
from gridmap.store.base.engine import READ_ONLY
from gridmap.store.base.frames import frame
from gridmap.store.base.upsert import insert_once
from gridmap.store.base.within import within
from gridmap.store.tables import RECORD_TABLES
from gridmap.words import mark

STALE = mark("Somebody else changed this meanwhile. Look again.")

R = TypeVar("R", bound=Record)


def records_of(kind: Kind[R]) -> Records[R]:
    """The records of a kind that needs nothing of its own in the store."""
    return Records(kind, *RECORD_TABLES[kind.name])


class Records(Generic[R]):
    """The records of one kind; every method works inside the caller's transaction."""

    def __init__(self, kind: Kind[R], table: Table, entries: Table) -> None:
        self.kind = kind
        self.table = table
        self._entries = entries
        self._owner = entries.c[kind.name]

    # reading

    def load(self, connection: Connection, number: int) -> R:
        """How the record stands; in a transaction that writes, nobody else may change it
        before its end. Raises NotFoundError.
        """
        query = select(self.table).where(self.table.c.id == number)
        if not connection.get_execution_options().get(READ_ONLY, False):
            query = query.with_for_update()
        fits = 0 < number < 2**63
        row = connection.execute(query).mappings().first() if fits else None
        if row is None:
            raise NotFoundError(self.kind.no_record)
        return self.record_of(row)

    def record_of(self, row: RowMapping | Mapping[str, Any]) -> R:
        """The record a row keeps."""
        values = {name: self._read(name, row[name]) for name in self.kind.types}
        return self.kind.record(**values)

    def entries(
        self, connection: Connection, number: int, *, after: int = 0
    ) -> list[Entry]:
        """The journal behind entry `after`, oldest first."""
        query = (
            select(self._entries)
            .where(self._owner == number, self._entries.c.number > after)
            .order_by(self._entries.c.number)
        )
        return [
            Entry(row.number, row.act, row.at, row.actor, json.loads(row.data))
            for row in connection.execute(query)
        ]

    def read(
        self, connection: Connection, area: int = 0, *where: ColumnElement[bool]
    ) -> pd.DataFrame:
        """The records in the place `area` (0: anywhere), a column an attribute, by number.

        A text or link that is empty is "" or 0.
        """
        place = self.table.c[self.kind.place]
        query = select(*(self.table.c[name] for name in self.kind.types))
        if area:
            query = query.where(within(place, area))
        table = frame(connection, query.where(*where).order_by(place, self.table.c.id))
        for name in self.kind.types:
            table[name] = self._column(name, table[name])
        return table

    def check_version(
        self, connection: Connection, record: R, version: int, order: Order
    ) -> None:
        """Raise StaleError, with what happened, when somebody changed the record after
        `version`, which the reader saw; what the kind says does not conflict with `order`
        does not count.
        """
        if record.version == version:
            return
        since = self.entries(connection, record.id, after=version)
        since = [
            entry
            for entry in since
            if entry.act not in self.kind.marks and self.kind.clashes(entry, order)
        ]
        if since or version > record.version:
            raise StaleError(STALE, since)

    # writing

    def create(
        self, connection: Connection, first: Entry, *, client_id: str = ""
    ) -> tuple[int, bool]:
        """Write a new record with its first entry: its number, and whether it is new under
        its client id. Raises ConflictError when that stands for another one.
        """
        row = self._row(engine.replay(self.kind, 0, [first]))
        row = row | {"client_id": client_id or None}
        number, is_new = insert_once(connection, self.table, row, same=self.kind.lasting)
        if is_new:
            self._write(connection, [(number, first)])
        return number, is_new

    def create_many(
        self, connection: Connection, journals: Sequence[Sequence[Entry]]
    ) -> list[int]:
        """Write records with whole journals, as an import has them; their numbers."""
        if not journals:
            return []
        highest = connection.scalar(select(func.max(self.table.c.id))) or 0
        numbers = range(highest + 1, highest + 1 + len(journals))
        rows, lines = [], []
        for number, journal in zip(numbers, journals, strict=True):
            record = engine.replay(self.kind, number, journal)
            rows.append(self._row(record) | {"id": number})
            lines += [(number, entry) for entry in journal]
        connection.execute(insert(self.table), rows)
        self._write(connection, lines)
        go_on(connection, self.table)
        return list(numbers)

    def append(self, connection: Connection, record: R, entry: Entry) -> R:
        """Write `entry`, decided on `record`, and return the record after it. Raises
        StaleError when it has moved since.
        """
        after = engine.apply(self.kind, record, entry)
        unmoved = (self.table.c.id == record.id) & (self.table.c.version == record.version)
        change = update(self.table).where(unmoved).values(self._row(after))
        if not connection.execute(change).rowcount:
            raise StaleError(
                STALE, self.entries(connection, record.id, after=record.version)
            )
        try:
            self._write(connection, [(record.id, entry)])
        except IntegrityError as error:  # two at once on PostgreSQL
            raise StaleError(STALE) from error
        return after

    def _write(self, connection: Connection, lines: Iterable[tuple[int, Entry]]) -> None:
        rows = [
            {
                self._owner.name: number,
                "number": entry.number,
                "act": str(entry.act),
                "at": entry.at,
                "actor": entry.actor,
                "data": json.dumps(
                    dict(entry.data), ensure_ascii=False, separators=(",", ":")
                ),
            }
            for number, entry in lines
        ]
        connection.execute(insert(self._entries), rows)

    # attributes and columns

    def _row(self, record: R) -> dict[str, Any]:
        """The row of a record, without its number."""
        return {
            name: self._kept(name, getattr(record, name))
            for name in self.kind.types
            if name != "id"
        }

    def _kept(self, name: str, value: Any) -> Any:
        if self._is_json(name):
            return json.dumps(value, ensure_ascii=False)
        if self.table.c[name].nullable:
            return value or None
        return str(value) if isinstance(value, str) else value

    def _read(self, name: str, value: Any) -> Any:
        if value is None:
            return self.kind.defaults[name]
        if self._is_json(name):
            value = json.loads(value)
        return self.kind.typed(name, value)

    def _column(self, name: str, values: pd.Series) -> pd.Series:
        if self._is_json(name):
            kept = [self._read(name, value) for value in values]
            return pd.Series(kept, index=values.index, dtype=object)
        if self.table.c[name].nullable:
            values = values.astype(object).where(values.notna(), self.kind.defaults[name])
        dtype: Any = _DTYPES.get(self.table.c[name].type.python_type, "object")
        return pd.Series(values.astype(dtype))

    def _is_json(self, name: str) -> bool:
        return get_origin(self.kind.types[name]) in {tuple, Mapping}


_DTYPES = {int: "int64", float: "float64", bool: "bool"}
