"""Case numbers, counted by county and day, and receipts, drawn at random."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from gridmap.calendar import from_epoch
from gridmap.codes import parent
from gridmap.model import Level
from gridmap.store.base.upsert import insert_of
from gridmap.store.tables import serials

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Signs of a receipt: nothing that is read as something else, no I, O, 0, 1."""

RECEIPT_LENGTH = 10


def new_receipt() -> str:
    """A receipt nobody can guess: 50 bits."""
    return "".join(secrets.choice(LETTERS) for _ in range(RECEIPT_LENGTH))


def next_number(connection: Connection, grid: int, category: str, at: int) -> str:
    """The next case number for a matter of `category` (code) in `grid`, reported at `at`
    (Unix seconds).
    """
    return next_numbers(connection, [(grid, category, at)])[0]


def next_numbers(
    connection: Connection, asked: Sequence[tuple[int, str, int]]
) -> list[str]:
    """Case numbers `<county>-<category>-<yyyymmdd>-<serial>` for (grid, category, reported
    at), in their order.

    Serials count on by county and day inside the caller's transaction: two at once wait for
    each other, and a transaction that fails leaves no gap.
    """
    keys = [
        (parent(grid, Level.COUNTY), int(f"{from_epoch(at):%Y%m%d}"))
        for grid, _, at in asked
    ]
    wanted = Counter(keys)
    following = {key: _draw(connection, *key, wanted[key]) for key in sorted(wanted)}
    numbers = []
    for (county, day), (_, category, _) in zip(keys, asked, strict=True):
        numbers.append(f"{county}-{category}-{day}-{following[county, day]:06d}")
        following[county, day] += 1
    return numbers


def _draw(connection: Connection, county: int, day: int, count: int) -> int:
    """The first of `count` new serials."""
    asked = {"county": county, "day": day, "last": count}
    return (
        int(connection.scalar(_counting(connection.dialect.name), asked) or 0) - count + 1
    )


@cache
def _counting(dialect: str) -> Any:
    """The statement that counts the serial of a county and day on by `last` and tells where
    it stands then.
    """
    statement = insert_of(dialect, serials)
    counted = {"last": serials.c.last + statement.excluded.last}
    keys = [serials.c.county, serials.c.day]
    return statement.on_conflict_do_update(index_elements=keys, set_=counted).returning(
        serials.c.last
    )
