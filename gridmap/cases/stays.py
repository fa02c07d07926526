"""`Stay`: the time a matter lies with one office, as its journal tells it: from when it
comes until it leaves or ends.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from gridmap.cases.matters.case import Case
from gridmap.cases.matters.kind import MATTER
from gridmap.cases.records import engine
from gridmap.cases.records.record import Entry


class Left(IntEnum):
    """How a stay ended."""

    STILL = 0
    PASSED_ON = 1
    ENDED = 2


@dataclass(frozen=True, slots=True)
class Stay:
    """A matter with `office` (0: the dispatcher's queue) from `since` until `until` (0:
    still there), Unix seconds.

    `step` and `last` are the journal steps that began and ended it (`last` 0: none yet);
    `due_at` is the limit that ran when it came (0: no clock ran); `left` how it ended.
    """

    matter: int
    step: int
    office: int
    since: int
    due_at: int
    until: int = 0
    last: int = 0
    left: Left = Left.STILL


def ending(before: Case, after: Case) -> Left:
    """How the stay of `before` ends by the step that leads to `after`; `STILL`: it goes on,
    or there was none.
    """
    if not before.is_open:
        return Left.STILL
    if not after.is_open:
        return Left.ENDED
    return Left.PASSED_ON if after.office != before.office else Left.STILL


def beginning(before: Case | None, after: Case, step: Entry) -> Stay | None:
    """The stay that `step`, which leads to `after`, begins; None when it begins none."""
    if not after.is_open or (
        before is not None and before.is_open and before.office == after.office
    ):
        return None
    clock = min((limit for limit in (after.step_due_at, after.due_at) if limit), default=0)
    return Stay(after.matter, step.number, after.office, step.at, clock)


def stays(matter: int, steps: Iterable[Entry]) -> list[Stay]:
    """All stays a journal tells of, the first first."""
    found: list[Stay] = []
    before: Case | None = None
    steps = list(steps)
    for step, case in zip(steps, engine.stages(MATTER, matter, steps), strict=True):
        left = Left.STILL if before is None else ending(before, case)
        if left is not Left.STILL:
            found[-1] = closed(found[-1], step, left)
        begun = beginning(before, case, step)
        found += [begun] if begun else []
        before = case
    return found


def closed(stay: Stay, step: Entry, left: Left) -> Stay:
    """`stay`, ended by `step`."""
    return Stay(
        stay.matter,
        stay.step,
        stay.office,
        stay.since,
        stay.due_at,
        step.at,
        step.number,
        left,
    )
