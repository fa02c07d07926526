"""Which reports came before: earlier in the same import, or in the truth."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, func, select, text

from gridmap.geo.compiled import compiled
from gridmap.sources.kernels import hash_texts
from gridmap.store.intake.judge import STAGED
from gridmap.store.tables import matters

CONTENT = (
    "category",
    "lon",
    "lat",
    "reported_at",
    "accepted_at",
    "due_at",
    "closed_at",
    "status",
    "channel",
    "worker",
)
EVERY_ID = ("", "\U0010ffff")
"""The range of all ids."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


def content_hash(table: pa.Table) -> npt.NDArray[np.uint64]:
    """A hash of what each row of `STAGED` says, its id, place in the file and derived
    columns left out; uint64[n].
    """
    value = hash_texts(_one(table["text"]))
    for name in CONTENT:
        column = pc.fill_null(_one(table[name]), 0).to_numpy(zero_copy_only=False)
        bits = (
            column.view(np.uint64)
            if column.dtype == np.float64
            else column.astype(np.int64).view(np.uint64)
        )
        with np.errstate(over="ignore"):
            value = (value ^ bits) * _MIX
            value ^= value >> np.uint64(31)
    return value


@dataclass(slots=True)
class Seen:
    """The ids of one import so far, in a table by hash that grows; a hit is compared as text."""

    slots: npt.NDArray[np.int32] = field(
        default_factory=lambda: np.full(1 << 12, -1, dtype=np.int32)
    )
    hashes: npt.NDArray[np.uint64] = field(
        default_factory=lambda: np.zeros(1 << 11, dtype=np.uint64)
    )
    contents: npt.NDArray[np.uint64] = field(
        default_factory=lambda: np.zeros(1 << 11, dtype=np.uint64)
    )
    rows: int = 0
    ids: list[pa.Array] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)

    def add(
        self, ids: pa.Array, contents: npt.NDArray[np.uint64]
    ) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Take in rows; which of them repeat an earlier id with the same content, and which
        with another (bool[n]).

        Two ids of one hash but another text count as different; should the second of them
        come again, the unique index of the truth refuses it.
        """
        hashes = hash_texts(ids)
        self._grow(self.rows + len(hashes))
        first = np.empty(len(hashes), dtype=np.int64)
        begin = self.rows
        self.ids.append(ids)
        self.begins.append(begin)
        self.hashes[begin : begin + len(hashes)] = hashes
        self.contents[begin : begin + len(hashes)] = contents
        _insert(self.slots, self.hashes, begin, len(hashes), first)
        self.rows += len(hashes)
        hits = np.flatnonzero(first >= 0)
        again = np.zeros(len(hashes), dtype=bool)
        other = np.zeros(len(hashes), dtype=bool)
        for row in hits.tolist():
            if ids[row].as_py() == self._id(int(first[row])):
                same = self.contents[first[row]] == contents[row]
                (again if same else other)[row] = True
        return again, other

    def _id(self, row: int) -> str:
        at = int(np.searchsorted(np.asarray(self.begins), row, side="right")) - 1
        return str(self.ids[at][row - self.begins[at]].as_py())

    def _grow(self, rows: int) -> None:
        if rows > len(self.hashes):
            size = max(rows, len(self.hashes) * 3 // 2)
            self.hashes = np.concatenate(
                [self.hashes, np.zeros(size - len(self.hashes), dtype=np.uint64)]
            )
            self.contents = np.concatenate(
                [self.contents, np.zeros(size - len(self.contents), dtype=np.uint64)]
            )
        if 2 * rows > len(self.slots):
            self.slots = np.full(2 << int(rows).bit_length(), -1, dtype=np.int32)
            _insert(
                self.slots, self.hashes, 0, self.rows, np.empty(self.rows, dtype=np.int64)
            )


@compiled
def _insert(slots: Any, hashes: Any, begin: int, count: int, first: Any) -> None:
    """Put rows `begin`… into the table; `first` tells the earlier row of the same hash, −1
    when there is none.
    """
    mask = np.uint64(len(slots) - 1)
    for at in range(count):
        row = begin + at
        slot = hashes[row] & mask
        first[at] = -1
        while slots[slot] >= 0:
            if hashes[slots[slot]] == hashes[row]:
                first[at] = slots[slot]
                break
            slot = (slot + np.uint64(1)) & mask
        if first[at] < 0:
            slots[slot] = row


def id_range(connection: Connection) -> tuple[str, str] | None:
    """The lowest and highest id in the truth; None when it is empty."""
    low, high = connection.execute(
        select(func.min(matters.c.client_id), func.max(matters.c.client_id))
    ).one()
    return None if low is None else (low, high)


def known(
    connection: Connection,
    ids: pa.Array,
    span: tuple[str, str] | None,
    *,
    other_than: int = 0,
) -> pa.Table | None:
    """The rows of the truth that have one of `ids`, as `STAGED`; None when there are none.

    Rows of the import `other_than` are left out.

    `span` is the range of ids the truth had when the import began: history mostly comes in
    order, and a batch above the range needs no look-up.
    """
    if span is None:
        return None
    asked = ids.filter(pc.and_(pc.greater_equal(ids, span[0]), pc.less_equal(ids, span[1])))
    if not len(asked):
        return None
    names = ["client_id", *CONTENT, "text"]
    columns = ", ".join(f"matters.{name}" for name in names)
    wanted: Any = asked.to_pylist()
    where = "client_id = ANY(:ids)"
    if connection.dialect.name == "sqlite":
        wanted, where = (
            json.dumps(wanted, ensure_ascii=False),
            "client_id IN (SELECT value FROM json_each(:ids))",
        )
    query = text(
        f"SELECT {columns} FROM matters WHERE {where} AND coalesce(import_id, 0) <> :other"
    )
    rows = connection.execute(query, {"ids": wanted, "other": other_than or -1}).fetchall()
    if not rows:
        return None
    arrays = [
        pa.array(values, STAGED.field(name).type)
        for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    return pa.Table.from_arrays(arrays, names=names)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
