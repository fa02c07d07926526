"""The tree of categories: what can be reported, its time limit and its first handler."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import delete, exists, insert, select, update

from gridmap.errors import ConflictError
from gridmap.store.base.frames import frame, records, require, unique
from gridmap.store.base.store import Store, touch
from gridmap.store.tables import categories, matters

COLUMNS = (
    "code",
    "parent",
    "zh",
    "en",
    "class",
    "limit_amount",
    "limit_unit",
    "handler",
    "severity",
    "effort",
    "rare",
)
DEFAULTS: dict[str, Any] = {"class": "", "severity": 1, "effort": 1.0, "rare": False}


def replace_categories(store: Store, table: pd.DataFrame) -> None:
    """Make `table` the category tree, in one transaction.

    `table`: code, zh; optionally parent, en, class, limit_amount, limit_unit, handler,
    severity, effort, rare. A code keeps its number for good, since reports are stored under
    it; new ones get the next.

    Raises InputError when columns are missing or a code stands twice, ConflictError when a
    category that reports use would disappear.
    """
    require(table, ("code", "zh"), what="categories")
    unique(table, "code", what="categories")
    rows = _complete(table)
    with store.write() as connection:
        known: dict[str, int] = dict(
            connection.execute(select(categories.c.code, categories.c.id)).all()
        )
        gone = sorted(set(known) - {row["code"] for row in rows})
        for code in gone:
            if connection.scalar(select(exists().where(matters.c.category == known[code]))):
                raise ConflictError(
                    f"Category {code} has reports and cannot disappear. Keep it in the tree."
                )
        if gone:
            connection.execute(delete(categories).where(categories.c.code.in_(gone)))
        following = max(known.values(), default=0) + 1
        for row in rows:
            if row["code"] in known:
                connection.execute(
                    update(categories)
                    .where(categories.c.id == known[row["code"]])
                    .values(row)
                )
            else:
                connection.execute(insert(categories).values({"id": following, **row}))
                following += 1
        touch(connection)


def read_categories(store: Store) -> pd.DataFrame:
    """The tree by number: id (int64), then the columns of `COLUMNS`; `parent` is empty text
    at the top.
    """
    with store.read() as connection:
        table = frame(
            connection,
            select(categories).order_by(categories.c.id),
            id="int64",
            severity="int64",
        )
    table["parent"] = table["parent"].fillna("")
    table["rare"] = table["rare"].astype(bool)
    return table


def _complete(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = records(table.reindex(columns=list(COLUMNS)))
    for row in rows:
        row["code"] = str(row["code"])
        row["parent"] = str(row["parent"]) if row["parent"] else None
        row["en"] = row["en"] or row["zh"]
        for column, default in DEFAULTS.items():
            if row[column] is None:
                row[column] = default
        row["severity"], row["rare"] = int(row["severity"]), bool(row["rare"])
    return rows
