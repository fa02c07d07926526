"""The limits of categories and steps for many matters at once:
`gridmap.cases.deadlines.Deadlines` on arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from gridmap.cases.deadlines import Deadlines, Limit
from gridmap.demo.mix import CategoryMix
from gridmap.demo.workingcalendar import WorkingCalendar
from gridmap.model import LimitUnit

Ints = npt.NDArray[np.int64]

CALENDAR = (date(2021, 1, 1), date(2025, 12, 31))


@dataclass(frozen=True)
class CategoryLimits:
    """One limit a category: `amount` float64[c] and `unit` (row of LimitUnit) int64[c], −1
    for none.
    """

    amount: npt.NDArray[np.float64]
    unit: Ints


class ArrayDeadlines:
    """When limits run out, for categories given as rows of `mix`; `deadlines` tells the
    same one by one.
    """

    def __init__(self, mix: CategoryMix, steps: pd.DataFrame) -> None:
        codes = [str(code) for code in mix.codes]
        self._calendar = WorkingCalendar.between(*CALENDAR)
        limits = zip(codes, mix.amount.tolist(), mix.unit.tolist(), strict=True)
        step_rows = zip(
            steps["step"],
            steps["category"],
            steps["amount"].tolist(),
            steps["unit"],
            strict=True,
        )
        self.deadlines = Deadlines(
            categories={
                code: Limit(amount, LimitUnit(unit)) for code, amount, unit in limits
            },
            steps={
                (step, code): Limit(amount, LimitUnit(unit))
                for step, code, amount, unit in step_rows
            },
        )
        self._whole = _limits([self.deadlines.categories.get(code) for code in codes])
        self._steps: Mapping[str, CategoryLimits] = {
            step: _limits([self.deadlines.step_limit(step, code) for code in codes])
            for step in set(steps["step"])
        }

    def whole(self, category: Ints, start: Ints) -> Ints:
        """When the limits of `category`, begun at `start`, run out (Unix seconds), 0 where
        there is none.
        """
        return self._due(self._whole, category, start)

    def step(self, step: str, category: Ints, start: Ints) -> Ints:
        """When the limit of `step`, begun at `start`, runs out."""
        return self._due(self._steps[step], category, start)

    def working_days_later(self, start: Ints, days: int) -> Ints:
        """The end of office hours `days` working days after `start`."""
        return self._calendar.due(
            start, np.full(len(start), float(days)), LimitUnit.WORKING_DAYS
        )

    def _due(self, limits: CategoryLimits, category: Ints, start: Ints) -> Ints:
        due = np.zeros(len(category), dtype=np.int64)
        unit = limits.unit[category]
        for number, kind in enumerate(LimitUnit):
            rows = unit == number
            if rows.any():
                due[rows] = self._calendar.due(
                    start[rows], limits.amount[category[rows]], kind
                )
        return due


def _limits(limits: list[Limit | None]) -> CategoryLimits:
    units = list(LimitUnit)
    return CategoryLimits(
        np.array([limit.amount if limit else 0.0 for limit in limits]),
        np.array(
            [units.index(limit.unit) if limit else -1 for limit in limits], dtype=np.int64
        ),
    )
