"""Tables that are replaced as a whole: only by who has seen them as they stand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sqlalchemy import Connection

from gridmap.errors import StaleError
from gridmap.store.base.store import count
from gridmap.words import mark

CHANGED = mark("Somebody else has saved this table since you looked at it.")


def alike(one: pd.DataFrame, other: pd.DataFrame) -> bool:
    """Whether two tables say the same, row by row; how they are indexed does not matter."""
    texts = [table.to_json(orient="values", default_handler=str) for table in (one, other)]
    return list(one.columns) == list(other.columns) and texts[0] == texts[1]


def check_seen(
    connection: Connection,
    name: str,
    seen: pd.DataFrame | None,
    read: Callable[[], pd.DataFrame],
) -> None:
    """Hold the table `name` until the transaction ends; raise StaleError where `read` no
    longer gives what was `seen`.

    None for `seen`: whoever replaces it has not looked, and means to replace whatever there is.
    """
    count(
        connection, f"table.{name}"
    )  # who comes second waits here, and then reads what the first has saved
    if seen is not None and not alike(seen, read()):
        raise StaleError(CHANGED)
