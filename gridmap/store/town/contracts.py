"""Contracts of village collectives and their income in the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from gridmap.cases.contracts import Contract, Kind, State, apply, replay
from gridmap.cases.entry import Entry
from gridmap.store.base import records
from gridmap.store.base.bulk import go_on
from gridmap.store.base.frames import frame
from gridmap.store.base.upsert import insert_once
from gridmap.store.base.within import within
from gridmap.store.tables import contract_entries, contracts, village_incomes
from gridmap.words import mark

NO_CONTRACT = mark("There is no such contract.")
_KEPT = (
    "village",
    "title",
    "area_written",
    "price_before",
    "area_measured",
    "price_after",
    "irregular",
    "version",
    "listed_at",
    "published_at",
    "reviewed_at",
    "reviewed_by",
    "decided_at",
    "relapses",
    "last_at",
)
"""Columns that follow the record as they are, beside kind and state."""
_LISTED = ("village", "kind", "title")
"""Columns that stay as a contract was listed; figures may be corrected later."""


def load(connection: Connection, contract: int) -> Contract:
    """How a contract stands. Raises NotFoundError."""
    row = records.row(connection, contracts, contract, missing=NO_CONTRACT)
    told = {name: row[name] for name in _KEPT}
    return Contract(id=row["id"], kind=Kind(row["kind"]), state=State(row["state"]), **told)


def create(connection: Connection, first: Entry, *, client_id: str = "") -> int:
    """Write a new contract with its first entry; its number, the same when sent again under
    its client id.
    """
    number, is_new = insert_once(
        connection,
        contracts,
        _row(replay(0, [first])) | {"client_id": client_id or None},
        same=_LISTED,
    )
    if not is_new:
        return number
    records.write(connection, contract_entries, number, [first])
    return number


def create_many(connection: Connection, told: Sequence[Sequence[Entry]]) -> None:
    """Write contracts with whole records, as an import has them."""
    if not told:
        return
    first = (
        int(connection.scalar(select(func.coalesce(func.max(contracts.c.id), 0))) or 0) + 1
    )
    rows = [
        _row(replay(number, entries)) | {"id": number}
        for number, entries in enumerate(told, start=first)
    ]
    connection.execute(insert(contracts), rows)
    numbered = zip(rows, told, strict=True)
    lines = [
        records.values(contract_entries, row["id"], entry)
        for row, entries in numbered
        for entry in entries
    ]
    connection.execute(insert(contract_entries), lines)
    go_on(connection, contracts)


def append(connection: Connection, contract: Contract, entry: Entry) -> Contract:
    """Write `entry`, decided on `contract`, and return the contract after it. Raises
    StaleError when it has moved.
    """
    after = apply(contract, entry)
    records.advance(connection, contracts, contract.id, contract.version, _row(after))
    records.write(connection, contract_entries, contract.id, [entry])
    return after


def entries(connection: Connection, contract: int) -> list[Entry]:
    """The record, oldest first."""
    return records.read(connection, contract_entries, contract)


def read_contracts(connection: Connection, area: int) -> pd.DataFrame:
    """Contracts of villages in `area`, by village and number: the columns of the table but
    client_id.
    """
    shown = [column for column in contracts.c if column.name != "client_id"]
    query = (
        select(*shown)
        .where(within(contracts.c.village, area))
        .order_by(contracts.c.village, contracts.c.id)
    )
    table = frame(connection, query)
    figures = ("area_written", "price_before", "area_measured", "price_after")
    return table.astype(
        dict.fromkeys(figures, "float64") | {"village": "int64", "irregular": "bool"}
    )


def add_incomes(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Note incomes: village, year, yuan, at, by, words. Nothing noted before is changed."""
    if rows:
        connection.execute(insert(village_incomes), [dict(row) for row in rows])


def read_incomes(connection: Connection, area: int) -> pd.DataFrame:
    """Everything noted on the income of villages in `area`, oldest first: village, year,
    yuan, at, by, words.
    """
    shown = [
        village_incomes.c[name] for name in ("village", "year", "yuan", "at", "by", "words")
    ]
    query = (
        select(*shown)
        .where(within(village_incomes.c.village, area))
        .order_by(village_incomes.c.id)
    )
    table = frame(
        connection,
        query,
        village="int64",
        year="int64",
        yuan="int64",
        at="int64",
        by="int64",
    )
    return table.assign(
        words=table["words"].astype(object).where(table["words"].notna(), "")
    )


def _row(contract: Contract) -> dict[str, Any]:
    kept = {name: getattr(contract, name) for name in _KEPT}
    return kept | {"kind": str(contract.kind), "state": str(contract.state)}
