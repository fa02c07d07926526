"""Contracts of village collectives and their income in the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Connection, insert, select

from gridmap.cases.contracts import CONTRACT
from gridmap.store.base.frames import frame
from gridmap.store.base.recordstore import Records
from gridmap.store.base.within import within
from gridmap.store.tables import contract_entries, contracts, village_incomes

CONTRACTS = Records(CONTRACT, contracts, contract_entries)


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
