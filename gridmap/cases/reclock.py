"""Clocks set anew: where the limits of an open matter run out on another table of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gridmap.cases.deadlines import Deadlines
from gridmap.cases.matters.acts import Act
from gridmap.cases.matters.case import Case
from gridmap.cases.matters.clocks import NEXT_STEP
from gridmap.model import LimitUnit, Status


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A journal line that set a limit; `seq` orders the lines of all matters."""

    seq: int
    act: Act
    at: int
    data: Mapping[str, Any]


def moved(
    case: Case,
    lines: Iterable[ClockLine],
    *,
    before: Deadlines,
    after: Deadlines,
    reached: int,
) -> dict[str, int]:
    """The limits of `case` that change when its days are counted `after` instead of
    `before`, with their new ends.

    Each limit keeps its amount and begins where it began. Lines later than `reached` know
    the new days already; a limit that people agreed on (an extension) stays; so does one
    that runs through holidays anyhow.
    """
    setters = _Setters(case, list(lines), before, after, reached)
    found: dict[str, int] = {}
    due = setters.anew("due_at", _pace(case, setters.lines, after))
    if due != case.due_at:
        found["due_at"] = due
    if case.status is Status.HANDLING and case.step_due_at == case.due_at:
        return found | ({"step_due_at": due} if found else {})
    step = setters.anew("step_due_at", _step_unit(case, setters.lines, after))
    if step != case.step_due_at:
        found["step_due_at"] = step
        if case.status is Status.ACCEPTED and case.dispatch_due_at == case.step_due_at:
            found["dispatch_due_at"] = step
    return found


@dataclass(frozen=True, slots=True)
class _Setters:
    """The lines that set the limits of a case, and the calendars they are to be counted on."""

    case: Case
    lines: list[ClockLine]
    before: Deadlines
    after: Deadlines
    reached: int

    def anew(self, name: str, unit: LimitUnit | None) -> int:
        """The new end of the limit `name` (due_at or step_due_at), counted in `unit`; as it
        is where nothing moves.
        """
        case, due = self.case, int(getattr(self.case, name))
        setters = [line for line in self.lines if name in line.data]
        begun = next(
            (line for line in reversed(setters) if line.act is not Act.RECLOCK), None
        )
        if not due or unit is None or begun is None or setters[-1].seq > self.reached:
            return due
        if name == "due_at" and begun.act is Act.GRANT_EXTENSION:
            return due
        start = (
            (case.accepted_at or case.reported_at) if begun.act is Act.REPORT else begun.at
        )
        return self.after.days.due(start, self.before.days.elapsed(start, due, unit), unit)


def _pace(case: Case, journal: list[ClockLine], clocks: Deadlines) -> LimitUnit | None:
    """The unit the matter's own limit is counted in: after a stop, that of what was left."""
    setters = [
        line.act
        for line in journal
        if "due_at" in line.data and line.act is not Act.RECLOCK
    ]
    if setters and setters[-1] is Act.RESUME:
        return clocks.pace(case.category)
    limit = clocks.categories.get(case.category)
    return limit.unit if limit else None


def _step_unit(case: Case, journal: list[ClockLine], clocks: Deadlines) -> LimitUnit | None:
    step = "heed" if case.whistle_open else NEXT_STEP.get(case.status)
    limit = clocks.step_limit(step, case.category) if step else None
    setters = [
        line.act
        for line in journal
        if "step_due_at" in line.data and line.act is not Act.RECLOCK
    ]
    if (
        limit
        and limit.unit is LimitUnit.WORKING_DAYS
        and setters
        and setters[-1] is Act.RESUME
    ):
        return LimitUnit.WORKING_HOURS
    return limit.unit if limit else None
