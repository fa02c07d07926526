"""`Deadlines`: when limits of categories and steps run out on the city's working calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gridmap.calendar import WorkingDays
from gridmap.model import LimitUnit

STEPS = ("accept", "dispatch", "handle", "verify", "heed")
"""The steps a limit can be set for; `heed` is the answer to a whistle."""

LEAST_WARNING_S = 30 * 60
LONGEST_WARNING_S = 10 * 86_400
"""A warning comes at least half an hour before a limit runs out, and never more than ten days."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An amount of time and the unit it is counted in."""

    amount: float
    unit: LimitUnit


DEFAULT_STEPS: Mapping[tuple[str, str], Limit] = {
    ("accept", ""): Limit(30, LimitUnit.MINUTES),
    ("dispatch", ""): Limit(2, LimitUnit.WORKING_HOURS),
    ("handle", ""): Limit(4, LimitUnit.WORKING_HOURS),
    ("verify", ""): Limit(1, LimitUnit.WORKING_DAYS),
    ("heed", ""): Limit(2, LimitUnit.WORKING_HOURS),
}
"""Limits of steps in a city that has set none."""


@dataclass(frozen=True)
class Deadlines:
    """The limits of a city on its calendar; implements `lifecycle.Clocks`.

    `categories`: a category's own limit by code. `steps`: limits by step and the beginning
    of a category's code ("" stands for every category); the longest beginning that fits
    counts; without one the step has no limit.
    """

    days: WorkingDays = field(default_factory=WorkingDays)
    categories: Mapping[str, Limit] = field(default_factory=dict)
    steps: Mapping[tuple[str, str], Limit] = field(default_factory=lambda: DEFAULT_STEPS)

    def whole(self, category: str, start: int) -> int:
        """When the category's own limit, begun at `start`, runs out; 0: it has none."""
        return self._due(self.categories.get(category), start)

    def step(self, step: str, category: str, start: int) -> int:
        """When the limit of a step, begun at `start`, runs out; 0: it has none."""
        return self._due(self.step_limit(step, category), start)

    def left(self, category: str, start: int, due: int) -> tuple[float, str]:
        """What is left at `start` of a limit that runs out at `due`: amount (negative:
        late) and unit.

        What is left of working days is told in working hours, so that a clock that stops in
        the middle of a day goes on from there.
        """
        unit = self.pace(category)
        return self.days.elapsed(start, due, unit), unit.value

    def step_left(
        self, step: str, category: str, start: int, due: int
    ) -> tuple[float, str]:
        """What is left at `start` of the limit of a step that runs out at `due`, told as
        `left` tells it.
        """
        limit = self.step_limit(step, category)
        unit = (
            limit.unit
            if limit and limit.unit is not LimitUnit.WORKING_DAYS
            else LimitUnit.WORKING_HOURS
        )
        return self.days.elapsed(start, due, unit), unit.value

    def run(self, amount: float, unit: str, start: int) -> int:
        """When `amount` `unit` begun at `start` run out."""
        return self.days.due(start, amount, LimitUnit(unit))

    def step_limit(self, step: str, category: str) -> Limit | None:
        """The limit of a step for a category; None: it has none."""
        beginnings = (category[:length] for length in range(len(category), -1, -1))
        return next(
            (
                self.steps[step, beginning]
                for beginning in beginnings
                if (step, beginning) in self.steps
            ),
            None,
        )

    def pace(self, category: str) -> LimitUnit:
        """The unit in which what is left of a category's limit is told; without a limit of
        its own, working hours.
        """
        limit = self.categories.get(category)
        if limit is None or limit.unit is LimitUnit.WORKING_DAYS:
            return LimitUnit.WORKING_HOURS
        return limit.unit

    def warn_at(
        self,
        category: str,
        start: int,
        due: int,
        *,
        share: float,
        least_s: int = LEAST_WARNING_S,
    ) -> int:
        """When a limit that runs from `start` to `due` is near its end: when `share` of it is left.

        The share is counted in the limit's own unit (a weekend is no warning), the warning
        comes at least `least_s` and at most `LONGEST_WARNING_S` before `due`.
        """
        unit = self.pace(category)
        near = self.days.due(
            due, -share * max(self.days.elapsed(start, due, unit), 0), unit
        )
        return max(min(near, due - least_s), due - LONGEST_WARNING_S)

    def provisional(self, start: int, due: int) -> bool:
        """Whether `due` may still move because the holidays of a year before it are not
        published yet.
        """
        return bool(due) and self.days.provisional_between(start, due)

    def _due(self, limit: Limit | None, start: int) -> int:
        return self.days.due(start, limit.amount, limit.unit) if limit else 0
