"""Messages to other systems, in the truth: put with what they tell of, claimed by one
sender, sent once or put aside.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from gridmap.store.base.store import Store
from gridmap.store.base.upsert import insert_of
from gridmap.store.tables import outbox

WAITING, SENT, DEAD = "waiting", "sent", "dead"
LONGEST_WAIT_S = 3600
"""The longest pause between two tries; a row that waits for longer was put off by a clock
that has jumped.
"""
LONGEST_ERROR = 300
SWEEP_ROWS = 500


@dataclass(frozen=True, slots=True)
class Message:
    """A message its sender has claimed: nobody else sends it until `until` (Unix seconds).
    `attempts` includes this.
    """

    id: int
    key: str
    destination: str
    payload: str
    attempts: int
    until: int


def put(
    connection: Connection,
    key: str,
    destination: str,
    payload: Mapping[str, Any],
    *,
    now: int | None = None,
) -> bool:
    """Put a message into the outbox, inside the transaction of what it tells of; whether it is new.

    `key` names the thing told, once for all: the same key again is the same message. `now`
    is the city's time in Unix seconds; without it the payload's `at` counts, else real
    time.
    """
    made = int(now if now is not None else payload.get("at") or time.time())
    row = {
        "key": key,
        "destination": destination,
        "payload": json.dumps(payload, ensure_ascii=False, sort_keys=True),
        "state": WAITING,
        "attempts": 0,
        "made_at": made,
        "next_try": made,
    }
    insertion = (
        insert_of(connection.dialect.name, outbox).values(row).on_conflict_do_nothing()
    )
    return connection.scalar(insertion.returning(outbox.c.id)) is not None


def claim(
    store: Store, *, now: int, lease_s: int, skip: frozenset[int] = frozenset()
) -> Message | None:
    """The next message due at `now`, for this sender alone until the lease is over; None:
    nothing is due.

    `skip` are messages this sender has tried already. A sender that dies leaves its message
    to the next one after `lease_s`. Of two senders that see the same row, the one whose
    update finds it unchanged has it.
    """
    due = or_(outbox.c.next_try <= now, outbox.c.next_try > now + LONGEST_WAIT_S)
    query = (
        select(outbox)
        .where(outbox.c.state == WAITING, due, outbox.c.id.not_in(skip))
        .order_by(outbox.c.id)
    )
    while True:
        with store.read() as connection:
            row = connection.execute(query.limit(1)).first()
        if row is None:
            return None
        unchanged = (
            outbox.c.id == row.id,
            outbox.c.state == WAITING,
            outbox.c.attempts == row.attempts,
        )
        mine = update(outbox).where(*unchanged, outbox.c.next_try == row.next_try)
        with store.write() as connection:
            claimed = connection.execute(
                mine.values(attempts=row.attempts + 1, next_try=now + lease_s)
            ).rowcount
        if claimed:
            return Message(
                row.id,
                row.key,
                row.destination,
                row.payload,
                row.attempts + 1,
                now + lease_s,
            )


def sent(store: Store, message: Message, *, now: int) -> None:
    """Note that `message` was acknowledged: it is never sent again."""
    with store.write() as connection:
        connection.execute(
            update(outbox)
            .where(outbox.c.id == message.id)
            .values(state=SENT, sent_at=now, last_error=None)
        )


def failed(
    store: Store, message: Message, *, error: str, next_try: int, dead: bool
) -> None:
    """Note that `message` was not acknowledged: it is tried again at `next_try`, or `dead`
    until somebody looks.
    """
    values = {
        "state": DEAD if dead else WAITING,
        "next_try": next_try,
        "last_error": error[:LONGEST_ERROR],
    }
    mine = (
        outbox.c.id == message.id,
        outbox.c.state == WAITING,
        outbox.c.attempts == message.attempts,
    )
    with store.write() as connection:
        connection.execute(update(outbox).where(*mine).values(values))


def retry(connection: Connection, number: int, *, now: int) -> bool:
    """Let a dead message be tried again from the start; whether there was one."""
    again = update(outbox).where(outbox.c.id == number, outbox.c.state == DEAD)
    return bool(
        connection.execute(again.values(state=WAITING, attempts=0, next_try=now)).rowcount
    )


def sweep(store: Store, *, before: int) -> int:
    """Remove messages made before `before`: sent ones, and waiting ones nobody will miss;
    dead ones stay. How many.
    """
    old = (
        select(outbox.c.id)
        .where(outbox.c.made_at < before, outbox.c.state != DEAD)
        .limit(SWEEP_ROWS)
    )
    with store.read() as connection:
        numbers = list(connection.scalars(old))
    if numbers:
        with store.write() as connection:
            connection.execute(
                delete(outbox).where(outbox.c.id.in_(numbers), outbox.c.state != DEAD)
            )
    return len(numbers)


def rows(store: Store, state: str, *, limit: int) -> list[dict[str, Any]]:
    """Messages of one state, the oldest first: id, key, destination, payload, attempts,
    made_at, next_try, sent_at, last_error.
    """
    query = select(outbox).where(outbox.c.state == state).order_by(outbox.c.id).limit(limit)
    with store.read() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def counts(store: Store) -> dict[str, int]:
    """Messages by state."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    with store.read() as connection:
        return {WAITING: 0, SENT: 0, DEAD: 0, **dict(connection.execute(query).all())}
