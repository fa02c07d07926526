"""Raising what the clock has to say about a limit: a journal step and a message, once, in
one transaction.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from gridmap.cases.actors import SYSTEM
from gridmap.cases.deadlines import LONGEST_WARNING_S, Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.clocks import NEXT_STEP
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.errors import StaleError
from gridmap.model import Status
from gridmap.settings import Settings
from gridmap.store import Store
from gridmap.store.flow import alarms as store_alarms
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import outbox as store_outbox
from gridmap.store.flow.alarms import NEAR_DUE, STEP_OVERDUE, Running

BATCH = 25
"""Matters a transaction; writers wait for one batch at most."""
MOST = 2_000
"""Matters a look; more are taken up at the next."""
DESTINATION = "webhook"

log = logging.getLogger("gridmap.watch")


@dataclass
class Alarms:
    """Raises alarms in a store; after each batch `pause` is given the seconds it took: the
    turn of other writers.
    """

    store: Store
    settings: Settings
    pause: Callable[[float], None] = time.sleep
    _warnings: dict[tuple[int, int], int] = field(default_factory=dict)
    _counted_with: Deadlines | None = None

    def raise_due(self, kind: str, clocks: Deadlines, *, now: int) -> int:
        """Raise every alarm of `kind` that is due at `now` and was not raised yet; how many were.

        A near-due alarm belongs to the time before its limit: where nobody looked in that
        time, the overdue alarm takes its place.
        """
        with self.store.read() as connection:
            waiting = (
                self._near(connection, clocks, now)
                if kind == NEAR_DUE
                else self._late(connection, kind, now)
            )
        count = 0
        for batch in _batches(waiting):
            begun_s = time.perf_counter()
            try:
                count += self._raise(kind, batch, clocks, now=now)
            except (OperationalError, StaleError) as error:
                log.info("A batch of alarms is raised one by one: %s", error)
                # Another process holds one of these matters: one by one, and what is left
                # over at the next look.
                count += sum(self._alone(kind, one, clocks, now) for one in batch)
            self.pause(time.perf_counter() - begun_s)
        return count

    def _late(self, connection: Connection, kind: str, now: int) -> list[Running]:
        return store_alarms.run_out(connection, kind, now=now, limit=MOST)

    def _near(self, connection: Connection, clocks: Deadlines, now: int) -> list[Running]:
        coming = store_alarms.coming(connection, now=now, until=now + LONGEST_WARNING_S)
        known = self._warnings if clocks is self._counted_with else {}
        self._counted_with = clocks
        self._warnings = {
            (one.matter, one.due_at): known.get((one.matter, one.due_at))
            or self._warn_at(clocks, one)
            for one in coming
        }
        return [one for one in coming if self._warnings[one.matter, one.due_at] <= now][
            :MOST
        ]

    def _warn_at(self, clocks: Deadlines, one: Running) -> int:
        share, least_s = self.settings.near_due_share, self.settings.near_due_minutes * 60
        return clocks.warn_at(
            one.category, one.start, one.due_at, share=share, least_s=least_s
        )

    def _alone(self, kind: str, one: Running, clocks: Deadlines, now: int) -> int:
        try:
            return self._raise(kind, [one], clocks, now=now)
        except (OperationalError, StaleError):
            return 0

    def _raise(
        self, kind: str, batch: list[Running], clocks: Deadlines, *, now: int
    ) -> int:
        with self.store.write() as connection:
            numbers = store_alarms.numbers(connection, [one.matter for one in batch])
            return sum(
                _raise_one(connection, kind, one, numbers, clocks, now=now) for one in batch
            )


def _raise_one(
    connection: Connection,
    kind: str,
    one: Running,
    numbers: dict[int, str],
    clocks: Deadlines,
    *,
    now: int,
) -> bool:
    case = store_cases.load(connection, one.matter)
    limit = case.step_due_at if kind == STEP_OVERDUE else case.due_at
    if limit != one.due_at or not case.is_open or case.status is Status.PARKED:
        return False  # somebody moved it meanwhile
    if not store_alarms.note(
        connection, case.matter, kind, limit, now=now, office=case.office
    ):
        return False
    told = {"kind": kind, "limit": limit} | (
        {"of": _step(case)} if kind == STEP_OVERDUE else {}
    )
    move = Act.NEAR_DUE if kind == NEAR_DUE else Act.OVERDUE
    step = engine.decide(MATTER, case, SYSTEM, Order(move), now=now, context=clocks)
    store_cases.append(connection, case, replace(step, data={**step.data, **told}))
    key = f"{kind}:{case.matter}:{limit}"
    store_outbox.put(
        connection,
        key,
        DESTINATION,
        _message(case, numbers[case.matter], told, now),
        now=now,
    )
    return True


def _step(case: Case) -> str:
    return "heed" if case.whistle_open else NEXT_STEP.get(case.status, "")


def _message(case: Case, number: str, told: dict[str, Any], now: int) -> dict[str, Any]:
    """What another system is told: places, states and times, nobody's words and nobody's
    contact.
    """
    return {
        "event": told["kind"],
        "matter": case.matter,
        "number": number,
        "category": case.category,
        "grid": case.grid,
        "status": case.status.name.lower(),
        "office": case.office,
        "person": case.person,
        "at": now,
        "due_at": told["limit"],
        **({"step": told["of"]} if "of" in told else {}),
    }


def _batches(waiting: list[Running]) -> Iterator[list[Running]]:
    for first in range(0, len(waiting), BATCH):
        yield waiting[first : first + BATCH]
