"""Device keys as the truth keeps them: only the SHA-256 of each, whose it is, where it
reports, when it was used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from gridmap.store.base.store import Store, count, part_key
from gridmap.store.tables import device_keys

PART = "keys"
"""What is counted when keys change; they are no part of what pages show, so nothing else is
told.
"""

COLUMNS = ("id", "label", "areas", "made_at", "used_at", "revoked_at")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that is in force: its number, whose it is, the codes it may report in (none:
    the user's own).
    """

    id: int
    user: int
    areas: tuple[int, ...]


def add_key(
    connection: Connection,
    *,
    digest: str,
    user: int,
    label: str,
    areas: Sequence[int],
    at: int,
) -> int:
    """Keep a key's digest; its number."""
    values = {
        "digest": digest,
        "user": user,
        "label": label,
        "areas": json.dumps(list(areas)),
        "made_at": at,
    }
    number = connection.execute(
        insert(device_keys).values(values).returning(device_keys.c.id)
    ).scalar_one()
    count(connection, part_key(PART))
    return int(number)


def find_key(connection: Connection, digest: str) -> Key | None:
    """The key of this digest, if it is in force."""
    query = select(device_keys.c.id, device_keys.c.user, device_keys.c.areas)
    row = connection.execute(
        query.where(device_keys.c.digest == digest, device_keys.c.revoked_at.is_(None))
    ).first()
    return row and Key(int(row.id), int(row.user), tuple(json.loads(row.areas)))


def holder_of(connection: Connection, number: int) -> int:
    """The user a key belongs to; 0 when there is none of this number."""
    return int(
        connection.scalar(select(device_keys.c.user).where(device_keys.c.id == number)) or 0
    )


def revoke(connection: Connection, number: int, at: int) -> None:
    """Let a key stop working from `at` on; the first time counts."""
    unrevoked = (device_keys.c.id == number) & device_keys.c.revoked_at.is_(None)
    connection.execute(update(device_keys).where(unrevoked).values(revoked_at=at))
    count(connection, part_key(PART))


def in_force(connection: Connection, user: int) -> int:
    """How many keys of a user are in force."""
    theirs = (device_keys.c.user == user) & device_keys.c.revoked_at.is_(None)
    return int(
        connection.scalar(select(func.count()).select_from(device_keys).where(theirs)) or 0
    )


def give(connection: Connection, source: int, target: int) -> int:
    """Pass the keys in force of one user to another; how many."""
    theirs = (device_keys.c.user == source) & device_keys.c.revoked_at.is_(None)
    moved = connection.execute(
        update(device_keys).where(theirs).values(user=target)
    ).rowcount
    if moved:
        count(connection, part_key(PART))
    return int(moved)


def note_use(connection: Connection, used: Mapping[int, int]) -> None:
    """Note when keys (number → instant) were last used; an earlier instant than the one
    known changes nothing.
    """
    newer = or_(device_keys.c.used_at.is_(None), device_keys.c.used_at < bindparam("at"))
    statement = (
        update(device_keys)
        .where(device_keys.c.id == bindparam("number"), newer)
        .values(used_at=bindparam("at"))
    )
    connection.execute(
        statement, [{"number": number, "at": at} for number, at in sorted(used.items())]
    )


def read_keys(store: Store, user: int) -> pd.DataFrame:
    """The keys of a user, newest first: id, label, areas (tuple), made_at, used_at,
    revoked_at (0: not).
    """
    query = select(*(device_keys.c[name] for name in COLUMNS)).where(
        device_keys.c.user == user
    )
    with store.read() as connection:
        rows = connection.execute(query.order_by(device_keys.c.id.desc())).all()
    return pd.DataFrame([_shown(row) for row in rows], columns=list(COLUMNS))


def _shown(row: Any) -> tuple[Any, ...]:
    moments = (int(row.made_at), int(row.used_at or 0), int(row.revoked_at or 0))
    return (int(row.id), row.label, tuple(json.loads(row.areas)), *moments)
