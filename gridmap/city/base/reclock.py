"""Setting the clocks of all open matters anew after the table of holidays changed, a batch
at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection

from gridmap.calendar import WorkingDays
from gridmap.cases.actors import SYSTEM
from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.reclock import ClockLine, moved
from gridmap.cases.records import engine
from gridmap.cases.records.record import Order
from gridmap.store import Store
from gridmap.store.flow import cases as store_cases
from gridmap.store.flow import limits as store_limits

BATCH = 100


def clock_anew(
    store: Store, clocks: Deadlines, *, now: int, pause: Callable[[], None] = lambda: None
) -> int:
    """Finish what a change of holidays began: RECLOCK steps for the open matters whose
    limits move; their number.

    Each batch is one short transaction, `pause` is called between them. Safe to run again
    after a crash, and beside other writers: a matter is read again where it is written, and
    one that somebody just moved is clocked already.
    """
    with store.read() as connection:
        waiting = store_limits.pending(connection)
    if waiting is None:
        return 0
    before, reached = replace(clocks, days=WorkingDays(waiting[0])), waiting[1]
    count, last = 0, 0
    while True:
        with store.read() as connection:
            batch = store_limits.open_clocks(connection, after=last, limit=BATCH)
            changes = _changes(
                connection, batch, before=before, after=clocks, reached=reached
            )
        if not batch:
            break
        last = batch[-1]
        if changes:
            count += _write(
                store, list(changes), before=before, after=clocks, reached=reached, now=now
            )
            pause()
    with store.write() as connection:
        if store_limits.pending(connection) == waiting:
            store_limits.settle(connection)
    return count


def _changes(
    connection: Connection,
    matters: list[int],
    *,
    before: Deadlines,
    after: Deadlines,
    reached: int,
    lock: bool = False,
) -> dict[int, tuple[Case, dict[str, int]]]:
    lines: dict[int, list[ClockLine]] = defaultdict(list)
    cases = [store_cases.load(connection, matter, for_update=lock) for matter in matters]
    for matter, seq, move, at, data in store_limits.clock_lines(connection, matters):
        lines[matter].append(ClockLine(seq, Act(move), at, data))
    found = {
        case.matter: (
            case,
            moved(case, lines[case.matter], before=before, after=after, reached=reached),
        )
        for case in cases
        if case.is_open
    }
    return {matter: change for matter, change in found.items() if change[1]}


def _write(
    store: Store,
    matters: list[int],
    *,
    before: Deadlines,
    after: Deadlines,
    reached: int,
    now: int,
) -> int:
    with store.write() as connection:
        changes = _changes(
            connection, matters, before=before, after=after, reached=reached, lock=True
        )
        for case, change in changes.values():
            step = engine.decide(
                MATTER, case, SYSTEM, Order(Act.RECLOCK), now=now, context=after
            )
            data = {**step.data, **change, "cause": "holidays"}
            store_cases.append(connection, case, replace(step, data=data))
    return len(changes)
